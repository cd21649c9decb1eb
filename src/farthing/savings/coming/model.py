"""Own what the close of a day would do to deposits, told beforehand. Never changes anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class ProductDue:
    """How many deposits of a product something happens to at the close of a day: maturity, draw, instalment, notice."""

    product: str
    deposits: int


@dataclass(frozen=True, slots=True)
class Coming:
    """What closing ``closing`` would do: ``settlements`` are demand deposits that are paid the quarter's interest that
    night, ``credited_on`` the day on which it is theirs; ``sweeps`` are rules that are looked at, ``groups`` those that
    open or lapse."""

    closing: date
    deposits_due: int
    due: tuple[ProductDue, ...]
    settlements: int
    credited_on: date | None
    fund_orders: int = 0
    sweeps: int = 0
    groups: int = 0
