"""What is suspended is the difference and nothing else, as text; and what differs is named."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.money import Money
from farthing.ledger.export import render
from farthing.lending.prudence.assess import assess
from farthing.lending.suspense import rules
from tests.lending.prudence.cases import ON, PRODUCT, before, case, known, law

MONTH = date(2026, 6, 30)
PLACE = (PRODUCT, "CNY")


def test_interest_of_loans_over_ninety_days_late_is_no_income() -> None:
    said = law()
    found = [
        case(90, loan="a", party="a", interest_due_minor=100), case(91, loan="b", party="b", interest_due_minor=20),
        case(0, loan="c", party="c", interest_due_minor=3),
    ]  # fmt: skip
    earlier = {"c": before(non_accrual=True, clean_months=2)}
    sums = rules.sums_of(assess(said, ON, found, known(said, earlier=earlier)))
    assert sums == {PLACE: (2, 23)}, "over 90 days, and what is on its way back; not at 90"
    done = {"c": before(non_accrual=True, clean_months=5)}
    assert rules.sums_of(assess(said, ON, found, known(said, earlier=done))) == {PLACE: (1, 20)}


def test_the_entry_takes_out_of_income_and_puts_back() -> None:
    (more,) = rules.decide({PLACE: (2, 5_000)}, {PLACE: 2_000})
    assert "income:interest-suspended:rainy-day-loan" in render(rules.entry(more, MONTH, "CNY"))
    assert {each.account: each.amount.minor for each in rules.entry(more, MONTH, "CNY").postings} == {
        "income:interest-suspended:rainy-day-loan": 3_000, "assets:interest-suspended:rainy-day-loan": -3_000,
    }  # fmt: skip
    (back,) = rules.decide({}, {PLACE: 5_000})
    assert (back.loans, back.change) == (0, Money(-5_000, "CNY"))
    assert rules.decide({}, {PLACE: 0}) == []


@given(st.lists(st.integers(0, 10**9), min_size=1))
def test_the_books_hold_what_the_last_month_says_whatever_came_before(months: list[int]) -> None:
    stands = 0
    for minor in months:
        for each in rules.decide({PLACE: (1, minor)}, {PLACE: stands}):
            stands += each.change.minor
    assert stands == months[-1]


def test_an_altered_sum_an_altered_book_and_a_missing_row_are_named() -> None:
    kept = rules.decide({PLACE: (1, 500)}, {})
    assert rules.differ(kept, {PLACE: (1, 500)}, {PLACE: 500}) == []
    assert "they come to 1 loans" in rules.differ(kept, {PLACE: (1, 499)}, {PLACE: 500})[0].problem
    assert "the books hold" in rules.differ(kept, {PLACE: (1, 500)}, {PLACE: 499})[0].problem
    assert "is not suspended" in rules.differ([], {PLACE: (1, 500)}, {})[0].problem
