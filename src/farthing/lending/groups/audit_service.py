"""Run the verification of groups: what each sheet took and repaid is in the books."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from farthing.db.tx import Tx
from farthing.kit.findings import Finding, compared
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
    counts: list[tuple[int, int]] = []
    groups, after = 0, ""
    while page := store.groups(tx, after, GROUPS):
        for group in page:
            findings += compared("loan_group", [group.id], partial(_compared, tx, group, counts))
        groups, after = groups + len(page), page[-1].id
    return Audit(
        groups=groups, sheets=sum(each for each, _ in counts), lines=sum(each for _, each in counts), findings=tuple(findings)
    )  # fmt: skip


def _compared(tx: Tx, group: Group, counts: list[tuple[int, int]], _: list[str]) -> list[Finding]:
    """What is wrong with the sheets of a group; how many there are and their lines is counted where all of them were read."""
    sheets = _sheets(tx, group)
    told = [line for sheet in sheets for line in sheet.lines]
    references = {audit.cash_reference(line) for line in told} | {audit.repayment_reference(line) for line in told}
    posted = reading.of_kinds(tx, [entry_id(each) for each in sorted(references)], (CASH_IN, REPAYMENT))
    entries = {each.entry.reference: each.entry for each in posted}
    loans = standings(tx, sorted({line.loan_id for line in told}))
    found = list(audit.compare(group, sheets, entries, loans))
    counts.append((len(sheets), len(told)))
    return found


def _sheets(tx: Tx, group: Group) -> Sequence[Sheet]:
    found: list[Sheet] = []
    below = MOST
    while page := store.sheets(tx, group.id, below, SHEETS):
        found += page
        below = page[-1].number - 1
    return found


MOST = 2**31 - 1
"""No sheet has a higher number."""
