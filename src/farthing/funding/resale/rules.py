"""Decide what may be offered for sale, how long it may take, and what changes hands. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from farthing.funding.market.batches_model import Claim
from farthing.funding.market.batches_rules import takes
from farthing.funding.market.listings_model import Listing
from farthing.funding.market.mandates_model import Mandate, Terms
from farthing.funding.resale.matching import OnSale, Wants
from farthing.funding.resale.model import OnOffer, PriceParts, Resale, ResaleLine, Sale, SaleState, Wait
from farthing.funding.resale.pricing import Price, Quote
from farthing.kit.errors import conflict, declined, not_found
from farthing.kit.money import Money, positive
from farthing.kit.words import Words
from farthing.ledger.model import JournalEntry, Posting
from farthing.lending.model import Loan
from farthing.payments.wallets import wallet_path

SALE_STATES: dict[SaleState, Words] = {
    "open": Words("seeks buyers", "转让中"), "sold": Words("sold", "已转让"), "stopped": Words("stopped", "已撤销"),
    "ended": Words("ended", "已终止"),
}  # fmt: skip

UNKNOWN_SALE = not_found("market.unknown_sale", "There is no sale {sale_id}.", "没有转让申请 {sale_id}。")
NOT_PAID_OUT = conflict(
    "market.sale_too_early",
    "This loan is not paid out and shared out yet; sell from the day after on.",
    "该笔借款尚未放款并分配；放款次日起方可转让。",
)
LOAN_OVER = conflict(
    "market.sale_of_loan_over",
    "This loan is repaid or was given up; nothing of it is sold. What comes in is yours.",
    "该笔借款已结清或已核销，不能转让；后续回款仍归您所有。",
)
CONTESTED = conflict(
    "market.sale_disputed",
    "The borrower says that this loan is not owed, or asked for relief that is not answered; sell once that is settled.",
    "借款人对该笔借款提出异议，或纾困申请尚未答复；请待处理完毕后转让。",
)
MORE_THAN_HELD = declined(
    "market.sale_beyond_held",
    "{held} of this note is yours, {offered} of it is offered already, and {wanted} more would be; offer at most what is left.",
    "您持有该份额 {held}，其中 {offered} 已在转让，本次 {wanted} 超出；请不超过剩余部分。",
)


def check_sale(amount: Money, loan: Loan, held: int | None, offered: int, *, contested: bool) -> None:
    """Refuse what may not be offered for sale: a lender holds ``held`` minor units (none: nobody has notes yet), of which
    ``offered`` are offered already.

    In this order: ``money.*``, ``market.sale_of_loan_over``, ``market.sale_too_early``, ``market.sale_disputed``,
    ``market.sale_beyond_held``.
    """
    positive(amount)
    if over(loan):
        raise LOAN_OVER()
    if held is None:
        raise NOT_PAID_OUT()
    if contested:
        raise CONTESTED()
    if offered + amount.minor > held:
        shown = [str(Money(each, amount.currency)) for each in (held, offered)]
        raise MORE_THAN_HELD(held=shown[0], offered=shown[1], wanted=str(amount))


def over(loan: Loan) -> bool:
    """Whether nothing of a loan is sold ever again."""
    return loan.state in ("closed", "cancelled") or loan.given_up_on is not None


def sellable(sales: Sequence[Sale], held: int) -> dict[str, int]:
    """What of one lender's sales of one loan may be sold, who holds so much: the oldest first. What was repaid is not."""
    found, rest = dict[str, int](), held
    for each in sorted(sales, key=lambda one: (one.since, one.id)):
        found[each.id] = min(each.left.minor, rest)
        rest -= found[each.id]
    return found


def as_it_stands(listing: Listing, quote: Quote, loan: Loan, on: date) -> Listing:
    """A listing as a mandate looks at it on a day: graded anew, with the months that are left."""
    last = max((each.due_on for each in loan.instalments if each.left), default=on)
    months = max(1, min(600, round((last - on).days * 12 / 365)))
    return replace(listing, months=months, worth=replace(listing.worth, grade=quote.grade))


def fits(terms: Terms, stands: Listing, quote: Quote) -> bool:
    """Whether terms take a part of a loan as it stands: late by no more than they say, too."""
    return takes(terms, stands) and quote.days_late <= terms.late_days


@dataclass(frozen=True, slots=True)
class Bidders:
    """Mandates that would buy, those first whose money waits longest, each with the place of its terms among all ``terms``:
    thousands of lenders have the same, and whether they fit is asked once."""

    claims: Sequence[tuple[Claim, int]]
    terms: Sequence[Terms]


def bidders(claims: Iterable[Claim], mandates: Mapping[str, Mandate]) -> Bidders:
    """Claims of mandates as bidders."""
    places: dict[Terms, int] = {}
    told = [
        (claim, places.setdefault(mandates[claim.mandate_id].terms, len(places)))
        for claim in sorted(claims, key=lambda one: (one.waits_since, one.mandate_id))
    ]
    return Bidders(told, list(places))


def wants(some: Bidders, stands: Listing, quote: Quote, holds: Mapping[str, int], sellers: set[str]) -> list[Wants]:
    """Who would buy parts of a loan: of each lender the mandate whose money waits longest, of those that take it; never its
    borrower, nor whoever is selling it. ``holds``: what of the loan is whose already, in minor units."""
    fitting = {place: each for place, each in enumerate(some.terms) if fits(each, stands, quote)}
    if not fitting:
        return []
    found, asked = list[Wants](), {stands.party_id, *sellers}
    for claim, place in some.claims:
        if place not in fitting or claim.party_id in asked:
            continue
        asked.add(claim.party_id)
        terms = fitting[place]
        most = min(terms.per_loan.minor, stands.per_lender.minor) - holds.get(claim.party_id, 0)
        of_borrower = terms.per_borrower.minor - claim.holds.get(stands.party_id, 0)
        if min(most, of_borrower, claim.room) > 0:
            found.append(Wants(
                claim.mandate_id, claim.party_id, stands.loan_id, stands.party_id, most, of_borrower, claim.room,
                claim.waits_since,
            ))  # fmt: skip
    return found


def expected_days(before: int, sold: int, window_days: int) -> int | None:
    """How many days it takes to sell so much, if as much goes on being sold a day as ``sold`` in the window; at least one."""
    return max(1, -(-before * window_days // sold)) if sold > 0 else None


def sold_before(queued: Mapping[str, int], seller: str, mine: int, slice_minor: int) -> int:
    """What is sold in turns until a seller sold ``mine``: as much of his, and of each other as many slices, or all he has."""
    turns = -(-mine // slice_minor)
    return mine + sum(min(left, turns * slice_minor) for other, left in queued.items() if other != seller)


def unsold(sales: Sequence[Sale]) -> dict[str, int]:
    """By seller what of his sales is not sold, in minor units: what of it was repaid since too, so that no wait is told too
    short."""
    found: dict[str, int] = {}
    for each in sales:
        found[each.party_id] = found.get(each.party_id, 0) + (each.offered - each.sold).minor
    return found


def on_sale(sale: Sale, left: int, sold: date) -> OnSale:
    """A sale as it is matched; its seller sold anything last on a day."""
    return OnSale(sale.id, sale.loan_id, sale.party_id, left, sale.since, sold)


def done(resale: Resale, price: Price, of_left: int, parts: PriceParts) -> Resale:
    """A planned resale at its price."""
    currency = resale.principal.currency
    money = [Money(each, currency) for each in (price.principal, price.interest, of_left)]
    return replace(resale, state="done", price=money[0], interest=money[1], of_left=money[2], parts=parts)


def paid(resale: Resale, home: str) -> JournalEntry:
    """The price of a part of a note goes from its buyer to its seller, once.

    liabilities:wallets:B       price and interest
        liabilities:wallets:S   -price and interest
    """
    assert resale.price is not None and resale.interest is not None
    whole, currency = resale.price + resale.interest, resale.principal.currency
    lines = (
        Posting(wallet_path(resale.buyer, currency, home), whole),
        Posting(wallet_path(resale.seller, currency, home), -whole),
    )
    return JournalEntry(f"market:resale:{resale.id}", "resale", resale.on, lines, "债权转让 resale of a note")


def sale_seen(_: Any, result: OnOffer) -> dict[str, Any]:
    """What somebody must have seen who offers a part of a note."""
    return {"listing": result.sale.listing_id, "offered": str(result.sale.offered), "price": str(result.price)}


def wait_words(offer: OnOffer) -> Words:
    """How long a sale may take, in words: never none while it seeks buyers."""
    wait = offer.wait
    if offer.sale.state != "open":
        return Words("over", "已结束")
    if wait is None:
        return Words("unknown: its loan is not for sale today", "未知：该笔借款今日不可转让")
    if not wait.takers:
        return Words("unknown: no mandate takes such a loan now", "未知：目前没有委托接受此类借款")
    if wait.days is None:
        days = wait.window_days
        return Words(f"unknown yet: nothing was sold in {days} days", f"暂无法估计：近 {days} 天没有成交")
    return Words(f"about {wait.days} days" if wait.days > 1 else "about a day", f"约 {wait.days} 天")


def seen(sale: Sale, left: int, quote: Quote | None, wait: Wait | None) -> OnOffer:
    """A sale as its seller is told it."""
    currency = sale.offered.currency
    money = Money(left, currency)
    if sale.state != "open" or quote is None or not left:
        return OnOffer(sale, money, quote.days_late if quote else 0, None, None, None)
    price = quote.price(left)
    return OnOffer(
        sale,
        money,
        quote.days_late,
        Money(price.principal, currency),
        Money(price.interest, currency),
        wait,
        quote.parts,
    )


def line(resale: Resale, party_id: str) -> ResaleLine:
    """A resale that is done as its seller or buyer is told it."""
    assert resale.price is not None and resale.interest is not None
    sold = resale.seller == party_id
    mandate = resale.from_mandate if sold else resale.to_mandate
    return ResaleLine(
        resale.id,
        resale.listing_id,
        resale.on,
        sold,
        mandate,
        resale.principal,
        resale.price,
        resale.interest,
        resale.parts,
    )
