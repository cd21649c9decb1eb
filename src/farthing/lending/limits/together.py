"""Decide who belongs together, of pairs that do. Pure."""

from __future__ import annotations

from collections.abc import Iterable


def apart(ties: Iterable[tuple[str, str]]) -> list[set[str]]:
    """The circles that pairs make: whoever is tied to somebody of a circle is in it, and nobody is in two."""
    place: dict[str, set[str]] = {}
    for one, other in ties:
        mine, theirs = place.get(one, {one}), place.get(other, {other})
        if mine is not theirs or one not in place:
            joined = mine | theirs
            place |= dict.fromkeys(joined, joined)
    return list({id(each): each for each in place.values()}.values())
