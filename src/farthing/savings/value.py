"""Own what a deposit is worth on any day, past its last change: accrued interest and the sum if it were closed.

Never changes the deposit: both functions look at a state and the published rates only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from farthing.kit.money import Money, exponent, total
from farthing.savings.interest import balance_days_interest, earning, exact_interest, fraction_of_year, lot
from farthing.savings.model import (
    Basis,
    Change,
    DemandTerms,
    Deposit,
    EitherTerms,
    Event,
    Facts,
    InstalmentTerms,
    RollingTerms,
    StagedTerms,
    Terms,
)
from farthing.savings.rules import rule, settle_until
from farthing.savings.rules.demand import accumulated
from farthing.savings.rules.drawn import lot_interest
from farthing.savings.rules.either import tier
from farthing.savings.rules.instalment import counted, plan_months
from farthing.savings.rules.notice import lapsed, period, portion_lot
from farthing.savings.rules.staged import draw_count, draw_day, kept_lots


@dataclass(frozen=True)
class Closing:
    """What closing on a day pays: the principal out, the interest (capitalised before or paid with it), together."""

    on: date
    paid_out: Money
    interest: Money


def advanced(terms: Terms, facts: Facts, deposit: Deposit, on: date) -> list[Change]:
    """Everything the deposit does by itself until the start of ``on``, in order."""
    return list(settle_until(terms, facts, deposit, on))


def closing_value(terms: Terms, facts: Facts, deposit: Deposit, on: date) -> Closing:
    """What the holder receives, from now on, if the deposit is closed on ``on``; the rules decide, nothing is saved."""
    changes = advanced(terms, facts, deposit, on)
    last = changes[-1].deposit if changes else deposit
    if last.closed_on is None:
        changes.append(rule(terms, facts, last, Event(on, "close")))
    interest = [each for change in changes for each in change.interest]
    paid = [change.principal_out for change in changes] + [each.amount for each in interest if not each.capitalised]
    return Closing(on, total(paid, terms.currency), total([each.amount for each in interest], terms.currency))


def accrued(terms: Terms, facts: Facts, deposit: Deposit, on: date) -> Fraction:
    """Interest earned and not yet paid at the start of ``on``, exactly, in major units, if the contract is kept.

    The figure of the books: term rates until maturity, the demand rate after it; the deposit's dues before ``on`` are
    taken as settled. An early withdrawal pays less: see :func:`closing_value`.
    """
    changes = advanced(terms, facts, deposit, on)
    state = changes[-1].deposit if changes else deposit
    if state.closed_on is not None or on <= state.opened_on:
        return Fraction(0)
    return ACCRUALS[terms.method](terms, facts, state, on)


def _demand(terms: Terms, facts: Facts, deposit: Deposit, on: date) -> Fraction:
    assert isinstance(terms, DemandTerms)
    state = accumulated(terms, deposit, on)
    annual = facts.board.demand(on)
    day_count = terms.demand_basis.day_count
    return balance_days_interest(day_count, state.balance_days, state.leap_balance_days, annual, terms.currency)


def _overdue(terms: Terms, facts: Facts, deposit: Deposit, on: date) -> Fraction:
    matures_on = deposit.matures_on
    if matures_on is None or on <= matures_on:
        return Fraction(0)
    late = [lot(terms.demand_basis, deposit.balance, matures_on, on)]
    return exact_interest(terms, late, facts.board.demand(on))


def _term(terms: Terms, facts: Facts, deposit: Deposit, on: date) -> Fraction:
    until = min(on, deposit.matures_on or on)
    kept = [lot(terms.basis, deposit.balance, deposit.since_on, until)]
    return exact_interest(terms, kept, deposit.rate) + _overdue(terms, facts, deposit, on)


def _instalment(terms: Terms, facts: Facts, deposit: Deposit, on: date) -> Fraction:
    """Month-products spread evenly over the days each instalment is kept; after a breach, demand."""
    assert isinstance(terms, InstalmentTerms)
    opened, matures_on = deposit.opened_on, deposit.matures_on or on
    months, until = plan_months(deposit), min(on, matures_on)
    deposit = counted(terms, deposit, until)
    earned = Fraction(0)
    for each in deposit.instalments:
        amount = Fraction(earning(terms, each.amount).decimal())
        if each.slot is None:
            kept = fraction_of_year(terms.demand_basis, each.paid_on, on)
            earned += amount * kept * Fraction(facts.board.demand(on))
        elif terms.basis.period == "actual_days":
            earned += amount * fraction_of_year(terms.basis, each.paid_on, until) * Fraction(deposit.rate)
        else:
            span = Fraction((until - each.paid_on).days, max((matures_on - each.paid_on).days, 1))
            earned += amount * Fraction(months - each.slot, 12) * span * Fraction(deposit.rate)
    regular = sum(each.amount.minor for each in deposit.instalments if each.slot is not None)
    if on > matures_on and opened < on:
        late = [lot(terms.demand_basis, Money(regular, terms.currency), matures_on, on)]
        earned += exact_interest(terms, late, facts.board.demand(on))
    return earned


def _staged(terms: Terms, facts: Facts, deposit: Deposit, on: date) -> Fraction:
    return exact_interest(terms, kept_lots(terms.basis, deposit, on), deposit.rate)


def _drawn(terms: Terms, facts: Facts, deposit: Deposit, on: date) -> Fraction:
    """The term's interest draw by draw, evenly over the days between two draws, less what was drawn."""
    assert isinstance(terms, StagedTerms)
    count, done, paid = draw_count(deposit), deposit.draws, Fraction(deposit.interest_paid_minor)
    if done < count:
        start, end = draw_day(deposit, done), draw_day(deposit, done + 1)
        part = Fraction((min(on, end) - start).days, (end - start).days)
        scale: int = 10 ** exponent(terms.currency)
        return max(lot_interest(terms, deposit) * (done + part) / count - paid / scale, Fraction(0))
    return _overdue(terms, facts, deposit, on)


def _either(terms: Terms, facts: Facts, deposit: Deposit, on: date) -> Fraction:
    assert isinstance(terms, EitherTerms)
    span, annual, _ = tier(terms, facts, deposit, on)
    return exact_interest(terms, [span], annual)


def _notice(terms: Terms, facts: Facts, deposit: Deposit, on: date) -> Fraction:
    lots = [portion_lot(terms.basis, each, on) for each in lapsed(deposit, on).portions]
    return exact_interest(terms, lots, facts.board.rate("call", period(deposit), on))


def _rolling(terms: Terms, facts: Facts, deposit: Deposit, on: date) -> Fraction:
    """The running cycle at the rate it earns when it is full, with what rounding left of the last one."""
    assert isinstance(terms, RollingTerms)
    kept = [lot(Basis(terms.basis.day_count), deposit.balance, deposit.since_on, on)]
    scale: int = 10 ** exponent(terms.currency)
    carried = Fraction(deposit.residue_minor) / scale
    return max(exact_interest(terms, kept, facts.board.rate("call", terms.cycle, on)) + carried, Fraction(0))


ACCRUALS: Mapping[str, Callable[..., Fraction]] = {
    "demand": _demand,
    "lump_sum": _term,
    "instalment": _instalment,
    "staged": _staged,
    "interest_drawn": _drawn,
    "time_or_demand": _either,
    "notice": _notice,
    "rolling": _rolling,
}
"""Method -> accrued interest of a state whose dues are settled."""
