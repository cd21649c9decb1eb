"""A bill's parts come to the bill whatever it is, and whoever is asked too often is not asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.errors import Refusal
from farthing.kit.money import Money, total
from farthing.kit.words import Words
from farthing.payments.requests import rules
from farthing.payments.requests.model import BillShare, SplitBill
from farthing.payments.requests.rules import Asked, Wanted
from farthing.products.pay_requests import PayRequests
from tests.laws import examples


def fen(minor: int) -> Money:
    return Money(minor, "CNY")


def people(*amounts: int | None) -> tuple[BillShare, ...]:
    return tuple(BillShare(f"payee_{n}", None if each is None else fen(each)) for n, each in enumerate(amounts))


@examples(100)
@given(st.integers(1, 10**9), st.integers(1, 60), st.booleans())
def test_equal_parts_come_to_the_bill_and_differ_by_a_fen(minor: int, others: int, own: bool) -> None:
    command = SplitBill("party_me", fen(minor), people(*[None] * others), own=own)
    if minor < others + own:
        with pytest.raises(Refusal) as caught:
            rules.parts_of(command)
        assert caught.value.code == "requests.too_small"
        return
    mine, parts = rules.parts_of(command)
    assert mine + total(parts, "CNY") == fen(minor)
    every = [*([mine.minor] if own else []), *(each.minor for each in parts)]
    assert max(every) - min(every) <= 1 and every == sorted(every, reverse=True), (
        "the maker bears a left-over fen first"
    )
    assert own or not mine


@examples(100)
@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=20), st.integers(-(10**6), 10**6), st.booleans())
def test_said_amounts_and_ones_own_come_to_the_bill_or_are_refused(said: list[int], more: int, own: bool) -> None:
    whole = sum(said) + more
    if whole <= 0:
        return
    command = SplitBill("party_me", fen(whole), people(*said), own=own)
    if more < 0 or (more and not own):
        with pytest.raises(Refusal) as caught:
            rules.parts_of(command)
        assert caught.value.code == "requests.sum"
        return
    mine, parts = rules.parts_of(command)
    assert (mine, parts) == (fen(more), [fen(each) for each in said])


def test_some_amounts_are_no_amounts() -> None:
    with pytest.raises(Refusal) as caught:
        rules.parts_of(SplitBill("party_me", fen(100), people(50, None)))
    assert caught.value.code == "requests.mixed"


LIMITS = PayRequests(2, 3, 5, 30, 10, Words("the article", "条文"))
FEW = st.integers(0, 6)


@examples(100)
@given(FEW, FEW, FEW, st.integers(1, 3), st.booleans())
def test_nobody_is_asked_beyond_a_limit(waits: int, today: int, in_all: int, count: int, blocked: bool) -> None:
    wanted = [Wanted(f"p{n}", f"*{n}", fen(1)) for n in range(count)]
    facts = Asked(frozenset({"p0"} if blocked else ()), {"p0": waits}, {"p0": today}, in_all)
    fits = not blocked and waits < 2 and today < 3 and in_all + count <= 5
    try:
        rules.check_asked(LIMITS, wanted, facts)
        assert fits
    except Refusal:
        assert not fits
    if blocked:
        with pytest.raises(Refusal) as caught:
            rules.check_asked(None, wanted, facts)
        assert caught.value.code == "requests.not_taken"
