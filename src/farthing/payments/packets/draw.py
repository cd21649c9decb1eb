"""Own how a packet is split: uniform breakpoints drawn from a seed, to which the bank is bound before the first grab. Pure.

    normal   equal parts
    lucky    shares - 1 distinct places between the smallest units of the whole, each choice of places as likely as any
             other; the parts are what lies between them

Every part is at least one smallest unit, the parts sum to the whole, and all orders of the same parts are equally likely: it is
no better to come early or late. (Drawing each part from what is left, up to twice the mean, gives late ones a wider spread, and
the best part four times as often to the last as to the first of ten. A test shows it.)

Anybody can write this again; it needs SHA-256 and whole numbers:

    commitment   SHA-256 of the lines ``farthing-packet-1``, id, kind, ``minor currency`` of the whole, shares, seed in
                 hexadecimal, each ended by a line feed
    words        SHA-256 of the seed's bytes followed by the block's number (from 0) in 8 bytes, big-endian: four words of 64 bits
    below(n)     the next word, or those after it while it is not below the largest multiple of n; its remainder by n
    places       Floyd: for j from m - k to m - 1, t = below(j + 1); take t, or j where t is taken already; then one more than
                 each (m = whole - 1 places, k = shares - 1 of them)
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from struct import unpack

from farthing.kit.money import Money
from farthing.payments.packets.model import Kind

FORMAT = "farthing-packet-1"
_WORDS = 1 << 64


def commitment(packet_id: str, kind: Kind, total: Money, shares: int, seed: bytes) -> str:
    """What is told before the first grab: it fits one seed and one packet alone."""
    lines = (FORMAT, packet_id, kind, f"{total.minor} {total.currency}", str(shares), seed.hex())
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


@lru_cache(maxsize=1 << 12)
def parts(kind: Kind, total_minor: int, shares: int, seed: bytes) -> tuple[int, ...]:
    """The parts in minor units, by place. Drawn once and kept at hand while the packet is grabbed of."""
    if kind == "normal":
        return (total_minor // shares,) * shares
    edges = [0, *sorted(_chosen(total_minor - 1, shares - 1, seed)), total_minor]
    return tuple(after - before for before, after in pairwise(edges))


def luckiest(minors: Sequence[int]) -> int | None:
    """Where the best part stands; the first of those that are alike, and nowhere where all are alike."""
    best = max(minors, default=0)
    return None if all(each == best for each in minors) else minors.index(best)


def _chosen(places: int, wanted: int, seed: bytes) -> list[int]:
    """So many of the places 1 to ``places``, every set of them as likely as any other (Floyd)."""
    below, chosen = Words(seed).below, set[int]()
    for last in range(places - wanted, places):
        place = below(last + 1)
        chosen.add(last if place in chosen else place)
    return [place + 1 for place in chosen]


class Words:
    """Words of 64 bits from a seed, without end."""

    __slots__ = ("_block", "_seed", "_waiting")

    def __init__(self, seed: bytes) -> None:
        self._seed, self._block, self._waiting = seed, 0, list[int]()

    def below(self, bound: int) -> int:
        """A number below a bound, each as likely as any other: a word beyond the last whole multiple is left out."""
        last, waiting = _WORDS - _WORDS % bound, self._waiting
        while True:
            if not waiting:
                waiting[:] = unpack(">4Q", hashlib.sha256(self._seed + self._block.to_bytes(8, "big")).digest())[::-1]
                self._block += 1
            word = waiting.pop()
            if word < last:
                return word % bound
