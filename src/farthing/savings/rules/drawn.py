"""Principal kept, interest drawn (存本取息): the term's interest in equal draws, the last taking the residue.

One draw = principal x term x rate / number of draws, at the rate of the opening day. Broken early, the whole time
earns the demand rate and interest already drawn is taken back. Never pays interest on interest.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from farthing.kit.money import Money, exponent
from farthing.kit.rates import percent, round_fraction
from farthing.kit.words import Words
from farthing.products.deposit import StagedTerms
from farthing.products.rates import RateBoard
from farthing.savings.rules import books
from farthing.savings.rules.common import (
    Behaviour,
    changed,
    check_amount,
    check_draw,
    closing,
    overdue,
    refuse_part,
    refuse_second_deposit,
)
from farthing.savings.rules.interest import RULES, demand_payment, exact_interest, exact_text, lot, payment
from farthing.savings.rules.lump import maturity
from farthing.savings.rules.model import Change, Deposit, Due, Event, Facts, InterestPayment
from farthing.savings.rules.staged import agreements, draw_count, draw_day, opening, rates
from farthing.savings.rules.telling import Telling, lengths


def whole_interest(terms: StagedTerms, deposit: Deposit, item: Due) -> InterestPayment:
    """The interest of the whole term, rounded once."""
    span = [lot(terms.basis, deposit.balance, deposit.opened_on, maturity(deposit))]
    return payment(terms, span, deposit.rate, "interest_draw", item.on)


def due(terms: StagedTerms, deposit: Deposit) -> Due | None:
    """The next draw of interest; after the last nothing happens until the principal is drawn."""
    if deposit.draws >= draw_count(deposit):
        return None
    return Due(draw_day(deposit, deposit.draws + 1), "interest_draw")


def settle(terms: StagedTerms, facts: Facts, deposit: Deposit, item: Due) -> Change:
    """Pay one draw of interest out."""
    whole, count = whole_interest(terms, deposit, item), draw_count(deposit)
    last = deposit.draws + 1 == count
    left = Money(whole.amount.minor - deposit.interest_paid_minor, terms.currency)
    one = round_fraction(lot_interest(terms, deposit) / count, terms.currency, terms.rounding)
    amount = left if last else min(one, left)
    rule = "interest_draw_last" if last else "interest_draw"
    start = draw_day(deposit, deposit.draws)
    how = (
        f"{whole.amount.plain()} - {Money(deposit.interest_paid_minor, terms.currency).plain()} already drawn"
        if last
        else f"{whole.working.split(' = ')[0]} / {count} draws"
    )
    paid = replace(
        whole,
        amount=amount,
        from_on=start,
        to_on=item.on,
        days=(item.on - start).days,
        rule=rule,
        reason=RULES[rule],
        working=f"{how} = {amount.plain()} ({terms.rounding})",
        exact=amount.plain() if last else exact_text(lot_interest(terms, deposit) / count),
    )
    after = replace(
        deposit,
        draws=deposit.draws + 1,
        interest_paid_minor=deposit.interest_paid_minor + amount.minor,
        since_on=item.on,
        as_of_on=item.on,
    )
    return changed(after, item.on, interest=[paid])


def lot_interest(terms: StagedTerms, deposit: Deposit) -> Fraction:
    """Exact interest of the whole term in major units."""
    span = lot(terms.basis, deposit.balance, deposit.opened_on, maturity(deposit))
    return exact_interest(terms, [span], deposit.rate)


def taken_back(terms: StagedTerms, deposit: Deposit, demand: InterestPayment) -> InterestPayment:
    """Interest already drawn, as a negative payment."""
    amount = Money(-deposit.interest_paid_minor, terms.currency)
    return replace(
        demand,
        amount=amount,
        annual_rate=deposit.rate,
        to_on=deposit.since_on,
        days=(deposit.since_on - demand.from_on).days,
        rule="interest_taken_back",
        reason=RULES["interest_taken_back"],
        working=f"{deposit.draws} draws at {percent(deposit.rate)} taken back = {amount.plain()}",
        exact=amount.plain(),
    )


def close(terms: StagedTerms, facts: Facts, deposit: Deposit, event: Event) -> Change:
    """At maturity the principal; later with overdue demand interest; earlier demand interest less what was drawn."""
    on, matures_on = event.on, maturity(deposit)
    if on == matures_on:
        return closing(deposit, on, [])
    if on > matures_on:
        late = [lot(terms.demand_basis, deposit.balance, matures_on, on)]
        paid = demand_payment(terms, facts.board.demand(on), late, "overdue_demand", on)
        return closing(deposit, on, [paid])
    kept = [lot(terms.demand_basis, deposit.balance, deposit.opened_on, on)]
    demand = demand_payment(terms, facts.board.demand(on), kept, "early_demand", on)
    back = [taken_back(terms, deposit, demand)] if deposit.interest_paid_minor else []
    return closing(deposit, on, [demand, *back])


def draw(terms: StagedTerms, facts: Facts, deposit: Deposit, event: Event) -> Change:
    """Drawn as a whole only."""
    amount = check_amount(terms, event)
    check_draw(terms, deposit, amount)
    if amount == deposit.balance:
        return close(terms, facts, deposit, event)
    return refuse_part(terms, facts, deposit, event)


def accrued(terms: StagedTerms, facts: Facts, deposit: Deposit, on: date) -> Fraction:
    """The term's interest draw by draw, evenly over the days between two draws, less what was drawn."""
    count, done, paid = draw_count(deposit), deposit.draws, Fraction(deposit.interest_paid_minor)
    if done < count:
        start, end = draw_day(deposit, done), draw_day(deposit, done + 1)
        part = Fraction((min(on, end) - start).days, (end - start).days)
        scale: int = 10 ** exponent(terms.currency)
        return max(lot_interest(terms, deposit) * (done + part) / count - paid / scale, Fraction(0))
    return overdue(terms, facts, deposit, on)


def lines(terms: StagedTerms, deposit: Deposit, on: date, board: RateBoard) -> books.Lines:
    """The term's interest evenly to maturity, less what was drawn."""
    whole, matures_on = books.in_minor(terms, lot_interest(terms, deposit)), maturity(deposit)
    paid = books.Line(Decimal(0), Decimal(-deposit.interest_paid_minor))
    if on >= matures_on:
        late = books.matured_lines(terms, whole, deposit.balance, matures_on)
        return {**late, books.FIXED: late[books.FIXED] + paid}
    return {books.FIXED: books.spread(whole, deposit.opened_on, matures_on) + paid}


def told(terms: StagedTerms) -> Telling:
    """One sum that stays, whose interest is paid out."""
    term, every = lengths(terms.terms), lengths(terms.every)
    return Telling(
        what=Words(
            f"One sum for {term.en}, at the rate of the day it is opened; every {every.en}, as agreed, its interest is paid "
            "into your wallet.",
            f"一次存入，存期 {term.zh}，按开户日利率计息；按约定每 {every.zh}支取利息一次，转入钱包。",
        ),
        ends=Words(
            "At the end the principal waits for you; days after it earn the demand rate.",
            "到期后本金等待支取；逾期天数按活期利率计息。",
        ),
        leaving=Words(
            "Before the end it is closed as a whole: all its days earn the demand rate of that day, and interest that was "
            "already paid is taken back out of the principal.",
            "提前支取须一次全部支取：全部天数按支取日活期利率计息，已支取的利息从本金中扣回。",
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
