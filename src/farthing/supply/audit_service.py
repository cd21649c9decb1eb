"""Run the verification of supply-chain finance, a page at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from farthing.db.tx import Tx
from farthing.kit.findings import Finding, compared
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.ledger.model import Posted, entry_id
from farthing.lending import service as lending
from farthing.lending.standing import Standing
from farthing.lending.standing_service import standings
from farthing.payments.wallets import wallet_path
from farthing.supply import audit_rules, store
from farthing.supply.audit_rules import Audit
from farthing.supply.invoices import store as invoices
from farthing.supply.model import EventTold, Receivable

PAGE = 200


def verify_supply(tx: Tx) -> Audit:
    """Compare invoices with credit notes and receivables, receivables with their pieces, events, loans and the books.

    ``tx`` should see one state throughout (``kernel.read(..., snapshot=True)``).
    """
    counts, found, after = [0, 0, 0], [], ""
    while ids := invoices.page(tx, after, PAGE):
        found += compared("invoice", ids, lambda some: _invoices(tx, some))
        counts[0], after = counts[0] + len(ids), ids[-1]
    after = ""
    while ids := store.page(tx, after, PAGE):
        pieces: list[int] = []
        found += compared("receivable", ids, lambda some, pieces=pieces: _receivables(tx, some, pieces))  # type: ignore[misc]
        counts[1], counts[2], after = counts[1] + len(ids), counts[2] + sum(pieces), ids[-1]
    return Audit(invoices=counts[0], receivables=counts[1], pieces=counts[2], findings=tuple(found))


def _invoices(tx: Tx, ids: list[str]) -> list[Finding]:
    page = list(invoices.find(tx, ids).values())
    files = [(key, kept, hashlib.sha256(content).hexdigest()) for key, kept, content in invoices.contents(tx, ids)]
    return [
        *audit_rules.invoices(page, invoices.credited(tx, ids), invoices.confirmed(tx, ids)), *audit_rules.files(files)
    ]  # fmt: skip


def _receivables(tx: Tx, ids: list[str], pieces: list[int]) -> list[Finding]:
    page = list(store.find(tx, ids).values())
    told = store.events(tx, [each.id for each in page])
    offers = {piece.about for each in page for piece in each.live if piece.state == "pledged"}
    asked = {event.about for each in page for event in told[each.id] if event.kind == "pledged"}
    loans = standings(tx, sorted(lending.loan_of_offer(each) for each in offers | asked))
    by_offer = {each: loans.get(lending.loan_of_offer(each)) for each in offers | asked}
    entries = {event.about for each in page for event in told[each.id] if event.kind == "paid"}
    by_id = ledger.found_by_id(tx, [entry_id(each) for each in sorted(entries)])
    posted = {each: by_id[entry_id(each)] for each in entries if entry_id(each) in by_id}
    pieces += [len(each.pieces) for each in page]
    found: list[Finding] = []
    for each in page:
        found += audit_rules.receivable(each, told[each.id], _taken(tx, each, told[each.id], posted), by_offer)
        found += _uncovered(each, told[each.id], by_offer)
    return found


def _taken(tx: Tx, each: Receivable, events: tuple[EventTold, ...], posted: dict[str, Posted]) -> dict[str, Money]:
    """What each entry of a payment took from the debtor's wallet."""
    path = wallet_path(each.debtor, each.amount.currency, tx.home)
    about = {event.about for event in events if event.kind == "paid" and event.about in posted}
    return {
        one: sum((line.amount for line in posted[one].entry.postings if line.account == path), start=each.amount * 0)
        for one in about
    }


def _uncovered(
    each: Receivable, events: tuple[EventTold, ...], by_offer: Mapping[str, Standing | None]
) -> list[Finding]:
    """A loan that was asked for against a piece and is not over has its piece pledged still."""
    asked = [(event.about, by_offer[event.about]) for event in events if event.kind == "pledged"]
    running = {lending.loan_of_offer(offer): offer for offer, loan in asked if loan is not None and loan.open}
    behind = {piece.about: str(piece.number) for piece in each.live if piece.state == "pledged"}
    return list(audit_rules.uncovered(running, behind))
