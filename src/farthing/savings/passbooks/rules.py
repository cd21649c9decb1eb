"""Decide what is printed into a passbook next, and where. Pure.

A printer prints one page: what does not fit waits until the page is turned. Order of checks: whether the passbook is full,
then whether anything waits.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from farthing.kit.errors import conflict
from farthing.kit.money import Money
from farthing.savings.deposits.model import EventLine
from farthing.savings.passbooks.model import PAGES, ROWS, Passbook, Print, Row

FULL = conflict(
    "savings.passbook_full",
    "This passbook is full; give the customer a new one, and print into that.",
    "存折已满；请换发新折后打印。",
)
UP_TO_DATE = conflict(
    "savings.passbook_up_to_date",
    "Every line of this deposit is in the passbook; to print the last ones again, print the page that is shown.",
    "存折已登记全部明细；如需重打，请直接打印所示页面。",
)


def next_print(
    deposit_id: str, last: Print | None, events: Sequence[EventLine], new_book: bool, on: date, at: datetime
) -> Print:
    """What is printed next: the lines after the last printed one, into the rows after the last printed row, to the end of the
    page. Refuses ``savings.passbook_full``, ``savings.passbook_up_to_date``."""
    fresh = new_book or last is None
    if not fresh and _is_full(last):
        raise FULL()
    after = last.last_line if last is not None else 0
    carried = new_book and after > 0
    if not carried and not waiting(last, events):
        raise UP_TO_DATE()
    first_row = 1 if fresh or last is None else last.end + 1
    room = ROWS - (first_row - 1) % ROWS
    taken = [each for each in events if each.number > after][: room - carried]
    return Print(
        deposit_id, 1 if last is None else last.number + 1, 1 if last is None else last.book + new_book, first_row,
        len(taken) + carried, after, taken[-1].number if taken else after, carried, on, at,
    )  # fmt: skip


def waiting(last: Print | None, events: Sequence[EventLine]) -> int:
    """How many lines are not in the passbook yet."""
    return sum(each.number > (last.last_line if last is not None else 0) for each in events)


def shown(deposit_id: str, last: Print | None, events: Sequence[EventLine], nothing: Money) -> Passbook:
    """What was printed last, as it stands on its page."""
    if last is None:
        return Passbook(deposit_id, 0, 0, 0, (), None, waiting(None, events), False)
    top = (last.first_row - 1) % ROWS + 1
    before = [each for each in events if each.number <= last.after_line]
    rows = [Row(top, before[-1].balance if before else nothing)] if last.carried else []
    printed = [each for each in events if last.after_line < each.number <= last.last_line]
    rows += [Row(top + last.carried + place, each.balance, each) for place, each in enumerate(printed)]
    return Passbook(
        deposit_id, last.number, last.book, (last.first_row - 1) // ROWS + 1, tuple(rows), last.printed_on,
        waiting(last, events), _is_full(last),
    )  # fmt: skip


def _is_full(last: Print | None) -> bool:
    return last is not None and last.end >= ROWS * PAGES
