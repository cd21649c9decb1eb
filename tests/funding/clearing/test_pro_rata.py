"""The usual rule: as much is funded as can be, nobody envies, and the order of lines says nothing."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from farthing.funding.clearing.fairness import fairness
from farthing.funding.clearing.levels import shared
from farthing.funding.clearing.model import MOST_NOTES, Batch, Listing, Mandate
from farthing.funding.clearing.rules import clear
from tests.funding.clearing.batches import (
    batches,
    envied,
    keeps_every_limit,
    listing,
    mandate,
    most_that_can_be_funded,
)
from tests.laws import examples


def filled(batch: Batch) -> dict[tuple[str, str], int]:
    return {(fill.listing, fill.mandate): fill.notes for fill in clear(batch).fills}


def of(*lines: Listing | Mandate) -> Batch:
    listings = tuple(each for each in lines if isinstance(each, Listing))
    return Batch("batch", "pro_rata", listings, tuple(each for each in lines if isinstance(each, Mandate)))


def test_each_gets_the_same_part_of_what_he_asked_for() -> None:
    batch = of(listing("loan", 100), mandate("large", 1000), mandate("small", 200), mandate("one", 50))
    assert filled(batch) == {("loan", "large"): 80, ("loan", "small"): 16, ("loan", "one"): 4}


def test_a_limit_for_one_loan_leaves_the_rest_to_the_others() -> None:
    batch = of(listing("loan", 100), mandate("large", 1000, per_loan=10), mandate("small", 200), mandate("one", 50))
    assert filled(batch) == {("loan", "large"): 10, ("loan", "small"): 72, ("loan", "one"): 18}


def test_of_equals_the_last_note_goes_to_the_money_that_waits_longest() -> None:
    waits = [mandate(f"m{each}", 10, turn=9 - each) for each in range(4)]
    assert filled(of(listing("loan", 2), *waits)) == {("loan", "m2"): 1, ("loan", "m3"): 1}


def test_a_lender_leaves_what_another_can_fund_so_that_both_listings_are_funded() -> None:
    choosy = mandate("choosy", 10, grades=frozenset("B"))
    batch = of(listing("a", 10, grade="A"), listing("b", 10, grade="B"), mandate("any", 10), choosy)
    assert filled(batch) == {("a", "any"): 10, ("b", "choosy"): 10}


def test_a_chain_of_three_lenders_is_found() -> None:
    grades = [listing(name, 6, grade=name) for name in "ABC"]
    lenders = [
        mandate("1", 6, grades=frozenset("AB")),
        mandate("2", 6, grades=frozenset("BC")),
        mandate("3", 6, grades=frozenset("C")),
    ]
    assert clear(of(*grades, *lenders)).notes == 18


def test_at_the_limit_of_a_grade_a_lender_leaves_that_grade_alone() -> None:
    """``any`` may have two notes of grade A: to fund ``a2`` he must leave ``a1``, and not his notes of B."""
    any_lender = mandate("any", 4, by_grade={"A": 2})
    only = mandate("only", 2, months=(1, 6))
    batch = of(listing("a1", 2, months=6), listing("a2", 2, months=12), listing("b", 2, grade="B"), any_lender, only)
    assert filled(batch) == {("a1", "only"): 2, ("a2", "any"): 2, ("b", "any"): 2}


@given(batches())
def test_as_much_is_funded_as_any_fills_could(batch: Batch) -> None:
    found = clear(batch)
    keeps_every_limit(found)
    assert found.notes == most_that_can_be_funded(batch)


@given(batches())
def test_nobody_with_less_would_take_a_note_of_somebody_with_more(batch: Batch) -> None:
    found = clear(batch)
    assert envied(found) == []
    assert fairness(found).envied == 0


@given(batches(), st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_no_fill(batch: Batch, chance: Random) -> None:
    listings, mandates = list(batch.listings), list(batch.mandates)
    chance.shuffle(listings)
    chance.shuffle(mandates)
    assert filled(replace(batch, listings=tuple(listings), mandates=tuple(mandates))) == filled(batch)


@given(batches(), st.integers(0, 12))
def test_one_more_mandate_never_lowers_what_is_funded(batch: Batch, notes: int) -> None:
    more = replace(batch, mandates=(*batch.mandates, mandate("more", notes, per_loan=3)))
    assert clear(more).notes >= clear(batch).notes


@given(
    st.integers(0, 60),
    st.lists(st.tuples(st.integers(1, 40), st.integers(0, 39), st.integers(1, 9)), min_size=1, max_size=8),
)
@examples(60)
def test_notes_are_shared_as_one_by_one_to_the_lowest_place(notes: int, asked: list[tuple[int, int, int]]) -> None:
    """The vectors find what somebody with a pencil finds: each note to the lowest place, of equals to the first turn."""
    wants = [want for want, _, _ in asked]
    begun = [min(given, want - 1) for want, given, _ in asked]
    room = [min(some, want - given) for (want, _, some), given in zip(asked, begun, strict=True)]
    turns = [(7 * each) % len(asked) if len(asked) % 7 else each for each in range(len(asked))]
    parts = [0] * len(asked)
    for _ in range(notes):
        open_now = [each for each in range(len(asked)) if parts[each] < room[each]]
        if not open_now:
            break
        following = min(
            open_now,
            key=lambda each: (int(Fraction(2 * (begun[each] + parts[each]) + 1, wants[each]) * 2**31), turns[each]),
        )
        parts[following] += 1
    columns = [np.array(each, np.int64) for each in (begun, wants, room, turns)]
    assert shared(notes, *columns).tolist() == parts


@given(
    st.integers(0, MOST_NOTES),
    st.lists(
        st.tuples(st.integers(1, MOST_NOTES), st.integers(0, MOST_NOTES), st.integers(1, MOST_NOTES)),
        min_size=1,
        max_size=30,
    ),
)
def test_a_thousand_million_notes_are_shared_as_fairly_as_ten(notes: int, asked: list[tuple[int, int, int]]) -> None:
    """The last note of nobody stands behind a note that another had room for; and no note is counted one by one."""
    wants = [want for want, _, _ in asked]
    begun = [min(given, want - 1) for want, given, _ in asked]
    room = [min(some, want - given) for (want, _, some), given in zip(asked, begun, strict=True)]
    columns = [np.array(each, np.int64) for each in (begun, wants, room, range(len(asked)))]
    parts = shared(notes, *columns).tolist()
    assert sum(parts) == min(notes, sum(room))
    assert all(0 <= part <= some for part, some in zip(parts, room, strict=True))

    def stands(each: int, given: int) -> tuple[int, int]:
        return ((2 * given + 1) << 31) // wants[each], each

    lasts = [stands(each, begun[each] + part - 1) for each, part in enumerate(parts) if part]
    nexts = [stands(each, begun[each] + part) for each, part in enumerate(parts) if part < room[each]]
    assert not lasts or not nexts or max(lasts) < min(nexts)
