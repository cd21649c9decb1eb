"""Own the line for the books: a deposit's part in its product's control totals, accrued interest as a straight line. Pure.

A deposit's accrued interest is ``(slope x day + intercept) x rate`` a line, the day being its ordinal. A line's key
says what multiplies it: ``fixed`` (nothing: minor units), ``demand/360``, ``call:7d/360`` or ``lump:3m*0.6/360`` (a
rate of the board and the days of a year). Sums of lines are therefore lines, and the accrual of a product costs the
same with ten deposits as with ten million. Term interest is spread evenly to maturity, as contracts are kept; what
breaking one changes shows in the next day's accrual. Never the figure that a person is shown or paid: that is the
contract's own (``Behaviour.accrued``), which the books meet at both ends of a term.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

from farthing.kit.money import Money, exponent
from farthing.products.deposit import Terms
from farthing.products.rates import RateBoard, Term, parse_term
from farthing.savings.rules.interest import DENOMINATORS, earning

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


def stands(interest_minor: Fraction) -> Line:
    """An amount that stands."""
    return Line(Decimal(0), _decimal(interest_minor))


def _decimal(value: Fraction) -> Decimal:
    return _WIDE.quantize(_WIDE.divide(Decimal(value.numerator), Decimal(value.denominator)), _PLACES)


@dataclass(frozen=True, slots=True)
class Key:
    """What multiplies a line: a quoted rate over the days of a year, with a ``discount`` where a tier is paid so much of
    it. Its text is what the control totals are kept by."""

    family: str
    term: Term | None
    days: int
    discount: Decimal | None = None

    def __str__(self) -> str:
        term = "" if self.term is None else f":{self.term}"
        discount = "" if self.discount is None else f"*{format(self.discount.normalize(), 'f')}"
        return f"{self.family}{term}{discount}/{self.days}"

    @classmethod
    def read(cls, text: str) -> Key:
        """The key that a text was made of."""
        rate, _, days = text.partition("/")
        quoted, _, discount = rate.partition("*")
        family, _, term = quoted.partition(":")
        return cls(family, parse_term(term) if term else None, int(days), Decimal(discount) if discount else None)


def demand_key(terms: Terms) -> str:
    """The line of balances that earn the demand rate."""
    return str(Key("demand", None, DENOMINATORS[terms.demand_basis.day_count]))


def multiplier(text: str, board: RateBoard, on: date) -> Fraction:
    """What a line is multiplied with on a day: the board's rate over the days of a year; one for ``fixed``."""
    if text == FIXED:
        return Fraction(1)
    key = Key.read(text)
    if key.discount is not None and key.term is not None:
        return _tier_rate(board, key.term, Fraction(key.discount), on) / key.days
    return Fraction(board.rate(key.family, key.term, on)) / key.days


def _tier_rate(board: RateBoard, reached: Term, discount: Fraction, on: date) -> Fraction:
    """What time-or-demand pays for a tier on a day: the longest tier quoted up to it, discounted, or demand."""
    demand = Fraction(board.demand(on))
    quoted = [term for term in board.terms("lump", on) if term.months and term.months <= reached.months]
    return max(Fraction(board.rate("lump", quoted[-1], on)) * discount, demand) if quoted else demand


def accrued_in_books(lines: Mapping[str, Line], board: RateBoard, on: date) -> Fraction:
    """Minor units accrued at the start of a day, exactly."""
    return sum((line.at(on) * multiplier(key, board, on) for key, line in lines.items() if line != Line()), Fraction(0))


def in_minor(terms: Terms, major: Fraction) -> Fraction:
    """Major units, exactly, in minor ones."""
    scale: int = 10 ** exponent(terms.currency)
    return major * scale


def carried_line(residue_minor: Decimal) -> Line:
    """What rounding left of a payment, until the next one takes it."""
    return Line(Decimal(0), _WIDE.quantize(residue_minor, _PLACES))


def matured_lines(terms: Terms, earned_minor: Fraction, principal: Money, matures_on: date) -> Lines:
    """After maturity: the term's interest stands, and the principal earns the demand rate."""
    return {FIXED: stands(earned_minor), demand_key(terms): balance_line(earning(terms, principal), matures_on)}


def difference(before: Mapping[str, Line], after: Mapping[str, Line]) -> Lines:
    """What a change adds to the control totals, line by line."""
    none = Line()
    changed = {key: after.get(key, none) - before.get(key, none) for key in {**before, **after}}
    return {key: line for key, line in changed.items() if line != none}
