"""Own the reverse auction: lenders bid the least rate that they take, and each listing pays one rate to all of its lenders.

Listings are sold in the order in which they close. The lowest bids are taken first, of equal ones the last are shared by
:func:`farthing.funding.clearing.levels.shared`; the highest bid that was taken is the rate of all. A listing that is not funded
whole pays the most that its borrower would. One rate for all is not what makes truth the best bid: a lender whose bid sets the
rate could have gained by asking more (the papers on Prosper's auction say so), hence it is not the usual rule.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from farthing.funding.clearing.columns import Columns
from farthing.funding.clearing.filled import cleared
from farthing.funding.clearing.levels import shared
from farthing.funding.clearing.model import Batch, Cleared
from farthing.funding.clearing.pouring import Pouring


def clear(batch: Batch) -> Cleared:
    """The fills of a batch by the reverse auction, and the rate of each listing."""
    listings = sorted(batch.listings, key=lambda each: (each.closes_at, each.id))
    columns = Columns(batch, listings)
    pouring = Pouring(columns, columns.fits.bids)
    rates = {each.id: _sold(pouring, number) for number, each in enumerate(listings)}
    return cleared(batch, pouring.columns, pouring.held, rates)


def _sold(pouring: Pouring, number: int) -> Decimal:
    """Sell one listing; the rate that it pays."""
    columns, listing = pouring.columns, pouring.columns.listings[number]
    among, room = pouring.asked(number, lambda room: int(room.sum()) >= listing.notes)
    bids = columns.fits.bids[among]
    order = np.argsort(bids, kind="stable")
    taken = np.cumsum(room[order])
    if not len(taken) or taken[-1] < listing.notes:
        pouring.give(number, among, room)
        return listing.annual
    highest = bids[order[np.searchsorted(taken, listing.notes)]]
    parts, last = np.where(bids < highest, room, 0), np.flatnonzero(bids == highest)
    who = among[last]
    parts[last] = shared(
        listing.notes - int(parts.sum()), pouring.filled[who], columns.wants[who], room[last], columns.turns[who]
    )
    pouring.give(number, among, parts)
    return columns.mandates[int(who[0])].annual
