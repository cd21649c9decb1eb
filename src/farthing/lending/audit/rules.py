"""Decide whether a loan agrees with the register of what is owed and with the books. Pure; names what does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from farthing.credit.owing.model import Commitment
from farthing.kit import findings
from farthing.kit.findings import Finding
from farthing.kit.money import Money
from farthing.lending.entries import (
    collections_account,
    disbursed_account,
    interest_account,
    principal_account,
    sum_of,
)
from farthing.lending.flows import COMPONENTS, Flow, awaited
from farthing.lending.model import Loan

IN_REGISTER = {
    "accepted": "taken", "funded": "taken", "active": "drawn", "closed": "repaid", "cancelled": "withdrawn",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Audit(findings.Audit):
    """What a verification of loans saw."""

    loans: int
    commitments: int


def claims(loan: Loan, flows: Sequence[Flow]) -> dict[str, Money]:
    """What the accounts of a loan must hold: account -> balance, a debit positive.

    The own book's claims by its instalments; or, where others fund a part of it, what moved and is not shared out yet, which
    is nought once no flow waits.
    """
    if loan.disbursed_on is None:
        return {}
    if loan.shared:
        disbursed, collected = awaited(loan, flows)
        return {disbursed_account(loan): disbursed, collections_account(loan): -collected}
    accrued = sum_of(loan, (due.interest_accrued for due in loan.dues))
    paid = sum_of(loan, (due.interest_paid for due in loan.dues))
    return {principal_account(loan): loan.outstanding, interest_account(loan): accrued - paid}


def told(loan: Loan, flows: Sequence[Flow]) -> list[str]:
    """Where the flows of a loan do not say what its instalments say."""
    if loan.disbursed_on is None or not loan.shared:
        return ["tells flows, and nobody else funds it"] if flows else []

    def sums(kind: str, component: str) -> Money:
        return sum_of(loan, (getattr(flow, component) for flow in flows if flow.kind == kind))

    wanted = {("disbursed", "principal"): loan.principal}
    wanted["recognised", "interest"] = sum_of(loan, (due.interest_accrued for due in loan.dues))
    for component in COMPONENTS:
        paid = sum_of(loan, (getattr(due, f"{component}_paid") for due in loan.dues))
        wanted["repaid", component] = paid
    return [
        f"says {amount} of {component} {kind}, and its flows say {sums(kind, component)}"
        for (kind, component), amount in wanted.items()
        if sums(kind, component) != amount
    ]


def compare(loan: Loan, held: Commitment | None, flows: Sequence[Flow], books: Mapping[str, Money]) -> list[Finding]:
    """Everything that does not agree about one loan; ``books``: the balances of its accounts that are there."""
    found = told(loan, flows)
    if held is None:
        found.append("is not in the register of what is owed")
    else:
        owed = loan.outstanding if loan.state in ("accepted", "funded", "active") else loan.principal * 0
        if held.state != IN_REGISTER.get(loan.state):
            found.append(f"is {loan.state}, and {held.state} in the register of what is owed")
        if held.owed != owed or held.agreed != loan.principal:
            found.append(f"owes {owed} of {loan.principal}, and {held.owed} of {held.agreed} in the register")
    for path, amount in claims(loan, flows).items():
        if books.get(path, amount * 0) != amount:
            found.append(f"says {amount} for {path}, and the books say {books.get(path, amount * 0)}")
    return [Finding("loan", loan.id, problem) for problem in found]
