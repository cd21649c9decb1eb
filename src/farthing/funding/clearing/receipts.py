"""Own a lender's receipt: what he was given of what he asked for, and why it was not more. Pure.

Everything that it says can be counted again from the batch and its fills: all receipts of a batch in one walk over its listings.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import numpy as np

from farthing.funding.clearing.columns import Whole
from farthing.funding.clearing.filled import poured
from farthing.funding.clearing.fits import Places
from farthing.funding.clearing.model import Cleared, Fill
from farthing.kit.errors import not_found


@dataclass(frozen=True, slots=True)
class Receipt:
    """How a mandate was filled. Counts of listings that fit it: ``full`` found all their money elsewhere or with him;
    ``at_loan_limit``, ``at_grade_limit``: his own limits (or the listing's for one lender) left no room."""

    mandate: str
    asked: int
    filled: int
    fills: tuple[Fill, ...]
    rates: tuple[Decimal, ...]
    fit: int
    full: int
    at_loan_limit: int
    at_grade_limit: int


@dataclass(frozen=True, slots=True)
class _Why:
    """Of each mandate what it wants, and the counts of its receipt."""

    wants: Whole
    fit: Whole
    full: Whole
    at_loan_limit: Whole
    at_grade_limit: Whole


UNKNOWN_MANDATE = not_found(
    "funding.unknown_mandate", "There is no mandate {id} in this batch.", "本批次中没有委托 {id}。"
)


class Receipts:
    """The receipts of a batch that was cleared; the first one that is asked for counts for all."""

    def __init__(self, cleared: Cleared) -> None:
        self.cleared = cleared

    def of(self, mandate_id: str) -> Receipt:
        """The receipt of one mandate; refuses ``funding.unknown_mandate``."""
        cleared, why = self.cleared, self._why
        at = bisect_left(cleared.mandates, mandate_id)
        if at == len(cleared.mandates) or cleared.mandates[at] != mandate_id:
            raise UNKNOWN_MANDATE(id=mandate_id)
        order, begins = self._by_mandate
        fills = tuple(
            Fill(cleared.listings[cleared.of_listing[number]], mandate_id, int(cleared.by_fill[number]))
            for number in order[begins[at] : begins[at + 1]]
        )
        return Receipt(
            mandate_id, int(why.wants[at]), sum(fill.notes for fill in fills), fills,
            tuple(cleared.rates[fill.listing] for fill in fills),
            int(why.fit[at]), int(why.full[at]), int(why.at_loan_limit[at]), int(why.at_grade_limit[at]),
        )  # fmt: skip

    @cached_property
    def _by_mandate(self) -> tuple[Places, Places]:
        """The fills of each mandate, one mandate after the other, and where each one's begin."""
        of_mandate = self.cleared.of_mandate
        order = np.argsort(of_mandate, kind="stable")
        return order, np.searchsorted(of_mandate[order], np.arange(len(self.cleared.mandates) + 1))

    @cached_property
    def _why(self) -> _Why:
        pouring = poured(self.cleared)
        fits = pouring.columns.fits
        why = _Why(pouring.columns.wants, *(np.zeros(fits.count, np.int64) for _ in range(4)))
        for number, lacks in enumerate(pouring.lacks):
            who = fits.places(fits.of(number))
            why.fit[who] += 1
            if lacks <= 0:
                why.full[who] += 1
                continue
            at_loan_limit = pouring.left_of(number, who) <= 0
            at_grade_limit = pouring.left_of_grade(number, who) <= 0
            why.at_loan_limit[who[at_loan_limit]] += 1
            why.at_grade_limit[who[at_grade_limit & ~at_loan_limit]] += 1
        return why
