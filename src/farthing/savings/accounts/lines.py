"""Own a deposit's part in its product's control totals: what is accrued as a straight line over the days. Pure.

A deposit's accrued interest is ``(slope x day + intercept) x rate`` a line, the day being its ordinal. A line's key
says what multiplies it: ``fixed`` (nothing: minor units), ``demand/360``, ``call:7d/360`` or ``lump:3m*0.6/360`` (a
rate of the board and the days of a year). Sums of lines are therefore lines, and the accrual of a product costs the
same with ten deposits as with ten million. Term interest is spread evenly to maturity, as contracts are kept; what
breaking one changes shows in the next day's accrual. Never the figure that a person is paid: rules decide that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

from farthing.kit.calendar import add_months
from farthing.kit.errors import InvariantBroken
from farthing.kit.money import Money, exponent
from farthing.savings.board import RateBoard, Term, parse_term
from farthing.savings.interest import DENOMINATORS, earning, exact_interest, fraction_of_year, lot
from farthing.savings.model import DemandTerms, Deposit, EitherTerms, InstalmentTerms, StagedTerms, Terms
from farthing.savings.rules import due
from farthing.savings.rules.drawn import lot_interest
from farthing.savings.rules.instalment import counted, plan_months, recount_on
from farthing.savings.rules.lump import maturity
from farthing.savings.rules.notice import period
from farthing.savings.rules.staged import draw_count, interval, original

FIXED = "fixed"
_PLACES = Decimal("1e-12")
_WIDE = Context(prec=60, rounding=ROUND_HALF_EVEN)


@dataclass(frozen=True, slots=True)
class Line:
    """``slope`` x ordinal day + ``intercept``, in minor units before the key's multiplier; 12 decimals."""

    slope: Decimal = Decimal(0)
    intercept: Decimal = Decimal(0)

    def __add__(self, other: Line) -> Line:
        return Line(_WIDE.add(self.slope, other.slope), _WIDE.add(self.intercept, other.intercept))

    def __sub__(self, other: Line) -> Line:
        return Line(_WIDE.subtract(self.slope, other.slope), _WIDE.subtract(self.intercept, other.intercept))

    def at(self, on: date) -> Fraction:
        """The line's value at the start of a day."""
        return Fraction(self.slope) * on.toordinal() + Fraction(self.intercept)


Lines = dict[str, Line]


def balance_line(earns: Money, since: date) -> Line:
    """Minor units x days since a day."""
    return Line(Decimal(earns.minor), Decimal(-earns.minor * since.toordinal()))


def spread(interest_minor: Fraction, start: date, end: date) -> Line:
    """An amount earned evenly from ``start`` to ``end``."""
    slope = _decimal(interest_minor / max((end - start).days, 1))
    return Line(slope, _WIDE.multiply(-slope, Decimal(start.toordinal())))


def earned(interest_minor: Fraction) -> Line:
    """An amount that stands."""
    return Line(Decimal(0), _decimal(interest_minor))


def _decimal(value: Fraction) -> Decimal:
    return _WIDE.quantize(_WIDE.divide(Decimal(value.numerator), Decimal(value.denominator)), _PLACES)


def demand_key(terms: Terms) -> str:
    """The line of balances that earn the demand rate."""
    return f"demand/{DENOMINATORS[terms.demand_basis.day_count]}"


def multiplier(key: str, board: RateBoard, on: date) -> Fraction:
    """What a line is multiplied with on a day: the board's rate over the days of a year; one for ``fixed``."""
    if key == FIXED:
        return Fraction(1)
    rate, _, days = key.partition("/")
    quoted, _, discount = rate.partition("*")
    family, _, term = quoted.partition(":")
    if discount:
        return _tier_rate(board, parse_term(term), Fraction(discount), on) / int(days)
    annual = board.demand(on) if family == "demand" else board.rate(family, parse_term(term), on)
    return Fraction(annual) / int(days)


def _tier_rate(board: RateBoard, reached: Term, discount: Fraction, on: date) -> Fraction:
    """What time-or-demand pays for a tier on a day: the longest tier quoted up to it, discounted, or demand."""
    demand = Fraction(board.demand(on))
    quoted = [term for term in board.terms("lump", on) if term.months and term.months <= reached.months]
    return max(Fraction(board.rate("lump", quoted[-1], on)) * discount, demand) if quoted else demand


def accrued(lines: Mapping[str, Line], board: RateBoard, on: date) -> Fraction:
    """Minor units accrued at the start of a day, exactly."""
    return sum((line.at(on) * multiplier(key, board, on) for key, line in lines.items() if line != Line()), Fraction(0))


def lines(terms: Terms, deposit: Deposit, on: date, board: RateBoard) -> Lines:
    """The lines of a deposit as they stand from a day until its next change or :func:`changes_on`."""
    if deposit.closed_on is not None:
        return {}
    return LINES[terms.method](terms, deposit, on, board)


def changes_on(terms: Terms, deposit: Deposit, on: date, board: RateBoard) -> date | None:
    """The next day after ``on`` on which the lines take another form by themselves: maturity, the next tier, or a month
    that ends without having made up the one before."""
    if deposit.closed_on is not None:
        return None
    if isinstance(terms, EitherTerms):
        return next((day for day in _tier_days(terms, deposit, board, on) if day > on), None)
    ahead = [deposit.matures_on, recount_on(terms, deposit, on) if isinstance(terms, InstalmentTerms) else None]
    return min((day for day in ahead if day is not None and day > on), default=None)


def close_on(terms: Terms, deposit: Deposit, on: date, board: RateBoard) -> date | None:
    """The business date at whose close the deposit must be looked at; none where the calendar alone decides.

    What happens at the start of a day is done at the close of the day before. Demand deposits settle all on one day,
    which their product knows; one that is opened on that very day may come after the rest were settled that night, and
    is looked at by itself.
    """
    if deposit.closed_on is not None:
        return None
    if isinstance(terms, DemandTerms):
        item = due(terms, deposit)
        return on if item is not None and deposit.opened_on == on == _day_before(item.on) else None
    found = [] if (item := due(terms, deposit)) is None else [item.on if item.at_end else _day_before(item.on)]
    if (form := changes_on(terms, deposit, on, board)) is not None:
        found.append(_day_before(form))
    found += [each.for_on for each in deposit.notices if each.for_on >= on]
    if deposit.instalments and (expected := expected_on(deposit, on)) is not None:
        found.append(expected)
    return min(found, default=None)


def expected_on(deposit: Deposit, on: date) -> date | None:
    """The next day, ``on`` or later, on which an instalment is expected: the day of opening, month by month."""
    for number in range(1, plan_months(deposit)):
        day = add_months(deposit.opened_on, number)
        if day >= on:
            return day
    return None


def _day_before(day: date) -> date:
    return day - timedelta(days=1)


def _demand(terms: Terms, deposit: Deposit, on: date, board: RateBoard) -> Lines:
    kept = balance_line(earning(terms, deposit.balance), deposit.as_of_on)
    accumulated = Decimal(deposit.balance_days + deposit.leap_balance_days)
    return {demand_key(terms): kept + Line(Decimal(0), accumulated)}


def _minor(terms: Terms, major: Fraction) -> Fraction:
    scale: int = 10 ** exponent(terms.currency)
    return major * scale


def _at_maturity(terms: Terms, deposit: Deposit, earned_minor: Fraction, principal: Money) -> Lines:
    """After maturity: the term's interest stands, and the principal earns the demand rate."""
    return {FIXED: earned(earned_minor), demand_key(terms): balance_line(earning(terms, principal), maturity(deposit))}


def _lump(terms: Terms, deposit: Deposit, on: date, board: RateBoard) -> Lines:
    matures_on = maturity(deposit)
    span = lot(terms.basis, deposit.balance, deposit.since_on, matures_on)
    whole = _minor(terms, exact_interest(terms, [span], deposit.rate))
    if on >= matures_on:
        return _at_maturity(terms, deposit, whole, deposit.balance)
    return {FIXED: spread(whole, deposit.since_on, matures_on)}


def _instalment(terms: Terms, deposit: Deposit, on: date, board: RateBoard) -> Lines:
    assert isinstance(terms, InstalmentTerms)
    months, matures_on = plan_months(deposit), maturity(deposit)
    deposit = counted(terms, deposit, min(on, matures_on))
    found: Lines = {FIXED: Line(), demand_key(terms): Line()}
    regular = 0
    for each in deposit.instalments:
        if each.slot is None:
            found[demand_key(terms)] += balance_line(earning(terms, each.amount), each.paid_on)
            continue
        regular += each.amount.minor
        years = Fraction(months - each.slot, 12)
        if terms.basis.period == "actual_days":
            years = fraction_of_year(terms.basis, each.paid_on, matures_on)
        whole = earning(terms, each.amount).minor * years * Fraction(deposit.rate)
        found[FIXED] += earned(whole) if on >= matures_on else spread(whole, each.paid_on, matures_on)
    if on >= matures_on:
        found[demand_key(terms)] += balance_line(earning(terms, Money(regular, terms.currency)), matures_on)
    return found


def _staged(terms: Terms, deposit: Deposit, on: date, board: RateBoard) -> Lines:
    assert isinstance(terms, StagedTerms)
    whole, count, months = original(deposit, terms), draw_count(deposit), interval(deposit).months
    earns = Fraction(whole.minor + Fraction(whole.minor, count)) / 2 * count * months / 12 * Fraction(deposit.rate)
    return {FIXED: spread(earns, deposit.opened_on, maturity(deposit))}


def _drawn(terms: Terms, deposit: Deposit, on: date, board: RateBoard) -> Lines:
    assert isinstance(terms, StagedTerms)
    whole = _minor(terms, lot_interest(terms, deposit))
    paid = Line(Decimal(0), Decimal(-deposit.interest_paid_minor))
    if on >= maturity(deposit):
        late = _at_maturity(terms, deposit, whole, deposit.balance)
        return {**late, FIXED: late[FIXED] + paid}
    return {FIXED: spread(whole, deposit.opened_on, maturity(deposit)) + paid}


def _either(terms: Terms, deposit: Deposit, on: date, board: RateBoard) -> Lines:
    assert isinstance(terms, EitherTerms)
    kept = balance_line(earning(terms, deposit.balance), deposit.opened_on)
    reached = [term for term in _tiers(terms, board, on) if add_months(deposit.opened_on, term.months) <= on]
    if not reached:
        return {demand_key(terms): kept}
    discount = format(terms.discount.normalize(), "f")
    return {f"lump:{reached[-1]}*{discount}/{DENOMINATORS[terms.demand_basis.day_count]}": kept}


def _tiers(terms: EitherTerms, board: RateBoard, on: date) -> list[Term]:
    return [term for term in board.terms("lump", on) if term.months and term.months <= terms.cap.months]


def _tier_days(terms: EitherTerms, deposit: Deposit, board: RateBoard, on: date) -> list[date]:
    return [add_months(deposit.opened_on, term.months) for term in _tiers(terms, board, on)]


def _notice(terms: Terms, deposit: Deposit, on: date, board: RateBoard) -> Lines:
    found = Line()
    for each in deposit.portions:
        barren = sum(max((min(end, on) - max(start, each.since_on)).days, 0) for start, end in each.barren)
        found += balance_line(earning(terms, each.amount), each.since_on)
        found += Line(Decimal(0), Decimal(-earning(terms, each.amount).minor * barren))
    return {f"call:{period(deposit)}/{DENOMINATORS[terms.basis.day_count]}": found}


def _rolling(terms: Terms, deposit: Deposit, on: date, board: RateBoard) -> Lines:
    cycle = due(terms, deposit)
    if cycle is None:
        raise InvariantBroken("a rolling deposit has no cycle")
    days = Term(days=(cycle.on - deposit.since_on).days)
    kept = balance_line(earning(terms, deposit.balance), deposit.since_on)
    return {
        f"call:{days}/{DENOMINATORS[terms.basis.day_count]}": kept,
        FIXED: Line(Decimal(0), _WIDE.quantize(deposit.residue_minor, _PLACES)),
    }


LINES: Mapping[str, Callable[[Terms, Deposit, date, RateBoard], Lines]] = {
    "demand": _demand,
    "lump_sum": _lump,
    "instalment": _instalment,
    "staged": _staged,
    "interest_drawn": _drawn,
    "time_or_demand": _either,
    "notice": _notice,
    "rolling": _rolling,
}
"""Method -> the lines of an open deposit."""


def difference(before: Mapping[str, Line], after: Mapping[str, Line]) -> Lines:
    """What a change adds to the control totals, line by line."""
    none = Line()
    changed = {key: after.get(key, none) - before.get(key, none) for key in {**before, **after}}
    return {key: line for key, line in changed.items() if line != none}
