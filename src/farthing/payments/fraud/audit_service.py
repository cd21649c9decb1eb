"""Run the verification of payments that wait or waited: each met with what the books hold of it, and with what they posted."""

from __future__ import annotations

from dataclasses import dataclass

from farthing.db.tx import Tx
from farthing.kit.findings import Audit, Finding, compared
from farthing.ledger import service as ledger
from farthing.ledger.model import entry_id
from farthing.ledger.recent import service as recent
from farthing.payments import rules as wallets
from farthing.payments.fraud import rules, store
from farthing.payments.fraud.model import HeldPayment
from farthing.payments.model import Transfer

PAGE = 500
STANDS = {"held": "pending", "released": "settled", "refused": "released", "withdrawn": "released"}


@dataclass(frozen=True, slots=True)
class FraudAudit(Audit):
    """What a verification of what waits counted and found."""

    payments: int
    hits: int


def verify_fraud(tx: Tx) -> FraudAudit:
    """Meet every payment that waits or waited with its hold and its transfer, and with the rules that hit it."""
    found, counts, after = list[Finding](), [0, 0], ""
    while some := store.page(tx, after, PAGE):
        kept = {each.id: each for each in some}
        found += compared("held payment", list(kept), lambda ids, kept=kept: _books(tx, [kept[each] for each in ids]))  # type: ignore[misc]
        hits = store.hits(tx, list(kept))
        counts[0], counts[1] = counts[0] + len(kept), counts[1] + sum(map(len, hits.values()))
        found += [
            Finding("held payment", each.id, f"its score is {each.score}, and its rules come to {score}")
            for each in some
            if (score := sum(hit.weight for hit in hits.get(each.id, ()))) != each.score
        ]
        after = some[-1].id
    return FraudAudit(counts[0], counts[1], findings=tuple(found))


def _books(tx: Tx, payments: list[HeldPayment]) -> list[Finding]:
    found = []
    holds = recent.holds(tx, [rules.held_reference(each.id) for each in payments])
    posted = ledger.found_by_id(tx, [entry_id(wallets.transfer_reference(each.id)) for each in payments])
    for each in payments:
        command = Transfer(each.payer, each.payee, each.amount, each.memo, each.id)
        wanted = wallets.transfer_entry(each.id, command, tx.business_date, tx.home)
        stands, moved = holds.get(rules.held_reference(each.id)), posted.get(wanted.id)
        if stands != STANDS[each.state]:
            found.append(
                Finding("held payment", each.id, f"it is {each.state} and its hold is {stands or 'not there'}")
            )
        if (moved is not None) != (each.state == "released"):
            found.append(
                Finding(
                    "held payment",
                    each.id,
                    f"it is {each.state} and its transfer is {'there' if moved else 'not there'}",
                )
            )
        elif moved is not None and set(moved.entry.postings) != set(wanted.postings):
            found.append(Finding("held payment", each.id, "its transfer moved something else"))
    return found
