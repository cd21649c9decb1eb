"""Own a lender's receipt: what he was given of what he asked for, and why it was not more. Pure.

Everything that it says can be counted again from the batch and its fills.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from farthing.funding.clearing.model import MOST_NOTES, Cleared, Fill
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


UNKNOWN_MANDATE = not_found(
    "funding.unknown_mandate", "There is no mandate {id} in this batch.", "本批次中没有委托 {id}。"
)


class Receipts:
    """The receipts of a batch that was cleared."""

    def __init__(self, cleared: Cleared) -> None:
        self.cleared = cleared

    @cached_property
    def _by_mandate(self) -> dict[str, list[Fill]]:
        found: dict[str, list[Fill]] = {}
        for fill in self.cleared.fills:
            found.setdefault(fill.mandate, []).append(fill)
        return found

    @cached_property
    def _funded(self) -> Counter[str]:
        counted: Counter[str] = Counter()
        for fill in self.cleared.fills:
            counted[fill.listing] += fill.notes
        return counted

    def of(self, mandate_id: str) -> Receipt:
        """The receipt of one mandate; refuses ``funding.unknown_mandate``."""
        cleared = self.cleared
        mandate = next((each for each in cleared.batch.mandates if each.id == mandate_id), None)
        if mandate is None:
            raise UNKNOWN_MANDATE(id=mandate_id)
        fills = self._by_mandate.get(mandate_id, [])
        held = {fill.listing: fill.notes for fill in fills}
        by_grade: Counter[str] = Counter()
        for listing in cleared.batch.listings:
            by_grade[listing.grade] += held.get(listing.id, 0)
        why: Counter[str] = Counter()
        for listing in cleared.batch.listings:
            if mandate.takes(listing):
                if self._funded[listing.id] >= listing.notes:
                    why["full"] += 1
                elif held.get(listing.id, 0) >= mandate.most_of(listing):
                    why["loan"] += 1
                elif by_grade[listing.grade] >= mandate.by_grade.get(listing.grade, MOST_NOTES):
                    why["grade"] += 1
                else:
                    why["open"] += 1
        return Receipt(
            mandate_id, mandate.notes, sum(held.values()), tuple(fills),
            tuple(cleared.rates[fill.listing] for fill in fills), why.total(), why["full"], why["loan"], why["grade"],
        )  # fmt: skip
