"""Decide about loans: pure functions from a loan, a command and a day to entries and new instalments.

Order of checks in each rule is the order in which refusals are given.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from farthing.kit.errors import InvariantBroken
from farthing.kit.money import Money, positive, total
from farthing.kit.rates import interest as simple_interest
from farthing.kit.rates import round_fraction, year_fraction
from farthing.ledger.model import AccountSpec, JournalEntry, Posting
from farthing.lending.model import OWN_BOOK, Apply, Due, Holder, Line, Loan, Offer, Settlement
from farthing.lending.refusals import (
    MORE_THAN_DUE,
    NOTHING_DUE,
    OFFER_CHANGED,
    OFFER_EXPIRED,
    OUT_OF_PRODUCT,
    SHARES_WRONG,
    WRONG_STATE,
)
from farthing.products.model import LoanTerms


@dataclass(frozen=True, slots=True)
class Change:
    """What a rule decided: entries to post and the instalments as they are afterwards."""

    entries: tuple[JournalEntry, ...]
    dues: tuple[Due, ...]
    lines: tuple[Line, ...] = ()


def principal_account(loan: Loan) -> str:
    """The own book's claim on the borrower for principal."""
    return f"{loan.conditions.roles['principal']}:{loan.short_id}"


def interest_account(loan: Loan) -> str:
    """The own book's claim on the borrower for interest that has fallen due."""
    return f"{loan.conditions.roles['interest_receivable']}:{loan.short_id}"


def holder_account(loan: Loan, holder: Holder, own: str) -> str:
    """Where a holder's part goes: the own book's account, or the settlement account with a partner."""
    if holder.name == OWN_BOOK:
        return own
    return f"assets:settlement:{holder.name}"


def accounts_of(loan: Loan) -> list[AccountSpec]:
    """The accounts a loan needs: claims may not become negative; a settlement account may go either way."""
    currency = loan.principal.currency
    own = [
        AccountSpec(principal_account(loan), currency, floor=0),
        AccountSpec(interest_account(loan), currency, floor=0),
    ]
    partners = [
        AccountSpec(holder_account(loan, holder, ""), currency, floor=None)
        for holder in loan.holders
        if holder.name != OWN_BOOK
    ]
    roles = loan.conditions.roles
    income = [AccountSpec(roles[role], currency) for role in ("interest_income", "penalty_income", "fee_income")]
    return own + partners + income


def check_application(terms: LoanTerms, command: Apply) -> None:
    """Refuse an amount or a number of instalments that the product does not lend."""
    positive(command.amount)
    least, most = terms.principal.min, terms.principal.max
    inside = least <= command.amount <= most
    if not (inside and terms.instalments.min <= command.instalments <= terms.instalments.max):
        raise OUT_OF_PRODUCT(
            product=terms.product,
            least=str(least),
            most=str(most),
            fewest=terms.instalments.min,
            longest=terms.instalments.max,
            asked=f"{command.amount} x {command.instalments}",
        )


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
    """Refuse shares that do not sum to the principal, to the minor unit."""
    for holder in holders:
        positive(holder.share)
    shares = total([holder.share for holder in holders], loan.principal.currency)
    if shares != loan.principal:
        raise SHARES_WRONG(shares=str(shares), principal=str(loan.principal))


def require_state(loan: Loan, *wanted: str) -> None:
    """Refuse a loan that is not in one of the states."""
    if loan.state not in wanted:
        raise WRONG_STATE(loan_id=loan.id, state=loan.state, wanted=" or ".join(wanted))


def first_dues(offer: Offer) -> tuple[Due, ...]:
    """The instalments of a new loan: nothing paid, nothing accrued."""
    zero = Money.zero(offer.amount.currency)
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
        )
        for item in offer.schedule
    )


def split(loan: Loan, before: Money, amount: Money) -> list[Money]:
    """Each holder's part of ``amount`` when ``before`` was shared earlier: parts of the sum, so none drifts."""
    weights = [holder.share.minor for holder in loan.holders]
    earlier, later = before.allocate(weights), (before + amount).allocate(weights)
    return [b - a for a, b in zip(earlier, later, strict=True)]


def disbursement(loan: Loan, wallet: str, on: date) -> JournalEntry:
    """Pay a loan out to the borrower's wallet in one entry.

    assets:loans:L                own share
    assets:settlement:partner:P   partner's share (it owes us this until it settles)
        liabilities:wallets:B     -principal
    """
    debits = tuple(
        Posting(holder_account(loan, holder, principal_account(loan)), holder.share) for holder in loan.holders
    )
    return JournalEntry(
        reference=f"loan:{loan.short_id}:disbursement",
        kind="disbursement",
        effective_on=on,
        postings=(*debits, Posting(wallet, -loan.principal)),
        memo="放款 disbursement",
    )


def _sum(loan: Loan, amounts: Iterable[Money]) -> Money:
    return total(list(amounts), loan.principal.currency)


def accrue(loan: Loan, on: date) -> Change:
    """Recognise the interest of every instalment that has fallen due and was not recognised.

    assets:interest-receivable:L own part (a partner's part is the partner's income, never ours)
        income:interest:loans    -own part
    """
    entries, dues = [], []
    accrued = _sum(loan, (due.interest_accrued for due in loan.dues))
    for due in loan.dues:
        missing = due.interest - due.interest_waived - due.interest_accrued
        if due.due_on <= on and missing:
            own = _own_part(loan, accrued, missing)
            accrued = accrued + missing
            entries.extend(_accrual_entry(loan, f"accrual:{due.number}", own, due.due_on))
            due = replace(due, interest_accrued=due.interest_accrued + missing)
        dues.append(due)
    return Change(tuple(entries), tuple(dues))


def _own_part(loan: Loan, before: Money, amount: Money) -> Money:
    parts = split(loan, before, amount)
    return _sum(loan, (part for part, holder in zip(parts, loan.holders, strict=True) if holder.name == OWN_BOOK))


def _accrual_entry(loan: Loan, what: str, own: Money, on: date) -> list[JournalEntry]:
    if not own:
        return []
    return [
        JournalEntry(
            reference=f"loan:{loan.short_id}:{what}",
            kind="accrual",
            effective_on=on,
            postings=(Posting(interest_account(loan), own), Posting(loan.conditions.roles["interest_income"], -own)),
            memo="利息 interest",
        )
    ]


def penalise(loan: Loan, on: date) -> Loan:
    """Count the penalty of overdue instalments up to ``on``: a function of days, so nothing runs daily.

    Penalty = overdue principal, interest and fee x penalty rate x actual days / 365, from the day after the due date,
    once the grace days have passed (PBOC Yinfa 2003 No. 251: penalty rate is agreed on top of the loan's rate).
    """
    dues = []
    for due in loan.dues:
        late = (on - due.due_on).days
        if late > loan.conditions.grace_days and due.left and on > due.penalty_as_of:
            part = year_fraction("actual/365", due.penalty_as_of, on)
            more = simple_interest(due.left, loan.conditions.penalty_annual, part, "half_up")
            due = replace(due, penalty_accrued=due.penalty_accrued + more, penalty_as_of=on)
        dues.append(due)
    return replace(loan, dues=tuple(dues))


def amount_due(loan: Loan, on: date) -> Money:
    """What is due on ``on`` (penalty counted to that day): the most a repayment may be without settling."""
    counted = penalise(loan, on)
    return _sum(loan, (_due_now(due) for due in counted.dues if due.due_on <= on))


def _due_now(due: Due) -> Money:
    return due.left + due.penalty_accrued - due.penalty_paid


def days_past_due(loan: Loan, on: date) -> int:
    """Days since the oldest unpaid instalment fell due; zero if none is late."""
    late = [(on - due.due_on).days for due in loan.dues if due.due_on < on and due.left]
    return max(late, default=0)


def allocate(loan: Loan, amount: Money, on: date) -> Change:
    """Spread a repayment over what is due: oldest instalment first, within it the product's order.

    Call with the penalty counted (``penalise``) and interest recognised (``accrue``). Answers the instalments
    afterwards and the lines; the entry is made by :func:`repayment`.
    """
    left, lines, dues = amount, [], []
    for due in loan.dues:
        if due.due_on <= on and left:
            for component in loan.conditions.allocation:
                part = min(left, _open(due, component))
                if part:
                    due, left = _pay(due, component, part), left - part
                    lines.append(Line(due.number, component, part))
        dues.append(due)
    if left:
        raise InvariantBroken(f"{left} of a repayment found no instalment")
    return Change((), tuple(dues), tuple(lines))


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


def check_repay(loan: Loan, amount: Money, on: date) -> None:
    """Refuse a repayment of nothing, of another currency, when nothing is due, or of more than is due."""
    require_state(loan, "active")
    positive(amount)
    due = amount_due(loan, on)
    if amount > due:
        coming = next((item for item in loan.dues if item.due_on > on and item.left), None)
        if not due and coming is not None:
            raise NOTHING_DUE(loan_id=loan.id, next_amount=str(coming.left), next_on=coming.due_on)
        raise MORE_THAN_DUE(amount=str(amount), due=str(due), settlement=str(settlement(loan, on).amount))


def repayment(loan: Loan, lines: Sequence[Line], wallet: str, repayment_id: str, on: date) -> JournalEntry:
    """Take a repayment from the wallet and give each holder its part, to the minor unit.

    liabilities:wallets:B             amount
        assets:interest-receivable:L  -own part of interest
        assets:loans:L                -own part of principal
        income:penalties:loans        -own part of penalty
        income:fees:loans             -own part of fee
        assets:settlement:partner:P   -the partner's part of each
    """
    owned = {
        "interest": interest_account(loan),
        "principal": principal_account(loan),
        "penalty": loan.conditions.roles["penalty_income"],
        "fee": loan.conditions.roles["fee_income"],
    }
    credits: dict[str, Money] = {}
    paid = _paid(loan)
    for component, account in owned.items():
        amount = _sum(loan, (line.amount for line in lines if line.component == component))
        for holder, part in zip(loan.holders, split(loan, paid[component], amount), strict=True):
            target = holder_account(loan, holder, account)
            credits[target] = credits.get(target, Money.zero(part.currency)) + part
    whole = _sum(loan, (line.amount for line in lines))
    return JournalEntry(
        reference=f"loan:{loan.short_id}:repayment:{repayment_id}",
        kind="repayment",
        effective_on=on,
        postings=(
            Posting(wallet, whole),
            *(Posting(path, -part) for path, part in credits.items() if part),
        ),
        memo="还款 repayment",
    )


def _paid(loan: Loan) -> dict[str, Money]:
    """What was paid of each component before this repayment."""
    return {
        "interest": _sum(loan, (due.interest_paid for due in loan.dues)),
        "principal": _sum(loan, (due.principal_paid for due in loan.dues)),
        "penalty": _sum(loan, (due.penalty_paid for due in loan.dues)),
        "fee": _sum(loan, (due.fee_paid for due in loan.dues)),
    }


def settlement(loan: Loan, on: date) -> Settlement:
    """What pays a loan off on ``on``: interest that is not due yet is owed only for the days that have passed."""
    counted = penalise(loan, on)
    running = _running_interest(counted, on)
    due = _sum(loan, (item.interest_left for item in counted.dues if item.due_on <= on))
    penalty = _sum(loan, (item.penalty_accrued - item.penalty_paid for item in counted.dues))
    fee = _sum(loan, (item.fee_left for item in counted.dues))
    return Settlement(loan.id, on, counted.outstanding, due + running, fee, penalty)


def _running_interest(loan: Loan, on: date) -> Money:
    """Interest of the period that is running: the instalment's interest in proportion to its days."""
    coming = next((due for due in loan.dues if due.due_on > on), None)
    if coming is None or loan.disbursed_on is None:
        return Money.zero(loan.principal.currency)
    earlier = [due.due_on for due in loan.dues if due.due_on <= on]
    start = max(earlier, default=loan.disbursed_on)
    part = Fraction((on - start).days, (coming.due_on - start).days)
    minor = Fraction(coming.interest_left.minor) * part
    return Money(int(minor + Fraction(1, 2)), loan.principal.currency)


def settle(loan: Loan, on: date) -> Change:
    """Prepare a loan for settlement: recognise the running interest, waive the rest, make everything due today."""
    running = _running_interest(loan, on)
    entries: list[JournalEntry] = []
    dues = []
    accrued = _sum(loan, (due.interest_accrued for due in loan.dues))
    for due in loan.dues:
        if due.due_on > on:
            owed = min(running, due.interest_left)
            running = running - owed
            entries.extend(_accrual_entry(loan, f"accrual:{due.number}", _own_part(loan, accrued, owed), on))
            accrued = accrued + owed
            waived = due.interest_left - owed
            due = replace(due, due_on=on, interest_accrued=due.interest_accrued + owed, interest_waived=waived)
        dues.append(due)
    return Change(tuple(entries), tuple(dues))
