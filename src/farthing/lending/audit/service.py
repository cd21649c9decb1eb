"""Run the verification of loans: their events, obligations, the register of what is owed, and the ledger say the same."""

from __future__ import annotations

from farthing.credit.owing import service as owing
from farthing.db.tx import Tx
from farthing.kit.findings import Finding, compared
from farthing.ledger import service as ledger
from farthing.lending import flows_store, store
from farthing.lending.audit import rules
from farthing.lending.audit.rules import Audit

PAGE = 500


def verify(tx: Tx) -> Audit:
    """Compare every loan with the register and the books, a page at a time, and look for what has no loan.

    ``tx`` should see one state throughout (``kernel.read(..., snapshot=True)``).
    """
    findings: list[Finding] = []
    loans, after = 0, ""
    while ids := store.loan_ids(tx, after, PAGE):
        findings += compared("loan", ids, lambda some: _compared(tx, some))
        loans, after = loans + len(ids), ids[-1]
    commitments, after = 0, ""
    while found := owing.ids(tx, after, PAGE):
        known = store.known(tx, found)
        findings += [
            Finding("loan", each, "stands in the register, and there is no such loan")
            for each in found
            if each not in known
        ]
        commitments, after = commitments + len(found), found[-1]
    return Audit(loans, commitments, findings=tuple(findings))


def _compared(tx: Tx, ids: list[str]) -> list[Finding]:
    page = store.lives_of(tx, ids)
    held = owing.of_loans(tx, ids)
    flows = flows_store.of_loans(tx, ids)
    paths = [path for life in page for path in rules.claims(life.loan, flows.get(life.loan.id, []))]
    books = {path: balance.balance for path, balance in ledger.balances_of(tx, paths).items()}
    return [
        finding
        for life in page
        for finding in rules.compare(life, held.get(life.loan.id), flows.get(life.loan.id, []), books)
    ]
