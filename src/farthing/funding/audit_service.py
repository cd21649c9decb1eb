"""Run the verification of notes: who holds a loan, what was shared out of it, and the ledger say the same."""

from __future__ import annotations

from farthing.db.tx import Tx
from farthing.funding import audit_rules as rules
from farthing.funding import notes_store
from farthing.funding.audit_rules import Audit
from farthing.kit.findings import Finding, compared
from farthing.ledger import service as ledger
from farthing.lending import books_service as lending

PAGE = 500


def verify(tx: Tx) -> Audit:
    """Compare the notes of every loan that others fund with its flows and the books, a page at a time.

    ``tx`` should see one state throughout (``kernel.read(..., snapshot=True)``).
    """
    findings: list[Finding] = []
    counts: list[int] = []
    loans, after = 0, ""
    while ids := lending.told(tx, after, PAGE):
        findings += compared("note", ids, lambda some: _compared(tx, some, counts))
        loans, after = loans + len(ids), ids[-1]
    return Audit(loans, sum(counts), findings=tuple(findings))


def _compared(tx: Tx, ids: list[str], counts: list[int]) -> list[Finding]:
    """What is wrong with the notes of these loans; how many there are is counted where all of them were read."""
    notes = notes_store.of_loans(tx, ids)
    page = [(loan, notes.get(loan.id, []), flows) for loan, flows in lending.with_flows(tx, ids)]
    paths = [path for each in page for path in rules.claims(*each)]
    books = {path: balance.balance for path, balance in ledger.balances_of(tx, paths).items()}
    found = [finding for each in page for finding in rules.compare(*each, books)]
    counts.append(sum(map(len, notes.values())))
    return found
