"""Whatever is printed whenever: every line stands in the passbook once, in order, and no page or row is printed twice."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.savings.deposits.model import EventLine
from farthing.savings.passbooks.model import PAGES, ROWS, Print
from farthing.savings.passbooks.rules import FULL, UP_TO_DATE, next_print, shown, waiting

ON, AT, NOTHING = date(2026, 6, 10), datetime(2026, 6, 10, 1, tzinfo=UTC), Money.zero("CNY")


def lines(count: int) -> list[EventLine]:
    """So many events, each of one fen."""
    fen = Money(1, "CNY")
    return [
        EventLine(number, ON, "pay_in", fen, None, fen, NOTHING, NOTHING, Money(number, "CNY"), AT)
        for number in range(1, count + 1)
    ]


@given(st.lists(st.tuples(st.integers(0, 90), st.booleans()), min_size=1, max_size=12))
def test_every_line_is_printed_once_and_in_its_place(acts: list[tuple[int, bool]]) -> None:
    there, last, printed = 0, None, []
    places: set[tuple[int, int]] = set()
    for more, new_book in acts:
        there += more
        events = lines(there)
        while True:
            try:
                last = next_print("dep_a", last, events, new_book, ON, AT)
            except Refusal as refusal:
                if refusal.code == FULL.name:
                    assert last is not None and last.end == ROWS * PAGES
                    last = next_print("dep_a", last, events, True, ON, AT)
                else:
                    assert refusal.code == UP_TO_DATE.name and waiting(last, events) == 0
                    break
            new_book = False
            page = shown("dep_a", last, events, NOTHING)
            assert page.rows[-1].row <= ROWS, "one page at a time"
            rows = {(last.book, last.first_row + place) for place in range(last.rows)}
            assert not rows & places, "no row is printed twice"
            places |= rows
            printed += [row.event.number for row in page.rows if row.event]
            assert [row.balance.minor for row in page.rows if not row.event] == [last.after_line] * last.carried
    assert printed == list(range(1, there + 1))


def test_a_new_passbook_begins_with_what_is_carried_over() -> None:
    first = next_print("dep_a", None, lines(3), False, ON, AT)
    assert (first.book, first.first_row, first.rows, first.last_line, first.carried) == (1, 1, 3, 3, False)
    lost = next_print("dep_a", first, lines(4), True, ON, AT)
    page = shown("dep_a", lost, lines(4), NOTHING)
    assert (page.book, page.page, page.waiting, page.full) == (2, 1, 0, False)
    assert [(row.row, row.balance.minor, row.event and row.event.number) for row in page.rows] == [
        (1, 3, None),
        (2, 4, 4),
    ]


def test_the_last_row_of_the_last_page_fills_it() -> None:
    before = Print("dep_a", 9, 1, ROWS * PAGES - 1, 1, 0, 7, False, ON, AT)
    last = next_print("dep_a", before, lines(9), False, ON, AT)
    page = shown("dep_a", last, lines(9), NOTHING)
    assert (page.page, page.rows[0].row, page.waiting, page.full) == (PAGES, ROWS, 1, True)
