"""The pages that say by which rules the bank stands: every limit with its article and use, the policy and products in force,
and how long customers wait for an answer. They only read, and name no customer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.credit.review import service as review
from farthing.credit.review.model import Waiting
from farthing.kernel.run import Ask
from farthing.ledger.overview import service as overview
from farthing.products.law import service as law
from farthing.products.service import NO_POLICY
from farthing.savings.shelf import service as shelf
from farthing.savings.shelf.model import NO_BOARD
from farthing.web.binding import KINDS, editions, use_of
from farthing.web.charts.drawing import Chart, Point, Series
from farthing.web.charts.plain import bars
from farthing.web.ground import current, kernel_of, page, pages, unless, view
from farthing.web.speech import N_, ngettext
from farthing.web.speech import gettext as _

router = pages()
AGES: Sequence[tuple[int, str]] = (
    (3, N_("Up to 3 days")), (7, N_("4 to 7 days")), (15, N_("8 to 15 days")), (20, N_("16 to 20 days")),
)  # fmt: skip
"""Ages of what waits, to the twenty days within which a dispute is answered; older than the last is a class of its own."""
OLDER = N_("Over 20 days")


@router.get("/proof/limits")
def limits(request: Request) -> Response:
    """Every figure of the law in force with its article, and how much of each limit over the books is used."""
    who = current(request)

    def build(ask: Ask) -> dict[str, Any]:
        return {"law": unless((NO_POLICY.name,), lambda: ask(law.law)), "limits": ask(overview.limits)}

    found = view(request, who, build)
    return page(
        request, "proof/limits.html", who, law=found["law"], charts=[use_of(each) for each in found["limits"]]
    )  # fmt: skip


@router.get("/proof/policies")
def policies(request: Request) -> Response:
    """The policy pack in force and what it refuses, the products in force, and the editions of the rates."""
    who = current(request)

    def build(ask: Ask) -> dict[str, Any]:
        return {
            "law": unless((NO_POLICY.name,), lambda: ask(law.law)),
            "refused": unless((NO_POLICY.name,), lambda: ask(shelf.not_allowed)) or [],
            "products": ask(law.standing), "board": unless((NO_BOARD.name,), lambda: ask(shelf.board_view)),
        }  # fmt: skip

    found = view(request, who, build)
    board = found.pop("board")
    return page(
        request, "proof/policies.html", who, rates=None if board is None else editions(board), kinds=KINDS, **found
    )


@router.get("/proof/complaints")
def complaints(request: Request) -> Response:
    """How many customers wait for an answer to a review or a dispute, and for how long; no words of theirs."""
    who = current(request)
    today = kernel_of(request).clock().business_date
    found: list[Waiting] = view(request, who, lambda ask: ask(review.complaints))
    told = [(kind, sum_up([each for each in found if each.kind == kind], today)) for kind in ("review", "dispute")]
    return page(request, "proof/complaints.html", who, told=told, ages=by_age(found, today) if found else None)


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
