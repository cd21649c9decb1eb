"""Run the verification of what stands behind loans, a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import LiteralString

from farthing.credit.owing import service as owing
from farthing.db.tx import Tx
from farthing.kit.findings import Finding, compared
from farthing.ledger import service as ledger
from farthing.lending.backing import audit, store
from farthing.lending.backing.audit import Audit
from farthing.lending.standing import Standing
from farthing.lending.standing_service import standings

PAGE = 500
Compare = Callable[[Tx, list[str]], list[Finding]]


def verify(tx: Tx) -> Audit:
    """Compare guarantees, pledges and collateral with their loans, the register of what is owed and the books.

    ``tx`` should see one state throughout (``kernel.read(..., snapshot=True)``).
    """
    counted, found = [], []
    for what, statement, compare in (
        ("guarantee", store.GUARANTEE_IDS, _guarantees),
        ("pledge", store.PLEDGE_IDS, _pledges),
        ("collateral", store.COLLATERAL_IDS, _collateral),
    ):
        number, findings = _all(tx, what, statement, compare)
        counted.append(number)
        found += findings
    return Audit(guarantees=counted[0], pledges=counted[1], collateral=counted[2], findings=tuple(found))


def _all(tx: Tx, what: str, statement: LiteralString, compare: Compare) -> tuple[int, list[Finding]]:
    number, after, findings = 0, "", []
    while ids := store.ids(tx, statement, after, PAGE):
        findings += compared(what, ids, lambda some: compare(tx, some))
        number, after = number + len(ids), ids[-1]
    return number, findings


def _loans(tx: Tx, loan_ids: Sequence[str]) -> dict[str, Standing]:
    return standings(tx, sorted(set(loan_ids)))


def _guarantees(tx: Tx, ids: list[str]) -> list[Finding]:
    page = store.guarantees(tx, ids)
    loans = _loans(tx, [each.loan_id for each in page])
    return list(audit.guarantees(page, loans, owing.guarantees(tx, ids)))


def _pledges(tx: Tx, ids: list[str]) -> list[Finding]:
    page = store.pledges(tx, ids)
    places = sorted({each.place for each in page})
    held = {path: each.held_out for path, each in ledger.balances_of(tx, places).items()}
    return list(audit.pledges(page, _loans(tx, [each.loan_id for each in page]), store.at(tx, places), held))


def _collateral(tx: Tx, ids: list[str]) -> list[Finding]:
    page = store.collateral(tx, ids)
    return list(audit.collateral(page, _loans(tx, [each.loan_id for each in page])))
