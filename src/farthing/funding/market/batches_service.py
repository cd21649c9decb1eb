"""Run batches: the money that mandates offer is set aside, the published document is cleared, and fills are posted in pieces.

What goes into a batch is gathered in one transaction. Clearing is a function of the document alone (:func:`cleared_of`): a piece
needs no more than the batch's name, nobody can hand in a fill, and what was killed half-way goes on to the same fills.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from farthing.db.server import Collision
from farthing.db.tx import Tx
from farthing.funding.clearing import answer, batch_file
from farthing.funding.clearing import rules as clearing
from farthing.funding.clearing.batch_file import Published
from farthing.funding.clearing.fairness import fairness
from farthing.funding.clearing.model import Cleared
from farthing.funding.clearing.receipts import Receipts
from farthing.funding.holdings import service as holdings
from farthing.funding.market import batches_rules as rules
from farthing.funding.market import (
    batches_store,
    lenders_service,
    listings_service,
    listings_store,
    mandates_store,
)
from farthing.funding.market.batches_model import (
    BatchStep,
    Claim,
    Gathered,
    MarketBatch,
    Offered,
    OpenBatch,
    Receipt,
    ReceiptLine,
    Stage,
)
from farthing.funding.market.listings_model import Fill, Listing
from farthing.funding.market.mandates_model import Mandate
from farthing.kernel.day import PIECE, zone_of
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.run import Kernel
from farthing.kernel.whose import NOBODYS, STAFF, of
from farthing.kit.actor import PUBLIC, SYSTEM, Actor
from farthing.kit.canonical import canonical
from farthing.kit.errors import Refusal
from farthing.kit.inputs import Cursor, Id, PageSize
from farthing.kit.money import Money, total
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.ledger.chart import in_currency
from farthing.ledger.model import AccountSpec, Command
from farthing.payments.wallets import wallet_path
from farthing.products import service as products

SPENT = ("ledger.insufficient_funds", "ledger.account_closed")
"""Why the money that a mandate offers cannot be held any more."""
PLACED_AT_ONCE = 20
"""Listings whose loans one transaction places: each may have thousands of lenders."""


@dataclass(frozen=True, slots=True)
class Found:
    """A batch that was cleared from its document: by mandate what it is given, in notes; ``receipts`` are counted once, when the
    first is asked for."""

    published: Published
    cleared: Cleared
    receipts: Receipts
    by_mandate: Mapping[str, Sequence[tuple[str, int]]]


@lru_cache(maxsize=2)
def cleared_of(document: str) -> Found:
    """What a document comes to: kept at hand, since every piece of a batch asks for it."""
    published = batch_file.read(document.encode(), "batch")
    cleared = clearing.clear(published.batch)
    by_mandate: dict[str, list[tuple[str, int]]] = {}
    for each in cleared.fills:
        by_mandate.setdefault(each.mandate, []).append((each.listing, each.notes))
    return Found(published, cleared, Receipts(cleared), by_mandate)


@operation(
    "market.open_batch", title=Words("Open a batch of the marketplace", "开启撮合批次"),
    permission="market:clear", whose=STAFF,
)  # fmt: skip
def open_batch(tx: Tx, command: OpenBatch) -> MarketBatch | None:
    """Gather open listings and live mandates, and set aside in wallets what mandates offer; none where nothing is listed.

    Whoever changes what a lender lets be lent, or buys for a mandate, waits meanwhile; who spends his money meanwhile sits the
    batch out. Of the same slot it answers the same batch; while a batch is not done, that one. Refuses ``market.none``.
    """
    known = _there(tx, command.slot)
    if known is not None or lenders_service.law_in_force(tx).listings is None:
        return known
    mandates_store.lock_live(tx)
    known = _there(tx, command.slot)  # whoever held them may have opened one
    if known is not None:
        return known
    chosen = rules.chosen(_open_listings(tx), tx.business_date, rules.batch_id(command.slot))
    if not chosen:
        return None
    note = next(iter(chosen.values())).note
    mandates = {each.id: each for each in mandates_store.all_live(tx)}
    claims = rules.one_a_lender(claims_of(tx, mandates, list(chosen)), mandates, list(chosen.values()))
    claims = _counted(tx, claims, mandates, chosen)
    offered = rules.offers(claims, free(tx, claims), note)
    sought = {each.id: rules.sought_in_batch(each, tx.business_date).minor for each in chosen.values()}
    if listings_store.into_batch(tx, sought, {each.id: each.filled.minor for each in chosen.values()}) != len(sought):
        raise Collision("a listing changed while a batch was opened")

    def gathered(offered: Mapping[str, int]) -> Gathered:
        return rules.gathered(
            rules.batch_id(command.slot), salt, chosen, mandates, claims, offered, tx.business_date, zone_of(tx)
        )  # fmt: skip

    salt = tx.new_id("salt")
    made = gathered(offered)
    held = _set_aside(tx, made.offered)
    if len(held) < len(made.offered):
        made = gathered(held)
    batch = MarketBatch(
        rules.batch_id(command.slot), rules.RULE, tx.now, tx.business_date, "opened", len(chosen), len(made.offered),
        Money(sum(sought.values()), tx.home), total([each.offered for each in made.offered], tx.home),
        str(made.document["digest"]),
    )  # fmt: skip
    if not batches_store.insert(tx, command.slot, batch, canonical(made.document).decode()):
        raise Collision("the batch is opened by somebody else")
    batches_store.offer(tx, batch.id, made.offered)
    return batch


def _there(tx: Tx, slot: str) -> MarketBatch | None:
    return batches_store.batch(tx, rules.batch_id(slot)) or batches_store.unfinished(tx)


def _set_aside(tx: Tx, offered: Sequence[Offered]) -> dict[str, int]:
    """Hold what mandates offer in wallets; answers what is held, in minor units. Of a lender who spent it, or closed his wallet,
    since it was looked at, nothing is: nobody else waits for him."""
    ledger.open_accounts(tx, [AccountSpec(in_currency(rules.PENDING, tx.home, tx.home), tx.home, floor=0)])
    held = dict[str, int]()
    for start in range(0, len(offered), ledger.LARGEST_BATCH):
        some = offered[start : start + ledger.LARGEST_BATCH]
        answers = ledger.post(tx, [rules.hold_of(each, tx.home, tx.business_date) for each in some])
        for each, came in zip(some, answers, strict=True):
            if not isinstance(came, Refusal):
                held[each.mandate_id] = each.offered.minor
            elif came.code not in SPENT:
                raise came
    return held


def _open_listings(tx: Tx) -> list[Listing]:
    found, after = list[Listing](), ""
    while page := listings_store.still_open(tx, tx.business_date, after, PIECE):
        stopped, after = listings_service.without_escrow(tx, page), page[-1].id
        found += [each for each in page if each.id not in stopped]
    return found


def claims_of(
    tx: Tx, mandates: Mapping[str, Mandate], borrowers: Sequence[str], parties: Sequence[str] | None = None
) -> list[Claim]:  # fmt: skip
    """What live mandates may still lend, of lenders who may lend today. ``parties``: whose they are, where these are few."""
    ready = lenders_service.ready(tx, sorted({each.party_id for each in mandates.values()}))
    so_far, held = listings_store.by_mandate(tx, parties), _held(tx, borrowers)
    found = []
    for each in mandates.values():
        if each.party_id in ready:
            past = so_far.get(each.id)
            room = rules.room_of(each, past["given"] if past else 0, past["out"] if past else 0)
            waits = max(each.from_at, past["filled_at"]) if past else each.from_at
            found.append(Claim(each.id, each.party_id, room, waits, held.get(each.party_id, {})))
    return found


def _held(tx: Tx, borrowers: Sequence[str]) -> dict[str, dict[str, int]]:
    """By lender and borrower what is lent, in minor units: given to what is listed, or left of notes."""
    owing = listings_store.of_borrowers(tx, borrowers)
    notes = holdings.left_of(tx, [loan for _, loan, _, state in owing if state == "placed"])
    borrower_of = {listing: borrower for listing, _, borrower, _ in owing}
    waiting = [listing for listing, loan, _, _ in owing if loan not in notes]
    lines = listings_store.not_placed(tx, waiting) + [
        (listing, party, minor) for listing, loan, _, _ in owing for party, minor in notes.get(loan, {}).items()
    ]
    found: dict[str, dict[str, int]] = {}
    for listing, party, minor in lines:
        mine, borrower = found.setdefault(party, {}), borrower_of[listing]
        mine[borrower] = mine.get(borrower, 0) + minor
    return found


def _counted(
    tx: Tx, claims: Sequence[Claim], mandates: Mapping[str, Mandate], chosen: Mapping[str, Listing]
) -> list[Claim]:  # fmt: skip
    """Claims with what counts as held of the borrowers of a batch, where a lender has anything of them, or is one."""
    has = {
        (listing, party): minor
        for listing, party, minor in listings_store.not_placed(tx, [one.id for one in chosen.values()])
    }
    found = []
    for claim in claims:
        concerned = [one for party, one in chosen.items() if party in claim.holds or party == claim.party_id]
        terms = mandates[claim.mandate_id].terms
        counts = {
            one.party_id: rules.counted(claim, terms, one, has.get((one.id, claim.party_id), 0)) for one in concerned
        }
        found.append(replace(claim, holds={party: minor for party, minor in counts.items() if minor > 0}))
    return found


def free(tx: Tx, claims: Sequence[Claim]) -> dict[str, int]:
    """What is free in the wallets of lenders, in minor units, of those that are open."""
    paths = {wallet_path(each.party_id, tx.home, tx.home): each.party_id for each in claims}
    return {
        paths[path]: balance.available().minor
        for path, balance in ledger.balances_of(tx, list(paths)).items()
        if balance.closed_at is None
    }


@operation("market.fill", title=Words("Post fills of a batch", "撮合成交入账"), permission="market:clear", whose=STAFF)
def fill(tx: Tx, command: BatchStep) -> Stage:
    """Post what mandates are given, a piece of them: what was held of each is placed, and the rest of it is free again.

    What it gives to a listing that was given up meanwhile, or whose escrow was closed, stays. Refuses ``market.unknown_batch``.
    """
    batch = _locked(tx, command.batch_id)
    some = batches_store.held(tx, batch.id, batch.asked.currency, PIECE) if batch.state == "opened" else []
    if not some:
        return Stage(batch.id, 0, over=True)
    found = cleared_of(batches_store.document(tx, batch.id))
    sums: dict[str, int] = {}
    for each in some:
        for listing, notes in found.by_mandate.get(each.name, ()):
            sums[listing] = sums.get(listing, 0) + notes * found.published.note.minor
    stopped = listings_service.without_escrow(tx, list(listings_store.by_id(tx, list(sums)).values()))
    takes = listings_store.filled(tx, {each: minor for each, minor in sums.items() if each not in stopped})
    commands, fills, placed = list[Command](), list[Fill](), dict[str, int]()
    for each in some:
        given = [one for one in found.by_mandate.get(each.name, ()) if one[0] in takes]
        mine = rules.fills_of(each, given, found.published.note, lambda: tx.new_id("fill"), tx.business_date, tx.now)
        commands.append(rules.release_of(each, linked=bool(mine)))
        commands += rules.placing(each, mine, tx.home, tx.business_date)
        fills += mine
        placed[each.name] = sum(one.amount.minor for one in mine)
    ledger.must(tx, commands)
    listings_store.insert_fills(tx, fills)
    batches_store.placed(tx, batch.id, placed)
    return Stage(batch.id, len(some), over=len(some) < PIECE)


@operation(
    "market.finish_batch", title=Words("Finish a batch of the marketplace", "完成撮合批次"),
    permission="market:clear", whose=STAFF,
)  # fmt: skip
def finish(tx: Tx, command: BatchStep) -> MarketBatch:
    """Keep what a batch came to, once all of it is posted; again it answers the same.

    Refuses ``market.unknown_batch`` and ``market.batch_runs``.
    """
    batch = _locked(tx, command.batch_id)
    if batch.state == "done":
        return batch
    if batches_store.held(tx, batch.id, batch.asked.currency, 1):
        raise rules.STILL_CLEARING(batch_id=batch.id)
    found = cleared_of(batches_store.document(tx, batch.id))
    batches_store.done(
        tx, batch.id, found.published.money(found.cleared.notes).minor, answer.fills_digest(found.cleared),
        fairness(found.cleared),
    )  # fmt: skip
    listings_store.out_of_batch(tx, [each.id for each in found.published.batch.listings])
    return _known(tx, batch.id)


@operation(
    "market.place_listings", title=Words("Place funded loans", "满额标的成立"), permission="market:clear", whose=STAFF
)
def place_listings(tx: Tx, command: BatchStep) -> Stage:
    """Place loans that a batch filled, some at a time."""
    found = listings_store.filled_up(tx, tx.business_date, PLACED_AT_ONCE)
    for each in found:
        listings_service.settle_by_id(tx, each.id)
    return Stage(command.batch_id, len(found), over=len(found) < PLACED_AT_ONCE)


def run(kernel: Kernel, slot: str, *, actor: Actor = SYSTEM) -> MarketBatch | None:
    """Clear a batch from end to end, or go on with the one that is not done; none where nothing is listed."""
    opened: MarketBatch | None = kernel.run(open_batch, OpenBatch(slot), actor=actor)
    if opened is None or opened.state == "done":
        return opened
    cleared_of(kernel.read(lambda tx: batches_store.document(tx, opened.id)))  # before any transaction needs it
    step = BatchStep(opened.id)
    while not kernel.run(fill, step, actor=actor).over:
        pass
    done: MarketBatch = kernel.run(finish, step, actor=actor)
    while not kernel.run(place_listings, step, actor=actor).over:
        pass
    return done


def watch(kernel: Kernel) -> None:
    """Clear the batch of this slot of time, if there is anything to clear; go on with what is not done. Harmless to repeat."""
    slot = kernel.read(_due)
    if slot is not None:
        run(kernel, slot)


def _due(tx: Tx) -> str | None:
    left = batches_store.unfinished(tx)
    if left is not None:
        return left.id  # under whatever law: it holds money
    law = products.policy_in_force(tx).marketplace
    if law is None or law.listings is None:
        return None
    slot = rules.slot_of(tx.now, law.listings.every_minutes)
    known = batches_store.batch(tx, rules.batch_id(slot)) is not None
    return slot if not known and listings_store.still_open(tx, tx.business_date, "", 1) else None


@question("market.batches", permission=PUBLIC, whose=NOBODYS)
def batches(tx: Tx, before: Cursor = "", limit: PageSize = 50) -> list[MarketBatch]:
    """Batches, the latest first; continue with ``before`` the last id. Refuses ``market.unknown_batch``."""
    return batches_store.latest(tx, _known(tx, before) if before else None, limit)


@question("market.batch", permission=PUBLIC, whose=NOBODYS)
def batch(tx: Tx, batch_id: Id) -> MarketBatch:
    """One batch; refuses ``market.unknown_batch``."""
    return _known(tx, batch_id)


@question("market.batch_file", permission=PUBLIC, whose=NOBODYS)
def published_file(tx: Tx, batch_id: Id) -> dict[str, Any]:
    """What is published of a batch, as ``farthing clear`` takes it: anybody can find the same fills. Nobody is named in it.

    Refuses ``market.unknown_batch``.
    """
    document: dict[str, Any] = json.loads(batches_store.document(tx, _known(tx, batch_id).id))
    return document


@question("market.receipt", permission="market:read", whose=of("mandate_id", mandates_store.owner))
def receipt(tx: Tx, batch_id: Id, mandate_id: Id) -> Receipt:
    """What a mandate was given in a batch, and why it was not more.

    Refuses ``market.unknown_batch``, ``market.no_receipt``, ``market.batch_runs``.
    """
    about = _known(tx, batch_id)
    offered = batches_store.offered(tx, about.id, mandate_id, about.asked.currency)
    if offered is None:
        raise rules.NO_RECEIPT()
    if about.state != "done":
        raise rules.STILL_CLEARING(batch_id=about.id)
    return _receipt(tx, about, offered, cleared_of(batches_store.document(tx, about.id)))


@question("market.receipts", permission="market:read", whose=of("mandate_id", mandates_store.owner))
def receipts(tx: Tx, mandate_id: Id) -> list[MarketBatch]:
    """The batches in which a mandate offered money, the latest first."""
    found = batches_store.by_ids(tx, batches_store.batches_of(tx, mandate_id))
    return sorted(found, key=lambda each: (each.opened_at, each.id), reverse=True)


def _receipt(tx: Tx, about: MarketBatch, offered: Offered, found: Found) -> Receipt:
    said, money = found.receipts.of(offered.name), found.published.money
    placed = offered.placed or money(0)
    kept = {
        each.listing_id for each in listings_store.of_batch(tx, offered.party_id, about.id)
    }  # fmt: skip
    lines = tuple(
        ReceiptLine(each.listing, money(each.notes), annual, each.listing in kept)
        for each, annual in zip(said.fills, said.rates, strict=True)
    )
    return Receipt(
        about.id, about.digest, offered.name, offered.mandate_id, about.rule, offered.offered, placed, lines, said.fit, said.full,
        said.at_loan_limit, said.at_grade_limit,
    )  # fmt: skip


def _known(tx: Tx, batch_id: str) -> MarketBatch:
    found = batches_store.batch(tx, batch_id) if batch_id.isprintable() else None
    if found is None:
        raise rules.UNKNOWN_BATCH(batch_id=batch_id)
    return found


def _locked(tx: Tx, batch_id: str) -> MarketBatch:
    found = batches_store.locked(tx, batch_id) if batch_id.isprintable() else None
    if found is None:
        raise rules.UNKNOWN_BATCH(batch_id=batch_id)
    return found
