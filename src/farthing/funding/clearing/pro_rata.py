"""Own the usual rule: water is poured into all mandates at once, up to the same part of what each asked for.

1. Listings are filled in the order in which they close, each by :func:`farthing.funding.clearing.levels.shared`.
2. Notes move along chains from listings that others could fund to those that lack money, until no chain is left: more cannot
   be funded (Ford and Fulkerson, 1956).
3. Each listing is shared again with what is known now, until nobody who has less of what he asked for would take a note of
   somebody who has more. What is funded never falls.
"""

from __future__ import annotations

from farthing.funding.clearing.chains import funded_along_chains
from farthing.funding.clearing.columns import Columns
from farthing.funding.clearing.envy import shared_until_content
from farthing.funding.clearing.filled import cleared
from farthing.funding.clearing.model import Batch, Cleared
from farthing.funding.clearing.pouring import Pouring


def clear(batch: Batch) -> Cleared:
    """The fills of a batch by the usual rule; lenders earn what each listing says."""
    listings = sorted(batch.listings, key=lambda each: (each.closes_at, each.id))
    pouring = Pouring(Columns(batch, listings))
    for number in range(len(listings)):
        pouring.fill(number)
    funded_along_chains(pouring)
    shared_until_content(pouring)
    return cleared(batch, pouring.columns, pouring.held, {each.id: each.annual for each in listings})
