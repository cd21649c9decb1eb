"""Decide what of a loan is a partner's: pure functions from notes and instalments to figures."""

from __future__ import annotations

from collections.abc import Sequence

from farthing.funding.papers.model import PartLine
from farthing.funding.shares import Note
from farthing.kit.errors import forbidden, not_found
from farthing.kit.money import Money
from farthing.lending.held import split
from farthing.lending.owed import StandingInstalment

NO_PART = not_found(
    "funding.no_part", "You have no part of a loan {loan_id} that was paid out.", "贵机构未参与已放款的贷款 {loan_id}。"
)
NOT_TAKEN = forbidden(
    "funding.contract_not_taken",
    "The contract names the borrower; take it first, which is written to the log and told to the borrower.",
    "合同载有借款人信息；请先办理调取，调取会记入日志并告知借款人。",
)


def place(notes: Sequence[Note], holder: str) -> int | None:
    """Which of the notes is the holder's, or none."""
    return next((at for at, note in enumerate(notes) if note.holder == holder), None)


def schedule(instalments: Sequence[StandingInstalment], notes: Sequence[Note], at: int) -> tuple[PartLine, ...]:
    """A holder's part of each instalment, so that all its parts of the principal together are what it lent."""
    weights, principal, interest = [note.principal.minor for note in notes], 0, 0
    lines = []
    for each in instalments:
        of_principal = split(weights, principal, each.principal.minor)[at]
        of_interest = split(weights, interest, each.interest.minor)[at]
        principal, interest = principal + each.principal.minor, interest + each.interest.minor
        money = (Money(of_principal, each.currency), Money(of_interest, each.currency))
        lines.append(PartLine(each.number, each.due_on, *money, each.settled))
    return tuple(lines)
