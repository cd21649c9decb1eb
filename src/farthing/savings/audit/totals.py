"""Own the comparison of a product's totals with its deposits: control totals, and interest payable. Pure.

Never rounds but as the accrual of a day does: once for each product and board.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from farthing.kit.findings import Finding
from farthing.kit.money import exponent
from farthing.kit.rates import round_fraction
from farthing.products.deposit import Terms
from farthing.products.rates import RateBoard
from farthing.savings.audit.rules import Row
from farthing.savings.rules.books import Line, Lines, accrued_in_books
from farthing.savings.rules.interest import earning_minor

Place = tuple[str, str, str]
"""Product, board and line of a control total."""


@dataclass
class Sums:
    """The lines of all deposits summed: those of demand deposits in whole numbers, all others as lines."""

    balances: dict[Place, int] = field(default_factory=dict)
    offsets: dict[Place, int] = field(default_factory=dict)
    lines: dict[Place, Line] = field(default_factory=dict)

    def add_demand(self, terms: Terms, rows: Sequence[Row], key: str) -> None:
        """Count demand deposits of one product, from their rows: what earns x (day - as of) + balance-days."""
        for row in rows:
            if row.closed is None:
                place = (row.product, row.board, key)
                earns = earning_minor(terms, row.balance)
                self.balances[place] = self.balances.get(place, 0) + earns
                days = int(row.balance_days + row.leap_balance_days)
                self.offsets[place] = self.offsets.get(place, 0) + days - earns * row.as_of

    def add(self, product: str, board: str, lines: Lines) -> None:
        """Count one deposit's lines."""
        for key, line in lines.items():
            place = (product, board, key)
            self.lines[place] = self.lines.get(place, Line()) + line

    def all(self) -> dict[Place, Line]:
        """The sums by product, board and line."""
        whole = {place: Line(Decimal(sum_), Decimal(self.offsets[place])) for place, sum_ in self.balances.items()}
        return {place: whole.get(place, Line()) + self.lines.get(place, Line()) for place in {**whole, **self.lines}}


def check_control(kept: Mapping[Place, Line], derived: Mapping[Place, Line]) -> list[Finding]:
    """Control totals, with the changes that no close has taken in, are the sums of all deposits' lines."""
    found = []
    for place in sorted({**kept, **derived}):
        is_kept, is_derived = kept.get(place, Line()), derived.get(place, Line())
        for name in ("slope", "intercept"):
            one, other = getattr(is_kept, name), getattr(is_derived, name)
            if one != other:
                subject = "{} at {} line {}".format(*place)
                found.append(Finding(f"savings_control.{name}", subject, f"is {one}, the deposits say {other}"))
    return found


def owed_on(parts: Sequence[tuple[Lines, RateBoard]], currency: str, on: date) -> int:
    """Minor units of interest that a product owes at the start of a day, rounded board by board."""
    whole = 0
    for lines, board in parts:
        whole += round_fraction(accrued_in_books(lines, board, on) / 10 ** exponent(currency), currency).minor
    return whole


@dataclass(frozen=True, slots=True)
class Tail:
    """What a payable account held after its latest accrual and after each posting since, oldest first.

    ``accrued_on``: the day of that accrual, none before the first.
    """

    accrued_on: date | None
    balances: tuple[int, ...]


def check_payable(path: str, tail: Tail, owed: Mapping[date, int]) -> list[Finding]:
    """The payable account stood at what the product owed when the last day was closed.

    ``owed``: by business date. Two days are looked at, because the close of today may have got as far as the accrual.
    On a day without an accrual the account stood at the right figure already, after some posting since the last one.
    """
    for on, minor in owed.items():
        if minor in (tail.balances[:1] if tail.accrued_on == on - timedelta(days=1) else tail.balances):
            return []
    first = min(owed)
    problem = f"stood at {tail.balances[0]} minor units, the control totals owed {owed[first]} on {first}"
    return [Finding("interest_payable", path, problem)]
