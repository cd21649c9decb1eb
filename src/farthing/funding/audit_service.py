"""Run the verification of notes: who holds a loan, what was shared out of it, and the ledger say the same."""

from __future__ import annotations

from farthing.db.tx import Tx
from farthing.funding import audit_rules as rules
from farthing.funding import notes_store
from farthing.funding.audit_rules import Audit
from farthing.kit.errors import UNREADABLE
from farthing.kit.findings import Finding
from farthing.ledger import service as ledger
from farthing.lending import books_service as lending

PAGE = 500


def verify(tx: Tx) -> Audit:
    """Compare the notes of every loan that others fund with its flows and the books, a page at a time.

    ``tx`` should see one state throughout (``kernel.read(..., snapshot=True)``).
    """
    findings: list[Finding] = []
    loans, notes, after = 0, 0, ""
    while ids := lending.told(tx, after, PAGE):
        held, found = _compared(tx, ids)
        loans, notes, after = loans + len(ids), notes + held, ids[-1]
        findings += found
    return Audit(loans, notes, findings=tuple(findings))


def _compared(tx: Tx, ids: list[str]) -> tuple[int, list[Finding]]:
    """How many notes these loans have, and what is wrong with them; one that cannot be read hides no other."""
    try:
        notes = notes_store.of_loans(tx, ids)
        page = [(loan, notes.get(loan.id, []), flows) for loan, flows in lending.with_flows(tx, ids)]
        paths = [path for each in page for path in rules.claims(*each)]
        books = {path: balance.balance for path, balance in ledger.balances_of(tx, paths).items()}
        return sum(map(len, notes.values())), [found for each in page for found in rules.compare(*each, books)]
    except UNREADABLE as problem:
        if len(ids) == 1:
            return 0, [Finding("note", ids[0], f"cannot be read: {problem!r}")]
        pieces = [_compared(tx, [each]) for each in ids]
        return sum(count for count, _ in pieces), [finding for _, found in pieces for finding in found]
