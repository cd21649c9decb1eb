"""How a packet is split: exact for any whole and number of parts, fair to every place, bound to by a hash, checked by a paper."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.canonical import plain
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.payments.packets import draw, paper
from farthing.payments.packets.model import Paper, Part

LIMIT = 27.88
"""Chi-square of nine degrees of freedom, one in a thousand."""
ROUNDS = 4_000
SEEDS = st.binary(min_size=32, max_size=32)
Split = Callable[[int, int, bytes], Sequence[int]]


def by_breakpoints(whole: int, shares: int, seed: bytes) -> Sequence[int]:
    return draw.parts.__wrapped__("lucky", whole, shares, seed)


def by_double_mean(whole: int, shares: int, seed: bytes) -> Sequence[int]:
    """As others split: each part between the smallest unit and twice the mean of what is left; the last takes the rest."""
    below, left, parts = draw.Words(seed).below, whole, []
    for waiting in range(shares, 1, -1):
        parts.append(1 + below(max(1, 2 * left // waiting - 1)))
        left -= parts[-1]
    return [*parts, left]


def chi_square(split: Split, wanted: Callable[[Sequence[int]], int]) -> float:
    """How far from even the places are at which something falls, of ten parts of 100.00."""
    counts = [0] * 10
    for number in range(ROUNDS):
        counts[wanted(split(10_000, 10, hashlib.sha256(number.to_bytes(4, "big")).digest()))] += 1
    even = ROUNDS / 10
    return sum((count - even) ** 2 / even for count in counts)


def best(parts: Sequence[int]) -> int:
    return parts.index(max(parts))


@given(st.integers(1, 300), st.integers(0, 10**9), SEEDS)
def test_every_part_is_one_unit_at_least_and_they_sum_to_the_whole(shares: int, more: int, seed: bytes) -> None:
    parts = by_breakpoints(shares + more, shares, seed)
    assert len(parts) == shares and min(parts) >= 1 and sum(parts) == shares + more


@given(st.integers(1, 300), st.integers(1, 10**6), SEEDS)
def test_a_normal_packet_is_split_evenly(shares: int, each: int, seed: bytes) -> None:
    assert draw.parts("normal", shares * each, shares, seed) == (each,) * shares


@given(st.integers(1, 50), SEEDS)
def test_as_many_parts_as_units_leave_nothing_to_luck(shares: int, seed: bytes) -> None:
    assert by_breakpoints(shares, shares, seed) == (1,) * shares
    assert draw.luckiest(by_breakpoints(shares, shares, seed)) is None


def test_no_place_is_luckier_and_the_double_mean_fails_the_same_test() -> None:
    """One in a thousand fair draws would fail; the double mean is beyond it by far, for it favours those who come last."""
    fair, unfair = chi_square(by_breakpoints, best), chi_square(by_double_mean, best)
    assert fair < LIMIT < unfair / 1.5


def test_the_worst_part_falls_evenly_too() -> None:
    assert (
        chi_square(by_breakpoints, lambda parts: parts.index(min(parts))) < LIMIT + 10
    )  # the first of equals is counted


def test_every_split_of_a_small_whole_comes_up_as_often() -> None:
    """Six units in three parts have ten splits; chi-square over them, nine degrees of freedom."""
    counts: dict[tuple[int, ...], int] = {}
    for number in range(ROUNDS):
        parts = tuple(by_breakpoints(6, 3, hashlib.sha256(b"six %d" % number).digest()))
        counts[parts] = counts.get(parts, 0) + 1
    assert len(counts) == 10
    assert sum((count - ROUNDS / 10) ** 2 / (ROUNDS / 10) for count in counts.values()) < LIMIT


def test_the_split_is_what_it_was() -> None:
    """A vector: whoever writes the draw again must come to this."""
    seed = hashlib.sha256(b"farthing").digest()
    assert by_breakpoints(10_000, 10, seed) == VECTOR
    assert draw.commitment("packet_0", "lucky", Money(10_000, "CNY"), 10, seed) == COMMITTED


VECTOR = (1854, 787, 630, 292, 1453, 424, 2072, 133, 1827, 528)
COMMITTED = "20f9b05c6a847affc4c9efe9d9dedd95908d21aa517b97592e44a2e58cd944f4"


@given(SEEDS, SEEDS)
def test_a_commitment_binds_to_one_seed_and_one_packet(seed: bytes, other: bytes) -> None:
    made = draw.commitment("packet_0", "lucky", Money(100, "CNY"), 3, seed)
    assert made != draw.commitment("packet_1", "lucky", Money(100, "CNY"), 3, seed)
    assert made != draw.commitment("packet_0", "lucky", Money(101, "CNY"), 3, seed)
    assert made != draw.commitment("packet_0", "lucky", Money(100, "EUR"), 3, seed)
    assert (made == draw.commitment("packet_0", "lucky", Money(100, "CNY"), 3, other)) == (seed == other)


SEED = hashlib.sha256(b"paper").digest()
AT = datetime(2026, 2, 16, 12, tzinfo=UTC)


def sample(taken: int = 3) -> Paper:
    whole, drawn = Money(1_000, "CNY"), by_breakpoints(1_000, 5, SEED)
    parts = tuple(Part(place, Money(minor, "CNY"), AT) for place, minor in enumerate(drawn[:taken], 1))
    made = draw.commitment("packet_0", "lucky", whole, 5, SEED)
    back = Money(sum(drawn[taken:]), "CNY")
    return Paper(draw.FORMAT, "packet_0", "lucky", whole, 5, made, SEED.hex(), parts, back)


def codes(checked: paper.Checked) -> list[str]:
    return [each.code for each in checked.differs]


def test_a_true_paper_is_found_true_and_reads_back_as_it_was_written() -> None:
    source = json.dumps(plain(sample()))
    assert paper.read(source) == sample()
    checked = paper.check(paper.read(source))
    assert (checked.parts, checked.differs) == (3, ())
    assert checked.luckiest == 1 + best(by_breakpoints(1_000, 5, SEED)[:3])


def test_an_open_packet_is_told_so() -> None:
    assert codes(paper.check(replace(sample(), seed=None, parts=(), given_back=None))) == ["packets.still_open"]


def part(one: Paper, at: int, **changes: object) -> Paper:
    parts = tuple(replace(each, **changes) if each.place == at else each for each in one.parts)
    return replace(one, parts=parts)


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        (replace(sample(), seed=hashlib.sha256(b"another").hexdigest()), ["packets.commitment_differs", "packets.split_differs"]),
        (replace(sample(), commitment="0" * 64), ["packets.commitment_differs"]),
        (replace(sample(), packet_id="packet_1"), ["packets.commitment_differs"]),
        (part(sample(), 2, amount=Money(1, "CNY")), ["packets.split_differs", "packets.sum_differs"]),
        (part(sample(), 2, place=4), ["packets.split_differs", "packets.split_differs"]),
        (replace(sample(), parts=sample().parts[:2]), ["packets.sum_differs"]),
        (replace(sample(), given_back=Money(0, "CNY")), ["packets.sum_differs"]),
    ],
)  # fmt: skip
def test_whatever_was_changed_in_a_paper_is_named(changed: Paper, found: list[str]) -> None:
    assert codes(paper.check(changed)) == found


@pytest.mark.parametrize(
    "source",
    [
        "", "[]", "{}", "null", "[" * 100_000, json.dumps(plain(sample()))[:-1],
        json.dumps({**plain(sample()), "format": "another"}), json.dumps({**plain(sample()), "seed": "00"}),
        json.dumps({**plain(sample()), "shares": 0}), json.dumps({**plain(sample()), "shares": 5_000}),
        json.dumps({**plain(sample()), "more": 1}), json.dumps({**plain(sample()), "shares": "five"}),
    ],
)  # fmt: skip
def test_what_is_no_paper_is_refused(source: str) -> None:
    with pytest.raises(Refusal) as caught:
        paper.read(source)
    assert caught.value.code == "packets.bad_paper"
