"""Decide in which order entries were posted. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from graphlib import TopologicalSorter
from itertools import groupby, pairwise
from uuid import UUID

from farthing.ledger.model import Posted


def in_order(entries: Iterable[Posted], moved: Iterable[tuple[int, int, UUID]]) -> list[Posted]:
    """Entries in an order in which they were posted: by the instant, and of one instant as each account was moved.

    ``moved``: account, version and entry. What a batch posted at one instant stands in the order of the versions of every account
    that it touched, of which there is always one.
    """
    known = {each.id: each for each in entries}
    before: dict[UUID, set[UUID]] = {key: set() for key in known}
    ordered = sorted(moved)
    for _, several in groupby(ordered, key=lambda each: each[0]):
        for earlier, later in pairwise([key for _, _, key in several if key in known]):
            if earlier != later and known[earlier].recorded_at == known[later].recorded_at:
                before[later].add(earlier)
    found: list[Posted] = []
    by_instant = sorted(known.values(), key=lambda each: (each.recorded_at, each.reference))
    for _, group in groupby(by_instant, key=lambda each: each.recorded_at):
        found += _of_one_instant(list(group), before, known)
    return found


def _of_one_instant(
    group: Sequence[Posted], before: dict[UUID, set[UUID]], known: dict[UUID, Posted]
) -> list[Posted]:  # fmt: skip
    if len(group) == 1:
        return list(group)
    sorter = TopologicalSorter({each.id: before[each.id] for each in group})
    return [known[key] for key in sorter.static_order()]
