"""Decide what loans refuse, and what was seen of them: pure. What a fact comes to is :mod:`farthing.lending.telling`.

Order of checks in each rule is the order in which refusals are given.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from farthing.kit.money import Money, positive, total
from farthing.kit.words import Words
from farthing.lending import life
from farthing.lending.life import Life
from farthing.lending.lives import loan as lives
from farthing.lending.model import (
    OWN_BOOK,
    Apply,
    Holder,
    Loan,
    LoanCommand,
    Offer,
    Repay,
    Repayment,
    SetHolders,
)
from farthing.lending.refusals import (
    AGE_OUTSIDE,
    CONTRACT_DAY_PASSED,
    FIRST_OUTSIDE,
    LENDER_UNNAMED,
    MORE_THAN_DUE,
    NOTHING_DUE,
    OFFER_CHANGED,
    OFFER_EXPIRED,
    OUT_OF_PRODUCT,
    PAID_OUT_AT_ONCE,
    PARTY_KIND,
    SHARES_WRONG,
    UNDRAWN_SHARED,
    WRONG_STATE,
)
from farthing.parties.model import Party
from farthing.parties.rules import age_years, require_level
from farthing.products.model import LoanTerms, Schedule

STATES_ZH = {"accepted": "已接受", "funded": "待签署", "active": "已放款", "closed": "已结清", "cancelled": "已放弃"}
KINDS_ZH = {"person": "个人", "organisation": "机构"}


def check_application(terms: LoanTerms, command: Apply) -> None:
    """Refuse an amount or a number of instalments that the product does not lend, or what it does not pay out first."""
    positive(command.amount)
    least, most = terms.principal.min, terms.principal.max
    inside = least <= command.amount <= most
    if not (inside and terms.instalments.min <= command.instalments <= terms.instalments.max):
        number = command.instalments
        many = Words(f"{number} instalment{'' if number == 1 else 's'}", f"{number} 期")
        raise OUT_OF_PRODUCT(
            product=terms.name.en,
            product_zh=terms.name.zh,
            least=str(least),
            most=str(most),
            fewest=terms.instalments.min,
            longest=terms.instalments.max,
            asked=many if inside else str(command.amount),
            outside="instalments" if inside else "amount",
        )
    if command.first is not None:
        _check_first(terms, command.amount, command.first)


def _check_first(terms: LoanTerms, amount: Money, first: Money) -> None:
    """Refuse to pay out a part first of a product that is paid out at once, or less than it lends, or more than is asked for."""
    if terms.payments_out is None:
        raise PAID_OUT_AT_ONCE(product=terms.name.en, product_zh=terms.name.zh)
    if not terms.principal.min <= first <= amount:
        raise FIRST_OUTSIDE(first=str(first), least=str(terms.principal.min), amount=str(amount))


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


def burden(offered: Offer) -> Money:
    """What the instalment that weighs most takes of a month, rounded up: of one that comes every two weeks more, of one that
    comes every three months a third. A down payment takes nothing of it: it comes out of what is paid out. Where a part is
    paid out first, as if all were."""
    rows = [item.amount for item in offered.schedule if item.due_on > offered.made_on]
    apart = offered.conditions.schedule.apart(len(rows))
    most = max(Fraction(amount.minor) / months for amount, months in zip(rows, apart, strict=True))
    return Money(-int(-most * offered.amount.minor // offered.paid_first.minor), offered.amount.currency)


def monthly(instalment: Money, schedule: Schedule, agreed: Money, drawn: Money) -> Money:
    """What an instalment takes of a month, rounded up; of a loan that is not all drawn, as if all were."""
    return Money(-int(-instalment.minor * agreed.minor // (drawn.minor * schedule.months)), instalment.currency)


def check_accept(offer: Offer, amount: Money, total_cost: Money, on: date) -> None:
    """Refuse an offer that lapsed, or that is not what the borrower saw."""
    if on > offer.expires_on:
        raise OFFER_EXPIRED(offer_id=offer.id, expires_on=offer.expires_on)
    if amount != offer.amount or total_cost != offer.total_cost:
        raise OFFER_CHANGED(
            offer_id=offer.id, seen=f"{amount}, {total_cost}", offered=f"{offer.amount}, {offer.total_cost}"
        )


def check_holders(loan: Loan, holders: Sequence[Holder]) -> None:
    """Refuse shares that do not sum to the principal, to the minor unit, a lender whom no contract could name, and any but the
    own book of a loan that is paid out in parts."""
    for holder in holders:
        positive(holder.share)
    check_named(holders)
    if loan.undrawn is not None and lenders(holders):
        raise UNDRAWN_SHARED(loan_id=loan.id)
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


def check_repay(owing: Life, state: lives.Loan, amount: Money, on: date) -> None:
    """Refuse a repayment of nothing, of another currency, when nothing is due, or of more than is due, of a loan that was folded
    to the day; more may come once the borrower chose what it does, or its contract says it, as long as something is left."""
    require_state(owing.loan, "active")
    positive(amount)
    due = life.due_of(owing.currency, state, on)
    said = state.surplus.get("repay") or owing.loan.conditions.repaying.surplus
    chosen = bool(said) and amount < life.settlement_of(owing, state, on).amount
    if amount > due and not chosen:
        ready = life.view(owing, state, on)
        coming = next((each for each in ready.instalments if each.due_on > on and each.left), None)
        if not due and coming is not None:
            raise NOTHING_DUE(loan_id=ready.id, next_amount=str(coming.left), next_on=coming.due_on)
        price = life.settlement_of(owing, state, on).amount
        raise MORE_THAN_DUE(amount=str(amount), due=str(due), settlement=str(price))


def settled_seen(command: LoanCommand | Repay, paid: Repayment) -> dict[str, Any]:
    """What whoever confirms a repayment, or that a loan is paid off, must have seen: the sum, and of what it is made up."""
    return {"loan": paid.loan_id, "amount": paid.amount, "on": paid.paid_on, "lines": paid.lines}


def holders_seen(command: SetHolders, loan: Loan) -> dict[str, Any]:
    """What whoever confirms who funds a loan must have seen."""
    return {"loan_id": loan.id, "principal": loan.principal, "holders": loan.holders}


def given_up_seen(command: LoanCommand, loan: Loan) -> dict[str, Any]:
    """What whoever confirms that a loan is given up must have seen."""
    return {"loan": loan.id, "principal": loan.principal, "state": loan.state}
