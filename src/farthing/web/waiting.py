"""Own how those are told who wait for an answer: how many, for how long, and by their age as a chart. Names no customer. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from farthing.credit.review.model import Waiting
from farthing.web.charts.drawing import Chart, Point, Series
from farthing.web.charts.plain import bars
from farthing.web.speech import N_, ngettext
from farthing.web.speech import gettext as _

KINDS = ("review", "dispute")
AGES: Sequence[tuple[int, str]] = (
    (3, N_("Up to 3 days")), (7, N_("4 to 7 days")), (15, N_("8 to 15 days")), (20, N_("16 to 20 days")),
)  # fmt: skip
"""Ages of what waits, to the twenty days within which a dispute is answered; older than the last is a class of its own."""
OLDER = N_("Over 20 days")


def by_kind(waiting: Sequence[Waiting], today: date) -> list[tuple[str, dict[str, int]]]:
    """The sums of reviews, and those of disputes."""
    return [(kind, sum_up([each for each in waiting if each.kind == kind], today)) for kind in KINDS]


def sum_up(waiting: Sequence[Waiting], today: date) -> dict[str, int]:
    """How many wait, for how many days the oldest does, and how many are past the day by which they were to be answered."""
    return {
        "count": sum(each.count for each in waiting),
        "oldest": max(((today - each.asked_on).days for each in waiting), default=0),
        "late": sum(each.count for each in waiting if each.answer_by is not None and each.answer_by < today),
    }


def by_age(waiting: Sequence[Waiting], today: date) -> Chart:
    """What waits, by its age; the title says how old the oldest is."""
    counts = [0] * (len(AGES) + 1)
    for each in waiting:
        age = (today - each.asked_on).days
        counts[next((at for at, (most, _name) in enumerate(AGES) if age <= most), len(AGES))] += each.count
    oldest = max((today - each.asked_on).days for each in waiting)
    waits = ngettext("The oldest waits for %(num)s day", "The oldest waits for %(num)s days", oldest) % {"num": oldest}
    title = waits if oldest else _("All of them asked today")
    names = [*(name for _most, name in AGES), OLDER]
    points = [Point(_(name), Decimal(count), str(count)) for name, count in zip(names, counts, strict=True)]
    told = _("How many reviews and disputes wait for an answer, by their age.")
    return bars(title, told, Series(_("Waiting"), points), _("Age"), strong=(len(AGES),))
