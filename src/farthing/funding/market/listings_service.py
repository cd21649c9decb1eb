"""Run listings: a loan is valued and listed, lenders pick parts of it by hand, and it is placed with them or they are repaid.

Batches (:mod:`farthing.funding.market.batches_service`) fill listings too. Every fill is a movement from a wallet to the
listing's escrow, in the transaction that keeps it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.funding import inquiries_service as inquiries
from farthing.funding.holdings import service as holdings
from farthing.funding.holdings.rules import escrow_account
from farthing.funding.joint import service as joint
from farthing.funding.market import batches_store, lenders_service, listings_store, mandates_service, valuing_service
from farthing.funding.market import listings_rules as rules
from farthing.funding.market.batches_rules import STILL_CLEARING
from farthing.funding.market.listings_model import (
    LISTED,
    LISTING_ENDED,
    LISTING_PLACED,
    Bid,
    Bidding,
    Fill,
    Listing,
    State,
    TakeBack,
    Tally,
    Worth,
)
from farthing.funding.market.mandates_rules import check_verified
from farthing.funding.rules import ForLenders
from farthing.kernel.day import PIECE, CloseStep, Stepped
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import NOBODYS, STAFF, of
from farthing.kit.actor import PUBLIC
from farthing.kit.inputs import Cursor, Id, PageSize
from farthing.kit.money import Money, total
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.ledger.model import AccountSpec
from farthing.lending import books_service as books
from farthing.lending import service as lending
from farthing.lending.model import OWN_BOOK, Holder, Loan, LoanCommand, SetHolders
from farthing.parties import service as parties
from farthing.products import service as products
from farthing.products.model import LoanTerms


def seeks(tx: Tx, loan_id: str) -> bool:
    """Whether a loan is listed, or was."""
    return bool(listings_store.by_id(tx, [rules.listing_id(loan_id)]))


def open_for(tx: Tx, loan: Loan, terms: LoanTerms, part: ForLenders) -> Listing | None:
    """List the part of an accepted loan, which is held, that lenders are asked for; the listing that it has, if it has one. None
    where the law in force lists nothing.

    Refuses ``market.too_risky``, ``market.off_curve``, ``market.not_whole_notes``, ``market.below_one_note``,
    ``market.borrower_most``.
    """
    found = listings_store.by_id(tx, [rules.listing_id(loan.id)])
    if found:
        return found[rules.listing_id(loan.id)]
    law = products.policy_in_force(tx).marketplace
    if law is None or law.listings is None:
        return None
    worth = rules.worth_of(valuing_service.valuation(tx, loan.offer_id))
    borrower = parties.held(tx, loan.party_id)  # what he owes may be asked of two loans at one instant
    made = rules.listed(
        loan, borrower, terms, worth, law, law.listings, _owes(tx, borrower.id, loan.principal * 0), tx.business_date, part
    )  # fmt: skip
    escrow = escrow_account(made.id, made.amount.currency, tx.home)
    ledger.open_accounts(tx, [AccountSpec(escrow, made.amount.currency, floor=0)])
    listings_store.insert(tx, made)
    evidence.append(tx, LISTED, rules.told(made, made.state))
    return made


def _owes(tx: Tx, party_id: str, none: Money) -> Money:
    """What a borrower owes lenders, or will owe them."""
    listed = listings_store.of_party(tx, party_id)
    states = {loan.id: loan.state for loan, _ in books.with_flows(tx, [each.loan_id for each in listed])}
    return total(
        [rules.owed(each) for each in listed if states[each.loan_id] not in ("closed", "cancelled")], none.currency
    )


@operation(
    "market.bid", title=Words("Pick a part of a loan", "手动出借"),
    permission="market:lend", whose=of("party_id"), confirm=rules.bid_seen,
)  # fmt: skip
def bid(tx: Tx, command: Bid) -> Bidding:
    """Give money of one's wallet to a listing, out of the part that is kept for who picks it by hand.

    Refuses ``market.none``, ``parties.unknown``, ``market.not_verified``, ``market.not_ready``, ``market.unknown_listing``,
    ``market.batch_runs``, what :func:`farthing.funding.market.listings_rules.check_bid` does, and ``ledger.insufficient_funds``.
    """
    law = lenders_service.law_in_force(tx)
    party = parties.party(tx, command.party_id)
    check_verified(party.id, party.verification_level, law)
    mandates_service.lock(tx, party.id)
    room = mandates_service.room_of(tx, party.id)
    listing = _locked(tx, command.listing_id)
    if law.listings is None:
        raise rules.UNKNOWN_LISTING(listing_id=listing.id)
    _check_no_batch(tx, listing, party.id)
    earlier = listings_store.fills(tx, listing.id)
    mine = [each.amount for each in earlier if each.party_id == party.id and each.returned_on is None]
    rules.check_bid(
        listing, party.id, command.amount, total(mine, listing.amount.currency), law, law.listings, room, tx.business_date,
        consents=command.consents,
    )  # fmt: skip
    made = Fill(listing.id, tx.new_id("fill"), party.id, command.amount, tx.business_date, tx.now)
    ledger.post_all(tx, [rules.fill_entry(listing, made, tx.home)])
    listings_store.insert_fills(tx, [made])
    listings_store.take(tx, listing.id, made.amount.minor, made.amount.minor)
    after = settle(tx, known(tx, listing.id))
    return Bidding(made, shown(after), rules.reflects_until(made, after), law.warning)


def _check_no_batch(tx: Tx, listing: Listing, party_id: str) -> None:
    """Refuse ``market.batch_runs`` of a lender whom a batch may give a part of the listing yet: no limit could be told."""
    batch = batches_store.unfinished(tx) if listing.in_batch else None
    if batch is not None and batches_store.waits(tx, batch.id, party_id):
        raise STILL_CLEARING(batch_id=batch.id)


@operation(
    "market.take_back", title=Words("Take a part of a loan back", "冷静期内撤回出借"),
    permission="market:lend", whose=of("fill_id", listings_store.fill_owner),
)  # fmt: skip
def take_back(tx: Tx, command: TakeBack) -> Fill:
    """Take a fill back while one may reflect, without a reason and at no cost: the money is in the wallet again.

    Refuses ``market.unknown_listing``, ``market.unknown_fill``, ``market.taken_back``, ``market.listing_over``,
    ``market.reflection_over``.
    """
    listing = _locked(tx, command.listing_id)
    found = listings_store.fill(tx, listing.id, command.fill_id)
    if found is None:
        raise rules.UNKNOWN_FILL()
    rules.check_take_back(found, listing, tx.business_date)
    _return(tx, listing, [found], f"market:take-back:{found.id}")
    listings_store.take(tx, listing.id, -found.amount.minor, 0 if found.batch_id else -found.amount.minor)
    listings_store.set_state(tx, listing.id, "open", None)
    after = listings_store.fill(tx, listing.id, found.id)
    assert after is not None
    return after


def settle(tx: Tx, listing: Listing) -> Listing:
    """Let a listing that is held be full once it is, and place its loan once nobody may reflect any more."""
    if listing.state == "open" and not listing.sought:
        listing = _full(tx, listing)
    if rules.placeable(listing, tx.business_date):
        place(tx, listing)
    return known(tx, listing.id)


def settle_by_id(tx: Tx, listing_id: str) -> Listing:
    """As :func:`settle`, of a listing that is not held yet."""
    return settle(tx, _locked(tx, listing_id))


def _full(tx: Tx, listing: Listing) -> Listing:
    ready = rules.ready_on(listing, listings_store.fills(tx, listing.id))
    listings_store.set_state(tx, listing.id, "full", ready)
    return known(tx, listing.id)


def place(tx: Tx, listing: Listing) -> Loan:
    """Make the lenders of a full listing holders of its loan, beside its partners, and the own book for what is left."""
    lenders = holdings.pledge(tx, rules.pledged(listing, listings_store.fills(tx, listing.id)))
    listings_store.set_state(tx, listing.id, "placed", listing.ready_on)
    evidence.append(tx, LISTING_PLACED, rules.told(listing, "placed"))
    return _held(tx, listing, (lenders,))


def _held(tx: Tx, listing: Listing, lenders: tuple[Holder, ...]) -> Loan:
    """Set who holds the loan of a listing that is over: its partners, these lenders, and the own book for what is left."""
    others = (*inquiries.lend(tx, listing.loan_id), *lenders)
    rest = listing.principal - total([each.share for each in others], listing.principal.currency)
    holders = (Holder(OWN_BOOK, rest), *others) if rest else others
    held = lending.set_holders(tx, SetHolders(listing.loan_id, holders))
    joint.keep(tx, held, holders)
    return held


def end(tx: Tx, loan_id: str, state: State) -> None:
    """End the listing of a loan that is given up, if it has one: all lenders have their money back at once."""
    listing = listings_store.locked(tx, rules.listing_id(loan_id))
    if listing is None or listing.state in ("failed", "withdrawn"):
        return
    live = [each for each in listings_store.fills(tx, listing.id) if each.returned_on is None]
    if live:
        _return(tx, listing, live, "")
    listings_store.set_state(tx, listing.id, state, None)
    evidence.append(tx, LISTING_ENDED, rules.told(listing, state))


@operation(
    "market.end_listings", title=Words("Listings ended", "标的到期处理"), permission="kernel:close_day", whose=STAFF
)
def end_listings(tx: Tx, command: CloseStep) -> Stepped:
    """Close a day for listings: what was listed long enough is placed or fails, what nobody may take back any more is placed.

    A listing that a batch is still filling waits for the next day; so does one whose escrow is closed, which the verification
    names: nobody else waits for it.
    """
    found = listings_store.ending(tx, command.on, command.after, PIECE)
    stopped, handled = without_escrow(tx, found), 0
    for each in found:
        handled += 0 if each.id in stopped else _ended(tx, each.id, command)
    return Stepped(handled, found[-1].id if len(found) == PIECE else None)


def without_escrow(tx: Tx, some: Sequence[Listing]) -> frozenset[str]:
    """Which of some listings have an escrow that is closed, or none: money can neither come there nor go back."""
    paths = {escrow_account(each.id, each.amount.currency, tx.home): each.id for each in some}
    return frozenset(paths[path] for path in ledger.not_open(tx, list(paths)))


def _ended(tx: Tx, listing_id: str, step: CloseStep) -> bool:
    listing = _locked(tx, listing_id)
    becomes = rules.ends(listing, step.on)
    if becomes == "failed":
        end(tx, listing.loan_id, "failed")
        _left_alone(tx, listing)
        return True
    if becomes == "full" and listing.state == "open":
        listing = _full(tx, listing)
    if rules.placeable(listing, step.on + timedelta(days=1)):
        place(tx, listing)
        return True
    return becomes != listing.state


def _left_alone(tx: Tx, listing: Listing) -> None:
    """The own book lends what lenders of a listing that failed do not, where it is backed; else its loan is given up."""
    if listing.backed:
        _held(tx, listing, ())
        return
    lending.cancel(tx, LoanCommand(listing.loan_id))
    inquiries.let_go(tx, listing.loan_id)


def _return(tx: Tx, listing: Listing, fills: Sequence[Fill], reference: str) -> None:
    """Move the money of fills from escrow to whose it is; on the account that waits for him, where his wallet is closed."""
    closed = holdings.closed_wallets(tx, [each.party_id for each in fills], listing.amount.currency)
    ledger.post_all(tx, rules.returns(listing, fills, tx.business_date, closed, tx.home, reference=reference))
    listings_store.give_back(tx, listing.id, [each.id for each in fills], tx.business_date)


@question("market.listings", permission=PUBLIC, whose=NOBODYS)
def listings(tx: Tx, after: Cursor = "", limit: PageSize = 50) -> list[Listing]:
    """What is listed and seeks lenders, by id; continue with ``after`` the last id. Not who borrows."""
    return [shown(each) for each in listings_store.still_open(tx, tx.business_date, after, limit)]


@question("market.listing", permission=PUBLIC, whose=NOBODYS)
def listing(tx: Tx, listing_id: Id) -> Listing:
    """One listing as lenders see it; refuses ``market.unknown_listing``."""
    return shown(known(tx, listing_id))


@question("market.board", permission="market:read_any", whose=STAFF)
def board(tx: Tx) -> list[Tally]:
    """Listings by their state, of those that there are."""
    found = listings_store.tallies(tx, tx.home)
    return [
        Tally(state, called, count, Money(amount, tx.home), Money(filled, tx.home))
        for state, called in rules.LISTING_STATES.items()
        for count, amount, filled in (found.get(state, (0, 0, 0)),)
        if count
    ]


@question("market.listing_of_loan", permission="lending:read", whose=of("loan_id", lending.loan_owner))
def listing_of_loan(tx: Tx, loan_id: Id) -> Listing | None:
    """The listing of a loan of one's own, or none."""
    return listings_store.by_id(tx, [rules.listing_id(loan_id)]).get(rules.listing_id(loan_id))


def worth_of(tx: Tx, loan_ids: Sequence[str]) -> dict[str, Worth]:
    """By loan as what it was valued when it was listed, of those that were."""
    found = listings_store.by_id(tx, [rules.listing_id(loan_id) for loan_id in loan_ids])
    return {each.loan_id: each.worth for each in found.values()}


@question("market.fills", permission="market:read", whose=of("party_id"))
def fills(tx: Tx, party_id: Id, before: Cursor = "", limit: PageSize = 50) -> list[Fill]:
    """What a lender gave to listings, the newest first; continue with ``before`` the last id."""
    return listings_store.of_lender(tx, party_id, before, limit)


def repaid(tx: Tx, minors: dict[str, int]) -> None:
    """Keep what of the lenders' principal of listings was repaid, and shared out, in minor units."""
    listings_store.repaid(tx, minors)


def lost(tx: Tx, ids: Sequence[str]) -> None:
    """Keep that the loans of these listings were given up."""
    listings_store.lost(tx, ids)


def shown(listing: Listing) -> Listing:
    """A listing without who borrows."""
    return rules.anonymous(listing)


def known(tx: Tx, listing_id: str) -> Listing:
    """A listing with who borrows, for the bank; refuses ``market.unknown_listing``."""
    found = listings_store.by_id(tx, [listing_id]) if listing_id.isprintable() else {}
    if listing_id not in found:
        raise rules.UNKNOWN_LISTING(listing_id=listing_id)
    return found[listing_id]


def _locked(tx: Tx, listing_id: str) -> Listing:
    found = listings_store.locked(tx, listing_id) if listing_id.isprintable() else None
    if found is None:
        raise rules.UNKNOWN_LISTING(listing_id=listing_id)
    return found
