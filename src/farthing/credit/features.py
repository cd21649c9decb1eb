"""Own ``Feature``: one figure about a cash flow, exact, with the datum it rests on. Pure.

All scored figures are ratios, so that they mean the same in any currency. The same functions serve the training of
a scorecard and the decision. Never counts a refund as income or an own transfer as spending (see ``movements``).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import accumulate

from farthing.credit.movements import Category, Movement
from farthing.kit.calendar import add_months, full_months
from farthing.kit.money import Money

ENGINE_VERSION = "features-1"
LONGEST_MONTHS = 24
RECENT_DAYS = 180
SETTLING_DAYS = 30
"""The first month has had no time to build a level, so its days do not count as lean."""
PLACES = Decimal("0.0001")
ASSUMED_LEFT = Decimal("0.15")
"""What is taken to be left of a shop's receipts after stock and rent where nothing tells its costs: careful, by judgement."""

INCOME: frozenset[Category] = frozenset({"earned", "support"})


@dataclass(frozen=True, slots=True)
class Feature:
    """A figure and its datum: over how many months, from how many transactions, about which amount."""

    name: str
    value: Decimal | None
    months: int
    count: int
    amount: Money | None = None


@dataclass(slots=True)
class _Month:
    """Sums of one month-long window, in minor units."""

    income: int = 0
    earned: int = 0
    support: int = 0
    spent: int = 0
    essential: int = 0
    operating: int = 0
    debt_service: int = 0
    income_count: int = 0
    spent_count: int = 0
    returned: int = 0
    payers: Counter[str] = field(default_factory=Counter)
    days: set[date] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Flow:
    """Movements of one person in month-long windows that end on ``until``, oldest first, and the currency."""

    months: tuple[_Month, ...]
    currency: str
    since: date
    until: date
    largest_income: int
    levels: tuple[int, ...] = ()
    """The running total at the end of each day: what was saved since the history began, in minor units."""

    def of(self, name: str) -> list[int]:
        """One sum of every window."""
        return [int(getattr(month, name)) for month in self.months]


def flow_of(movements: Iterable[Movement], since: date, until: date, currency: str) -> Flow:
    """Sum movements into the whole months that end on ``until``; at most ``LONGEST_MONTHS``, the latest ones.

    Windows count back from the last day instead of following the calendar, so that no month is a stump.
    """
    count = max(0, min(full_months(since, until + timedelta(days=1)), LONGEST_MONTHS))
    after = until + timedelta(days=1)
    edges = [add_months(after, number - count) for number in range(count + 1)]
    months = [_Month() for _ in range(count)]
    changes: Counter[date] = Counter()
    largest = 0
    for item in movements:
        if item.category != "returned":
            changes[item.on] += item.amount.minor if item.flow == "in" else -item.amount.minor
        if count == 0 or not edges[0] <= item.on < edges[-1]:
            continue
        _count(months[bisect_left(edges, item.on + timedelta(days=1)) - 1], item)
        if item.flow == "in" and item.category in INCOME:
            largest = max(largest, item.amount.minor)
    first = max(since, add_months(after, -LONGEST_MONTHS))
    levels = accumulate(changes[first + timedelta(days=number)] for number in range((after - first).days))
    return Flow(tuple(months), currency, edges[0], until, largest, tuple(levels))


def _count(month: _Month, item: Movement) -> None:
    minor = item.amount.minor
    if item.category == "returned":
        month.returned += 1
    elif item.flow == "in":
        month.income += minor
        month.income_count += 1
        month.payers[item.counterparty] += minor
        month.days.add(item.on)
        if item.category == "earned":
            month.earned += minor
        else:
            month.support += minor
    else:
        month.spent += minor
        month.spent_count += 1
        if item.category == "essential":
            month.essential += minor
        elif item.category == "operating":
            month.operating += minor
        elif item.category == "debt_service":
            month.debt_service += minor


def person_features(flow: Flow) -> tuple[Feature, ...]:
    """Every figure about a person's cash flow. A figure without a denominator is ``None``, never zero."""
    months = len(flow.months)
    income, spent = flow.of("income"), flow.of("spent")
    taken, paid = sum(flow.of("income_count")), sum(flow.of("spent_count"))
    middle = median(income)
    both = taken + paid
    running = list(accumulate(gained - lost for gained, lost in zip(income, spent, strict=True)))
    recent = flow.levels[-RECENT_DAYS:]
    lean = sum(10 * level < 3 * middle for level in flow.levels[SETTLING_DAYS:])
    deficits = sum(lost > gained for gained, lost in zip(income, spent, strict=True))

    def money(minor: int) -> Money:
        return Money(minor, flow.currency)

    def figure(name: str, value: Decimal | None, count: int, minor: int | None = None) -> Feature:
        return Feature(name, value, months, count, None if minor is None else money(minor))

    return (
        figure("months_covered", Decimal(months), both),
        figure("income_level", _exact(middle) if months else None, taken, middle),
        figure("income_months_share", ratio(sum(value > 0 for value in income), months), taken),
        figure("income_variation", variation(income), taken, middle),
        figure("income_floor", ratio(min(income, default=0), middle), taken, min(income, default=0)),
        figure("largest_income_share", ratio(flow.largest_income, sum(income)), taken, flow.largest_income),
        figure("income_trend", trend(income), taken, _mean(income[-3:])),
        figure("left_over_share", ratio(sum(income) - sum(spent), sum(income)), both, _mean(income) - _mean(spent)),
        figure("deficit_months_share", ratio(deficits, months), both),
        figure("deepest_fall", ratio(_deepest(running), middle), both, _deepest(running)),
        figure("lowest_level", ratio(min(recent, default=0), middle), both, min(recent, default=0)),
        figure("lean_days_share", ratio(lean, len(flow.levels) - SETTLING_DAYS), both, 3 * middle // 10),
        figure("month_end_buffer", ratio(median(running), middle), both, median(running)),
        figure("spending_variation", variation(spent), paid, median(spent)),
        figure("essential_share", ratio(sum(flow.of("essential")), sum(income)), paid, _mean(flow.of("essential"))),
        figure("support_share", ratio(sum(flow.of("support")), sum(income)), taken, _mean(flow.of("support"))),
        figure("debt_service_share", ratio(sum(flow.of("debt_service")), sum(income)), paid),
        figure("returned_payments", ratio(sum(flow.of("returned")), months), sum(flow.of("returned"))),
        figure("payments_a_month", ratio(both, months), both),
    )


def shop_features(flow: Flow, costs_told: bool = True) -> tuple[Feature, ...]:
    """Every figure about a shop's receipts; receipts are what was earned, without family support.

    Where costs are not told the margin is unknown, and what is left is taken to be ``ASSUMED_LEFT`` of the receipts.
    """
    months = len(flow.months)
    receipts, costs = flow.of("earned"), flow.of("operating")
    sales = sum(flow.of("income_count"))
    payers: Counter[str] = Counter()
    for month in flow.months:
        payers.update(month.payers)
    top = payers.most_common(1)[0][1] if payers else 0
    days = sum(len(month.days) for month in flow.months)
    length = (flow.until - flow.since).days + 1
    half = months // 2
    early, late = _mean(receipts[:half]), _mean(receipts[months - half :])

    def figure(name: str, value: Decimal | None, count: int, minor: int | None = None) -> Feature:
        return Feature(name, value, months, count, None if minor is None else Money(minor, flow.currency))

    return (
        figure("months_covered", Decimal(months), sales),
        figure("receipts_level", _exact(median(receipts)) if months else None, sales, median(receipts)),
        figure("receipts_variation", variation(receipts), sales, median(receipts)),
        figure("receipts_growth", ratio(late - early, early), sales, late),
        figure("receipts_season", ratio(max(receipts, default=0), _mean(receipts)), sales, max(receipts, default=0)),
        figure("receipts_floor", ratio(min(receipts, default=0), median(receipts)), sales, min(receipts, default=0)),
        figure("payers", Decimal(len(payers)) if months else None, sales),
        figure("top_payer_share", ratio(top, sum(receipts)), sales, top),
        figure("open_days_share", ratio(days, length), sales),
        figure("margin", ratio(sum(receipts) - sum(costs), sum(receipts)), sales, _mean(receipts) - _mean(costs))
        if costs_told
        else figure("margin", None, sales, int(_mean(receipts) * ASSUMED_LEFT)),
        figure("returned_payments", ratio(sum(flow.of("returned")), months), sum(flow.of("returned"))),
    )


def ratio(part: int, whole: int) -> Decimal | None:
    """``part / whole`` to four places, or ``None`` where there is no whole."""
    return (Decimal(part) / Decimal(whole)).quantize(PLACES, ROUND_HALF_EVEN) if whole > 0 else None


def variation(values: Sequence[int]) -> Decimal | None:
    """Coefficient of variation (standard deviation of the population over the mean), to four places."""
    if not values or sum(values) <= 0:
        return None
    return spread(len(values), sum(values), sum(value * value for value in values))


def spread(count: int, whole: int, squares: int) -> Decimal:
    """The variation of ``count`` values of a sum and a sum of squares; the sum is more than zero."""
    # n * sum of squares - square of the sum stays whole, so the root is of an exact number.
    return (Decimal(count * squares - whole * whole).sqrt() / Decimal(whole)).quantize(PLACES, ROUND_HALF_EVEN)


def trend(values: Sequence[int]) -> Decimal | None:
    """How far the last three months lie above (or below) the months before them, as a share of those."""
    if len(values) < 6:
        return None
    before = _mean(values[:-3])
    return ratio(_mean(values[-3:]) - before, before)


def median(values: Sequence[int]) -> int:
    """The middle value, the lower one of two: a whole number of minor units, zero of nothing."""
    return sorted(values)[(len(values) - 1) // 2] if values else 0


def _mean(values: Sequence[int]) -> int:
    return sum(values) // len(values) if values else 0


def _exact(value: int) -> Decimal:
    return Decimal(value)


def _deepest(running: Sequence[int]) -> int:
    """The deepest fall of a running total below its highest level so far: what a buffer would have had to bear."""
    highest, deepest = 0, 0
    for level in running:
        highest = max(highest, level)
        deepest = max(deepest, highest - level)
    return deepest
