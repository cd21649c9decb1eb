"""Decide about loans: pure functions from a loan, a command and a day to entries and new instalments.

A loan is :func:`prepared` for a day once, at the top of an operation: interest that fell due is recognised and the penalty
is counted. What is due, what settles the loan and where money goes are then read from the prepared loan; none counts again.

Order of checks in each rule is the order in which refusals are given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from farthing.kit.errors import InvariantBroken
from farthing.kit.money import Money, positive, total
from farthing.kit.rates import round_fraction
from farthing.ledger.model import JournalEntry
from farthing.lending import entries, flows
from farthing.lending.entries import sum_of
from farthing.lending.flows import Flow
from farthing.lending.model import (
    OWN_BOOK,
    Apply,
    Due,
    Holder,
    Line,
    Loan,
    LoanCommand,
    Offer,
    Repay,
    Repayment,
    Settlement,
)
from farthing.lending.refusals import (
    AGE_OUTSIDE,
    CONTRACT_DAY_PASSED,
    LENDER_UNNAMED,
    MORE_THAN_DUE,
    NOTHING_DUE,
    OFFER_CHANGED,
    OFFER_EXPIRED,
    OUT_OF_PRODUCT,
    PARTY_KIND,
    SHARES_WRONG,
    WRONG_STATE,
)
from farthing.lending.schedule import Instalment
from farthing.parties.model import Party
from farthing.parties.rules import age_years, require_level
from farthing.products.model import LoanTerms

STATES_ZH = {"accepted": "已接受", "funded": "待签署", "active": "已放款", "closed": "已结清", "cancelled": "已放弃"}
KINDS_ZH = {"person": "个人", "organisation": "机构"}


@dataclass(frozen=True, slots=True)
class Change:
    """What a rule decided: entries to post, the loan as it is afterwards, how a repayment was allocated, and what is told to
    whoever else holds the loan."""

    entries: tuple[JournalEntry, ...]
    loan: Loan
    lines: tuple[Line, ...] = ()
    flows: tuple[Flow, ...] = ()


def check_application(terms: LoanTerms, command: Apply) -> None:
    """Refuse an amount or a number of instalments that the product does not lend."""
    positive(command.amount)
    least, most = terms.principal.min, terms.principal.max
    inside = least <= command.amount <= most
    if not (inside and terms.instalments.min <= command.instalments <= terms.instalments.max):
        raise OUT_OF_PRODUCT(
            product=terms.name.en,
            product_zh=terms.name.zh,
            least=str(least),
            most=str(most),
            fewest=terms.instalments.min,
            longest=terms.instalments.max,
            asked=f"{command.amount} x {command.instalments}",
        )


def check_eligible(terms: LoanTerms, borrower: Party, on: date) -> None:
    """Refuse a borrower whom the product is not for: by kind, by verification level, and (persons) by age on a day."""
    wanted = terms.eligibility
    if borrower.kind not in wanted.parties:
        raise PARTY_KIND(
            product=terms.name.en,
            product_zh=terms.name.zh,
            kinds=", ".join(wanted.parties),
            kinds_zh="、".join(KINDS_ZH[kind] for kind in wanted.parties),
            kind=borrower.kind,
            kind_zh=KINDS_ZH[borrower.kind],
        )
    require_level(borrower, wanted.verification_level)
    if borrower.born_on is not None:
        age = age_years(borrower.born_on, on)
        if not wanted.min_age_years <= age <= wanted.max_age_years:
            raise AGE_OUTSIDE(
                product=terms.name.en, product_zh=terms.name.zh,
                least=wanted.min_age_years, most=wanted.max_age_years, age=age,
            )  # fmt: skip


def origination_fee(terms: LoanTerms, amount: Money) -> Money:
    """The fee for granting a loan, rounded half up to the minor unit."""
    return round_fraction(Fraction(amount.decimal()) * Fraction(terms.fees.origination), amount.currency, "half_up")


def check_accept(offer: Offer, amount: Money, total_cost: Money, on: date) -> None:
    """Refuse an offer that lapsed, or that is not what the borrower saw."""
    if on > offer.expires_on:
        raise OFFER_EXPIRED(offer_id=offer.id, expires_on=offer.expires_on)
    if amount != offer.amount or total_cost != offer.total_cost:
        raise OFFER_CHANGED(
            offer_id=offer.id, seen=f"{amount}, {total_cost}", offered=f"{offer.amount}, {offer.total_cost}"
        )


def check_holders(loan: Loan, holders: Sequence[Holder]) -> None:
    """Refuse shares that do not sum to the principal, to the minor unit, and a lender whom no contract could name."""
    for holder in holders:
        positive(holder.share)
    check_named(holders)
    shares = total([holder.share for holder in holders], loan.principal.currency)
    if shares != loan.principal:
        raise SHARES_WRONG(shares=str(shares), principal=str(loan.principal))


def check_named(holders: Sequence[Holder]) -> None:
    """Refuse a lender of which the name or the number is not known: the contract says both."""
    for holder in lenders(holders):
        if not holder.legal_name or not holder.credit_code:
            raise LENDER_UNNAMED(holder=holder.name)


def lenders(holders: Sequence[Holder]) -> list[Holder]:
    """Everybody but the own book, in the order in which a contract names them."""
    return [holder for holder in holders if holder.name != OWN_BOOK]


def require_state(loan: Loan, *wanted: str) -> None:
    """Refuse a loan that is not in one of the states."""
    if loan.state not in wanted:
        raise WRONG_STATE(
            loan_id=loan.id, state=loan.state, wanted=" or ".join(wanted),
            state_zh=STATES_ZH[loan.state], wanted_zh="或".join(STATES_ZH[each] for each in wanted),
        )  # fmt: skip


def check_day(loan: Loan, on: date) -> None:
    """Refuse a contract drawn for another day of payment: its dates, interest and annual cost hold for that day."""
    if loan.pays_on != on:
        raise CONTRACT_DAY_PASSED(loan_id=loan.id, pays_on=loan.pays_on or "-", on=on)


def first_dues(schedule: Sequence[Instalment]) -> tuple[Due, ...]:
    """The instalments of a new loan: nothing paid, nothing accrued."""
    zero = Money.zero(schedule[0].principal.currency)
    return tuple(
        Due(
            number=item.number,
            due_on=item.due_on,
            principal=item.principal,
            interest=item.interest,
            fee=item.fee,
            principal_paid=zero,
            interest_paid=zero,
            fee_paid=zero,
            interest_accrued=zero,
            interest_waived=zero,
            penalty_accrued=zero,
            penalty_paid=zero,
            penalty_as_of=item.due_on,
            late_minor_days=0,
        )
        for item in schedule
    )


def prepared(loan: Loan, on: date) -> Change:
    """The loan as it stands on a day: interest that fell due recognised, the penalty counted to that day.

    Preparing twice, or on any days between, comes to the same.
    """
    recognised: list[JournalEntry] = []
    told: list[Flow] = []
    dues = []
    for due in loan.dues:
        missing = due.interest - due.interest_waived - due.interest_accrued
        if due.due_on <= on and missing:
            recognised += entries.accrual(loan, due.number, missing, due.due_on)
            told += flows.recognised(loan, due.number, missing, due.due_on)
            due = replace(due, interest_accrued=due.interest_accrued + missing)
        dues.append(_penalised(loan, due, on))
    return Change(tuple(recognised), replace(loan, dues=tuple(dues)), (), tuple(told))


def _penalised(loan: Loan, due: Due, on: date) -> Due:
    """Count what was overdue, day by day, and round what it costs once: not each time that somebody looks.

    Penalty = sum over the days of what was overdue x penalty rate / 365, from the day after the due date, owed once the
    grace days have passed (PBOC Yinfa 2003 No. 251: the penalty rate is agreed on top of the loan's rate). Between
    two calls nothing was paid, so the overdue amount times the days is that sum, whatever days are chosen.
    """
    days = (on - due.penalty_as_of).days
    if days <= 0 or not due.left:
        return due
    counted = due.late_minor_days + due.left.minor * days
    due = replace(due, late_minor_days=counted, penalty_as_of=on)
    if (on - due.due_on).days <= loan.conditions.grace_days:
        return due
    amount = Fraction(Money(counted, due.left.currency).decimal()) * Fraction(loan.conditions.penalty_annual) / 365
    return replace(due, penalty_accrued=round_fraction(amount, due.left.currency, "half_up"))


def amount_due(ready: Loan, on: date) -> Money:
    """What is due on ``on`` of a loan prepared for that day: the most a repayment may be without settling."""
    return sum_of(ready, (_due_now(due) for due in ready.dues if due.due_on <= on))


def _due_now(due: Due) -> Money:
    return due.left + due.penalty_accrued - due.penalty_paid


def days_past_due(loan: Loan, on: date) -> int:
    """Days since the oldest unpaid instalment fell due; zero if none is late."""
    late = [(on - due.due_on).days for due in loan.dues if due.due_on < on and due.left]
    return max(late, default=0)


def allocate(ready: Loan, amount: Money, on: date, *, everything: bool = False) -> Change:
    """Spread a repayment over what is due: oldest instalment first, within it the product's order.

    Takes a prepared loan; ``everything``: instalments that are not due yet are paid too (after :func:`called_in`).
    The entry is made by :func:`farthing.lending.entries.repayment`.
    """
    left, lines, dues = amount, [], []
    for due in ready.dues:
        if left and (everything or due.due_on <= on):
            for component in ready.conditions.allocation:
                part = min(left, _open(due, component))
                if part:
                    due, left = _pay(due, component, part), left - part
                    lines.append(Line(due.number, component, part))
        dues.append(due)
    if left:
        raise InvariantBroken(f"{left} of a repayment found no instalment")
    return Change((), replace(ready, dues=tuple(dues)), tuple(lines))


def _open(due: Due, component: str) -> Money:
    match component:
        case "penalty":
            return due.penalty_accrued - due.penalty_paid
        case "fee":
            return due.fee_left
        case "interest":
            return due.interest_left
        case "principal":
            return due.principal_left
        case _:
            return due.principal * 0


def _pay(due: Due, component: str, part: Money) -> Due:
    match component:
        case "penalty":
            return replace(due, penalty_paid=due.penalty_paid + part)
        case "fee":
            return replace(due, fee_paid=due.fee_paid + part)
        case "interest":
            return replace(due, interest_paid=due.interest_paid + part)
        case _:
            return replace(due, principal_paid=due.principal_paid + part)


def check_repay(ready: Loan, amount: Money, on: date) -> None:
    """Refuse a repayment of nothing, of another currency, when nothing is due, or of more than is due."""
    require_state(ready, "active")
    positive(amount)
    due = amount_due(ready, on)
    if amount > due:
        coming = next((item for item in ready.dues if item.due_on > on and item.left), None)
        if not due and coming is not None:
            raise NOTHING_DUE(loan_id=ready.id, next_amount=str(coming.left), next_on=coming.due_on)
        raise MORE_THAN_DUE(amount=str(amount), due=str(due), settlement=str(settlement(ready, on).amount))


def settlement(ready: Loan, on: date) -> Settlement:
    """What pays a loan off on ``on``: interest that is not due yet is owed only for the days that have passed."""
    running = _running_interest(ready, on)
    due = sum_of(ready, (item.interest_left for item in ready.dues if item.due_on <= on))
    penalty = sum_of(ready, (item.penalty_accrued - item.penalty_paid for item in ready.dues))
    fee = sum_of(ready, (item.fee_left for item in ready.dues))
    return Settlement(ready.id, on, ready.outstanding, due + running, fee, penalty)


def _running_interest(loan: Loan, on: date) -> Money:
    """Interest of the period that is running: the instalment's interest in proportion to its days."""
    coming = next((due for due in loan.dues if due.due_on > on), None)
    if coming is None or loan.disbursed_on is None:
        return Money.zero(loan.principal.currency)
    earlier = [due.due_on for due in loan.dues if due.due_on <= on]
    start = max(earlier, default=loan.disbursed_on)
    part = Fraction((on - start).days, (coming.due_on - start).days)
    return round_fraction(Fraction(coming.interest_left.decimal()) * part, loan.principal.currency, "half_up")


def called_in(ready: Loan, on: date) -> Change:
    """Make a prepared loan ready to be settled: the running interest is recognised, the rest of it waived."""
    running = _running_interest(ready, on)
    recognised: list[JournalEntry] = []
    told: list[Flow] = []
    dues = []
    for due in ready.dues:
        if due.due_on > on:
            owed = min(running, due.interest_left)
            running = running - owed
            if owed:
                recognised += entries.accrual(ready, due.number, owed, on)
                told += flows.recognised(ready, due.number, owed, on)
            waived = due.interest_left - owed
            due = replace(due, interest_accrued=due.interest_accrued + owed, interest_waived=waived)
        dues.append(due)
    return Change(tuple(recognised), replace(ready, dues=tuple(dues)), (), tuple(told))


def settled_seen(command: LoanCommand | Repay, paid: Repayment) -> dict[str, Any]:
    """What whoever confirms a repayment, or that a loan is paid off, must have seen: the sum, and of what it is made up."""
    return {"loan": paid.loan_id, "amount": paid.amount, "on": paid.paid_on, "lines": paid.lines}


def given_up_seen(command: LoanCommand, loan: Loan) -> dict[str, Any]:
    """What whoever confirms that a loan is given up must have seen."""
    return {"loan": loan.id, "principal": loan.principal, "state": loan.state}
