"""Time-or-demand (定活两便): a discount of the lump-sum rate for the term reached, demand under three months.

60% of the withdrawal day's lump rate for three months, six months or one year, whichever is the longest completed,
capped at one year however long it was kept; the demand rate under three months or where it is higher. Never pinned:
both the tier and the rate are those of the withdrawal day.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from farthing.kit.calendar import add_months, full_months
from farthing.kit.rates import percent
from farthing.kit.words import Words
from farthing.products.deposit import EitherTerms
from farthing.products.rates import RateBoard, Term
from farthing.savings.rules import books
from farthing.savings.rules.common import (
    Behaviour,
    Rates,
    changed,
    check_amount,
    check_draw,
    check_minimum,
    closing,
    new_deposit,
    nothing_due,
    nothing_to_settle,
    quoted_rates,
    refuse_part,
    refuse_second_deposit,
)
from farthing.savings.rules.interest import DENOMINATORS, earning, exact_interest, lot, payment
from farthing.savings.rules.model import Agreement, Change, Deposit, Event, Facts, InterestPayment, Lot
from farthing.savings.rules.telling import NO_END, Telling, length


def opening(terms: EitherTerms, facts: Facts, agreement: Agreement, event: Event) -> Change:
    """One deposit without a term."""
    amount = check_amount(terms, event)
    check_minimum(terms, amount)
    facts.board.demand(event.on)
    return changed(new_deposit(terms, agreement, amount, event.on), event.on, paid_in=amount)


def tier(terms: EitherTerms, facts: Facts, deposit: Deposit, on: date) -> tuple[Lot, Decimal, str]:
    """What the whole time kept earns on the day: its lot, the annual rate of the tier reached, and the rule."""
    months = min(full_months(deposit.opened_on, on), terms.cap.months)
    demand = facts.board.demand(on)
    tiers = [term for term in facts.board.terms("lump", on) if not term.days and term.months <= months]
    if tiers:
        rate = facts.board.rate("lump", tiers[-1], on) * terms.discount
        if rate > demand:
            return lot(terms.basis, deposit.balance, deposit.opened_on, on), rate, "either_discounted"
    return lot(terms.demand_basis, deposit.balance, deposit.opened_on, on), demand, "either_demand"


def earned(terms: EitherTerms, facts: Facts, deposit: Deposit, event: Event) -> InterestPayment:
    """Interest for the whole time kept, by the tier reached on the day."""
    span, annual, reached = tier(terms, facts, deposit, event.on)
    basis = terms.basis if reached == "either_discounted" else terms.demand_basis
    return payment(terms, [span], annual, reached, event.on, basis=basis)


def close(terms: EitherTerms, facts: Facts, deposit: Deposit, event: Event) -> Change:
    """Principal and interest, at any time."""
    return closing(deposit, event.on, [earned(terms, facts, deposit, event)])


def draw(terms: EitherTerms, facts: Facts, deposit: Deposit, event: Event) -> Change:
    """Drawn as a whole only."""
    amount = check_amount(terms, event)
    check_draw(terms, deposit, amount)
    if amount == deposit.balance:
        return close(terms, facts, deposit, event)
    return refuse_part(terms, facts, deposit, event)


def accrued(terms: EitherTerms, facts: Facts, deposit: Deposit, on: date) -> Fraction:
    """What drawing everything on the day would pay."""
    span, annual, _ = tier(terms, facts, deposit, on)
    return exact_interest(terms, [span], annual)


def lines(terms: EitherTerms, deposit: Deposit, on: date, board: RateBoard) -> books.Lines:
    """The balance since the opening by the rate of the tier reached, whatever it earned before."""
    kept = books.balance_line(earning(terms, deposit.balance), deposit.opened_on)
    reached = [term for term in _tiers(terms, board, on) if add_months(deposit.opened_on, term.months) <= on]
    if not reached:
        return {books.demand_key(terms): kept}
    return {str(books.Key("lump", reached[-1], DENOMINATORS[terms.demand_basis.day_count], terms.discount)): kept}


def changes_on(terms: EitherTerms, deposit: Deposit, on: date, board: RateBoard) -> date | None:
    """The day on which the next tier is reached."""
    days = (add_months(deposit.opened_on, term.months) for term in _tiers(terms, board, on))
    return next((day for day in days if day > on), None)


def rates(terms: EitherTerms, board: RateBoard, on: date) -> Rates:
    """The demand rate, and each tier's discounted."""
    return ((None, board.demand(on)), *quoted_rates(board, "lump", _tiers(terms, board, on), on, terms.discount))


def _tiers(terms: EitherTerms, board: RateBoard, on: date) -> list[Term]:
    return [term for term in board.terms("lump", on) if term.months and term.months <= terms.cap.months]


def told(terms: EitherTerms) -> Telling:
    """No term is agreed; the time that it was kept says what it earns."""
    part, cap = percent(terms.discount, least=0), length(terms.cap)
    return Telling(
        what=Words(
            f"One sum without a fixed term. It earns {part} of the lump-sum rate for the longest term it was kept, {cap.en} at "
            "most, at the rates of the day you draw it.",
            f"一次存入，不约定存期。按支取日已满的最长存期的整存整取利率的 {part} 计息，最长按 {cap.zh}计。",
        ),
        ends=NO_END,
        leaving=Words(
            "It is drawn as a whole, on any day; kept for less than the shortest term it earns the demand rate.",
            "可随时一次全部支取；不满最短存期的按活期利率计息。",
        ),
    )


BEHAVIOUR = Behaviour(
    open=opening,
    rules={"deposit": refuse_second_deposit, "withdraw": draw, "close": close},
    due=nothing_due,
    settle=nothing_to_settle,
    accrued=accrued,
    lines=lines,
    rates=rates,
    told=told,
    changes_on=changes_on,
)
