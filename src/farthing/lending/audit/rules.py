"""Decide whether a loan agrees with its events, with the register of what is owed and with the books. Pure; names what does
not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from farthing.credit.owing.model import Commitment
from farthing.kit import findings
from farthing.kit.findings import Finding
from farthing.kit.money import Money
from farthing.lending.entries import (
    charged,
    collections_account,
    disbursed_account,
    interest_account,
    owed_back_account,
    placed_account,
    principal_account,
    sum_of,
    topped_up_account,
)
from farthing.lending.flows import COMPONENTS, Flow, awaited, of_splits
from farthing.lending.life import Life, agreement, bring_to, by_key, closed_by, moves, stands, view
from farthing.lending.lives import loan as lives
from farthing.lending.model import Loan
from farthing.lending.owed import Obligation

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

    The own book's claims by its instalments, and none of a loan that was given up; or, where others fund a part of it, what
    moved and is not shared out yet, which is nought once no flow waits. And what is owed back.
    """
    if loan.disbursed_on is None:
        return {}
    back = {owed_back_account(loan): -loan.owed_back} if loan.owed_back is not None else {}
    if loan.replaces is not None:
        back[topped_up_account(loan.id)] = loan.principal * 0
    if loan.shared:
        disbursed, collected = awaited(loan, flows)
        nothing = loan.principal * 0
        placed = charged(loan).get(placed_account(loan), nothing) if disbursed else nothing
        return {
            disbursed_account(loan): disbursed - placed, placed_account(loan): placed,
            collections_account(loan): -collected, **back,
        }  # fmt: skip
    if loan.given_up_on is not None:
        return {principal_account(loan): loan.principal * 0, interest_account(loan): loan.principal * 0, **back}
    earned = sum_of(loan, (each.of("interest", "recognised") for each in loan.instalments))
    gone = sum_of(loan, (each.of("interest", "paid") + each.of("interest", "written_off") for each in loan.instalments))
    return {principal_account(loan): loan.outstanding, interest_account(loan): earned - gone, **back}


def replayed(life: Life) -> list[str]:
    """Where a loan's obligations, or what its events are said to have come to, are not what the fold of its events says."""
    loan, on = life.loan, life.as_of_on
    if loan.disbursed_on is None:
        return ["has events, and was not paid out"] if life.events else []
    if on is None or not life.events:
        return ["does not say of which day it tells" if on is None else "was paid out, and has no event"]
    found, state = [], lives.Loan(agreement(life))
    for number, event in enumerate(life.events, start=1):
        state = bring_to(life, state, number - 1, number - 1, event.told_on)
        then = view(life, state, event.told_on)
        state = bring_to(life, state, number - 1, number, event.told_on)
        now = view(life, state, event.told_on)
        came = moves(then, now) if number > 1 else ()
        if (came, now.outstanding, closed_by(state)) != (event.moves, event.outstanding, event.loan_state):
            found.append(
                f"has event {number}, {event.kind} of {event.on}, which comes to something else when it is replayed"
            )
    told = len(life.events)
    state = bring_to(life, state, told, told, on) if on >= life.events[-1].told_on else stands(life, on)
    if loan.state != closed_by(state):
        found.append(f"is {loan.state}, and {closed_by(state)} by its events")
    paid_out, over = life.events[0].on, None
    for each in life.events:  # a charge that was taken back made it be open until what was paid of it was given back
        over = (over or each.told_on) if each.loan_state == "closed" else None
    if loan.disbursed_on != paid_out:
        found.append(f"says that it was paid out on {loan.disbursed_on}, and its events say on {paid_out}")
    if loan.closed_on != over:
        found.append(f"says that it was over on {loan.closed_on}, and its events say on {over}")
    return found + _differ(loan, view(life, state, on))


def _differ(loan: Loan, wanted: Loan) -> list[str]:
    was, now = by_key(loan.instalments), by_key(wanted.instalments)
    found = []
    if loan.given_up_on != wanted.given_up_on:
        found.append(f"was given up on {loan.given_up_on}, and by its events on {wanted.given_up_on}")
    if loan.owed_back != wanted.owed_back:
        found.append(f"is owed back {loan.owed_back}, and {wanted.owed_back} by its events")
    return found + [
        f"says {_shown(was.get(key))} for {key[1]} of instalment {key[0]}, and its events say {_shown(now.get(key))}"
        for key in sorted({*was, *now})
        if was.get(key) != now.get(key) and (key in now or was[key][1].amount)
    ]


def _shown(one: tuple[date, Obligation] | None) -> str:
    if one is None:
        return "nothing"
    on, each = one
    return f"{each.amount} due on {on}, {each.paid} paid, {each.waived} waived, {each.recognised} earned"


def told(life: Life, flows: Sequence[Flow]) -> list[str]:
    """Where the flows of a loan do not say what its instalments, and its events, say."""
    loan = life.loan
    if loan.disbursed_on is None or not loan.shared:
        return ["tells flows, and nobody else funds it"] if flows else []

    def sums(kind: str, component: str) -> Money:
        return sum_of(loan, (getattr(flow, component) for flow in flows if flow.kind == kind))

    wanted = {("disbursed", "principal"): loan.principal}
    wanted["recognised", "interest"] = sum_of(loan, (each.of("interest", "recognised") for each in loan.instalments))
    for component in COMPONENTS:
        wanted["repaid", component] = sum_of(loan, (each.of(component, "paid") for each in loan.instalments))
    acted = of_splits(loan, stands(life, life.as_of_on or loan.disbursed_on).splits)
    for kind in ("given_up", "recovered"):
        wanted[kind, "principal"] = sum_of(loan, (flow.principal for flow in acted if flow.kind == kind))
    return [
        f"says {amount} of {component} {kind}, and its flows say {sums(kind, component)}"
        for (kind, component), amount in wanted.items()
        if sums(kind, component) != amount
    ]


def compare(life: Life, held: Commitment | None, flows: Sequence[Flow], books: Mapping[str, Money]) -> list[Finding]:
    """Everything that does not agree about one loan; ``books``: the balances of its accounts that are there."""
    loan = life.loan
    found = [*replayed(life), *told(life, flows)]
    if held is None:
        found.append("is not in the register of what is owed")
    else:
        owed = loan.principal * 0 if loan.state in ("closed", "cancelled") else loan.outstanding + loan.to_draw
        wanted = "written_off" if loan.written_off and loan.state == "closed" else IN_REGISTER.get(loan.state)
        if held.state != wanted:
            found.append(f"is {loan.state}, and {held.state} in the register of what is owed")
        if held.owed != owed or held.agreed != loan.agreed:
            found.append(f"owes {owed} of {loan.agreed}, and {held.owed} of {held.agreed} in the register")
    for path, amount in claims(loan, flows).items():
        if books.get(path, amount * 0) != amount:
            found.append(f"says {amount} for {path}, and the books say {books.get(path, amount * 0)}")
    return [Finding("loan", loan.id, problem) for problem in found]
