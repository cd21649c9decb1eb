"""Reported money is followed to where it lies: conserved, never more than was reported, never more than an account may spend."""

from __future__ import annotations

from itertools import pairwise
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from farthing.ledger.recent.model import Passed
from farthing.payments.reported.tracing import Step, Trail, after, freezable, in_order, steps, trace

A, B, C, D = 1, 2, 3, 4


def entry(number: int, *legs: tuple[int, int]) -> Passed:
    return Passed(UUID(int=number), legs)


def test_along_a_chain_up_to_what_is_left() -> None:
    assert trace(A, 100, [Step(A, B, 60), Step(B, C, 50), Step(A, None, 30)]) == Trail({A: 10, B: 10, C: 50}, 0, 30)


def test_round_and_round_it_is_the_same_money() -> None:
    assert trace(A, 100, [Step(A, B, 80) if each % 2 else Step(B, A, 80) for each in range(1, 8)]).lies == {
        A: 20,
        B: 80,
    }


def test_what_comes_back_to_its_payer_is_his() -> None:
    assert trace(A, 100, [Step(A, B, 60), Step(B, D, 40), Step(D, A, 40)], payer=D) == Trail({A: 40, B: 20}, 40, 0)


def test_no_more_than_an_account_may_spend_is_frozen_the_nearest_first() -> None:
    trail = Trail({A: 10, B: 10, C: 50}, 0, 30)
    assert freezable(trail, {A: 100, B: 4, C: -1}, 100) == {A: 10, B: 4}
    assert freezable(trail, {A: 100, B: 100, C: 100}, 15) == {A: 10, B: 5}


def test_each_account_meets_its_entries_in_its_own_order() -> None:
    one, two, three = entry(9, (A, 5), (B, -5)), entry(3, (B, 5), (C, -5)), entry(7, (C, 5), (A, -5))
    assert in_order({B: (one, two), C: (two, three), A: (one, three)}) == [one, two, three]
    assert after((one, two, three), two.entry) == (three,) and after((one,), two.entry) == (one,)


def test_an_entry_of_many_legs_is_met_leg_by_leg() -> None:
    many = entry(1, (A, 50), (B, 30), (C, -60), (D, -20))
    assert steps([many], {A, B, C}) == [Step(A, C, 50), Step(B, C, 10), Step(B, None, 20)]


STEPS = st.lists(st.builds(Step, st.integers(1, 5), st.none() | st.integers(1, 5), st.integers(1, 200)), max_size=30)


@given(st.integers(1, 500), STEPS, st.dictionaries(st.integers(1, 5), st.integers(-50, 300)), st.integers(1, 500))
def test_nothing_is_lost_and_nothing_is_made(
    minor: int, moved: list[Step], available: dict[int, int], most: int
) -> None:
    trail = trace(A, minor, moved, payer=5)
    assert sum(trail.lies.values()) + trail.gone + trail.back == minor and all(each > 0 for each in trail.lies.values())
    assert trail.gone <= sum(each.minor for each in moved if each.target is None)
    frozen = freezable(trail, available, most)
    assert sum(frozen.values()) <= min(minor, most)
    assert all(0 < each <= available[account] and each <= trail.lies[account] for account, each in frozen.items())


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4), st.integers(1, 9)), max_size=20))
def test_any_order_that_accounts_agree_on_comes_to_the_same(moved: list[tuple[int, int, int]]) -> None:
    entries = [
        entry(place * 7919 % 104729, (source, minor), (target, -minor))
        for place, (source, target, minor) in enumerate(moved)
        if source != target
    ]
    lines = {each: tuple(one for one in entries if each in dict(one.legs)) for each in range(1, 5)}
    ordered = in_order(lines)
    assert all(ordered.index(a) < ordered.index(b) for each in lines.values() for a, b in pairwise(each))
    wallets = {1, 2, 3, 4}
    told, meant = trace(A, 20, steps(ordered, wallets)), trace(A, 20, steps(entries, wallets))
    assert told.lies == meant.lies and told.gone == meant.gone
