"""Laws of pieces: whatever is split, passed on, pledged and paid, in whatever order, sums to what was confirmed, to the fen."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.products.receivable_rules import ReceivableRules
from farthing.supply import rules
from farthing.supply.model import Receivable

ON = date(2026, 6, 10)
DUE = ON + timedelta(days=30)
PEOPLE = ("a", "b", "c", "debtor")
LAW = ReceivableRules(Money(100, "CNY"), 365, False, Words("an article", "某条"))


def live(minor: int) -> Receivable:
    """A receivable that ``a`` holds in one piece."""
    proposed = Receivable("r", "i", "a", "debtor", Money(minor, "CNY"), DUE, "proposed", "agreement", ON, 0)
    return rules.confirm(proposed, ON)[0]


ACTS = st.lists(
    st.tuples(
        st.sampled_from(("offer", "accept", "back", "pledge", "release", "pay")), st.integers(1, 12), st.integers(1, 60_000),
        st.sampled_from(PEOPLE), st.sampled_from(PEOPLE), st.booleans(),
    ),
    max_size=30,
)  # fmt: skip


@given(st.integers(100, 100_000), ACTS, st.booleans())
def test_pieces_sum_to_what_was_confirmed_whatever_is_done(
    minor: int, acts: list[tuple[str, int, int, str, str, bool]], back: bool
) -> None:
    found, paid = live(minor), 0
    law = ReceivableRules(LAW.least, LAW.days_max, back, LAW.article)
    for number, (act, piece, amount, giver, taker, late) in enumerate(acts):
        on, sum_, before = DUE if late else ON, Money(amount, "CNY"), found
        about = found.pieces[piece - 1].about if piece <= len(found.pieces) else ""
        try:
            if act == "offer":
                found = rules.offer(found, piece, sum_, giver, taker, f"t{number}", on, law)[0]
            elif act == "accept":
                found = rules.pass_on(found, piece, taker, about, on)[0]
            elif act == "back":
                found = rules.take_back(found, piece, about, on)[0]
            elif act == "pledge":
                found = rules.pledge(found, piece, giver, f"l{number}", on)[0]
            elif act == "release":
                found = rules.release(found, piece, about, on)[0]
            else:
                parts = rules.shares(found, sum_, on)
                assert sum(part.minor for _, part in parts) == amount, "a payment is shared out to the last fen"
                found, events = rules.pay(found, sum_, f"e{number}", on)
                assert sum(each.amount.minor for each in events) == amount
                paid += amount
        except Refusal:
            assert found is before, "what was refused changed nothing"
        assert rules.whole(found)
        assert found.version == before.version + (found is not before) + (
            act == "offer" and len(found.pieces) > len(before.pieces)
        )
        assert found.paid.minor == paid and found.left.minor == minor - paid
        assert all(each.holder != "debtor" for each in found.pieces if act != "accept")


@given(st.integers(1, 10**7), st.lists(st.integers(1, 10**6), min_size=1, max_size=8))
def test_all_that_is_owed_pays_every_piece_whole(minor: int, cuts: list[int]) -> None:
    """Split into many, then paid in two: each piece has its own amount at the end."""
    found, free = live(minor + sum(cuts)), ReceivableRules(Money(1, "CNY"), 365, True, LAW.article)
    for cut in cuts:
        largest = max(found.live, key=lambda each: each.amount)
        if largest.amount.minor > cut:
            found = rules.split(found, largest.number, Money(cut, "CNY"), ON, free)[0]
    half = Money(max(found.amount.minor // 2, 1), "CNY")
    found = rules.pay(found, half, "e1", DUE)[0]
    assert rules.whole(found)
    if found.left:
        found = rules.pay(found, found.left, "e2", DUE)[0]
    assert found.state == "settled" and all(each.paid == each.amount for each in found.live)


def test_a_piece_is_offered_pledged_and_split_once() -> None:
    found = live(10_000)
    offered, _, number = rules.offer(found, 1, Money(4_000, "CNY"), "a", "b", "t1", ON, LAW)
    for act in (
        lambda: rules.offer(offered, number, Money(4_000, "CNY"), "a", "c", "t2", ON, LAW),
        lambda: rules.pledge(offered, number, "a", "l1", ON),
        lambda: rules.pledge(offered, 1, "a", "l1", ON),
        lambda: rules.pass_on(offered, number, "c", "t2", ON),
    ):
        try:
            act()
        except Refusal as refusal:
            assert refusal.code == "supply.piece_not_free"
        else:
            raise AssertionError("the same piece twice")


def test_days_late_are_counted_of_what_is_owed_alone() -> None:
    found = live(10_000)
    assert [rules.days_late(found, DUE + timedelta(days=days)) for days in (-1, 0, 3)] == [0, 0, 3]
    settled = rules.pay(found, found.amount, "e", DUE)[0]
    assert rules.days_late(settled, DUE + timedelta(days=3)) == 0


def test_the_share_of_a_piece_in_dispute_waits() -> None:
    found, _, number = rules.split(live(10_000), 1, Money(4_000, "CNY"), ON, LAW)
    assert rules.left(found, {number}) == Money(6_000, "CNY")
    ((piece, part),) = rules.shares(found, Money(6_000, "CNY"), DUE, {number})
    assert (piece.number, part) == (number + 1, Money(6_000, "CNY"))
    try:
        rules.pay(found, Money(6_001, "CNY"), "e", DUE, {number})
    except Refusal as refusal:
        assert refusal.code == "supply.more_than_owed"
    else:
        raise AssertionError("the share in dispute was paid")
    after = rules.pay(found, Money(6_000, "CNY"), "e", DUE, {number})[0]
    assert after.state == "live" and rules.pay(after, Money(4_000, "CNY"), "f", DUE)[0].state == "settled"
