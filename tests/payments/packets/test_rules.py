"""The rules of packets alone: each refusal in its place, and that any grabs of any packets come to no more than there is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.payments.packets import rules
from farthing.payments.packets.model import Grab
from farthing.payments.packets.rules import Facts, Room, Standing, Won
from farthing.products.red_packets import Lowest

NOW = datetime(2026, 2, 16, 12, tzinfo=UTC)
PEOPLE = [f"party_{number:026d}" for number in range(6)]
SENDER, ONE, TWO = PEOPLE[0], PEOPLE[1], PEOPLE[2]
LOWEST = Lowest(Money(2_000_00, "CNY"), Money(1_000_00, "CNY"), Words("an article", "某条"))


def packet(name: str = "packet_one", total: int = 1_000, shares: int = 3, **more: object) -> Standing:
    made = Standing(
        name, SENDER, "lucky", "CNY", total, shares, "", 0, name.encode().ljust(32), 0, NOW + timedelta(hours=1), None
    )
    return replace(made, **more)  # type: ignore[arg-type]


def facts(*packets: Standing, **more: object) -> Facts:
    known = frozenset(PEOPLE)
    made = Facts({each.id: each for each in packets}, {}, frozenset(), known, frozenset(), {}, LOWEST, NOW)
    return replace(made, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("there", "claimer", "code"),
    [
        (facts(), ONE, "packets.unknown"),
        (facts(packet(taken=3), claims={("packet_one", ONE): 5}), ONE, "packets.taken_before"),
        (facts(packet(taken=3, ended_at=NOW)), SENDER, "packets.gone"),
        (facts(packet(ended_at=NOW)), SENDER, "packets.over"),
        (facts(packet(ends_at=NOW)), SENDER, "packets.over"),
        (facts(packet(members=1)), SENDER, "packets.own"),
        (facts(packet(members=1), known=frozenset()), ONE, "packets.not_for_you"),
        (facts(packet(), known=frozenset(), closed=frozenset({ONE})), ONE, "packets.claimer_unknown"),
        (facts(packet(), closed=frozenset({ONE}), rooms={ONE: Room(2_000_00, 0)}), ONE, "packets.wallet_closed"),
        (facts(packet(), rooms={ONE: Room(2_000_00, 1_000_00)}), ONE, "packets.wallet_full"),
        (facts(packet(), rooms={ONE: Room(0, 1_000_00)}), ONE, "packets.taken_in_all"),
    ],
)  # fmt: skip
def test_each_refusal_in_its_place(there: Facts, claimer: str, code: str) -> None:
    (answer,) = rules.decide([Grab("packet_one", claimer)], there)
    assert isinstance(answer, Refusal) and answer.code == code
    assert "?" not in answer.detail + answer.detail_zh


def test_who_is_confirmed_has_no_limit_and_a_silent_law_sets_none() -> None:
    rich = Room(10**9, 10**9)
    for there in (facts(packet()), facts(packet(), rooms={ONE: rich}, lowest=None)):
        (answer,) = rules.decide([Grab("packet_one", ONE)], there)
        assert isinstance(answer, Won)


GRABS = st.lists(st.tuples(st.sampled_from(["packet_one", "packet_two"]), st.sampled_from(PEOPLE)), max_size=40)


@given(GRABS, st.lists(st.integers(1, 7), max_size=8), st.integers(1, 4), st.integers(4, 500))
def test_any_grabs_cut_into_any_batches_come_to_the_same(
    wanted: list[tuple[str, str]], cuts: list[int], shares: int, total: int
) -> None:
    """One by one, or gathered in any way: the same person gets the same part, and nobody more than once."""
    grabs = [Grab(*each) for each in wanted]
    alone = _played(grabs, [1] * len(grabs), shares, total)
    assert _played(grabs, cuts, shares, total) == alone
    for name in ("packet_one", "packet_two"):
        parts = [minor for (packet_id, _), minor in alone.items() if packet_id == name]
        assert len(parts) <= shares and sum(parts) <= total and (len(parts) < shares or sum(parts) == total)
    assert not any(claimer == SENDER for _, claimer in alone)


def _played(grabs: list[Grab], cuts: list[int], shares: int, total: int) -> dict[tuple[str, str], int]:
    """Who has what after all grabs, in batches of these sizes, each decided on what the ones before left."""
    packets = [packet(name, total, shares) for name in ("packet_one", "packet_two")]
    claims: dict[tuple[str, str], int] = {}
    sizes = [*cuts, len(grabs)]
    at = 0
    for size in sizes:
        won = [
            each
            for each in rules.decide(grabs[at : at + size], facts(*packets, claims=claims))
            if isinstance(each, Won)
        ]
        claims = {**claims, **{(each.packet_id, each.claimer): each.minor for each in won}}
        packets = [replace(one, taken=sum(key[0] == one.id for key in claims)) for one in packets]
        at += size
    return claims


@given(st.integers(1, 2_500))
def test_what_was_won_is_paid_in_entries_that_the_ledger_takes(count: int) -> None:
    one = packet(total=10**6, shares=2_500)
    won = [Won(one.id, f"party_{place:026d}", place, one.parts[place - 1]) for place in range(1, count + 1)]
    entries = [rules.paid_entry(each, date(2026, 2, 16), "CNY") for each in rules.groups(won, {one.id: one})]
    assert [each.reference for each in entries] == [f"packet:one:{first}" for first in range(1, count + 1, 999)]
    assert sum(entry.postings[0].amount.minor for entry in entries) == sum(one.parts[:count])


def test_the_entries_of_a_packet() -> None:
    one = packet(total=6, shares=3, seed=b"a" * 32)
    (group,) = rules.groups([Won(one.id, ONE, 1, one.parts[0]), Won(one.id, TWO, 2, one.parts[1])], {one.id: one})
    paid = rules.paid_entry(group, date(2026, 2, 16), "CNY")
    assert [(line.account, line.amount.minor) for line in paid.postings] == [
        ("liabilities:escrow:packets:one", one.parts[0] + one.parts[1]),
        (f"liabilities:wallets:{ONE[6:]}", -one.parts[0]),
        (f"liabilities:wallets:{TWO[6:]}", -one.parts[1]),
    ]
    back = rules.back_entry(replace(one, taken=2), date(2026, 2, 16), "CNY")
    assert [(line.account, line.amount.minor) for line in back.postings] == [
        ("liabilities:escrow:packets:one", one.parts[2]),
        (f"liabilities:wallets:{SENDER[6:]}", -one.parts[2]),
    ]
