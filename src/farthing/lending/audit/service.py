"""Run the verification of loans: instalments, the register of what is owed, and the ledger say the same."""

from __future__ import annotations

from farthing.credit.owing import service as owing
from farthing.db.tx import Tx
from farthing.ledger import service as ledger
from farthing.lending import store
from farthing.lending.audit import rules
from farthing.lending.audit.rules import Audit, Finding

PAGE = 500


def verify(tx: Tx) -> Audit:
    """Compare every loan with the register and the books, a page at a time, and look for what has no loan.

    ``tx`` should see one state throughout (``kernel.read(..., snapshot=True)``).
    """
    findings: list[Finding] = []
    loans, after = 0, ""
    while page := store.all_loans(tx, after, PAGE):
        held = owing.of_loans(tx, [loan.id for loan in page])
        paths = [path for loan in page for path in rules.claims(loan)]
        books = {path: balance.balance for path, balance in ledger.balances_of(tx, paths).items()}
        for loan in page:
            findings += rules.compare(loan, held.get(loan.id), books)
        loans, after = loans + len(page), page[-1].id
    commitments, after = 0, ""
    while found := owing.page(tx, after, PAGE):
        known = store.known(tx, [each.id for each in found])
        findings += [
            Finding(each.id, "stands in the register, and there is no such loan")
            for each in found
            if each.id not in known
        ]
        commitments, after = commitments + len(found), found[-1].id
    return Audit(loans, commitments, tuple(findings))
