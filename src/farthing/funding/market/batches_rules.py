"""Decide what goes into a batch, under which names it is published, and what each wallet gives by it. Pure.

Nobody is named in the published document: a mandate, and a borrower, is called by a salted digest that only the bank can make.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, tzinfo
from typing import Any

from farthing.funding.clearing import batch_file
from farthing.funding.clearing.model import suits
from farthing.funding.holdings.rules import escrow_account
from farthing.funding.market.batches_model import Claim, Gathered, Offered
from farthing.funding.market.listings_model import Fill, Listing
from farthing.funding.market.mandates_model import Mandate, Terms
from farthing.kit.errors import conflict, not_found
from farthing.kit.ids import derived, prefixed
from farthing.kit.money import Money
from farthing.ledger.chart import in_currency
from farthing.ledger.model import MOST_POSTINGS, Hold, JournalEntry, Posting, Release
from farthing.payments.wallets import wallet_path

RULE = "pro_rata"
PENDING = "liabilities:escrow:batches"
"""Against which money is held in wallets while a batch clears. Nothing is ever posted to it."""

UNKNOWN_BATCH = not_found("market.unknown_batch", "There is no batch {batch_id}.", "没有批次 {batch_id}。")
NO_RECEIPT = not_found(
    "market.no_receipt", "The mandate offered nothing in this batch.", "该委托未参与本批次。"
)  # fmt: skip
STILL_CLEARING = conflict(
    "market.batch_runs",
    "The batch {batch_id} is still clearing; look again in a moment.",
    "批次 {batch_id} 正在撮合，请稍后再看。",
)


def batch_id(slot: str) -> str:
    """The batch of a slot of time: there is one at most."""
    return prefixed("batch", derived(f"batch of {slot}"))


def slot_of(now: datetime, every_minutes: int) -> str:
    """The slot of so many minutes in which an instant lies, by when it began (UTC)."""
    seconds = every_minutes * 60
    return datetime.fromtimestamp(now.timestamp() // seconds * seconds, UTC).isoformat(timespec="minutes")


def name_of(salt: str, kind: str, ident: str) -> str:
    """What somebody is called in one document: the same within it, another in the next."""
    return f"{kind}-{hashlib.sha256(f'{salt}:{kind}:{ident}'.encode()).hexdigest()[:20]}"


def room_of(mandate: Mandate, given: int, out: int) -> int:
    """What a mandate may still lend, in minor units: of what is repaid again, or of nothing that was lent once."""
    return max(mandate.terms.amount.minor - (out if mandate.terms.reinvest else given), 0)


def offers(claims: Sequence[Claim], wallets: Mapping[str, int], note: Money) -> dict[str, int]:
    """What each mandate offers, in minor units: what its lender's mandates may lend, as far as the wallet goes, to whose money
    waits longest first. What is less than a note is not offered."""
    left, found = dict(wallets), dict[str, int]()
    for claim in sorted(claims, key=lambda each: (each.waits_since, each.mandate_id)):
        minor = min(claim.room, left.get(claim.party_id, 0)) // note.minor * note.minor
        if minor > 0:
            left[claim.party_id] -= minor
            found[claim.mandate_id] = minor
    return found


def chosen(listings: Sequence[Listing], today: date, batch: str) -> dict[str, Listing]:
    """By borrower the listing that a batch may fill: of several of one borrower the one that closes first.

    A batch counts in one note. Where a law with another note came in while listings are open, either note has its turn, by the
    name of the batch.
    """
    sought = [each for each in listings if sought_in_batch(each, today)]
    notes = sorted({each.note.minor for each in sought})
    turn = notes[int(hashlib.sha256(batch.encode()).hexdigest(), 16) % len(notes)] if notes else 0
    found: dict[str, Listing] = {}
    for each in sorted(sought, key=lambda one: (one.closes_on, one.id)):
        if each.note.minor == turn:
            found.setdefault(each.party_id, each)
    return found


def one_a_lender(
    claims: Sequence[Claim], mandates: Mapping[str, Mandate], listings: Sequence[Listing]
) -> list[Claim]:  # fmt: skip
    """Of each lender the mandate whose money waits longest, of those that take anything: limits for one lender hold for a
    mandate then. His others have their turn in the next batch."""
    found: dict[str, Claim] = {}
    for claim in sorted(claims, key=lambda each: (each.waits_since, each.mandate_id)):
        if claim.party_id not in found and any(takes(mandates[claim.mandate_id].terms, each) for each in listings):
            found[claim.party_id] = claim
    return list(found.values())


def takes(terms: Terms, listing: Listing) -> bool:
    """Whether a listing fits terms, whatever room is left."""
    named = (
        (terms.grades, listing.worth.grade),
        (terms.purposes, listing.purpose),
        (terms.regions, listing.region),
    )
    term = (terms.months_min, terms.months_max)
    return listing.note <= terms.per_loan and suits(
        listing.worth.annual, listing.months, named, least=terms.annual, term=term
    )


def counted(claim: Claim, terms: Terms, listing: Listing, has: int) -> int:
    """What counts as held of the borrower of a listing, so that a mandate has no more room in it than its lender: ``has`` of
    the listing is his already. All of it where he is the borrower himself."""
    if claim.party_id == listing.party_id:
        return terms.per_borrower.minor
    return max(claim.holds.get(listing.party_id, 0), terms.per_borrower.minor - (listing.per_lender.minor - has))


def gathered(
    batch: str, salt: str, listings: Mapping[str, Listing], mandates: Mapping[str, Mandate], claims: Sequence[Claim],
    offered: Mapping[str, int], today: date, zone: tzinfo,
) -> Gathered:  # fmt: skip
    """The document of a batch of ``listings`` by borrower, and what it sets aside. ``claims``: with what counts as held.
    ``today`` decides what is still kept for who picks by hand; a
    listing closes with its day in the bank's ``zone``."""
    note = next(iter(listings.values())).note
    borrowers = {party: name_of(salt, "b", party) for party in listings}
    lines, kept = list[dict[str, Any]](), []
    turns = _turns([each for each in claims if offered.get(each.mandate_id, 0)])
    for claim in claims:
        if minor := offered.get(claim.mandate_id, 0):
            name, money = name_of(salt, "m", claim.mandate_id), Money(minor, note.currency)
            turn = turns[claim.waits_since]
            lines.append(_mandate(name, mandates[claim.mandate_id], money, claim, turn, borrowers))
            kept.append(Offered(batch, name, claim.mandate_id, claim.party_id, money))
    document: dict[str, object] = {
        "format": batch_file.FORMAT, "id": batch, "rule": RULE, "currency": note.currency, "note": _plain(note),
        "listings": [_listing(each, borrowers[party], today, zone) for party, each in listings.items()],
        "mandates": sorted(lines, key=lambda each: str(each["id"])),
    }  # fmt: skip
    document["digest"] = batch_file.digest_of(document)
    return Gathered(document, tuple(sorted(kept, key=lambda each: each.name)))


def _turns(claims: Sequence[Claim]) -> dict[datetime, int]:
    """Whose turn is first among equals, from 1 on. Since when money waits is told to nobody: by it a mandate could be followed
    from document to document."""
    return {at: turn for turn, at in enumerate(sorted({each.waits_since for each in claims}), start=1)}


def sought_in_batch(listing: Listing, today: date) -> Money:
    """What a batch may fill of a listing: not what is kept for who picks by hand, as long as it is."""
    kept = listing.pickable if today < listing.kept_until else listing.amount * 0
    return listing.sought - kept


def _listing(listing: Listing, borrower: str, today: date, zone: tzinfo) -> dict[str, Any]:
    end = datetime.combine(listing.closes_on, time(23, 59, 59), zone)
    return {
        "id": listing.id, "borrower": borrower, "grade": listing.worth.grade, "annual": f"{listing.worth.annual:f}",
        "months": listing.months, "purpose": listing.purpose, **({"region": listing.region} if listing.region else {}),
        "amount": _plain(listing.sought), "kept": _plain(listing.sought - sought_in_batch(listing, today)),
        "per_lender": _plain(listing.per_lender), "expected": f"{listing.worth.expected_return:f}",
        "closes_at": end.isoformat(),
    }  # fmt: skip


def _mandate(
    name: str, mandate: Mandate, money: Money, claim: Claim, turn: int, borrowers: Mapping[str, str]
) -> dict[str, Any]:  # fmt: skip
    terms = mandate.terms
    found: dict[str, Any] = {
        "id": name, "amount": _plain(money), "turn": turn, "annual": f"{terms.annual:f}",
        "months": {"min": terms.months_min, "max": terms.months_max}, "per_loan": _plain(terms.per_loan),
        "per_borrower": _plain(terms.per_borrower),
    }  # fmt: skip
    found |= {key: list(each) for key in ("grades", "purposes", "regions") if (each := getattr(terms, key))}
    holds = {borrowers[party]: _plain(Money(minor, money.currency)) for party, minor in claim.holds.items()}
    return found | ({"holds": holds} if holds else {})


def _plain(money: Money) -> str:
    return format(money.decimal(), "f")


def hold_of(offered: Offered, home: str, today: date) -> Hold:
    """Set a mandate's money aside in its lender's wallet.

    liabilities:wallets:W            offered
        liabilities:escrow:batches   -offered
    """
    currency = offered.offered.currency
    lines = (
        Posting(wallet_path(offered.party_id, currency, home), offered.offered),
        Posting(in_currency(PENDING, currency, home), -offered.offered),
    )
    return Hold(
        f"market:{offered.batch_id}:{offered.name}:hold", "fill", today, lines, "撮合冻结 set aside for a batch"
    )


def release_of(offered: Offered, *, linked: bool) -> Release:
    """Let what a mandate offered be free in its lender's wallet again; ``linked``: with the next entry, which takes of it."""
    held = f"market:{offered.batch_id}:{offered.name}:hold"
    return Release(f"{held}:released", held, linked=linked)


def placing(offered: Offered, fills: Sequence[Fill], home: str, today: date) -> list[JournalEntry]:
    """What a lender gives by a batch goes to the listings that it fills; several linked entries, where these are many.

    liabilities:wallets:W      all of it
        liabilities:escrow:I   -of each listing
    """
    currency, made = offered.offered.currency, list[JournalEntry]()
    for start in range(0, len(fills), MOST_POSTINGS - 1):
        some = fills[start : start + MOST_POSTINGS - 1]
        whole = Money(sum(each.amount.minor for each in some), currency)
        lines = [Posting(escrow_account(each.listing_id, currency, home), -each.amount) for each in some]
        wallet = Posting(wallet_path(offered.party_id, currency, home), whole)
        name = f"market:{offered.batch_id}:{offered.name}" + (f":{start}" if start else "")
        more = start + len(some) < len(fills)
        made.append(JournalEntry(name, "fill", today, (wallet, *lines), "批量撮合 filled by a batch", linked=more))
    return made


def fills_of(
    offered: Offered, given: Iterable[tuple[str, int]], note: Money, ids: Callable[[], str], today: date, now: datetime
) -> list[Fill]:  # fmt: skip
    """The fills of a mandate in a batch: of each listing so many notes; ``ids`` makes an id for each."""
    return [
        Fill(listing, ids(), offered.party_id, note * notes, today, now, offered.batch_id, offered.mandate_id)
        for listing, notes in given
    ]
