"""Own ``LoanValuation``: what is expected of one loan before it is listed, by its own schedule and the published curve. Pure.

The loan may default in any period between two due days, as likely a year as its credit decision says, and in a bad year more
likely; then the part ``lost`` of what is outstanding never comes back, and no more interest does. What is expected counts both
kinds of year by their chances, as the fan of what many loans may come to does; all of a loan's life is of one kind. Nothing is
discounted: the return is of the money that is out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

from farthing.funding.valuing.curve import DAYS, Curve, Grade
from farthing.funding.valuing.outcomes import Outcomes, outcomes
from farthing.kit.errors import declined
from farthing.kit.money import Money
from farthing.kit.rates import percent
from farthing.lending.model import Instalment

TOO_RISKY = declined(
    "market.too_risky",
    "A probability of default of {figure} a year is beyond the last grade of the curve, {limit}; such a loan is not listed.",
    "年违约概率 {figure} 超过利率曲线最末等级的上限 {limit}；此类借款不予挂牌。",
)
LOANS = 100
"""So many loans like this one are what the fan of a valuation shows."""
_DIGITS = 40
_STEP = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class LoanValuation:
    """What is expected of a loan: ``default`` in an ordinary year, and in its whole ``life``; ``lost`` of what is owed then.

    ``annual``: what the borrower pays; ``curve_annual``: what the curve says for the ``grade``. ``expected_loss`` in money of the
    whole life; ``expected_return``: of the money that is out, a year, after losses and the platform's ``fee`` (a part of
    interest). ``hundred``: what a hundred such loans may come to in a year.
    """

    grade: str
    default: Decimal
    life: Decimal
    lost: Decimal
    fee: Decimal
    annual: Decimal
    curve_annual: Decimal
    expected_loss: Money
    expected_return: Decimal
    hundred: Outcomes


def valued(
    curve: Curve, default: Decimal, annual: Decimal, schedule: Sequence[Instalment], begins: date
) -> LoanValuation:
    """Value a loan that is paid out on the day ``begins``; refuses ``market.too_risky``."""
    grade = grade_of(curve, default)
    if grade is None:
        raise TOO_RISKY(figure=percent(default), limit=percent(curve.grades[-1].default_max))
    with localcontext() as context:
        context.prec = _DIGITS
        years = [(year.chance, _year(curve, year.default, schedule, begins)) for year in curve.years(default)]
        loss, gain, out_for = (_weighed((chance, each[at]) for chance, each in years) for at in range(3))
        life = curve.life(default, (schedule[-1].due_on - begins).days)
        whole = Money(int(loss.to_integral_value(ROUND_HALF_EVEN)), schedule[0].principal.currency)
        return LoanValuation(
            grade.grade, default, life.quantize(_STEP), curve.lost, curve.fee, annual, grade.annual, whole,
            (gain / out_for).quantize(_STEP), outcomes(LOANS, curve.prospect(default, annual)),
        )  # fmt: skip


def _year(
    curve: Curve, default: Decimal, schedule: Sequence[Instalment], begins: date
) -> tuple[Decimal, Decimal, Decimal]:  # fmt: skip
    """What a loan loses and gains in a kind of year in which so many default, and the money that is out by the time it is, in
    years."""
    loss = gain = out_for = Decimal(0)
    since, days = begins, [each.due_on for each in schedule]
    for each, (before, after) in zip(schedule, _alive(default, days, begins), strict=True):
        outstanding = (each.outstanding_after + each.principal).minor
        lost = (before - after) * curve.lost * outstanding
        loss += lost
        gain += after * each.interest.minor * (1 - curve.fee) - lost
        out_for += before * outstanding * Decimal((each.due_on - since).days) / DAYS
        since = each.due_on
    return loss, gain, out_for


def _weighed(figures: Iterable[tuple[Decimal, Decimal]]) -> Decimal:
    """What is expected of figures by their chances."""
    return sum((chance * figure for chance, figure in figures), Decimal(0))


def grade_of(curve: Curve, default: Decimal) -> Grade | None:
    """The grade of a loan of which so many default in a year; none beyond the last."""
    return next((each for each in curve.grades if default <= each.default_max), None)


def loss_to_come(curve: Curve, default: Decimal, rest: Sequence[tuple[date, int]], on: date) -> Decimal:
    """The loss still expected of a loan from a day on, in minor units: ``rest`` is what of its principal falls due, and when, in
    the order of days, none before ``on``."""
    with localcontext() as context:
        context.prec = _DIGITS
        years = ((year.chance, _to_come(curve.lost, year.default, rest, on)) for year in curve.years(default))
        return _weighed(years).quantize(_STEP)


def _to_come(part: Decimal, default: Decimal, rest: Sequence[tuple[date, int]], on: date) -> Decimal:
    outstanding, loss = sum(principal for _, principal in rest), Decimal(0)
    for (_, principal), (before, after) in zip(rest, _alive(default, [day for day, _ in rest], on), strict=True):
        loss += (before - after) * part * outstanding
        outstanding -= principal
    return loss


def _alive(default: Decimal, days: Sequence[date], begins: date) -> Iterator[tuple[Decimal, Decimal]]:
    """The chance that a loan has not defaulted, before and after each period that ends on one of these days."""
    before = Decimal(1)
    for day in days:
        after = (1 - default) ** ((day - begins).days / Decimal(DAYS))
        yield before, after
        before = after
