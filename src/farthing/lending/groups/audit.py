"""Decide whether what sheets say was collected is what the books have. Pure; names what does not agree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from farthing.kit import findings
from farthing.kit.findings import Finding
from farthing.kit.money import Money, total
from farthing.ledger.model import JournalEntry
from farthing.lending import entries as posted
from farthing.lending.groups.model import Group, Sheet, SheetLine
from farthing.lending.standing import Standing
from farthing.payments.tills import rules as cash_rules


@dataclass(frozen=True, slots=True)
class Audit(findings.Audit):
    """What a verification of groups saw."""

    groups: int
    sheets: int
    lines: int


def cash_reference(line: SheetLine) -> str:
    """The entry of a payer's cash."""
    return cash_rules.reference(line.cash_id)


def repayment_reference(line: SheetLine) -> str:
    """The entry of what a line repaid."""
    return posted.repayment_reference(line.loan_id, line.repayment_id)


def compare(
    group: Group, sheets: Sequence[Sheet], entries: Mapping[str, JournalEntry], loans: Mapping[str, Standing]
) -> Iterable[Finding]:
    """Every sheet is there once, comes to its total, and is in the books line by line."""
    numbers = sorted(each.number for each in sheets)
    if numbers != list(range(1, group.sheets + 1)):
        yield Finding("loan_group", group.id, f"counts {group.sheets} sheets, and has those of {numbers}")
    for sheet in sheets:
        name = f"{group.id} sheet {sheet.number}"
        come_to = total([each.amount for each in sheet.lines], sheet.total.currency)
        if come_to != sheet.total:
            yield Finding("loan_sheet", name, f"took {sheet.total}, and its lines come to {come_to}")
        yield from _cash(name, sheet, entries)
        yield from _repaid(name, sheet, entries, loans)


def _moved(entry: JournalEntry | None) -> int | None:
    """What an entry moves, the sum of its debits in minor units; none where there is no such entry."""
    return None if entry is None else sum(max(each.amount.minor, 0) for each in entry.postings)


def _cash(name: str, sheet: Sheet, entries: Mapping[str, JournalEntry]) -> Iterable[Finding]:
    brought: dict[str, Money] = {}
    for line in sheet.lines:
        reference = cash_reference(line)
        brought[reference] = brought.get(reference, line.amount * 0) + line.amount
    for reference, amount in brought.items():
        moved = _moved(entries.get(reference))
        if moved != amount.minor:
            yield Finding("loan_sheet", name, f"took {amount} as {reference}, and the books have {moved}")


def _repaid(
    name: str, sheet: Sheet, entries: Mapping[str, JournalEntry], loans: Mapping[str, Standing]
) -> Iterable[Finding]:
    for line in sheet.lines:
        loan = loans.get(line.loan_id)
        if loan is None or loan.party_id != line.borrower_id:
            yield Finding("loan_sheet", name, f"repaid {line.loan_id} for {line.borrower_id}, whose loan it is not")
        moved = _moved(entries.get(repayment_reference(line)))
        if moved != line.amount.minor:
            yield Finding("loan_sheet", name, f"repaid {line.amount} of {line.loan_id}, and the books have {moved}")
