"""Smart 7-day rolling: each full cycle earns the notice rate and joins the principal; odd days earn demand.

The rate of a cycle is the board's on the cycle's last day. With ``carry`` what rounding takes from one cycle is given
back in the next, so that one yuan receives its fen. Never needs a notice from the saver.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from farthing.kit.money import Money, exponent
from farthing.kit.rates import round_fraction
from farthing.kit.words import Words
from farthing.products.deposit import Basis, RollingTerms
from farthing.products.rates import RateBoard
from farthing.savings.rules import books
from farthing.savings.rules.common import (
    Behaviour,
    Rates,
    changed,
    check_amount,
    check_draw,
    check_minimum,
    check_remainder,
    closing,
    new_deposit,
    quoted_rates,
    refuse_second_deposit,
)
from farthing.savings.rules.interest import DENOMINATORS, demand_payment, earning, exact_interest, lot, payment
from farthing.savings.rules.model import Agreement, Change, Deposit, Due, Event, Facts, InterestPayment
from farthing.savings.rules.telling import Telling, length

_RESIDUE_PLACES = Decimal("1e-12")


def opening(terms: RollingTerms, facts: Facts, agreement: Agreement, event: Event) -> Change:
    """One deposit; the first cycle starts on its day."""
    amount = check_amount(terms, event)
    check_minimum(terms, amount)
    facts.board.rate("call", terms.cycle, event.on)
    return changed(new_deposit(terms, agreement, amount, event.on), event.on, paid_in=amount)


def due(terms: RollingTerms, deposit: Deposit) -> Due:
    """The end of the running cycle."""
    return Due(deposit.since_on + timedelta(days=terms.cycle.days), "cycle")


def settle(terms: RollingTerms, facts: Facts, deposit: Deposit, item: Due) -> Change:
    """Capitalise the cycle."""
    rate = facts.board.rate("call", terms.cycle, item.on)
    basis = Basis(terms.basis.day_count, "actual_days")
    span = lot(basis, deposit.balance, deposit.since_on, item.on)
    paid = payment(terms, [span], rate, "rolling_cycle", item.on, basis=basis, capitalised=True)
    paid, residue = carried(terms, deposit, paid, exact_interest(terms, [span], rate))
    after = replace(
        deposit,
        balance=deposit.balance + paid.amount,
        since_on=item.on,
        as_of_on=item.on,
        residue_minor=residue,
        renewed=deposit.renewed + 1,
    )
    return changed(after, item.on, interest=[paid])


def carried(
    terms: RollingTerms, deposit: Deposit, paid: InterestPayment, exact: Fraction
) -> tuple[InterestPayment, Decimal]:
    """The payment with the last residue added, and the new residue in minor units (12 decimals, downwards)."""
    if not terms.carry:
        return paid, Decimal(0)
    scale = 10 ** exponent(terms.currency)
    whole = exact + Fraction(deposit.residue_minor) / scale
    amount = round_fraction(whole, terms.currency, terms.rounding)
    left = whole * scale - amount.minor
    residue = Decimal(left.numerator * 10**12 // left.denominator) * _RESIDUE_PLACES
    if amount == paid.amount:
        return paid, residue
    working = f"{paid.working}; with {deposit.residue_minor / scale:f} carried -> {amount.plain()}"
    return replace(paid, amount=amount, working=working), residue


def odd_days(terms: RollingTerms, facts: Facts, deposit: Deposit, amount: Money, event: Event) -> InterestPayment:
    """Demand interest on a drawn amount for the days of the unfinished cycle."""
    span = [lot(terms.demand_basis, amount, deposit.since_on, event.on)]
    return demand_payment(terms, facts.board.demand(event.on), span, "rolling_odd_days", event.on)


def draw(terms: RollingTerms, facts: Facts, deposit: Deposit, event: Event) -> Change:
    """Draw a part with its odd days; the rest keeps its cycle."""
    amount = check_amount(terms, event)
    check_draw(terms, deposit, amount)
    if amount == deposit.balance:
        return close(terms, facts, deposit, event)
    check_remainder(terms, deposit.balance - amount)
    paid = odd_days(terms, facts, deposit, amount, event)
    after = replace(deposit, balance=deposit.balance - amount, as_of_on=event.on)
    return changed(after, event.on, paid_out=amount, interest=[paid] if event.on > deposit.since_on else [])


def close(terms: RollingTerms, facts: Facts, deposit: Deposit, event: Event) -> Change:
    """Draw everything."""
    paid = odd_days(terms, facts, deposit, deposit.balance, event)
    return closing(deposit, event.on, [paid] if event.on > deposit.since_on else [])


def accrued(terms: RollingTerms, facts: Facts, deposit: Deposit, on: date) -> Fraction:
    """The running cycle at the rate it earns when it is full, with what rounding left of the last one."""
    kept = [lot(Basis(terms.basis.day_count), deposit.balance, deposit.since_on, on)]
    scale: int = 10 ** exponent(terms.currency)
    left = Fraction(deposit.residue_minor) / scale
    return max(exact_interest(terms, kept, facts.board.rate("call", terms.cycle, on)) + left, Fraction(0))


def lines(terms: RollingTerms, deposit: Deposit, on: date, board: RateBoard) -> books.Lines:
    """The balance by the day of the running cycle, and what rounding left of the last one."""
    kept = books.balance_line(earning(terms, deposit.balance), deposit.since_on)
    key = books.Key("call", terms.cycle, DENOMINATORS[terms.basis.day_count])
    return {str(key): kept, books.FIXED: books.carried_line(deposit.residue_minor)}


def rates(terms: RollingTerms, board: RateBoard, on: date) -> Rates:
    """What is quoted for its cycle."""
    return quoted_rates(board, "call", (terms.cycle,), on)


def told(terms: RollingTerms) -> Telling:
    """Every full cycle at the notice rate, by itself."""
    cycle = length(terms.cycle)
    return Telling(
        what=Words(
            f"One sum without a fixed term and without notice: each {cycle.en} earn the notice rate and join the principal by "
            "themselves.",
            f"一次存入，不约定存期，无需通知：每满 {cycle.zh}按通知存款利率计息并自动转入本金。",
        ),
        ends=Words(
            f"It has no end: after each {cycle.en} it goes on by itself until you close it.",
            f"不设存期：每满 {cycle.zh}自动续存，至销户为止。",
        ),
        leaving=Words(
            f"It is drawn on any day; days of {cycle.en} that are not full yet earn the demand rate of that day.",
            f"可随时支取；未满 {cycle.zh}的天数按支取日活期利率计息。",
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
)
