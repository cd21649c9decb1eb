"""Own who takes what: for each thing that a listing may be, its rate, its months, its words, one bit a mandate. Pure.

Whether a hundred thousand mandates take a listing is then five vectors of bits and-ed, a few microseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from farthing.funding.clearing.model import Listing, Mandate

Flags = NDArray[np.bool_]
Bits = NDArray[np.uint8]
"""Eight mandates an octet, the first in the highest bit."""
Places = NDArray[np.intp]


class Fits:
    """What mandates take. ``bids``: where the least rate of each stands among all rates."""

    def __init__(self, mandates: Sequence[Mandate], listings: Sequence[Listing]) -> None:
        self.count = len(mandates)
        rates = {each.annual for each in listings}
        place = {rate: number for number, rate in enumerate(sorted(rates.union(each.annual for each in mandates)))}
        self.bids = np.fromiter((place[each.annual] for each in mandates), np.int64, self.count)
        shortest = np.fromiter((each.months[0] for each in mandates), np.int64, self.count)
        longest = np.fromiter((each.months[1] for each in mandates), np.int64, self.count)
        by_rate = {rate: np.packbits(self.bids <= place[rate]) for rate in rates}
        by_months = {
            months: np.packbits((shortest <= months) & (longest >= months))
            for months in {each.months for each in listings}
        }
        words = [
            _by_word([each.grades for each in mandates], [each.grade for each in listings]),
            _by_word([each.purposes for each in mandates], [each.purpose for each in listings]),
            _by_word([each.regions for each in mandates], [each.region for each in listings]),
        ]
        self._of = [
            (by_rate[each.annual], by_months[each.months], *found)
            for each, *found in zip(listings, *words, strict=True)
        ]

    def of(self, number: int) -> Bits:
        """Which of the mandates a listing fits."""
        return reduce(np.bitwise_and, self._of[number])

    def places(self, bits: Bits) -> Places:
        """The mandates whose bit is set, in order."""
        return np.flatnonzero(np.unpackbits(bits, count=self.count).view(np.bool_))

    def taking(self, number: int, among: Places) -> Flags:
        """Which of some mandates a listing fits."""
        octets = self.of(number)[among >> 3]
        return np.asarray(octets << (among & 7).astype(np.uint8) & 128, np.bool_)


def _by_word(chosen: Sequence[frozenset[str]], offered: Sequence[str]) -> list[Bits]:
    """Who takes the word of each listing: whoever names it, or names none."""
    numbers: dict[frozenset[str], int] = {frozenset(): 0}
    choices = np.fromiter((numbers.setdefault(words, len(numbers)) for words in chosen), np.int64, len(chosen))
    naming: dict[str, list[int]] = {word: [0] for word in offered}
    for words, number in numbers.items():
        for word in words & naming.keys():
            naming[word].append(number)
    found: dict[str, Bits] = {}
    for word, some in naming.items():
        takes = np.zeros(len(numbers), np.bool_)
        takes[some] = True
        found[word] = np.packbits(takes[choices])
    return [found[word] for word in offered]
