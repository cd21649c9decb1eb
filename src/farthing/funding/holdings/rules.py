"""Decide what each lender of a marketplace part is given, pays and holds: pure functions over columns of lenders."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import get_args

from farthing.funding.holdings.model import Edition, Fee, Given, Pledged, Transfer
from farthing.kit import base64url
from farthing.kit.canonical import canonical
from farthing.kit.errors import InvariantBroken, conflict, declined
from farthing.kit.ids import bare
from farthing.kit.money import Money
from farthing.ledger.chart import in_currency
from farthing.ledger.model import MOST_POSTINGS, JournalEntry, Posting
from farthing.lending.held import parts
from farthing.lending.model import MARKETPLACE, Holder
from farthing.lending.owed import Component
from farthing.payments.wallets import wallet_path

COMPONENTS: tuple[Component, ...] = get_args(Component)
FEES, WAITING = "income:fees:marketplace", "liabilities:escrow:lender"

SOLD_MORE = declined(
    "funding.sold_more_than_held",
    "{left} of the note is left, and {wanted} was to be sold; sell at most what is left.",
    "该份额剩余本金 {left}，不足以转让 {wanted}；转让金额不得超过剩余本金。",
)
SOLD_TO_ONESELF = conflict(
    "funding.sold_to_oneself",
    "Seller and buyer of a note are one person; a note is sold to somebody else.",
    "转让方与受让方为同一人；份额只能转让给他人。",
)


def escrow_account(listing_id: str, currency: str, home: str) -> str:
    """Where the money of a listing's lenders lies until its loan is paid out, or they have it back."""
    return in_currency(f"liabilities:escrow:{bare(listing_id)}", currency, home)


def waiting_account(party_id: str, currency: str, home: str) -> str:
    """Where a lender's part lies while there is no wallet open to take it: his own, and client money."""
    return in_currency(f"{WAITING}:{bare(party_id)}", currency, home)


def paid_to(
    source: str, owed: Mapping[str, int], as_entry: tuple[str, str, str], on: date, closed: frozenset[str], *, currency: str,
    home: str,
) -> list[JournalEntry]:  # fmt: skip
    """Money of an account goes to parties, to each so many minor units; several entries, where they are more than an entry has
    postings. ``as_entry``: reference, kind and memo; ``home``: the currency of the bank's books.

    source                     all of it
        liabilities:wallets:W  -what of it is a party's (liabilities:escrow:lender:W, if W, one of ``closed``, is closed)
    """
    name, kind, memo = as_entry
    lines, made = list(owed.items()), list[JournalEntry]()
    for start in range(0, len(lines), MOST_POSTINGS - 1):
        some = lines[start : start + MOST_POSTINGS - 1]
        whole = Posting(source, Money(sum(minor for _, minor in some), currency))
        each = [Posting(_reaches(party, currency, home, closed), Money(-minor, currency)) for party, minor in some]
        made.append(JournalEntry(f"{name}:{start}" if start else name, kind, on, (whole, *each), memo))
    return made


def _reaches(party_id: str, currency: str, home: str, closed: frozenset[str]) -> str:
    path = wallet_path(party_id, currency, home)
    return waiting_account(party_id, currency, home) if path in closed else path


def holder_of(pledged: Pledged) -> Holder:
    """The one holder that the lenders are together: called by their number, and numbered by the digest of who they are."""
    parties = [party for party, _ in pledged.lenders]
    if not parties or len(set(parties)) < len(parties) or min(minor for _, minor in pledged.lenders) < 1:
        raise InvariantBroken(
            f"{pledged.loan_id} is pledged to by nobody, by somebody twice, or less than a minor unit"
        )
    digest = hashlib.sha256(canonical([list(each) for each in pledged.lenders])).digest()
    count, share = len(parties), Money(sum(minor for _, minor in pledged.lenders), pledged.currency)
    name = f"平台出借人 {count} 名 ({count} lenders)"
    return Holder(MARKETPLACE, share, name, base64url.encode(digest))


def in_force(editions: Sequence[Edition], on: date, number: int) -> Edition:
    """The edition whose lenders get what moved on a day under a number. Of the day on which notes changed hands: who held them
    before gets what was told before."""
    for edition in reversed(editions):
        if edition.from_on <= on and edition.after < number:
            return edition
    raise InvariantBroken(f"no lender holds the loan on {on}")


def given(
    edition: Edition, fee: Fee, before: Mapping[Component, int], received: Mapping[Component, int], *, recovered: bool
) -> Given:  # fmt: skip
    """What each lender is given of something ``received`` by all of them, who had ``before`` since their edition began.

    The fee of each is a function of all that he had, as his part is: however small what comes in, neither drifts.
    """
    count = len(edition.parties)
    gross, had, has = [0] * count, [0] * count, [0] * count
    for component in COMPONENTS:
        earlier, now = before[component], received[component]
        counts = ("recovered" if recovered else component) in fee.of and fee.rate > 0
        if not now and not (counts and earlier):
            continue
        then = parts(edition.weights, earlier)
        later = parts(edition.weights, earlier + now) if now else then
        gross = [sum_of + b - a for sum_of, a, b in zip(gross, then, later, strict=True)]
        if counts:
            had = [sum_of + a for sum_of, a in zip(had, then, strict=True)]
            has = [sum_of + b for sum_of, b in zip(has, later, strict=True)]
    if not any(has):
        return Given(gross, 0)
    above, below = fee.rate.as_integer_ratio()
    fees = [b * above // below - a * above // below for a, b in zip(had, has, strict=True)]
    return Given([whole - part for whole, part in zip(gross, fees, strict=True)], sum(fees))


def left(edition: Edition, repaid: int) -> list[int]:
    """What of each note is not repaid, where ``repaid`` of the lenders' principal was since their edition began."""
    return [weight - part for weight, part in zip(edition.weights, parts(edition.weights, repaid), strict=True)]


def transferred(
    edition: Edition, repaid: int, transfers: Sequence[Transfer], on: date, after: int, currency: str
) -> Edition:  # fmt: skip
    """The edition that begins once parts of notes changed hands; the sum stays what of the lenders' principal is not repaid.

    Whoever keeps his note keeps his place, whoever is new comes last, and who sold all is no lender any more. Refuses
    ``funding.sold_more_than_held`` and ``funding.sold_to_oneself``.
    """
    held = dict(zip(edition.parties, left(edition, repaid), strict=True))
    whole = sum(held.values())
    for each in transfers:
        if each.principal < 1:
            raise InvariantBroken(f"{each.principal} minor units of a note change hands")
        if each.seller == each.buyer:
            raise SOLD_TO_ONESELF()
        has = held.get(each.seller, 0)
        if has < each.principal:
            raise SOLD_MORE(left=str(Money(has, currency)), wanted=str(Money(each.principal, currency)))
        held[each.seller] = has - each.principal
        held[each.buyer] = held.get(each.buyer, 0) + each.principal
    kept = {party: minor for party, minor in held.items() if minor}
    if sum(kept.values()) != whole:
        raise InvariantBroken("notes that changed hands do not sum to what they were")
    return Edition(on, after, tuple(kept), tuple(kept.values()))
