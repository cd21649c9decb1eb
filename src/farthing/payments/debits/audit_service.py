"""Run the verification of debits: each met with the books, and none beyond the limits it was drawn under. Never writes."""

from __future__ import annotations

from dataclasses import dataclass

from farthing.db.tx import Tx
from farthing.kit.findings import Audit, Finding
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.payments import rules as wallets
from farthing.payments.debits import rules, store
from farthing.payments.debits.model import Debit, Mandate
from farthing.payments.model import Transfer

PAGE = 500


@dataclass(frozen=True, slots=True)
class DebitAudit(Audit):
    """What a verification of mandates counted and found."""

    mandates: int
    debits: int


def verify_debits(tx: Tx) -> DebitAudit:
    """Meet every debit with its transfer, what came back with its entry, and what creditors owe with its account."""
    found, counts, after = list[Finding](), [0, 0], ""
    while mandates := store.page(tx, after, PAGE):
        debits = store.debits_of(tx, [each.id for each in mandates])
        counts[0] += len(mandates)
        counts[1] += sum(map(len, debits.values()))
        for each in mandates:
            numbers = sorted(debit.number for debit in debits.get(each.id, []))
            if numbers != list(range(1, each.debits + 1)):
                found.append(
                    Finding("mandate", each.id, f"{len(numbers)} debits are told and {each.debits} were announced")
                )
        found += _books(tx, mandates, debits)
        after = mandates[-1].id
    found += [Finding("debit", debit, "it was drawn beyond the payer's limits") for _, debit in store.beyond(tx)]
    there = ledger.balances_of(tx, [rules.OWED]).get(rules.OWED)
    for currency, minor in (store.owed(tx) or {tx.home: 0}).items():
        held = there.owed().minor if there is not None and there.currency == currency else 0
        if held != minor:
            found.append(
                Finding("debits", currency, f"creditors owe {minor} minor units, and {rules.OWED} holds {held}")
            )
    return DebitAudit(counts[0], counts[1], findings=tuple(found))


def _books(tx: Tx, mandates: list[Mandate], debits: dict[str, list[Debit]]) -> list[Finding]:
    pairs = [(mandate, debit) for mandate in mandates for debit in debits.get(mandate.id, [])]
    drawn = {
        debit.id: wallets.transfer_entry(
            debit.id,
            Transfer(mandate.payer, mandate.creditor, debit.amount, debit.memo, debit.id),
            tx.business_date,
            tx.home,
        )
        for mandate, debit in pairs
    }
    back = {}
    for mandate, debit in pairs:
        covered = debit.amount - (debit.owed or Money.zero(debit.amount.currency))
        back[debit.id] = rules.back_entry(debit, mandate, covered, tx.business_date, tx.home)
    posted = ledger.found_by_id(tx, [each.id for entries in (drawn, back) for each in entries.values()])
    found = []
    for _, debit in pairs:
        for what, entry, wanted in (
            ("transfer", drawn[debit.id], debit.state in ("drawn", "refunded")),
            ("entry back", back[debit.id], debit.state == "refunded"),
        ):
            there = posted.get(entry.id)
            if (there is not None) != wanted:
                found.append(
                    Finding(
                        "debit", debit.id, f"it is {debit.state}, and its {what} is {'there' if there else 'not there'}"
                    )
                )
            elif there is not None and set(there.entry.postings) != set(entry.postings):
                found.append(Finding("debit", debit.id, f"its {what} moves something else"))
    return found
