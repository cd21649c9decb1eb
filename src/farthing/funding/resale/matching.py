"""Decide who sells what to whom on a day: sellers take turns, a slice each, and are bought from by the money that waits longest.
Pure.

Nobody sells a second slice in a day before everybody whose notes are wanted sold a first; whoever sold longest ago begins.
A buyer who had a part waits behind those who had fewer.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from farthing.funding.resale.pricing import Quote

SPARE = 2
"""Minor units that a buyer must have beside the price of a slice: slices are paid for together, and rounded then."""


@dataclass(frozen=True, slots=True)
class OnSale:
    """A part of a seller's note that may be sold today, ``left`` minor units of principal; he ``sold`` anything last on a day."""

    sale_id: str
    loan_id: str
    seller: str
    left: int
    since: datetime
    sold: date = date.min


@dataclass(frozen=True, slots=True)
class Wants:
    """A mandate that would buy a part of a loan: ``most`` minor units of principal of it, of the ``borrower`` no more than
    ``of_borrower``, of all loans no more than ``room``. Its lender has what the matching is told is in his wallet."""

    mandate_id: str
    party_id: str
    loan_id: str
    borrower: str
    most: int
    of_borrower: int
    room: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Trade:
    """A part of a sale that a mandate buys: minor units of principal."""

    sale_id: str
    loan_id: str
    seller: str
    buyer: str
    mandate_id: str
    principal: int


def matched(
    on_sale: Sequence[OnSale], wants: Sequence[Wants], quotes: Mapping[str, Quote], free: Mapping[str, int], slice_minor: int
) -> list[Trade]:  # fmt: skip
    """All that is sold in a day, a trade a sale and mandate. ``quotes`` by loan, of all of them; ``free``: money in wallets by
    party; ``slice_minor``: what a seller sells in a turn."""
    market = _Buyers(wants, quotes, free)
    sellers: dict[str, list[OnSale]] = {}
    for each in sorted(on_sale, key=lambda one: (one.since, one.sale_id)):
        sellers.setdefault(each.seller, []).append(each)
    order = sorted(sellers, key=lambda one: (max(each.sold for each in sellers[one]), sellers[one][0].since, one))
    left = {each.sale_id: each.left for each in on_sale}
    sold: dict[tuple[str, str], Trade] = {}
    while order:
        order = [seller for seller in order if _turn(sellers[seller], market, left, sold, slice_minor)]
    return list(sold.values())


def _turn(
    sales: Sequence[OnSale], market: _Buyers, left: dict[str, int], sold: dict[tuple[str, str], Trade], slice_minor: int
) -> bool:
    """Sell one slice of a seller's sales, the oldest first; false where nobody bought anything of it, now or ever today."""
    rest = slice_minor
    for sale in sales:
        while rest and left[sale.sale_id]:
            taken = market.take(sale, min(rest, left[sale.sale_id]))
            if taken is None:
                break
            rest -= taken.principal
            left[sale.sale_id] -= taken.principal
            before = sold.get((sale.sale_id, taken.mandate_id))
            whole = taken.principal + (before.principal if before else 0)
            sold[sale.sale_id, taken.mandate_id] = Trade(
                sale.sale_id, sale.loan_id, sale.seller, taken.buyer, taken.mandate_id, whole
            )
    return rest < slice_minor


class _Buyers:
    """The buyers of each loan, those first who had the fewest parts, then those whose money waits longest; and what is left of
    their money and limits."""

    def __init__(self, wants: Sequence[Wants], quotes: Mapping[str, Quote], free: Mapping[str, int]) -> None:
        self._quotes, self._free = quotes, dict(free)
        self._room = {each.mandate_id: each.room for each in wants}
        self._of_loan = {(each.loan_id, each.mandate_id): each.most for each in wants}
        self._of_borrower = {(each.borrower, each.mandate_id): each.of_borrower for each in wants}
        self._had = dict.fromkeys((each.mandate_id for each in wants), 0)
        self._by_loan: dict[str, list[tuple[int, datetime, str, int]]] = {}
        self._wants = list(wants)
        for at, each in enumerate(wants):
            self._by_loan.setdefault(each.loan_id, []).append((0, each.since, each.mandate_id, at))
        for some in self._by_loan.values():
            heapq.heapify(some)

    def take(self, sale: OnSale, principal: int) -> Trade | None:
        """Let the first buyer of a sale's loan have up to so much of it; none where nobody is left who can."""
        if self._quotes[sale.loan_id].price(principal).whole <= 0:
            return None  # it is worth less than a minor unit
        queue = self._by_loan.get(sale.loan_id, [])
        while queue:
            had, since, mandate_id, at = heapq.heappop(queue)
            if had < self._had[mandate_id]:
                heapq.heappush(queue, (self._had[mandate_id], since, mandate_id, at))
                continue
            found = self._taken(self._wants[at], sale, principal)
            if found is not None:
                heapq.heappush(queue, (self._had[mandate_id], since, mandate_id, at))
                return found
        return None

    def _taken(self, buyer: Wants, sale: OnSale, principal: int) -> Trade | None:
        """What one buyer takes; whoever can take nothing of a loan now never can again."""
        quote = self._quotes[sale.loan_id]
        loan, borrower = (buyer.loan_id, buyer.mandate_id), (buyer.borrower, buyer.mandate_id)
        most = min(self._room[buyer.mandate_id], self._of_loan[loan], self._of_borrower[borrower])
        part = min(principal, most, quote.most(self._free[buyer.party_id] - SPARE))
        price = quote.price(part).whole if part > 0 else 0
        if price <= 0:
            return None
        self._free[buyer.party_id] -= price + SPARE
        self._room[buyer.mandate_id] -= part
        self._of_loan[loan] -= part
        self._of_borrower[borrower] -= part
        self._had[buyer.mandate_id] += 1
        return Trade(sale.sale_id, sale.loan_id, sale.seller, buyer.party_id, buyer.mandate_id, part)


def split_by_lots(lots: Mapping[str, int], principal: int) -> list[tuple[str, int]]:
    """Of which of a seller's mandates a part is that he sells: first what he picked by hand (under no name), then by their names;
    what is over counts for the last. ``lots``: what of each is out."""
    found, rest = [], principal
    for name in sorted(lots):
        part = min(rest, max(lots[name], 0))
        if part:
            found.append((name, part))
            rest -= part
    if rest:
        name, part = found.pop() if found else ("", 0)
        found.append((name, part + rest))
    return found
