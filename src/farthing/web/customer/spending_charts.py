"""Own what the charts of her money say: where a month's went, and the course of twelve months. Pure."""

from __future__ import annotations

from decimal import Decimal

from farthing.kit.money import Money
from farthing.payments.home.views import CategorySum, Spent
from farthing.web.charts import flows, plain
from farthing.web.charts.drawing import Chart, Point, Series
from farthing.web.speech import gettext as _
from farthing.web.speech import language, said
from farthing.web.writing import money, month

MOST = 7
"""Categories that have a band of their own; the smaller ones share one."""


def went(found: Spent) -> Chart | None:
    """From which accounts into which categories; none where nothing was spent."""
    spent = [each for each in found.categories if each.side == "out" and each.amount.minor > 0]
    if not spent:
        return None
    own = {each.category for each in spent[:MOST]}
    names = {each.category: said(each.name) for each in spent}
    places = {each.place: said(each.name) for each in found.places}
    bands: dict[tuple[str, str], int] = {}
    for each in found.flows:
        if each.amount.minor > 0 and each.category in names:
            target = names[each.category] if each.category in own else _("All the rest")
            key = places.get(each.place, _("Wallet")), target
            bands[key] = bands.get(key, 0) + each.amount.minor
    drawn = [
        flows.Flow(source, target, Decimal(minor), money(Money(minor, found.currency), language()))
        for (source, target), minor in bands.items()
    ]  # fmt: skip
    return flows.sankey(_finding(spent), _told(found), drawn, (_("From"), _("Into"), _("Amount")))


def _finding(spent: list[CategorySum]) -> str:
    first, whole = spent[0], sum(each.amount.minor for each in spent)
    values = {
        "what": said(first.name), "amount": money(first.amount, language()), "share": round(100 * first.amount.minor / whole),
    }  # fmt: skip
    return _("%(what)s took most: %(amount)s, %(share)s%% of what was spent") % values


def _told(found: Spent) -> str:
    values = {"month": month(found.month, language()), "amount": money(found.went_out, language())}
    return _("In %(month)s %(amount)s went out, refunds taken off.") % values


def by_months(found: Spent) -> Chart | None:
    """What was spent month by month; none where there is one month alone."""
    known = [each for each in found.months if each.went_out.minor >= 0]
    if len(known) < 2:
        return None
    points = [
        Point(month(each.month, language()), Decimal(each.went_out.minor), money(each.went_out, language()))
        for each in reversed(known)
    ]  # fmt: skip
    before = [each.went_out.minor for each in known if each.month != found.month]
    usual = sorted(before)[len(before) // 2]
    less = usual - found.went_out.minor
    differs = money(Money(abs(less), found.currency), language())
    title = (
        (_("%(amount)s less than in a usual month") if less > 0 else _("%(amount)s more than in a usual month"))
        % {"amount": differs} if less else _("As much as in a usual month")
    )  # fmt: skip
    strong = [at for at, each in enumerate(reversed(known)) if each.month == found.month]
    return plain.bars(title, _told(found), Series(_("Spent"), points), _("Month"), strong=strong)
