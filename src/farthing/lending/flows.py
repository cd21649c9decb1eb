"""Own ``Flow``: what moved on a loan that others fund, told upwards once. Pure; lending knows no funder.

Lending pays out of, and collects into, two accounts of the loan and writes what it was for. Whoever holds the loan shares it
out later, by the operation that :data:`SHARE_OUT` names, in a job that was enqueued in the same transaction.
Decision 0037. Table: ``loan_flow``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from farthing.kit.money import Money, total
from farthing.lending.entries import Recognised
from farthing.lending.lives.loan import Split
from farthing.lending.model import Line, Loan
from farthing.lending.owed import Component

SHARE_OUT = "funding.distribute"
"""The operation that shares a loan's flows out: a job is a name and a command, and this is all that lending knows of it."""

COMPONENTS: tuple[Component, ...] = ("principal", "interest", "penalty", "fee")
Kind = Literal["disbursed", "recognised", "repaid", "given_up", "recovered"]


@dataclass(frozen=True, slots=True)
class Flow:
    """What moved on a loan on a day, by component. ``about``: the number of the instalment whose interest fell due, or the
    event. Interest that was forgiven is recognised less. ``number`` counts the loan's flows in their order, nought before it is
    kept; ``waits`` to be shared out."""

    loan_id: str
    kind: Kind
    about: str
    on: date
    principal: Money
    interest: Money
    penalty: Money
    fee: Money
    number: int = 0
    waits: bool = True

    @property
    def amount(self) -> Money:
        """All of it."""
        return self.principal + self.interest + self.penalty + self.fee


def disbursed(loan: Loan, on: date) -> tuple[Flow, ...]:
    """The principal was paid out; nothing to tell where the own book holds all of it."""
    return _flow(loan, "disbursed", "", on, principal=loan.principal)


def recognised(loan: Loan, found: Iterable[Recognised]) -> tuple[Flow, ...]:
    """Interest of instalments fell due, or was paid before it did."""
    return tuple(
        flow for each in found for flow in _flow(loan, "recognised", each.name, each.on, interest=each.interest)
    )


def repaid(loan: Loan, lines: Sequence[Line], repayment_id: str, on: date) -> tuple[Flow, ...]:
    """A repayment was received, of these components."""
    if not loan.shared:
        return ()
    currency = loan.principal.currency

    def of(component: str) -> Money:
        return total([line.amount for line in lines if line.component == component], currency)

    return _flow(loan, "repaid", repayment_id, on, **{name: of(name) for name in COMPONENTS})


def of_splits(loan: Loan, splits: Iterable[Split]) -> tuple[Flow, ...]:
    """What a fact of today did to the claims of whoever holds the loan: paid, given up, or recovered."""
    found: list[Flow] = []
    currency = loan.principal.currency
    for split in splits:
        kind, parts = split.event.do, {str(name): Money(getattr(split, name), currency) for name in COMPONENTS}
        of, on = split.event.name or kind, split.event.on
        if kind in ("charge_off", "write_off"):
            earned = Money(split.earned, currency)
            found += _flow(loan, "given_up", of, on, principal=parts["principal"], interest=earned)
        elif kind == "recover":
            found += _flow(loan, "recovered", of, on, principal=Money(split.lost, currency))
        elif kind in _PAYS and any(parts.values()):
            found += _flow(loan, "repaid", of, on, **parts)
    return tuple(found)


_PAYS = ("repay", "pay_off", "goodwill_credit", "use_credit")


def _flow(loan: Loan, kind: Kind, about: str, on: date, **parts: Money) -> tuple[Flow, ...]:
    if not loan.shared:
        return ()
    nothing = Money.zero(loan.principal.currency)
    principal, interest, penalty, fee = (parts.get(name, nothing) for name in COMPONENTS)
    return (Flow(loan.id, kind, about, on, principal, interest, penalty, fee),)


def awaited(loan: Loan, flows: Iterable[Flow]) -> tuple[Money, Money]:
    """What was paid out, and what was collected, that waits to be shared out: it stands on the loan's two accounts."""
    waiting = [flow for flow in flows if flow.waits]
    currency = loan.principal.currency
    return (
        total([flow.amount for flow in waiting if flow.kind == "disbursed"], currency),
        total([flow.amount for flow in waiting if flow.kind in ("repaid", "recovered")], currency),
    )


def flow_of(row: Mapping[str, Any]) -> Flow:
    """A flow of its row."""

    def money(name: str) -> Money:
        return Money(row[f"{name}_minor"], row["currency"])

    return Flow(
        row["loan_id"], row["kind"], row["about"], row["on_day"], money("principal"), money("interest"), money("penalty"),
        money("fee"), row["number"], row["waits"],
    )  # fmt: skip
