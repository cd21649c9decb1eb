"""Own the passbook on paper, and each printing of lines into it.

Table: ``passbook_print``. The lines themselves are the deposit's events; only where they stand on paper is kept here, and a
line that was printed is never printed into the same passbook twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from farthing.kit.inputs import Flag, Id
from farthing.kit.money import Money
from farthing.savings.deposits.model import EventLine

ROWS, PAGES = 24, 10
"""Of a passbook: rows a page, and pages."""


@dataclass(frozen=True, slots=True)
class PrintPassbook:
    """Print the lines that are not in the passbook yet, as far as its page goes. ``new_book``: into a new one, whose first row
    carries the balance over: the old one is full, or lost."""

    deposit_id: Id
    new_book: Flag = False


@dataclass(frozen=True, slots=True)
class Print:
    """Lines that were printed: into which passbook of the deposit, from which of its rows on (the first is 1), how many rows, and
    which events: those after ``after_line``, up to ``last_line``. ``carried``: its first row carries a balance over."""

    deposit_id: str
    number: int
    book: int
    first_row: int
    rows: int
    after_line: int
    last_line: int
    carried: bool
    printed_on: date
    printed_at: datetime

    @property
    def end(self) -> int:
        """The last row of the passbook that is printed."""
        return self.first_row + self.rows - 1


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a page: an event, or the balance that a new passbook begins with; ``row`` counts from the top of the page."""

    row: int
    balance: Money
    event: EventLine | None = None


@dataclass(frozen=True, slots=True)
class Passbook:
    """What was printed last, row by row of its page, and how many lines wait; nothing where none was printed yet."""

    deposit_id: str
    number: int
    book: int
    page: int
    rows: tuple[Row, ...]
    printed_on: date | None
    waiting: int
    full: bool
