"""Demand savings (活期): accumulated products, settled quarterly on the 20th at that day's rate.

Savings Regulations 1992 article 27, PBC notice 2005 No. 129: personal demand deposits settle by the quarter, on the 20th
of its last month, at the demand rate posted on that day; a deposit closed earlier earns the closing day's rate up to
the day before. Never loops over days: a balance earns balance x days when it is touched.
"""

from __future__ import annotations

from calendar import month_name
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from farthing.kit.calendar import days_in_month
from farthing.kit.rates import percent, round_fraction, round_ratio
from farthing.kit.words import Words
from farthing.products.deposit import DemandTerms
from farthing.products.rates import RateBoard
from farthing.savings.rules import books
from farthing.savings.rules.common import (
    Behaviour,
    Rates,
    Together,
    changed,
    check_amount,
    check_draw,
    check_minimum,
    closing,
    new_deposit,
)
from farthing.savings.rules.interest import (
    DENOMINATORS,
    RULES,
    balance_days,
    balance_days_interest,
    earning,
    earning_minor,
    exact_text,
    in_major,
    next_day,
)
from farthing.savings.rules.model import Agreement, Change, Deposit, Due, Event, Facts, InterestPayment
from farthing.savings.rules.telling import NO_END, Telling, one_of

MONTHS = tuple(month_name[1:])


def opening(terms: DemandTerms, facts: Facts, agreement: Agreement, event: Event) -> Change:
    """First deposit, at least the minimum."""
    amount = check_amount(terms, event)
    check_minimum(terms, amount)
    facts.board.demand(event.on)
    return changed(new_deposit(terms, agreement, amount, event.on), event.on, paid_in=amount)


def accumulated(terms: DemandTerms, deposit: Deposit, on: date) -> Deposit:
    """The deposit with its balance-days brought forward to the start of ``on``."""
    ordinary, leap = balance_days(terms.demand_basis.day_count, deposit.as_of_on, on)
    earns = earning(terms, deposit.balance).minor
    return replace(
        deposit,
        balance_days=deposit.balance_days + earns * ordinary,
        leap_balance_days=deposit.leap_balance_days + earns * leap,
        as_of_on=on,
    )


def earned(terms: DemandTerms, deposit: Deposit, annual: Decimal, rule: str, on: date) -> InterestPayment:
    """Interest on the balance-days until the start of ``on``."""
    day_count = terms.demand_basis.day_count
    state = accumulated(terms, deposit, on)
    exact = balance_days_interest(day_count, state.balance_days, state.leap_balance_days, annual, terms.currency)
    amount = round_fraction(exact, terms.currency, terms.rounding)
    return InterestPayment(
        paid_on=on,
        amount=amount,
        from_on=deposit.since_on,
        to_on=on,
        days=(on - deposit.since_on).days,
        principal=deposit.balance,
        annual_rate=annual,
        day_count=f"{day_count}, balance-days",
        rule=rule,
        reason=RULES[rule],
        working=f"balance-days {_products(terms, state)} x {percent(annual)} = {exact_text(exact)}"
        f" -> {amount.plain()} ({terms.rounding})",
        exact=exact_text(exact),
        capitalised=rule == "demand_settlement",
    )


def _products(terms: DemandTerms, state: Deposit) -> str:
    """Balance-days over the days of the year: ``182500/360``; actual/actual shows the days of leap years apart."""
    denominator = DENOMINATORS[terms.demand_basis.day_count]
    parts = [(state.balance_days, denominator), (state.leap_balance_days, 366)]
    shown = [f"{in_major(minor_days, terms.currency)}/{days}" for minor_days, days in parts if minor_days]
    return f"({' + '.join(shown)})" if len(shown) > 1 else "".join(shown) or f"0/{denominator}"


def quarter_interest(terms: DemandTerms, annual: Decimal, on: date) -> Callable[[int, int, int, date], int]:
    """Interest in minor units on (balance, balance-days, those in leap years, as of) until the start of ``on``.

    What :func:`earned` pays, by whole numbers only and with everything that deposits share computed once: a quarter's
    end asks it a million times.
    """
    rate, days, rounding = Fraction(annual), DENOMINATORS[terms.demand_basis.day_count], terms.rounding
    spans: dict[date, tuple[int, int]] = {}

    def interest_minor(balance: int, ordinary: int, leap: int, as_of: date) -> int:
        span = spans.get(as_of)
        if span is None:
            span = spans[as_of] = balance_days(terms.demand_basis.day_count, as_of, on)
        balance = earning_minor(terms, balance)
        whole = (ordinary + balance * span[0]) * 366 + (leap + balance * span[1]) * days
        return round_ratio(whole * rate.numerator, days * 366 * rate.denominator, rounding)

    return interest_minor


def pay_in(terms: DemandTerms, facts: Facts, deposit: Deposit, event: Event) -> Change:
    """Any further amount."""
    amount = check_amount(terms, event)
    state = accumulated(terms, deposit, event.on)
    return changed(replace(state, balance=state.balance + amount), event.on, paid_in=amount)


def draw(terms: DemandTerms, facts: Facts, deposit: Deposit, event: Event) -> Change:
    """Any amount up to the balance; the account stays open with nothing on it until it is closed."""
    amount = check_amount(terms, event)
    check_draw(terms, deposit, amount)
    state = accumulated(terms, deposit, event.on)
    return changed(replace(state, balance=state.balance - amount), event.on, paid_out=amount)


def close(terms: DemandTerms, facts: Facts, deposit: Deposit, event: Event) -> Change:
    """Interest to date at the closing day's rate, and everything paid out."""
    rate = facts.board.demand(event.on)
    paid = earned(terms, deposit, rate, "demand_closing", event.on)
    return closing(deposit, event.on, [paid])


def settlement_day(terms: DemandTerms, after: date) -> date:
    """The first day on which settled interest joins the principal that is later than ``after``."""
    year = after.year
    while True:
        for month in terms.settle_months:
            day = date(year, month, min(terms.settle_day, days_in_month(year, month)))
            credited = next_day(day) if terms.settle_includes_day else day
            if credited > after:
                return credited
        year += 1


def settled_on(terms: DemandTerms, credited_on: date) -> date:
    """The settlement day, whose rate is paid, of interest that joins the principal on a day."""
    return date.fromordinal(credited_on.toordinal() - 1) if terms.settle_includes_day else credited_on


def due(terms: DemandTerms, deposit: Deposit) -> Due:
    """The next quarterly settlement."""
    return Due(settlement_day(terms, deposit.since_on), "settlement")


def settle(terms: DemandTerms, facts: Facts, deposit: Deposit, item: Due) -> Change:
    """Pay the quarter's interest into the principal at the settlement day's rate."""
    rate = facts.board.demand(settled_on(terms, item.on))
    paid = earned(terms, deposit, rate, "demand_settlement", item.on)
    after = replace(
        deposit,
        balance=deposit.balance + paid.amount,
        balance_days=0,
        leap_balance_days=0,
        since_on=item.on,
        as_of_on=item.on,
    )
    return changed(after, item.on, interest=[paid])


def accrued(terms: DemandTerms, facts: Facts, deposit: Deposit, on: date) -> Fraction:
    """The balance-days of the running quarter at the demand rate of a day."""
    state = accumulated(terms, deposit, on)
    annual = facts.board.demand(on)
    day_count = terms.demand_basis.day_count
    return balance_days_interest(day_count, state.balance_days, state.leap_balance_days, annual, terms.currency)


def lines(terms: DemandTerms, deposit: Deposit, on: date, board: RateBoard) -> books.Lines:
    """The balance by the day, and the balance-days before it was last touched."""
    kept = books.balance_line(earning(terms, deposit.balance), deposit.as_of_on)
    before = Decimal(deposit.balance_days + deposit.leap_balance_days)
    return {books.demand_key(terms): kept + books.Line(Decimal(0), before)}


def rates(terms: DemandTerms, board: RateBoard, on: date) -> Rates:
    """The demand rate of a day."""
    return ((None, board.demand(on)),)


def told(terms: DemandTerms) -> Telling:
    """Free on every day; interest is settled on its days."""
    en, zh = one_of([MONTHS[month - 1] for month in terms.settle_months], ", ", " and "), terms.settle_months
    return Telling(
        what=Words(
            f"Money that is always there: pay in and draw on any day. Interest is settled on day {terms.settle_day} of {en}, "
            "at the demand rate of that day.",
            f"随存随取的存款。利息于 {'、'.join(map(str, zh))} 月的 {terms.settle_day} 日结付，按结息日活期利率计算。",
        ),
        ends=NO_END,
        leaving=Words(
            "Leaving costs nothing: on the day you close it the interest so far is paid at the demand rate of that day.",
            "随时支取或销户，没有损失：销户时按当日活期利率付清利息。",
        ),
    )


BEHAVIOUR = Behaviour(
    open=opening,
    rules={"deposit": pay_in, "withdraw": draw, "close": close},
    due=due,
    settle=settle,
    accrued=accrued,
    lines=lines,
    rates=rates,
    told=told,
    together=Together(day=settlement_day, priced=settled_on, interest=quarter_interest, line=books.demand_key),
    small_change=True,
)
