"""Decide whether a loan's notes agree with what was shared out of it and with the books. Pure; names what does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from farthing.funding.shares import Note, in_force, own_claims
from farthing.kit import findings
from farthing.kit.findings import Finding
from farthing.kit.money import Money
from farthing.lending.entries import interest_account, principal_account
from farthing.lending.flows import Flow
from farthing.lending.model import Loan


@dataclass(frozen=True, slots=True)
class Audit(findings.Audit):
    """What a verification of notes saw."""

    loans: int
    notes: int


def claims(loan: Loan, notes: Sequence[Note], flows: Sequence[Flow]) -> dict[str, Money]:
    """What the own book's accounts of a shared loan must hold: its note less its part of what was shared out."""
    shared = [flow for flow in flows if not flow.waits]
    if not any(flow.kind == "disbursed" for flow in shared):
        return {}
    principal, interest = own_claims(in_force(notes, date.max), shared)
    currency = loan.principal.currency
    return {principal_account(loan): Money(principal, currency), interest_account(loan): Money(interest, currency)}


def compare(loan: Loan, notes: Sequence[Note], flows: Sequence[Flow], books: Mapping[str, Money]) -> list[Finding]:
    """Everything that does not agree about the notes of one loan; ``books``: the balances of its accounts that are there."""
    found = []
    if begun := sorted({note.from_on for note in notes}):
        for on in begun:
            claimed = sum(note.principal.minor for note in notes if note.from_on == on)
            repaid = sum(flow.principal.minor for flow in flows if flow.kind == "repaid" and flow.on < on)
            if claimed != loan.principal.minor - repaid:
                left = Money(loan.principal.minor - repaid, loan.principal.currency)
                found.append(f"has notes of {Money(claimed, left.currency)} from {on} on, and {left} was owed then")
    for path, amount in claims(loan, notes, flows).items():
        if books.get(path, amount * 0) != amount:
            found.append(f"has notes that say {amount} for {path}, and the books say {books.get(path, amount * 0)}")
    return [Finding("note", loan.id, problem) for problem in found]
