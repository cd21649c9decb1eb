"""Run the verification of payments that go later: each met with the transfer of its id, both ways, and with what is held. Never
writes."""

from __future__ import annotations

from dataclasses import dataclass

from farthing.db.tx import Tx
from farthing.kit.findings import Audit, Finding
from farthing.ledger import service as ledger
from farthing.payments import rules as wallets
from farthing.payments.delayed import store
from farthing.payments.delayed.model import Delayed
from farthing.payments.model import Transfer

PAGE = 500


@dataclass(frozen=True, slots=True)
class DelayedAudit(Audit):
    """What a verification of payments that go later counted and found."""

    payments: int


def verify_delayed(tx: Tx) -> DelayedAudit:
    """Meet every payment with the books."""
    found, seen, after = list[Finding](), 0, ""
    while page := store.page(tx, after, PAGE):
        seen += len(page)
        found += _books(tx, page)
        after = page[-1].id
    return DelayedAudit(seen, findings=tuple(found))


def _books(tx: Tx, page: list[Delayed]) -> list[Finding]:
    entries = {
        each.id: wallets.transfer_entry(
            each.id, Transfer(each.payer, each.payee, each.amount, each.memo, each.id), tx.business_date, tx.home
        )
        for each in page
    }
    posted = ledger.found_by_id(tx, [each.id for each in entries.values()])
    found = []
    for each in page:
        there = posted.get(entries[each.id].id)
        if (there is not None) != (each.state == "gone"):
            stands = "there" if there is not None else "not there"
            found.append(Finding("delayed payment", each.id, f"it is {each.state}, and its transfer is {stands}"))
        elif there is not None and set(there.entry.postings) != set(entries[each.id].postings):
            found.append(Finding("delayed payment", each.id, "it moved something else"))
    return found
