"""Run the verification of groups: what each sheet took and repaid is in the books."""

from __future__ import annotations

from collections.abc import Sequence

from farthing.db.tx import Tx
from farthing.kit.errors import UNREADABLE
from farthing.kit.findings import Finding
from farthing.ledger.model import entry_id
from farthing.ledger.reading import service as reading
from farthing.lending.groups import audit, store
from farthing.lending.groups.audit import Audit
from farthing.lending.groups.model import Group, Sheet
from farthing.lending.standing_service import standings
from farthing.payments.tills.rules import CASH_IN

GROUPS, SHEETS = 100, 100
REPAYMENT = "repayment"


def verify(tx: Tx) -> Audit:
    """Compare every sheet of every group with the books, some at a time.

    ``tx`` should see one state throughout (``kernel.read(..., snapshot=True)``).
    """
    findings: list[Finding] = []
    groups = sheets = lines = 0
    after = ""
    while page := store.groups(tx, after, GROUPS):
        for group in page:
            found, seen, bad = _one(tx, group)
            groups, sheets, lines = groups + 1, sheets + found, lines + seen
            findings += bad
        after = page[-1].id
    return Audit(groups=groups, sheets=sheets, lines=lines, findings=tuple(findings))


def _one(tx: Tx, group: Group) -> tuple[int, int, list[Finding]]:
    """The sheets and lines of a group, and what is wrong with them; one that cannot be read hides no other group."""
    try:
        sheets = _sheets(tx, group)
        told = [line for sheet in sheets for line in sheet.lines]
        references = {audit.cash_reference(line) for line in told} | {audit.repayment_reference(line) for line in told}
        posted = reading.of_kinds(tx, [entry_id(each) for each in sorted(references)], (CASH_IN, REPAYMENT))
        entries = {each.entry.reference: each.entry for each in posted}
        loans = standings(tx, sorted({line.loan_id for line in told}))
        return len(sheets), len(told), list(audit.compare(group, sheets, entries, loans))
    except UNREADABLE as problem:
        return 0, 0, [Finding("loan_group", group.id, f"cannot be read: {problem!r}")]


def _sheets(tx: Tx, group: Group) -> Sequence[Sheet]:
    found: list[Sheet] = []
    below = MOST
    while page := store.sheets(tx, group.id, below, SHEETS):
        found += page
        below = page[-1].number - 1
    return found


MOST = 2**31 - 1
"""No sheet has a higher number."""
