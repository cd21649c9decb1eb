"""Run the secondary market: lenders offer parts of their notes, which go to mandates at the close of a day, loan by loan.

What is sold is decided once a day over all sales (:mod:`farthing.funding.resale.matching`) and kept as planned; each loan's part
of it is done by itself: prices go from wallet to wallet in the transaction in which the notes change hands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from farthing.db.tx import Tx
from farthing.funding import distribution_service as distribution
from farthing.funding.holdings import service as holdings
from farthing.funding.holdings.model import Transfer
from farthing.funding.market import (
    batches_service,
    batches_store,
    listings_service,
    listings_store,
    mandates_service,
    mandates_store,
)
from farthing.funding.market.listings_model import Listing
from farthing.funding.resale import matching, pricing, rules, store
from farthing.funding.resale.matching import OnSale, Trade, Wants
from farthing.funding.resale.model import OnOffer, Queue, Resale, ResaleLine, Sale, Sell, StopSale, Traded, Wait
from farthing.funding.resale.pricing import Quote
from farthing.funding.valuing import curve
from farthing.kernel.day import CloseStep, Stepped
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import NOBODYS, STAFF, of
from farthing.kit.actor import PUBLIC
from farthing.kit.errors import InvariantBroken
from farthing.kit.inputs import Cursor, Id, PageSize
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.lending import books_service as books
from farthing.lending.collections import service as collections
from farthing.lending.model import Loan, LoanCommand
from farthing.parties import service as parties
from farthing.payments.wallets import wallet_path
from farthing.products import service as products

FIRST = "listing"
"""Before every id of a listing: where the pieces begin that do what was planned."""


@dataclass(frozen=True, slots=True)
class _Loans:
    """What is known of the loans of some listings on a day: quotes of those that may be sold, what of each is whose."""

    listings: dict[str, Listing]
    loans: dict[str, Loan]
    held: dict[str, dict[str, int]]
    contested: set[str]
    quotes: dict[str, Quote] = field(default_factory=dict)


@operation(
    "market.sell", title=Words("Offer a part of a note for sale", "申请转让债权份额"),
    permission="market:lend", whose=of("party_id"), confirm=rules.sale_seen,
)  # fmt: skip
def sell(tx: Tx, command: Sell) -> OnOffer:
    """Offer a part of one's note; it is sold at the price of the day, a slice a turn, at the closes of the days that follow.

    Refuses ``parties.unknown``, ``market.unknown_listing``, and what :func:`farthing.funding.resale.rules.check_sale` does.
    """
    party = parties.party(tx, command.party_id)
    mandates_service.lock(tx, party.id)
    listing = listings_service.known(tx, command.listing_id)
    found = _loans(tx, [listing.id], tx.business_date)
    notes = found.held.get(listing.loan_id)
    held = None if notes is None else notes.get(party.id, 0)
    before = store.open_of(tx, party.id, listing.id)
    offered = sum(rules.sellable(before, held or 0).values())
    contested = listing.loan_id in found.contested
    rules.check_sale(command.amount, found.loans[listing.loan_id], held, offered, contested=contested)
    zero = command.amount * 0
    made = Sale(tx.new_id("sale"), listing.id, listing.loan_id, party.id, command.amount, zero, tx.now, "open")
    store.insert(tx, made)
    return _shown(tx, [made])[0]


@operation(
    "market.stop_sale", title=Words("Stop selling a part of a note", "撤销转让申请"),
    permission="market:lend", whose=of("sale_id", store.owner),
)  # fmt: skip
def stop_sale(tx: Tx, command: StopSale) -> Sale:
    """Sell nothing more of an offer, at once; again it answers the same, and one that is over as it ended.

    Refuses ``market.unknown_sale``.
    """
    mandates_service.lock(tx, _known(tx, command.sale_id).party_id)
    found = _known(tx, command.sale_id)
    if found.state == "open":
        store.end(tx, found, "stopped", tx.business_date)
    return _known(tx, found.id)


@operation("market.resell", title=Words("Notes sold on", "债权份额转让"), permission="kernel:close_day", whose=STAFF)
def resell(tx: Tx, command: CloseStep) -> Stepped:
    """Close a day for the secondary market: the first piece decides over all sales, each other one does a loan's part of it.

    Killed anywhere, what was decided stands, and each loan's part was done whole or not at all.
    """
    if not command.after:
        count = _plan(tx, command.on)
        return Stepped(count, FIRST if count else None)
    listing_id = store.next_planned(tx, command.on, command.after)
    if listing_id is None:
        return Stepped(0)
    return Stepped(_change_hands(tx, listing_id, command.on), listing_id)


def _plan(tx: Tx, on: date) -> int:
    """Decide what is sold today, over all sales; sales of which nothing can be sold ever again end."""
    open_sales = store.still_open(tx)
    law = products.policy_in_force(tx).marketplace if open_sales else None
    if law is None:
        return 0
    found = _loans(tx, _listing_ids(open_sales), on)
    left = _sellable(open_sales, found)
    for each in open_sales:
        if rules.over(found.loans[each.loan_id]) or (each.loan_id in found.held and not left[each.id]):
            store.end(tx, each, "ended", on)
    wallets = {wallet_path(each.party_id, tx.home, tx.home): each.party_id for each in open_sales}
    closed = {wallets[path] for path in ledger.not_open(tx, list(wallets))}
    last = store.last_sold(tx, sorted(set(wallets.values())))
    on_sale = [
        rules.on_sale(each, left[each.id], last.get(each.party_id, date.min))
        for each in open_sales
        if left[each.id] and each.loan_id in found.quotes and each.party_id not in closed
    ]
    buyers, free = _wants(tx, on_sale, found)
    trades = matching.matched(on_sale, buyers, found.quotes, free, pricing.shipped().slice_notes * law.note.minor)
    made = _resales(tx, trades, {each.id: each for each in open_sales}, on)
    store.plan(tx, made, on, tx.home)
    return len(made)


def _sellable(open_sales: Sequence[Sale], found: _Loans) -> dict[str, int]:
    """What of each sale may be sold: no more than its seller still holds."""
    by_note: dict[tuple[str, str], list[Sale]] = {}
    for each in open_sales:
        by_note.setdefault((each.loan_id, each.party_id), []).append(each)
    return {
        sale_id: left
        for (loan_id, party), some in by_note.items()
        for sale_id, left in rules.sellable(some, found.held.get(loan_id, {}).get(party, 0)).items()
    }


def _wants(tx: Tx, on_sale: Sequence[OnSale], found: _Loans) -> tuple[list[Wants], dict[str, int]]:
    """Who would buy what is on sale, and what is free in their wallets; nobody whose mandate is in a batch that is not done."""
    loans = {each.loan_id for each in on_sale}
    sellers = {loan: {each.seller for each in on_sale if each.loan_id == loan} for loan in loans}
    some = [each for each in found.listings.values() if each.loan_id in loans]
    if not some:
        return [], {}
    mandates = {each.id: each for each in mandates_store.all_live(tx)}
    claims = batches_service.claims_of(tx, mandates, sorted({each.party_id for each in some}))
    clearing = batches_store.unfinished(tx)
    busy = set[str]()
    if clearing is not None:
        busy = {each.party_id for each in batches_store.all_offered(tx, clearing.id, clearing.asked.currency)}
    claims = [each for each in claims if each.party_id not in busy]
    free = batches_service.free(tx, claims)
    bidders = rules.bidders([each for each in claims if free.get(each.party_id, 0) > matching.SPARE], mandates)
    buyers = [
        buyer
        for each in some
        for buyer in rules.wants(
            bidders, _stands(found, each, tx.business_date), found.quotes[each.loan_id],
            found.held.get(each.loan_id, {}), sellers[each.loan_id],
        )
    ]  # fmt: skip
    return buyers, free


def _resales(tx: Tx, trades: Sequence[Trade], sales: Mapping[str, Sale], on: date) -> list[Resale]:
    """Trades as they are kept: a row for each mandate by which the seller had lent what he sells."""
    lots, made = listings_store.lots(tx, sorted({sales[each.sale_id].listing_id for each in trades})), list[Resale]()
    for each in trades:
        sale = sales[each.sale_id]
        mine = lots.get((sale.listing_id, each.seller), {})
        for mandate, minor in matching.split_by_lots(mine, each.principal):
            mine[mandate] = mine.get(mandate, 0) - minor
            made.append(Resale(
                tx.new_id("resale"), sale.listing_id, sale.loan_id, sale.id, on, "planned", each.seller, mandate, each.buyer,
                each.mandate_id, Money(minor, sale.offered.currency),
            ))  # fmt: skip
        lots[sale.listing_id, each.seller] = mine
    return made


def _change_hands(tx: Tx, listing_id: str, on: date) -> int:
    """Do what was planned of one loan: all that still can be, at today's price, with its payment and in one edition of notes."""
    planned = store.planned(tx, listing_id, on)
    for party in sorted({party for each in planned for party in (each.seller, each.buyer)}):
        mandates_service.lock(tx, party)
    distribution.distribute(tx, LoanCommand(planned[0].loan_id))
    found = _loans(tx, [listing_id], on)
    listing = found.listings[listing_id]
    quote = found.quotes.get(listing.loan_id)
    whole = sum(found.held.get(listing.loan_id, {}).values())
    able = [] if quote is None else _able(tx, planned, found, quote, on)
    made = [
        rules.done(each, quote.price(each.principal.minor), whole, quote.parts) for each in able if quote is not None
    ]
    store.drop(tx, listing_id, sorted({each.id for each in planned} - {each.id for each in made}))
    if not made:
        return 0
    books.post_all(tx, [(listing.loan_id, [rules.paid(each, tx.home) for each in made])])
    distribution.change_hands(
        tx, listing.loan_id, [Transfer(each.seller, each.buyer, each.principal.minor) for each in made]
    )
    by_sale: dict[str, int] = {}
    for each in made:
        by_sale[each.sale_id] = by_sale.get(each.sale_id, 0) + each.principal.minor
    if store.done(tx, listing_id, made) != len(made) or store.sold(tx, listing_id, by_sale, on) != len(by_sale):
        raise InvariantBroken(f"what was planned of {listing_id} changed while it was done")
    return len(made)


def _able(tx: Tx, planned: Sequence[Resale], found: _Loans, quote: Quote, on: date) -> list[Resale]:
    """What of the planned can be done: the sale is open and its seller holds it, the mandate takes it, has room for it after
    all that was lent since, and has the money."""
    sales, _ = store.of_listings(tx, [planned[0].listing_id])
    left = _sellable([each for each in sales if each.state == "open"], found)
    room = {each.mandate_id: each for each in _buyers(tx, planned, found, quote, on)}
    wallets = {
        party: wallet_path(party, each.principal.currency, tx.home)
        for each in planned
        for party in (each.seller, each.buyer)
    }
    stand = ledger.balances_of(tx, sorted(set(wallets.values())))
    free = {
        party: stand[path].available().minor
        for party, path in wallets.items()
        if path in stand and stand[path].closed_at is None
    }
    able, has = [], {name: min(each.most, each.of_borrower, each.room) for name, each in room.items()}
    for each in planned:
        price, part = quote.price(each.principal.minor).whole, each.principal.minor
        fits = part <= min(left.get(each.sale_id, 0), has.get(each.to_mandate, 0)) and each.seller in free
        if fits and 0 < price <= free.get(each.buyer, 0):
            left[each.sale_id] -= part
            has[each.to_mandate] -= part
            free[each.buyer] -= price
            able.append(each)
    return able


def _buyers(tx: Tx, planned: Sequence[Resale], found: _Loans, quote: Quote, on: date) -> list[Wants]:
    """What the mandates for which parts of a loan were planned take of it now: nothing of whoever a batch may still give
    something, for what room he has nobody could tell. Their lenders are held."""
    parties = sorted({each.buyer for each in planned})
    clearing = batches_store.unfinished(tx)
    busy = batches_store.waiting(tx, clearing.id, parties) if clearing is not None else set[str]()
    live = mandates_store.still_live(tx, sorted({each.to_mandate for each in planned if each.buyer not in busy}))
    listing = found.listings[planned[0].listing_id]
    claims = batches_service.claims_of(tx, live, [listing.party_id], parties)
    bidders = rules.bidders(claims, live)
    return rules.wants(bidders, _stands(found, listing, on), quote, found.held.get(listing.loan_id, {}), set())


def _loans(tx: Tx, listing_ids: Sequence[str], on: date) -> _Loans:
    """What is known of the loans of some listings: those have a quote that may be sold on a day."""
    listings = listings_store.by_id(tx, listing_ids)
    ids = [each.loan_id for each in listings.values()]
    loans = {loan.id: loan for loan, _ in books.with_flows(tx, ids)}
    contested = collections.contested(tx, {loan.id: loan.party_id for loan in loans.values()})
    found = _Loans(listings, loans, holdings.left_of(tx, ids), contested)
    for listing in listings.values():
        loan = loans[listing.loan_id]
        begun = loan.disbursed_on
        if rules.over(loan) or loan.id in contested or loan.id not in found.held or begun is None or begun >= on:
            continue
        worth = listing.worth
        quote = pricing.quoted(
            curve.shipped(), pricing.shipped(), worth.default, worth.fee, loan.instalments, begun, on
        )
        if quote is not None:
            found.quotes[loan.id] = quote
    return found


def _stands(found: _Loans, listing: Listing, on: date) -> Listing:
    return rules.as_it_stands(listing, found.quotes[listing.loan_id], found.loans[listing.loan_id], on)


@question("market.sales", permission="market:read", whose=of("party_id"))
def sales(tx: Tx, party_id: Id, before: Cursor = "", limit: PageSize = 50) -> list[OnOffer]:
    """What a lender offers for sale, or did, the newest first: what it is worth today and how long it may take; continue with
    ``before`` the last id."""
    return _shown(tx, store.of_party(tx, party_id, before, limit))


@question("market.resales", permission="market:read", whose=of("party_id"))
def resales(tx: Tx, party_id: Id, before: Cursor = "", limit: PageSize = 50) -> list[ResaleLine]:
    """Parts of notes that a lender sold or bought, the newest first; continue with ``before`` the last id."""
    return [rules.line(each, party_id) for each in store.trades_of(tx, party_id, before, limit)]


@question("market.sale_queue", permission=PUBLIC, whose=NOBODYS)
def queue(tx: Tx) -> Queue:
    """How much is offered for sale, by how many, and what was sold lately."""
    every = store.still_open(tx)
    queued = _queued(every, _loans(tx, _listing_ids(every), tx.business_date))
    days = pricing.shipped().window_days
    sold = store.sold_since(tx, tx.business_date - timedelta(days=days))
    return Queue(Money(sum(queued.values()), tx.home), len(queued), Money(sold, tx.home), days)


@question("market.resale_prices", permission=PUBLIC, whose=NOBODYS)
def prices(tx: Tx) -> pricing.Prices:
    """How parts of notes are priced by how late their loans are, and how sellers take turns."""
    return pricing.shipped()


def traded(tx: Tx, party_id: str, year: int) -> dict[str, Traded]:
    """By loan what a lender sold and bought of it in a calendar year."""
    return store.traded(tx, party_id, date(year, 1, 1), date(year, 12, 31))


def open_of(tx: Tx, party_id: str) -> list[Sale]:
    """A lender's sales that seek buyers, the oldest first."""
    return [each for each in store.still_open(tx) if each.party_id == party_id]


def _listing_ids(some: Sequence[Sale]) -> list[str]:
    return sorted({each.listing_id for each in some})


def _queued(open_sales: Sequence[Sale], found: _Loans) -> dict[str, int]:
    """By seller what may be sold of all of his sales."""
    left, queued = _sellable(open_sales, found), dict[str, int]()
    for each in open_sales:
        if each.loan_id in found.quotes and left[each.id]:
            queued[each.party_id] = queued.get(each.party_id, 0) + left[each.id]
    return queued


def _shown(tx: Tx, some: Sequence[Sale]) -> list[OnOffer]:
    """Sales of one lender as he is told them."""
    law = products.policy_in_force(tx).marketplace if some else None
    if law is None:
        return [rules.seen(each, 0, None, None) for each in some]
    every, others = store.still_open(tx), mandates_store.terms_of_others(tx, some[0].party_id)
    mine = [each for each in every if each.party_id == some[0].party_id]
    found = _loans(tx, _listing_ids([*mine, *some]), tx.business_date)
    left, queued, days = _sellable(mine, found), rules.unsold(every), pricing.shipped().window_days
    sold = store.sold_since(tx, tx.business_date - timedelta(days=days))
    slice_minor, upto, waits = pricing.shipped().slice_notes * law.note.minor, 0, dict[str, Wait]()
    for each in mine:
        quote = found.quotes.get(each.loan_id)
        if quote is not None:
            upto += left[each.id]
            stands = _stands(found, found.listings[each.listing_id], tx.business_date)
            takers = sum(many for terms, many in others if rules.fits(terms, stands, quote))
            before = rules.sold_before(queued, each.party_id, upto, slice_minor)
            waits[each.id] = Wait(rules.expected_days(before, sold, days), Money(before, tx.home), takers, days)
    return [rules.seen(each, left.get(each.id, 0), found.quotes.get(each.loan_id), waits.get(each.id)) for each in some]


def _known(tx: Tx, sale_id: str) -> Sale:
    found = store.sale(tx, sale_id) if sale_id.isprintable() else None
    if found is None:
        raise rules.UNKNOWN_SALE(sale_id=sale_id)
    return found
