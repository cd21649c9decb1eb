"""Decide which texts are near copies of one another, so that a template that a thousand send is one text
of a thousand people. Pure.

Texts that share three of four shingles are taken for one: found by the least of 64 hashes of each (MinHash) in bands of
eight, so that a hundred thousand texts are compared without comparing each with each.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from farthing.voice.topics.wording import shingles

HASHES, BAND = 64, 8
ALIKE = 0.75


def groups(texts: Sequence[str]) -> list[int]:
    """Of each text the place of the first that it is a near copy of: its own place where it is none."""
    signs = _signs(texts)
    first = list(range(len(texts)))

    def root(place: int) -> int:
        while first[place] != place:
            first[place] = first[first[place]]
            place = first[place]
        return place

    for start in range(0, HASHES, BAND):
        seen: dict[bytes, int] = {}
        for place, band in enumerate(signs[:, start : start + BAND]):
            other = root(seen.setdefault(band.tobytes(), place))
            mine = root(place)
            if other != mine and float((signs[other] == signs[place]).mean()) >= ALIKE:
                first[max(other, mine)] = min(other, mine)
    return [root(place) for place in range(len(texts))]


def _signs(texts: Sequence[str]) -> np.ndarray[tuple[int, int], np.dtype[np.uint32]]:
    """The least of each hash over a text's shingles."""
    drawn = np.random.default_rng(20261201)
    by = drawn.integers(1, 1 << 31, HASHES, dtype=np.uint64) * 2 + 1
    plus = drawn.integers(0, 1 << 31, HASHES, dtype=np.uint64)
    found = np.empty((len(texts), HASHES), dtype=np.uint32)
    for place, text in enumerate(texts):
        held = np.fromiter(shingles(text), dtype=np.uint64)
        mixed = held[:, None] * by[None, :] + plus[None, :]
        found[place] = ((mixed >> np.uint64(16)) & np.uint64(0xFFFFFFFF)).min(axis=0).astype(np.uint32)
    return found
