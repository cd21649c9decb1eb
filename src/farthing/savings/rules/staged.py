"""Lump in, instalments out (整存零取): one deposit, equal draws of principal, interest at maturity.

Interest = (principal + one draw) / 2 x draws x months between draws x annual rate / 12, at the rate of the opening
day. Draws happen by themselves on their days; the last takes the residue. Never drawn in part out of turn.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from farthing.kit.calendar import add_months
from farthing.kit.errors import declined
from farthing.kit.money import Money
from farthing.kit.rates import percent
from farthing.kit.words import Words
from farthing.products.deposit import Basis, StagedTerms
from farthing.products.rates import RateBoard, Term
from farthing.savings.rules import books
from farthing.savings.rules.common import (
    Behaviour,
    Rates,
    changed,
    check_amount,
    check_draw,
    check_minimum,
    chosen,
    closing,
    new_deposit,
    quoted_rates,
    refuse_part,
    refuse_second_deposit,
)
from farthing.savings.rules.interest import demand_payment, exact_interest, lot, payment
from farthing.savings.rules.lump import maturity
from farthing.savings.rules.model import Agreement, Change, Deposit, Due, Event, Facts, InterestPayment, Lot, Portion
from farthing.savings.rules.telling import Telling, lengths

UNEVEN = declined(
    "savings.uneven_draws",
    "A term of {term} cannot be divided into draws every {every}; choose another interval.",
    "存期 {term} 不能按每 {every} 一次整除；请另选间隔。",
)


def opening(terms: StagedTerms, facts: Facts, agreement: Agreement, event: Event) -> Change:
    """One deposit; the agreement names the term and the interval of the draws."""
    amount = check_amount(terms, event)
    check_minimum(terms, amount)
    term = chosen(terms, "term", agreement.term, terms.terms)
    every = chosen(terms, "every", agreement.every, terms.every)
    if term.months % every.months:
        raise UNEVEN(term=str(term), every=str(every))
    rate = facts.board.rate("instalment", term, event.on)
    agreed = replace(agreement, term=term, every=every)
    deposit = new_deposit(terms, agreed, amount, event.on, rate=rate, matures_on=add_months(event.on, term.months))
    return changed(deposit, event.on, paid_in=amount)


def interval(deposit: Deposit) -> Term:
    """The agreed interval between draws."""
    return deposit.agreement.every or Term(months=1)


def draw_count(deposit: Deposit) -> int:
    """Number of draws of the whole term."""
    months = deposit.agreement.term.months if deposit.agreement.term else 0
    return months // interval(deposit).months


def draw_day(deposit: Deposit, number: int) -> date:
    """Day of the ``number``-th draw (1 is the first), counted from the opening day so that the 31st is not lost."""
    return add_months(deposit.opened_on, number * interval(deposit).months)


def original(deposit: Deposit, terms: StagedTerms) -> Money:
    """The principal paid in at opening: what is left and what was drawn (``portions``, by its day)."""
    return Money(deposit.balance.minor + sum(each.amount.minor for each in deposit.portions), terms.currency)


def one_draw(terms: StagedTerms, deposit: Deposit) -> Money:
    """Principal / number of draws, in whole minor units; the last draw takes the residue."""
    return Money(original(deposit, terms).minor // draw_count(deposit), terms.currency)


def due(terms: StagedTerms, deposit: Deposit) -> Due:
    """The next draw of principal; the last one pays the interest and closes."""
    return Due(draw_day(deposit, deposit.draws + 1), "principal_draw")


def settle(terms: StagedTerms, facts: Facts, deposit: Deposit, item: Due) -> Change:
    """Pay one draw of principal, or at maturity the rest with the interest of the term."""
    count = draw_count(deposit)
    if deposit.draws + 1 < count:
        amount = one_draw(terms, deposit)
        after = replace(
            deposit,
            balance=deposit.balance - amount,
            draws=deposit.draws + 1,
            as_of_on=item.on,
            portions=(*deposit.portions, Portion(amount, item.on)),
        )
        return changed(after, item.on, paid_out=amount)
    return closing(replace(deposit, draws=count), item.on, [matured(terms, deposit, item.on)])


def term_lots(terms: StagedTerms, deposit: Deposit) -> list[Lot]:
    """What the whole term earns: by the formula in months, or each part by the actual days until its draw."""
    count, whole, end = draw_count(deposit), original(deposit, terms), maturity(deposit)
    if terms.basis.period == "actual_days":
        one = one_draw(terms, deposit)
        parts = [(one, draw_day(deposit, number)) for number in range(1, count)]
        return [
            lot(terms.basis, each, deposit.opened_on, on) for each, on in [*parts, (whole - one * (count - 1), end)]
        ]
    each, months = Fraction(whole.minor, count), interval(deposit).months
    years = (whole.minor + each) / whole.minor / 2 * count * months / 12
    return [Lot(whole, deposit.opened_on, end, years)]


def matured(terms: StagedTerms, deposit: Deposit, on: date) -> InterestPayment:
    """The interest of the whole term, as people check it."""
    paid = payment(terms, term_lots(terms, deposit), deposit.rate, "staged_matured", on)
    if terms.basis.period == "actual_days":
        return paid
    count, whole, months = draw_count(deposit), original(deposit, terms), interval(deposit).months
    working = (
        f"({whole.plain()} + {whole.plain()}/{count}) / 2 x {count} x {months} months x {percent(deposit.rate)} / 12"
    )
    return replace(paid, working=f"{working} = {paid.exact} -> {paid.amount.plain()} ({terms.rounding})")


def kept_lots(basis: Basis, deposit: Deposit, on: date) -> list[Lot]:
    """Each part of the principal for the days it was on deposit: the draws until their days, the rest until ``on``."""
    lots = [lot(basis, each.amount, deposit.opened_on, each.since_on) for each in deposit.portions]
    return [*lots, lot(basis, deposit.balance, deposit.opened_on, on)]


def close(terms: StagedTerms, facts: Facts, deposit: Deposit, event: Event) -> Change:
    """Broken before maturity: what was on deposit earns the demand rate of the closing day."""
    lots = kept_lots(terms.demand_basis, deposit, event.on)
    paid = demand_payment(terms, facts.board.demand(event.on), lots, "early_demand", event.on)
    return closing(deposit, event.on, [paid])


def draw(terms: StagedTerms, facts: Facts, deposit: Deposit, event: Event) -> Change:
    """Out of turn only as a whole."""
    amount = check_amount(terms, event)
    check_draw(terms, deposit, amount)
    if amount == deposit.balance:
        return close(terms, facts, deposit, event)
    return refuse_part(terms, facts, deposit, event)


def accrued(terms: StagedTerms, facts: Facts, deposit: Deposit, on: date) -> Fraction:
    """Each part of the principal for the days it was on deposit."""
    return exact_interest(terms, kept_lots(terms.basis, deposit, on), deposit.rate)


def lines(terms: StagedTerms, deposit: Deposit, on: date, board: RateBoard) -> books.Lines:
    """The term's interest, evenly to maturity."""
    earns = books.in_minor(terms, exact_interest(terms, term_lots(terms, deposit), deposit.rate))
    return {books.FIXED: books.spread(earns, deposit.opened_on, maturity(deposit))}


def rates(terms: StagedTerms, board: RateBoard, on: date) -> Rates:
    """What is quoted for its terms."""
    return quoted_rates(board, "instalment", terms.terms, on)


def agreements(terms: StagedTerms, board: RateBoard, opened_on: date, closing_on: date | None) -> tuple[Agreement, ...]:
    """One a quoted term that the first interval divides."""
    every = terms.every[0]
    quoted = rates(terms, board, opened_on)
    return tuple(Agreement(term=term, every=every) for term, _ in quoted if term and term.months % every.months == 0)


def told(terms: StagedTerms) -> Telling:
    """One sum in, equal parts out."""
    term, every = lengths(terms.terms), lengths(terms.every)
    return Telling(
        what=Words(
            f"One sum for {term.en}, at the rate of the day it is opened; every {every.en}, as agreed, an equal part of it is "
            "paid into your wallet.",
            f"一次存入，存期 {term.zh}，按开户日利率计息；按约定每 {every.zh}等额支取本金一次，转入钱包。",
        ),
        ends=Words(
            "With the last part on the last day the interest of the whole term is paid, and it is closed.",
            "期满时随最后一次支取付清全部利息并销户。",
        ),
        leaving=Words(
            "Before the end it is closed as a whole: all that was on deposit earns the demand rate of that day for the days it "
            "was kept.",
            "提前支取须一次全部支取：存入的各部分本金按已存天数和支取日活期利率计息。",
        ),
    )


BEHAVIOUR = Behaviour(
    open=opening,
    rules={"deposit": refuse_second_deposit, "withdraw": draw, "close": close},
    due=due,
    settle=settle,
    accrued=accrued,
    lines=lines,
    rates=rates,
    told=told,
    takes=frozenset({"term", "every"}),
    agreements=agreements,
    pins_rate=True,
)
