"""Lump-sum term deposit (整存整取): the opening day's rate for the whole term, whatever the board does.

Savings Regulations 1992: drawn early, the drawn part earns the demand rate of that day and the rest keeps its opening
day and rate (article 24); time after maturity earns the demand rate of the withdrawal day (25); changes of the board
during the term do not count (26). Never pays the term's rate for a day before it is earned.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from farthing.kit.calendar import add_months, full_months
from farthing.kit.errors import InvariantBroken, declined
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.products.deposit import LumpTerms
from farthing.products.rates import RateBoard, Term
from farthing.savings.rules import books
from farthing.savings.rules.common import (
    BEFORE_TERM,
    Behaviour,
    Grouped,
    Rates,
    changed,
    check_amount,
    check_draw,
    check_minimum,
    check_remainder,
    chosen,
    closing,
    last_business_day_before,
    new_deposit,
    overdue,
    quoted_rates,
    refuse_second_deposit,
)
from farthing.savings.rules.interest import RULES, demand_payment, exact_interest, lot, payment
from farthing.savings.rules.model import Agreement, Change, Deposit, Due, Event, Facts, InterestPayment
from farthing.savings.rules.telling import WAITS, Telling, joined, lengths

RENEWAL_NOT_OFFERED = declined(
    "savings.renewal_not_offered",
    "{product} does not offer renewal {renewal}; choose one of {offered}.",
    "{product} 不支持转存方式 {renewal}；可选：{offered}。",
)
PARTS_USED_UP = declined(
    "savings.part_withdrawals_used_up",
    "{product} allows {allowed} part withdrawals before maturity and they are used; close the deposit or wait.",
    "{product} 到期前只可部分提前支取 {allowed} 次，次数已用完；请全部支取或等待到期。",
)


RENEWED = "principal_and_interest"


def maturity(deposit: Deposit) -> date:
    """The maturity of a term deposit, which always has one."""
    if deposit.matures_on is None:
        raise InvariantBroken(f"a term deposit of {deposit.product} has no maturity")
    return deposit.matures_on


def opening(terms: LumpTerms, facts: Facts, agreement: Agreement, event: Event) -> Change:
    """One deposit at the opening day's rate for the agreed term."""
    amount = check_amount(terms, event)
    check_minimum(terms, amount)
    term = chosen(terms, "term", agreement.term, terms.terms)
    if agreement.renewal not in terms.renewals:
        raise RENEWAL_NOT_OFFERED(product=terms.product, renewal=agreement.renewal, offered=", ".join(terms.renewals))
    rate = facts.board.rate("lump", term, event.on)
    agreed = replace(agreement, term=term)
    deposit = new_deposit(terms, agreed, amount, event.on, rate=rate, matures_on=add_months(event.on, term.months))
    return changed(deposit, event.on, paid_in=amount)


def early_demand(terms: LumpTerms, facts: Facts, deposit: Deposit, amount: Money, on: date) -> InterestPayment:
    """The demand rate of the withdrawal day for the days kept (Regulations article 24)."""
    lots = [lot(terms.demand_basis, amount, deposit.since_on, on)]
    return demand_payment(terms, facts.board.demand(on), lots, "early_demand", on)


def early_tiered(terms: LumpTerms, facts: Facts, deposit: Deposit, amount: Money, on: date) -> InterestPayment:
    """The opening day's rate of the longest term completed (靠档计息); demand below the shortest."""
    months = full_months(deposit.since_on, on)
    reached = [term for term in facts.board.terms("lump", deposit.since_on) if not term.days and term.months <= months]
    if not reached:
        return early_demand(terms, facts, deposit, amount, on)
    rate = facts.board.rate("lump", reached[-1], deposit.since_on)
    return payment(terms, [lot(terms.basis, amount, deposit.since_on, on)], rate, "early_tiered", on)


def early_refused(terms: LumpTerms, facts: Facts, deposit: Deposit, amount: Money, on: date) -> InterestPayment:
    """No withdrawal before the term."""
    raise BEFORE_TERM(product=terms.product, matures_on=maturity(deposit).isoformat(), on=on.isoformat())


EARLY: dict[str, Callable[[LumpTerms, Facts, Deposit, Money, date], InterestPayment]] = {
    "demand": early_demand,
    "tiered": early_tiered,
    "refused": early_refused,
}
LEAVING = {
    "demand": Words(
        "What you draw before the end earns the demand rate of that day for the days it was kept; the rest keeps its rate.",
        "提前支取的部分，已存天数按支取日活期利率计息；其余部分利率不变。",
    ),
    "tiered": Words(
        "What you draw before the end earns the opening day's rate of the longest term that was completed, below the "
        "shortest the demand rate; the rest keeps its rate.",
        "提前支取的部分，按开户日已满的最长存期利率计息，不满最短存期的按活期利率计息；其余部分利率不变。",
    ),
    "refused": Words("It cannot be drawn before the end.", "到期前不能支取。"),
}
"""What each way says to people, beside what it does."""


def on_holiday_eve(terms: LumpTerms, facts: Facts, deposit: Deposit, on: date) -> bool:
    """Whether ``on`` is the last business day before a maturity that falls on a holiday."""
    matures_on = maturity(deposit)
    return (
        terms.holiday_maturity != "none"
        and matures_on in facts.holidays
        and on == last_business_day_before(matures_on, facts.holidays)
    )


def earned(terms: LumpTerms, facts: Facts, deposit: Deposit, amount: Money, on: date) -> list[InterestPayment]:
    """Interest on ``amount`` drawn on a day: early, on time, or with overdue days at the demand rate."""
    matures_on = maturity(deposit)
    if on < matures_on and on_holiday_eve(terms, facts, deposit, on):
        until = matures_on if terms.holiday_maturity == "full" else on
        span = [lot(terms.basis, amount, deposit.since_on, until)]
        return [payment(terms, span, deposit.rate, "holiday_maturity", on)]
    if on < matures_on:
        return [EARLY[terms.early](terms, facts, deposit, amount, on)]
    span = [lot(terms.basis, amount, deposit.since_on, matures_on)]
    paid = [payment(terms, span, deposit.rate, "term_matured", on)]
    if on > matures_on:
        late = [lot(terms.demand_basis, amount, matures_on, on)]
        paid.append(demand_payment(terms, facts.board.demand(on), late, "overdue_demand", on))
    return paid


def draw(terms: LumpTerms, facts: Facts, deposit: Deposit, event: Event) -> Change:
    """Draw a part with its interest; the rest keeps its opening day and rate."""
    amount = check_amount(terms, event)
    check_draw(terms, deposit, amount)
    if amount == deposit.balance:
        return close(terms, facts, deposit, event)
    early = event.on < maturity(deposit)
    allowed = terms.part_withdrawals
    if early and terms.early != "refused" and allowed is not None and deposit.draws >= allowed:
        raise PARTS_USED_UP(product=terms.product, allowed=allowed)
    paid = earned(terms, facts, deposit, amount, event.on)
    check_remainder(terms, deposit.balance - amount)
    after = replace(
        deposit,
        balance=deposit.balance - amount,
        draws=deposit.draws + (1 if early else 0),
        as_of_on=event.on,
    )
    return changed(after, event.on, paid_out=amount, interest=paid)


def close(terms: LumpTerms, facts: Facts, deposit: Deposit, event: Event) -> Change:
    """Draw everything."""
    return closing(deposit, event.on, earned(terms, facts, deposit, deposit.balance, event.on))


def renewed(terms: LumpTerms, facts: Facts, deposit: Deposit, on: date, with_interest: bool) -> Change:
    """A new term of the same length from ``on`` at that day's rate; interest joins the principal or is paid out."""
    term = chosen(terms, "term", deposit.agreement.term, terms.terms)
    paid = [replace(each, capitalised=with_interest) for each in earned(terms, facts, deposit, deposit.balance, on)]
    if paid[0].rule == "term_matured":
        paid[0] = replace(paid[0], rule="renewal", reason=RULES["renewal"])
    gained = sum(each.amount.minor for each in paid) if with_interest else 0
    after = replace(
        deposit,
        balance=deposit.balance + Money(gained, terms.currency),
        since_on=on,
        as_of_on=on,
        rate=facts.board.rate("lump", term, on),
        matures_on=add_months(on, term.months),
        renewed=deposit.renewed + 1,
        draws=0,
    )
    return changed(after, on, interest=paid)


def renew(terms: LumpTerms, facts: Facts, deposit: Deposit, event: Event) -> Change:
    """Renew by hand on or after maturity, interest included unless only the principal was agreed."""
    if event.on < maturity(deposit):
        raise BEFORE_TERM(product=terms.product, matures_on=maturity(deposit).isoformat(), on=event.on.isoformat())
    return renewed(terms, facts, deposit, event.on, deposit.agreement.renewal != "principal")


def due(terms: LumpTerms, deposit: Deposit) -> Due | None:
    """Automatic renewal at the end of the maturity day, where agreed."""
    return None if deposit.agreement.renewal == "none" else Due(maturity(deposit), "renewal", at_end=True)


def settle(terms: LumpTerms, facts: Facts, deposit: Deposit, item: Due) -> Change:
    """Renew at the maturity day's rate, as agreed."""
    with_interest = deposit.agreement.renewal == "principal_and_interest"
    return renewed(terms, facts, deposit, item.on, with_interest)


def accrued(terms: LumpTerms, facts: Facts, deposit: Deposit, on: date) -> Fraction:
    """By the contract's own day count until maturity, at the demand rate after it."""
    kept = lot(terms.basis, deposit.balance, deposit.since_on, min(on, maturity(deposit)))
    return exact_interest(terms, [kept], deposit.rate) + overdue(terms, facts, deposit, on)


def lines(terms: LumpTerms, deposit: Deposit, on: date, board: RateBoard) -> books.Lines:
    """The term's interest evenly to maturity; then it stands, and the balance earns the demand rate."""
    matures_on = maturity(deposit)
    span = lot(terms.basis, deposit.balance, deposit.since_on, matures_on)
    whole = books.in_minor(terms, exact_interest(terms, [span], deposit.rate))
    if on >= matures_on:
        return books.matured_lines(terms, whole, deposit.balance, matures_on)
    return {books.FIXED: books.spread(whole, deposit.since_on, matures_on)}


def rates(terms: LumpTerms, board: RateBoard, on: date) -> Rates:
    """What is quoted for its terms."""
    return quoted_rates(board, "lump", terms.terms, on)


def agreements(terms: LumpTerms, board: RateBoard, opened_on: date, closing_on: date | None) -> tuple[Agreement, ...]:
    """One a quoted term; one that ends before ``closing_on`` is renewed with its interest, where that is offered."""
    found = []
    quoted = board.terms("lump", opened_on)
    for term in (each for each in terms.terms if each in quoted):
        ends_before = closing_on is not None and add_months(opened_on, term.months) < closing_on
        found.append(Agreement(term=term, renewal=RENEWED if ends_before and RENEWED in terms.renewals else "none"))
    return tuple(found)


def part(terms: LumpTerms, deposit: Deposit, amount: Money) -> bool:
    """Where the rest stays above the minimum, and a part withdrawal is left."""
    left = terms.part_withdrawals is None or deposit.draws < terms.part_withdrawals
    return left and terms.minimum <= deposit.balance - amount


def group_term(terms: LumpTerms, wanted: Term | None) -> Term:
    """One of the product's terms; refuses ``savings.term_not_offered``."""
    return chosen(terms, "term", wanted, terms.terms)


def group_rate(board: RateBoard, term: Term, on: date) -> Decimal:
    """What a board pays for a term; refuses ``savings.rate_not_quoted``."""
    return board.rate("lump", term, on)


def told(terms: LumpTerms) -> Telling:
    """The rate of its day for the whole term; renewed only where that is agreed."""
    term, renews = lengths(terms.terms), [each for each in terms.renewals if each != "none"]
    renewing = Words(
        "If you agree so beforehand it is renewed instead, for the same term at the rate of that day.",
        "如事先约定，则按到期日利率转存相同存期。",
    )
    parts = Words(
        f"A part may be drawn early {terms.part_withdrawals} times.", f"可部分提前支取 {terms.part_withdrawals} 次。"
    )
    limited = terms.part_withdrawals is not None and terms.early != "refused"
    return Telling(
        what=Words(
            f"One sum for {term.en}, at the rate of the day it is opened: changes of the rates do not touch it.",
            f"一次存入，存期 {term.zh}，按开户日利率计息，存期内不受利率调整影响。",
        ),
        ends=joined(WAITS, renewing if renews else None),
        leaving=joined(LEAVING[terms.early], parts if limited else None),
    )


BEHAVIOUR = Behaviour(
    open=opening,
    rules={"deposit": refuse_second_deposit, "withdraw": draw, "close": close, "renew": renew},
    due=due,
    settle=settle,
    accrued=accrued,
    lines=lines,
    rates=rates,
    told=told,
    takes=frozenset({"term", "renewal"}),
    agreements=agreements,
    pins_rate=True,
    part=part,
    grouped=Grouped(term=group_term, annual=group_rate),
)
