"""Own what the saver's charts say: a finding as a title, bars of what products give, the course of a deposit. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from farthing.kit.money import Money
from farthing.products.rates import Term
from farthing.savings.deposits.earnings_service import Course, Gives
from farthing.savings.deposits.model import DepositView
from farthing.savings.fund.commands import IncomeOfDay
from farthing.savings.quotes.compare import Comparison
from farthing.savings.rules.model import Agreement
from farthing.web.charts import plain
from farthing.web.charts.drawing import Chart, Point, Series
from farthing.web.speech import gettext as _
from farthing.web.speech import language, said
from farthing.web.writing import day, floor, money, money_exact, term

ON_HAND = "demand"
"""The method of a product whose money is on hand any day."""


@dataclass(frozen=True, slots=True)
class Line:
    """One product in the comparison, by the agreement of it that gives most; ``on_hand``: it may be drawn any day."""

    comparison: Comparison
    on_hand: bool

    @property
    def length(self) -> str:
        """What is agreed, in words."""
        return length_of(self.comparison.agreement)

    @property
    def label(self) -> str:
        """The product, with what is agreed of it."""
        between = _(", ")
        return f"{said(self.comparison.name)}{between}{self.length}" if self.length else said(self.comparison.name)


def length_of(agreement: Agreement) -> str:
    """The term or notice of an agreement, in words."""
    length: Term | None = agreement.term or agreement.notice
    return term(length, language()) if length else ""


def lines_of(found: Sequence[Comparison], methods: Mapping[str, str]) -> tuple[list[Line], list[Comparison]]:
    """The best agreement of each product, those that give most first; and the products that cannot be had like this."""
    best: dict[str, Comparison] = {}
    refused: dict[str, Comparison] = {}
    for each in found:
        if each.refused is None:
            best.setdefault(each.product, each)
        else:
            refused.setdefault(each.product, each)
    lines = [Line(each, methods.get(each.product) == ON_HAND) for each in best.values()]
    return lines, [each for name, each in refused.items() if name not in best]


def finding(lines: Sequence[Line], amount: Money) -> str:
    """What the comparison comes to, as a sentence."""
    spoken = language()
    if not lines or not lines[0].comparison.gain.minor:
        return _("%(amount)s gives less than one fen by then") % {"amount": money(amount, spoken)}
    best = lines[0]
    on_hand = next((each for each in lines if each.on_hand), None)
    gain = money(best.comparison.gain, spoken)
    if on_hand is None:
        return _("%(what)s gives most: %(gain)s") % {"what": _short(best), "gain": gain}
    if on_hand.comparison.gain == best.comparison.gain:
        return _("Nothing gives more by then than money on hand any day: %(gain)s") % {"gain": gain}
    least = money(on_hand.comparison.gain, spoken)
    return _("%(what)s gives %(gain)s, on hand any day %(least)s") % {
        "what": _short(best),
        "gain": gain,
        "least": least,
    }


def _short(line: Line) -> str:
    """A term says enough; what has none is known by its name."""
    text = line.length if line.comparison.agreement.term else said(line.comparison.name)
    return text[:1].upper() + text[1:]


def best_term(gives: Gives, amount: Money) -> str:
    """Which term of a product gives most, as a sentence; nothing where there is nothing to choose between."""
    if len(gives.kept) < 2:
        return ""
    most = max(gives.kept, key=lambda each: each.interest)
    told = {
        "amount": money(amount, language()), "length": length_of(most.agreement), "gain": money(most.interest, language())
    }  # fmt: skip
    if most.agreement.term is None:
        return _("%(amount)s at %(length)s notice gives %(gain)s in a year") % told
    return _("%(amount)s for %(length)s gives %(gain)s") % told


def share(amount: Money, most: Money) -> int:
    """How long the bar of an amount is beside the longest, in hundredths."""
    return max(round(amount.minor * 100 / most.minor), 1) if most.minor > 0 else 1


def course(found: Course, deposit: DepositView) -> Chart | None:
    """The interest of a deposit from its opening on, with today and maturity marked; none where there is no course yet."""
    if len(found.points) < 2:
        return None
    spoken, currency = language(), deposit.balance.currency
    points = [Point(day(each.on, spoken), Decimal(each.earned), _floor(each.earned, currency)) for each in found.points]
    today = max(index for index, each in enumerate(found.points) if each.on <= max(found.today, deposit.opened_on))
    last = found.points[-1].on
    if last > found.today:
        title = _("%(interest)s on %(day)s") % {"interest": points[-1].shown, "day": points[-1].label}
        told = _("Interest from the opening to maturity; today and maturity are marked.")
    elif deposit.closed_on is not None:
        title = _("%(interest)s earned until it was closed") % {"interest": points[-1].shown}
        told = _("Interest from the opening to the closing.")
    else:
        title = _("%(interest)s earned since %(day)s") % {"interest": points[-1].shown, "day": points[0].label}
        told = _("Interest from the opening until today.")
    return plain.area(
        title, told, Series(_("Interest"), points), _("Day"), spoken, step=True, marks=sorted({today, len(points) - 1})
    )


def _floor(exact: str, currency: str) -> str:
    """An exact amount as people read it, rounded down."""
    return money(floor(Decimal(exact), currency), language())


def income(days: Sequence[IncomeOfDay], currency: str) -> Chart | None:
    """A fund's income of each day to one holder; none before there are two."""
    if len(days) < 2 or not any(each.income for each in days):
        return None
    spoken = language()
    points = [Point(day(each.on, spoken), each.income, money_exact(each.income, currency, 4, spoken)) for each in days]
    most = max(range(len(points)), key=lambda index: points[index].value)
    whole = money(floor(sum((each.income for each in days), Decimal(0)), currency), spoken)
    title = _("%(income)s in %(days)s days") % {"income": whole, "days": len(days)}
    told = _("Income of each day; the highest is marked.")
    return plain.area(title, told, Series(_("Income"), points), _("Day"), spoken, step=True, marks=[most])


def reckoning(working: str) -> str:
    """How interest was reckoned, as people write it: without the name of a rounding."""
    for before, after in ((" x ", " × "), (" -> ", " → "), (" (half_up)", ""), (" (half_even)", ""), (" (down)", "")):
        working = working.replace(before, after)
    return working
