"""Own the stable matching: no lender and no listing would both rather have each other than what they were given.

A lender prefers the listing of which more is expected after losses and fees, of equals the one that closes sooner. A listing
prefers the lender who asks the lower rate, of equals who has waited longer. Lenders propose and listings keep the best (Gale and
Shapley 1962; with amounts, Baiou and Balinski 2002), so that each lender gets the best that any stable matching gives him.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence

import numpy as np

from farthing.funding.clearing.columns import Columns
from farthing.funding.clearing.filled import cleared
from farthing.funding.clearing.model import MOST_NOTES, Batch, Cleared, Listing, Mandate
from farthing.kit.errors import malformed

MOST_PAIRS = 20_000_000
TOO_MANY_PAIRS = malformed(
    "funding.too_many_pairs",
    "A stable matching compares each mandate with each listing: {pairs} pairs are more than {most}; clear pro rata.",
    "稳定匹配须逐一比较委托与标的：{pairs} 对超过上限 {most}；请改用按比例分配。",
)


def clear(batch: Batch) -> Cleared:
    """The fills of a batch by stable matching; lenders earn what each listing says. Refuses ``funding.too_many_pairs``."""
    pairs = len(batch.listings) * len(batch.mandates)
    if pairs > MOST_PAIRS:
        raise TOO_MANY_PAIRS(pairs=pairs, most=MOST_PAIRS)
    listings = sorted(batch.listings, key=lambda each: (-each.expected, each.closes_at, each.id))
    columns = Columns(batch, listings)
    matching = _Matching(listings, columns.mandates, columns.turns.tolist())
    matching.settle()
    held = [
        (np.array(sorted(who), np.intp), np.array([who[at] for at in sorted(who)], np.int64))
        for who in matching.holders
    ]
    return cleared(batch, columns, held, {each.id: each.annual for each in listings})


class _Matching:
    """Proposals on the way. ``listings`` stand in the order in which every lender prefers them."""

    def __init__(self, listings: Sequence[Listing], mandates: Sequence[Mandate], turns: Sequence[int]) -> None:
        self.listings, self.mandates = listings, mandates
        self.ranks = [(each.annual, turns[at]) for at, each in enumerate(mandates)]
        self.holders: list[dict[int, int]] = [{} for _ in listings]
        self.worst: list[list[tuple[int, int]]] = [[] for _ in listings]
        self.taken = [0] * len(listings)
        self.refused: list[set[int]] = [set() for _ in mandates]
        self.by_rank = {
            at: place for place, at in enumerate(sorted(range(len(mandates)), key=lambda at: self.ranks[at]))
        }

    def settle(self) -> None:
        """Propose until nobody who was refused has anything left to propose."""
        waiting = list(range(len(self.mandates)))[::-1]
        while waiting:
            at = waiting.pop()
            waiting.extend(self._propose(at))

    def _propose(self, at: int) -> list[int]:
        """Let a lender propose all that he still wants, the best first; who lost notes by it."""
        mandate = self.mandates[at]
        lost: list[int] = []
        left = mandate.notes - sum(holders.get(at, 0) for holders in self.holders)
        grades: dict[str, int] = {}
        for number, listing in enumerate(self.listings):
            held = self.holders[number].get(at, 0)
            grades[listing.grade] = grades.get(listing.grade, 0) + held
        for number, listing in enumerate(self.listings):
            if left <= 0:
                break
            if number in self.refused[at]:
                continue
            held = self.holders[number].get(at, 0)
            room = mandate.by_grade.get(listing.grade, MOST_NOTES) - grades[listing.grade]
            asked = min(left, room, mandate.most_of(listing) - held)
            if asked > 0:
                kept = self._take(number, at, asked, lost)
                left -= kept
                grades[listing.grade] += kept
        return lost

    def _take(self, number: int, at: int, asked: int, lost: list[int]) -> int:
        """A listing keeps the best; what it keeps of a proposal."""
        holders, notes = self.holders[number], self.listings[number].notes
        heapq.heappush(self.worst[number], (-self.by_rank[at], at))
        holders[at] = holders.get(at, 0) + asked
        self.taken[number] += asked
        kept = asked
        while self.taken[number] > notes:
            _, worst = self.worst[number][0]
            if not holders.get(worst):
                heapq.heappop(self.worst[number])
                continue
            gone = min(self.taken[number] - notes, holders[worst])
            holders[worst] -= gone
            self.taken[number] -= gone
            self.refused[worst].add(number)
            if worst == at:
                kept -= gone
            else:
                lost.append(worst)
            if not holders[worst]:
                del holders[worst]
        return kept
