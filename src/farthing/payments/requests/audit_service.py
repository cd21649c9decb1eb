"""Run the verification of requests: what was paid is a transfer of the request's id, and nothing else is; bills come to their
whole. Never writes."""

from __future__ import annotations

from dataclasses import dataclass

from farthing.db.tx import Tx
from farthing.kit.findings import Audit, Finding, compared
from farthing.kit.money import total
from farthing.ledger import service as ledger
from farthing.ledger.model import JournalEntry
from farthing.payments import rules as wallets
from farthing.payments.model import Transfer
from farthing.payments.requests import store
from farthing.payments.requests.model import Request

PAGE = 500


@dataclass(frozen=True, slots=True)
class RequestAudit(Audit):
    """What a verification of requests counted and found."""

    requests: int
    bills: int


def verify_requests(tx: Tx) -> RequestAudit:
    """Meet every request with the books, and every bill with its parts."""
    found, counts = list[Finding](), [0, 0]
    after = ""
    while ids := store.page(tx, after, PAGE):
        found += compared("request", ids, lambda ids: _requests(tx, ids))
        counts[0], after = counts[0] + len(ids), ids[-1]
    after = ""
    while ids := store.bill_page(tx, after, PAGE):
        found += compared("bill", ids, lambda ids: _bills(tx, ids))
        counts[1], after = counts[1] + len(ids), ids[-1]
    return RequestAudit(counts[0], counts[1], findings=tuple(found))


def _requests(tx: Tx, ids: list[str]) -> list[Finding]:
    kept = store.find(tx, ids)
    expected = {each.id: _entry(tx, each) for each in kept.values()}
    posted = ledger.found_by_id(tx, [entry.id for entry in expected.values()])
    found = []
    for each in kept.values():
        there = posted.get(expected[each.id].id)
        if each.state != "paid" and there is not None:
            found.append(Finding("request", each.id, f"it is {each.state} and was paid"))
        elif each.state == "paid" and there is None:
            found.append(Finding("request", each.id, "it is paid and there is no transfer"))
        elif there is not None and set(there.entry.postings) != set(expected[each.id].postings):
            found.append(Finding("request", each.id, "its transfer moves something else"))
    return found


def _entry(tx: Tx, request: Request) -> JournalEntry:
    command = Transfer(request.payer, request.asker, request.amount, request.reason, request.payment_id)
    return wallets.transfer_entry(request.payment_id, command, tx.business_date, tx.home)


def _bills(tx: Tx, ids: list[str]) -> list[Finding]:
    bills, requests = store.bills(tx, ids), store.of_bills(tx, ids)
    return [
        Finding("bill", each.id, "its parts do not come to the whole")
        for each in bills.values()
        if total([part.amount for part in requests.get(each.id, [])], each.total.currency) + each.own != each.total
    ]
