"""Own the yearly rate of a credit by each law: the same flows, the times as that law measures them, one search. Pure.

- United States: Regulation Z, 12 CFR 1026.22 and Appendix J, the actuarial method: nominal, by unit-periods.
- European Union: Directive 2008/48/EC annex I (2014/17/EU annex I and (EU) 2023/2225 annex III keep its equation): effective.
- China: PBOC notice 2021 no. 3: by compound interest, the internal rate of return; or simply, if it is said to be simple.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise

from farthing.kit.errors import declined
from farthing.lending.cost.flows import Credit
from farthing.lending.cost.intervals import anchor, back, days_in_year_to, is_weeks, months_and_days
from farthing.lending.cost.root import Found, Timed, exactly, solve
from farthing.lending.cost.unit_periods import Period, Transaction, advances_and_payments, count, unit_period

NO_RATE = declined(
    "lending.flows_no_rate",
    "No yearly rate makes these flows worth nothing: {paid} is paid back on {lent} lent, and the last of it is lent on {on}. "
    "Put in what is paid after that.",
    "没有任何年利率能使这些现金流的现值为零：放款 {lent}，还款 {paid}，最后一笔放款在 {on}。请补充其后的还款。",
)
SEVERAL_RATES = declined(
    "lending.flows_several_rates",
    "Several yearly rates make these flows worth nothing: {rates}. The borrower is owed money in between, so none of them is "
    "the cost; take the flows apart where nothing is owed.",
    "有多个年利率使这些现金流的现值为零：{rates}。期间出现反向欠款，任何一个都不是借款成本；请在欠款为零处拆分。",
)
DEAREST = Decimal(10**12)
"""A yearly rate beyond which no loan is told apart."""
CUT = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Rate:
    """A yearly rate as a part of one, exact, and the force and period it comes from.

    ``proven``: the borrower never is owed anything, so that no second rate can be.
    """

    annual: Decimal
    found: Found
    proven: bool

    @property
    def told(self) -> Decimal | None:
        """To six decimals, half up; None where it is beyond measure."""
        return cut(self.annual) if self.annual <= DEAREST else None


def cut(rate: Decimal) -> Decimal:
    """A rate to six decimals, half up."""
    with exactly():
        return rate.quantize(CUT, ROUND_HALF_UP)


def _shown(rate: Decimal) -> str:
    return f"{cut(rate):f}" if rate <= DEAREST else f"{rate:.1E}"


def _found(credit: Credit, timed: list[Timed]) -> Found:
    """The one root; refuses ``lending.flows_no_rate`` and ``lending.flows_several_rates``."""
    found = solve(sorted(timed, key=lambda each: each.whole + each.part))
    if found is None:
        last = max(each.on for each in credit.flows if each.kind == "advance")
        lent, paid = credit.sum_of("advance"), credit.sum_of("payment", "fee")
        raise NO_RATE(lent=str(lent), paid=str(paid), on=last.isoformat())
    if found.others:
        rates = sorted(Found(each, proven=False).growth() for each in (found.force, *found.others))
        raise SEVERAL_RATES(rates=", ".join(dict.fromkeys(_shown(each) for each in rates)))
    return found


# European Union and the effective rate --------------------------------------------------------------------------------

DAYS_A_YEAR = {"days/365": Fraction(365), "days/365.25": Fraction(1461, 4)}
INTERVALS = ("months", "weeks", "years", *DAYS_A_YEAR)
"""How the annex lets time be measured: equal months, weeks or years with the days that are left, or days alone.

``days/365.25`` is of Directive 98/7/EC, whose annex left the choice, and of British law."""


def intervals(credit: Credit) -> str:
    """Months, unless every interval is whole weeks and some are no whole months, remark (c)."""
    start, at = credit.start_on, _anchor(credit)
    days = [day for day, _ in credit.net]
    if all(not months_and_days(start, day, at)[1] for day in days):
        return "months"
    return "weeks" if all(is_weeks(start, day) for day in days) else "months"


def years(credit: Credit, by: str) -> list[Fraction]:
    """The time from the first advance to each day of flows, in years."""
    start, at = credit.start_on, _anchor(credit)
    days = [day for day, _ in credit.net]
    if by in DAYS_A_YEAR:
        return [Fraction((day - start).days) / DAYS_A_YEAR[by] for day in days]
    return [_between(start, day, by, at) for day in days]


def _between(start: date, day: date, by: str, at: int | None) -> Fraction:
    """Whole periods counted back from a day, and the days before them over the 365 or 366 of the year that ends with them."""
    if by == "weeks":
        whole = (day - start).days // 7
        first, part = day - timedelta(weeks=whole), Fraction(whole, 52)
    else:
        months = months_and_days(start, day, at)[0]
        months -= months % 12 if by == "years" else 0
        first, part = back(day, months, at), Fraction(months, 12)
    return part + Fraction((first - start).days, days_in_year_to(first))


def _anchor(credit: Credit) -> int | None:
    days = [day for day, _ in credit.net]
    return anchor(days) or anchor(days[1:])


def effective(credit: Credit, by: str) -> Rate:
    """The effective yearly rate: the sum of flows x (1 + rate)^-years is nought."""
    times = years(credit, by)
    timed = [Timed(time, Fraction(0), minor) for time, (_, minor) in zip(times, credit.net, strict=True) if minor]
    found = _found(credit, timed)
    return Rate(found.growth(), found, found.proven)


def simple(credit: Credit, by: str = "months") -> Rate:
    """Twelve times the monthly internal rate of return: the yearly rate by simple interest."""
    rate = effective(credit, by)
    with exactly():
        monthly = (rate.found.force / 12).exp() - 1
        return Rate(monthly * 12, rate.found, rate.proven)


# United States --------------------------------------------------------------------------------------------------------

TOLERANCE = Decimal("0.00125")
"""An eighth of one percentage point, 12 CFR 1026.22(a)(2)."""
TOLERANCE_IRREGULAR = Decimal("0.0025")
"""A quarter, for several advances, or irregular periods or payments (but for the first and the last), (a)(3)."""


@dataclass(frozen=True, slots=True)
class Actuarial:
    """The annual percentage rate of Regulation Z, its unit-period, and the period before the first payment in unit-periods.

    ``regular``: where the eighth of a point binds; ``minor``: an odd first period that 1026.17(c)(4) lets pass, as a rate
    that counts it as one regular period, or None.
    """

    rate: Rate
    unit: Period
    first: Fraction
    regular: bool
    minor: Rate | None


def actuarial(credit: Credit, begins_on: date | None = None) -> Actuarial:
    """The annual percentage rate by Appendix J. ``begins_on``: when the finance charge begins to be earned, if not with the
    first advance, (b)(2)."""
    start = max(credit.start_on, begins_on or credit.start_on)
    net = [(max(day, start), minor) for day, minor in credit.net if minor]
    out, home = advances_and_payments(net)
    transaction = Transaction(start, out, home)
    unit, at = unit_period(transaction), transaction.anchor
    alone = len(transaction.periods()) == 1 and unit.unit != "year"
    counted = [(1, Fraction(0)) if alone and day > start else count(unit, start, day, at) for day, _ in net]
    rate = _nominal(
        credit, unit, [(whole, part, minor) for (whole, part), (_, minor) in zip(counted, net, strict=True)]
    )
    first = next(_together(each) for each, (_, minor) in zip(counted, net, strict=True) if minor < 0)
    odd = [each for each in _spans(unit, transaction, at) if each != 1]
    regular = len(set(out)) == 1 and not odd and _level([minor for _, minor in net if minor < 0])
    minor = None
    if len(set(out)) == 1 and first != 1 and not odd and _passes(unit, transaction):
        moved = [(whole + part - first + 1, amount) for (whole, part), (_, amount) in zip(counted, net, strict=True)]
        even = [(int(time), time - int(time), amount) for time, amount in moved if amount < 0]
        minor = _nominal(credit, unit, [(0, Fraction(0), net[0][1]), *even])
    return Actuarial(rate, unit, first, regular, minor)


def _nominal(credit: Credit, unit: Period, counted: list[tuple[int, Fraction, int]]) -> Rate:
    """The unit-period rate times the unit-periods in a year, (b)(1)."""
    found = _found(credit, [Timed(Fraction(whole), part, minor) for whole, part, minor in counted])
    with exactly():
        a_year = Decimal(unit.a_year.numerator) / Decimal(unit.a_year.denominator)
        return Rate(found.growth() * a_year, found, found.proven)


def _together(counted: tuple[int, Fraction]) -> Fraction:
    whole, part = counted
    return whole + part


def _spans(unit: Period, transaction: Transaction, at: int | None) -> list[Fraction]:
    """The intervals between payments in unit-periods."""
    ends = [_together(count(unit, transaction.begins_on, day, at)) for day in transaction.payments]
    return [late - early for early, late in pairwise(ends)]


def _level(payments: list[int]) -> bool:
    """Whether all payments are alike but for the first and the last."""
    return len(set(payments[1:-1])) <= 1


def _passes(unit: Period, transaction: Transaction) -> bool:
    """Whether an odd first period may be disregarded, 12 CFR 1026.17(c)(4): up to 6 days shorter or 13 longer than a regular
    one in a term under a year, 11 or 21 under ten years, 32 longer from ten years on."""
    begins, first, last = transaction.begins_on, transaction.payments[0], transaction.payments[-1]
    if unit.unit in ("month", "year"):
        regular_from = back(first, unit.count * (12 if unit.unit == "year" else 1), transaction.anchor)
    else:
        regular_from = first - timedelta(days=int(unit.length))
    odd = (regular_from - begins).days
    term = months_and_days(begins, last, transaction.anchor)[0]
    shorter, longer = (6, 13) if term < 12 else (11, 21) if term < 120 else (10**6, 32)
    return -shorter <= odd <= longer
