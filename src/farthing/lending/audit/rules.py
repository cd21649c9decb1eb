"""Decide whether a loan agrees with the register of what is owed and with the books. Pure; names what does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from farthing.credit.owing.model import Commitment
from farthing.kit import findings
from farthing.kit.findings import Finding
from farthing.kit.money import Money
from farthing.lending.entries import interest_account, own_part, principal_account, sum_of
from farthing.lending.model import OWN_BOOK, Loan

IN_REGISTER = {
    "accepted": "taken", "funded": "taken", "active": "drawn", "closed": "repaid", "cancelled": "withdrawn",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Audit(findings.Audit):
    """What a verification of loans saw."""

    loans: int
    commitments: int


def claims(loan: Loan) -> dict[str, Money]:
    """What the own book's accounts of a loan must hold by its instalments: account -> balance."""
    nothing = Money.zero(loan.principal.currency)
    if loan.disbursed_on is None:
        return {}
    repaid = sum_of(loan, (due.principal_paid for due in loan.dues))
    accrued = sum_of(loan, (due.interest_accrued for due in loan.dues))
    paid = sum_of(loan, (due.interest_paid for due in loan.dues))
    own = sum_of(loan, (holder.share for holder in loan.holders if holder.name == OWN_BOOK))
    return {
        principal_account(loan): own - own_part(loan, nothing, repaid),
        interest_account(loan): own_part(loan, nothing, accrued) - own_part(loan, nothing, paid),
    }


def compare(loan: Loan, held: Commitment | None, books: Mapping[str, Money]) -> list[Finding]:
    """Everything that does not agree about one loan; ``books``: the balances of its accounts that are there."""
    found = []
    if held is None:
        found.append("is not in the register of what is owed")
    else:
        owed = loan.outstanding if loan.state in ("accepted", "funded", "active") else loan.principal * 0
        if held.state != IN_REGISTER.get(loan.state):
            found.append(f"is {loan.state}, and {held.state} in the register of what is owed")
        if held.owed != owed or held.agreed != loan.principal:
            found.append(f"owes {owed} of {loan.principal}, and {held.owed} of {held.agreed} in the register")
    for path, amount in claims(loan).items():
        if books.get(path, amount * 0) != amount:
            found.append(f"says {amount} for {path}, and the books say {books.get(path, amount * 0)}")
    return [Finding("loan", loan.id, problem) for problem in found]
