"""Decide how a loan is listed, who may pick a part of it, and what becomes of it on its last day. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date, timedelta
from decimal import ROUND_FLOOR
from typing import Any

from farthing.funding.holdings.model import Fee, Pledged
from farthing.funding.holdings.rules import escrow_account, paid_to
from farthing.funding.market.listings_model import Bidding, Fill, Listing, ListingTold, State, Worth
from farthing.funding.market.mandates_model import Room
from farthing.funding.market.mandates_rules import check_means
from farthing.funding.rules import ForLenders
from farthing.funding.valuing.valuation import LoanValuation
from farthing.kit.errors import conflict, declined, malformed, not_found
from farthing.kit.ids import derived, prefixed
from farthing.kit.money import Money, positive
from farthing.kit.rates import percent
from farthing.kit.words import Words
from farthing.ledger.model import JournalEntry, Posting
from farthing.lending.model import Loan
from farthing.parties.model import Party
from farthing.payments.wallets import wallet_path
from farthing.products.marketplace import Listings, Marketplace
from farthing.products.model import LoanTerms

LISTING_STATES: dict[State, Words] = {
    "open": Words("seeks lenders", "募集中"), "full": Words("funded", "已满额"), "placed": Words("placed", "已成立"),
    "failed": Words("failed", "募集失败"), "withdrawn": Words("withdrawn", "已撤回"),
}  # fmt: skip
LIVE: tuple[State, ...] = ("open", "full")

UNKNOWN_LISTING = not_found("market.unknown_listing", "There is no listing {listing_id}.", "没有标的 {listing_id}。")
UNKNOWN_FILL = not_found("market.unknown_fill", "There is no such part of this listing.", "该标的没有这一份额。")
OFF_CURVE = declined(
    "market.off_curve",
    "This loan pays {annual}, and the published curve says {wanted} for grade {grade}; it is not listed.",
    "该笔借款利率为 {annual}，公布曲线上 {grade} 级为 {wanted}；不予挂牌。",
)
OWES_ENOUGH = declined(
    "market.borrower_most",
    "With this loan {figure} would be owed through the marketplace, and {limit} is the most; ask for less. "
    "The rule: {article}.",
    "加上本笔，平台借款余额将达 {figure}，超过上限 {limit}；请减少金额。依据：{article_zh}。",
)
TOO_SMALL = declined(
    "market.below_one_note",
    "{amount} of a loan for lenders is less than the least of {note}; it is not listed.",
    "可由出借人出资 {amount}，低于最低金额 {note}，不予挂牌。",
)
NOT_OPEN = conflict(
    "market.listing_over",
    "This listing takes no more lenders: it is {state} since it closed or was funded. Choose another one.",
    "该标的不再接受出借（{state_zh}）；请选择其他标的。",
)
NOT_NOTES = malformed(
    "market.not_whole_notes",
    "{amount} is no whole number of notes of {note}.",
    "{amount} 不是每份 {note} 的整数倍。",
)
OWN_LOAN = declined(
    "market.own_loan", "This is your own loan; nobody lends to themselves.", "这是您本人的借款；不能向自己出借。"
)
PICKED_OUT = declined(
    "market.picked_out",
    "{left} of this listing may be picked by hand now; choose at most that, or give a mandate.",
    "该标的目前可手动出借 {left}；请不超过该金额，或设立委托。",
)
PER_LENDER = declined(
    "market.per_lender",
    "One lender gets at most {limit} of this listing, and this would make {figure}; choose less. The rule: {article}.",
    "每位出借人在该标的中最多出借 {limit}，本次后将达 {figure}；请减少金额。依据：{article_zh}。",
)
NO_MORE_TIME = conflict(
    "market.reflection_over",
    "The time to take this back ended on {until}; it may be sold once the loan is paid out.",
    "冷静期已于 {until} 结束；放款后可申请转让。",
)
GIVEN_BACK = conflict(
    "market.taken_back", "This part was given back on {on} already.", "该份额已于 {on} 退回。"
)  # fmt: skip


def listing_id(loan_id: str) -> str:
    """The listing of a loan: there is one at most."""
    return prefixed("listing", derived(f"listing of {loan_id}"))


def region_of(party: Party) -> str:
    """The province that a party's number is of, as its first two digits and four noughts (GB/T 2260); nothing, if none.

    A resident identity number begins with it, a unified social credit code has it from the third character on.
    """
    digits = party.number[:2] if party.kind == "person" else party.number[2:4]
    return f"{digits}0000" if len(digits) == 2 and digits.isdecimal() and digits.isascii() else ""


def months_of(loan: Loan) -> int:
    """The term of a loan in months, begun ones whole."""
    days = (loan.instalments[-1].due_on - loan.accepted_on).days
    return max(1, min(600, round(days * 12 / 365)))


def worth_of(valued: LoanValuation) -> Worth:
    """What of a valuation is kept with a listing; refuses ``market.off_curve`` where a loan pays another rate."""
    if valued.annual != valued.curve_annual:
        wanted = percent(valued.curve_annual)
        raise OFF_CURVE(annual=percent(valued.annual), wanted=wanted, grade=valued.grade)
    return Worth(
        valued.grade,
        valued.default,
        valued.lost,
        valued.fee,
        valued.annual,
        valued.expected_loss,
        valued.expected_return,
    )


def listed(
    loan: Loan, borrower: Party, terms: LoanTerms, worth: Worth, law: Marketplace, how: Listings, owes: Money, today: date,
    part: ForLenders,
) -> Listing:  # fmt: skip
    """The listing of an accepted loan, which is open from today on; ``owes``: through the marketplace, without it; ``part``: what
    of it lenders are asked for.

    Refuses ``market.not_whole_notes``, ``market.below_one_note`` and ``market.borrower_most``.
    """
    note, zero = law.note, loan.principal * 0
    amount = notes_in(part.amount, note)
    if not part.backed and amount != part.amount:
        raise NOT_NOTES(amount=str(part.amount), note=str(note))  # nobody would lend the rest
    if not amount or amount < part.least:
        raise TOO_SMALL(amount=str(part.amount), note=str(max(note, part.least)))
    most = how.most(borrower.kind)
    if owes + amount > most:
        article = {"article": how.article.en, "article_zh": how.article.zh}
        raise OWES_ENOUGH(figure=str(owes + amount), limit=str(most), **article)
    return Listing(
        listing_id(loan.id), loan.conditions.product, terms.use, region_of(borrower), months_of(loan), loan.principal, amount,
        note, kept=_part(amount, how.kept, note), kept_until=today + timedelta(days=how.kept_days),
        per_lender=max(_part(amount, how.per_lender, note), note), least=_least(amount, how, part),
        worth=replace(worth, protects=how.protects),
        reflection_days=how.reflection_days, listed_on=today, closes_on=today + timedelta(days=how.days), state="open",
        filled=zero, picked=zero, in_batch=zero, repaid=zero, partners=part.partners, backed=part.backed, loan_id=loan.id,
        party_id=loan.party_id,
    )  # fmt: skip


def _least(amount: Money, how: Listings, part: ForLenders) -> Money:
    """What must be there on the last day: all, where nobody else would lend the rest."""
    if not part.backed:
        return amount
    return max(Money.rounded(amount.decimal() * how.least, amount.currency), part.least)


def owed(listing: Listing) -> Money:
    """What the borrower of a listing owes lenders, or will owe them as far as is known yet."""
    if listing.state in ("failed", "withdrawn"):
        return listing.amount * 0
    return (listing.filled if listing.state == "placed" else listing.amount) - listing.repaid


def notes_in(amount: Money, note: Money) -> Money:
    """As many whole notes as there are in an amount."""
    return note * (amount.minor // note.minor)


def _part(amount: Money, part: Any, note: Money) -> Money:
    """A part of an amount in whole notes, rounded down."""
    return notes_in(Money.rounded(amount.decimal() * part, amount.currency, ROUND_FLOOR), note)


def check_bid(
    listing: Listing, bidder: str, amount: Money, has: Money, law: Marketplace, how: Listings, room: Room, today: date,
    *, consents: bool,
) -> None:  # fmt: skip
    """Refuse a bid, of whoever ``has`` a part of the listing already.

    In this order: ``money.*``, ``market.listing_over``, ``market.own_loan``, ``market.not_whole_notes``, ``market.per_lender``,
    ``market.picked_out``, ``market.beyond_means``, ``market.consent_needed``.
    """
    positive(amount)
    if listing.state != "open" or today > listing.closes_on:
        state = LISTING_STATES[listing.state]
        raise NOT_OPEN(state=state.en, state_zh=state.zh)
    if bidder == listing.party_id:
        raise OWN_LOAN()
    if notes_in(amount, listing.note) != amount:
        raise NOT_NOTES(amount=str(amount), note=str(listing.note))
    if has + amount > listing.per_lender:
        article = {"article": how.article.en, "article_zh": how.article.zh}
        raise PER_LENDER(figure=str(has + amount), limit=str(listing.per_lender), **article)
    if amount > listing.pickable:
        raise PICKED_OUT(left=str(listing.pickable))
    check_means(room, law, amount, consents=consents)


def reflects_until(fill: Fill, listing: Listing) -> date | None:
    """The last day on which a fill may be taken back; none where that may not be done at all."""
    return fill.filled_on + timedelta(days=listing.reflection_days) if listing.reflection_days else None


def check_take_back(fill: Fill, listing: Listing, today: date) -> None:
    """Refuse ``market.taken_back``, ``market.listing_over`` and ``market.reflection_over``."""
    if fill.returned_on is not None:
        raise GIVEN_BACK(on=fill.returned_on)
    if listing.state not in LIVE:
        state = LISTING_STATES[listing.state]
        raise NOT_OPEN(state=state.en, state_zh=state.zh)
    until = reflects_until(fill, listing)
    if until is None or today > until:
        raise NO_MORE_TIME(until=until or fill.filled_on)


def ready_on(listing: Listing, fills: Sequence[Fill]) -> date:
    """From which day on nobody may take a part back any more."""
    latest = max((fill.filled_on for fill in fills if fill.returned_on is None), default=listing.listed_on)
    return latest + timedelta(days=listing.reflection_days + 1) if listing.reflection_days else latest


def placeable(listing: Listing, on: date) -> bool:
    """Whether a full listing may be placed on a day: none of its lenders may reflect then."""
    return listing.state == "full" and listing.ready_on is not None and listing.ready_on <= on


def ends(listing: Listing, closing: date) -> State:
    """What a listing is once a day is closed: it goes on, is full (also with less than all, on its last day), or has failed."""
    if listing.state != "open" or listing.in_batch:
        return listing.state
    if not listing.sought:
        return "full"
    if closing < listing.closes_on:
        return "open"
    return "full" if listing.filled and listing.filled >= listing.least else "failed"


def pledged(listing: Listing, fills: Sequence[Fill]) -> Pledged:
    """Whose money the loan of a listing is paid out with, in the order in which they came."""
    by_party: dict[str, int] = {}
    for fill in sorted(fills, key=lambda each: (each.filled_at, each.id)):
        if fill.returned_on is None:
            by_party[fill.party_id] = by_party.get(fill.party_id, 0) + fill.amount.minor
    fee = Fee(listing.worth.fee, ("interest",))
    lenders = tuple(by_party.items())
    return Pledged(listing.loan_id, listing.id, listing.amount.currency, fee, lenders, listing.worth.protects)


def fill_entry(listing: Listing, fill: Fill, home: str) -> JournalEntry:
    """A lender's money goes to the listing that he picked.

    liabilities:wallets:W     amount
        liabilities:escrow:I  -amount
    """
    currency = fill.amount.currency
    lines = (
        Posting(wallet_path(fill.party_id, currency, home), fill.amount),
        Posting(escrow_account(listing.id, currency, home), -fill.amount),
    )
    return JournalEntry(f"market:fill:{fill.id}", "fill", fill.filled_on, lines, "出借 fill")


def returns(
    listing: Listing, fills: Sequence[Fill], on: date, closed: frozenset[str], home: str, *, reference: str = ""
) -> list[JournalEntry]:
    """The money of fills goes back to whose it is; several entries where there are more lenders than an entry has postings.

    liabilities:escrow:I       all of it
        liabilities:wallets:W  -what of it is this lender's (liabilities:escrow:lender:W, if W, one of ``closed``, is closed)
    """
    owed: dict[str, int] = {}
    for fill in fills:
        owed[fill.party_id] = owed.get(fill.party_id, 0) + fill.amount.minor
    currency = listing.amount.currency
    as_entry = (reference or f"market:return:{listing.id}", "return", "退还出借款 returned to lenders")
    return paid_to(escrow_account(listing.id, currency, home), owed, as_entry, on, closed, currency=currency, home=home)


def anonymous(listing: Listing) -> Listing:
    """What a lender is told of a listing: not who borrows, nor for which loan."""
    return replace(listing, loan_id="", party_id="")


def told(listing: Listing, state: State) -> ListingTold:
    """What the log says of a listing that comes to a state."""
    worth = listing.worth
    return ListingTold(
        listing.id, listing.loan_id, listing.product, worth.grade, worth.annual, listing.months, listing.amount,
        listing.filled, listing.closes_on, state,
    )  # fmt: skip


def bid_seen(_: Any, result: Bidding) -> dict[str, Any]:
    """What somebody must have seen who picks a part of a loan."""
    listing = result.listing
    return {
        "listing": listing.id, "amount": str(result.fill.amount), "grade": listing.worth.grade,
        "annual": str(listing.worth.annual), "months": listing.months, "warning": asdict(result.warning),
    }  # fmt: skip
