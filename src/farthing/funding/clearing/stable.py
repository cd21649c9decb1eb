"""Own the stable matching: no lender and no listing would both rather have each other than what they were given.

A lender prefers the listing of which more is expected after losses and fees, of equals the one that closes sooner. A listing
prefers the lender who asks the lower rate, of equals who has waited longer. All lenders prefer alike, hence there is one stable
matching alone (Gale and Shapley 1962; with amounts, Baiou and Balinski 2002): the listing that all like best takes the lenders
that it likes best, then the next one takes of those whose money is left.
"""

from __future__ import annotations

import numpy as np

from farthing.funding.clearing.columns import Columns, Whole
from farthing.funding.clearing.filled import cleared
from farthing.funding.clearing.model import Batch, Cleared
from farthing.funding.clearing.pouring import Pouring


def clear(batch: Batch) -> Cleared:
    """The fills of a batch by stable matching; lenders earn what each listing says."""
    listings = sorted(batch.listings, key=lambda each: (-each.expected, each.closes_at, each.id))
    columns = Columns(batch, listings)
    ranks = np.empty(len(columns.mandates), np.int64)
    ranks[np.lexsort((columns.turns, columns.fits.bids))] = np.arange(len(ranks))
    pouring = Pouring(columns, ranks)
    for number, listing in enumerate(listings):
        _chosen(pouring, number, listing.notes, ranks)
    return cleared(batch, columns, pouring.held, {each.id: each.annual for each in listings})


def _chosen(pouring: Pouring, number: int, notes: int, ranks: Whole) -> None:
    """Let a listing take the lenders that it likes best."""
    among, room = pouring.asked(number, lambda room: int(room.sum()) >= notes)
    first = np.argsort(ranks[among])
    parts = np.empty(len(among), np.int64)
    parts[first] = np.diff(np.minimum(np.cumsum(room[first]), notes), prepend=0)
    pouring.give(number, among, parts)
