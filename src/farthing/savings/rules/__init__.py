"""Own the closed table of deposit behaviours and the one way to apply them.

``rule`` decides one event, ``due`` says what happens next by itself, ``settle`` does it: a quote, a preview, the
counter and the close of a day all call these three. Pure: (terms, facts, state, event) -> Change or Refusal.

Accrued interest has two figures, which meet at both ends of a term: the contract's, which people are told
(``accrued_by_contract``), and the books', a straight line that sums with all others of its product (``lines_of``).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction

from farthing.products.deposit import Terms
from farthing.products.rates import RateBoard
from farthing.savings.rules import demand, drawn, either, instalment, lump, notice, rolling, staged
from farthing.savings.rules.books import Lines
from farthing.savings.rules.common import (
    CLOSED,
    DOINGS_ZH,
    EVENTS,
    NOT_OFFERED,
    OUT_OF_ORDER,
    PRODUCT_CHANGED,
    UNKNOWN_EVENT,
    Behaviour,
    check_amount,
    check_value_date,
    refuse_second_deposit,
)
from farthing.savings.rules.instalment import expected_on
from farthing.savings.rules.model import Agreement, Change, Deposit, Due, Event, Facts

BEHAVIOURS: dict[str, Behaviour] = {
    "demand": demand.BEHAVIOUR,
    "lump_sum": lump.BEHAVIOUR,
    "instalment": instalment.BEHAVIOUR,
    "staged": staged.BEHAVIOUR,
    "interest_drawn": drawn.BEHAVIOUR,
    "time_or_demand": either.BEHAVIOUR,
    "notice": notice.BEHAVIOUR,
    "rolling": rolling.BEHAVIOUR,
}
"""Method name of a product -> its behaviour: a new product is its file of rules, and an entry here."""


def behaviour(terms: Terms) -> Behaviour:
    """What the bank does with a product."""
    return BEHAVIOURS[terms.method]


def open_deposit(terms: Terms, facts: Facts, agreement: Agreement, event: Event) -> Change:
    """Open a deposit with its first payment; refuses a holiday value date, a wrong amount, a missing rate."""
    check_amount(terms, event)
    check_value_date(terms, facts, event.on)
    check_version(terms, event)
    return behaviour(terms).open(terms, facts, agreement, event)


def rule(terms: Terms, facts: Facts, deposit: Deposit, event: Event) -> Change:
    """Apply one event to a deposit whose dues before it are settled.

    Order of refusals: unknown event, product changed, closed, out of order, holiday value date, not offered, then
    the product's own.
    """
    if event.do not in EVENTS:
        raise UNKNOWN_EVENT(do=event.do, known=", ".join(EVENTS))
    if deposit.terms_digest != terms.digest():
        raise PRODUCT_CHANGED(product=deposit.product)
    check_version(terms, event)
    if deposit.closed_on is not None:
        raise CLOSED(closed_on=deposit.closed_on.isoformat())
    if event.on < deposit.as_of_on:
        raise OUT_OF_ORDER(on=event.on.isoformat(), last_on=deposit.as_of_on.isoformat())
    check_value_date(terms, facts, event.on)
    known = behaviour(terms).rules
    if event.do not in known:
        raise NOT_OFFERED(product=terms.product, do=event.do, do_zh=DOINGS_ZH[event.do])
    return known[event.do](terms, facts, deposit, event)


def check_version(terms: Terms, event: Event) -> None:
    """Refuse ``savings.product_changed`` when the event names another version than the terms that apply."""
    if event.product_version is not None and event.product_version != terms.version:
        raise PRODUCT_CHANGED(product=terms.product)


def due(terms: Terms, deposit: Deposit) -> Due | None:
    """What the deposit does next by itself, or None."""
    return None if deposit.closed_on is not None else behaviour(terms).due(terms, deposit)


def settle(terms: Terms, facts: Facts, deposit: Deposit, item: Due) -> Change:
    """Do what is due."""
    return behaviour(terms).settle(terms, facts, deposit, item)


def settle_until(
    terms: Terms, facts: Facts, deposit: Deposit, on: date, *, end_of_day: bool = False
) -> Iterator[Change]:
    """Settle everything due before the events of ``on`` (or, at ``end_of_day``, after them), in order."""
    while True:
        item = due(terms, deposit)
        if item is None or item.on > on or (item.on == on and item.at_end and not end_of_day):
            return
        change = settle(terms, facts, deposit, item)
        deposit = change.deposit
        yield change


def takes_more(terms: Terms) -> bool:
    """Whether a product takes a second payment."""
    return behaviour(terms).rules.get("deposit", refuse_second_deposit) is not refuse_second_deposit


def renewals_of(terms: Terms) -> tuple[str, ...]:
    """What may be agreed for the end of a term; ``none`` where the product has nothing to renew."""
    renewals: tuple[str, ...] = getattr(terms, "renewals", ()) if "renewal" in behaviour(terms).takes else ()
    return renewals or ("none",)


def accrued_by_contract(terms: Terms, facts: Facts, deposit: Deposit, on: date) -> Fraction:
    """Interest earned and not yet paid at the start of ``on``, exactly, in major units, if the contract is kept.

    What people are told: term rates by the contract's own day count until maturity, the demand rate after it; the
    deposit's dues before ``on`` are taken as settled. An early withdrawal pays less:
    see :func:`farthing.savings.quotes.worth.closing_value`.
    """
    state = deposit
    for change in settle_until(terms, facts, deposit, on):
        state = change.deposit
    if state.closed_on is not None or on <= state.opened_on:
        return Fraction(0)
    return behaviour(terms).accrued(terms, facts, state, on)


def lines_of(terms: Terms, deposit: Deposit, on: date, board: RateBoard) -> Lines:
    """A deposit's part in the control totals, as it stands from a day until its next change or :func:`changes_on`."""
    return {} if deposit.closed_on is not None else behaviour(terms).lines(terms, deposit, on, board)


def changes_on(terms: Terms, deposit: Deposit, on: date, board: RateBoard) -> date | None:
    """The next day after ``on`` on which the lines take another form by themselves: maturity, the next tier, or a month
    that ends without having made up the one before."""
    return None if deposit.closed_on is not None else behaviour(terms).changes_on(terms, deposit, on, board)


def close_on(terms: Terms, deposit: Deposit, on: date, board: RateBoard) -> date | None:
    """The business date at whose close the deposit must be looked at; none where the calendar alone decides.

    What happens at the start of a day is done at the close of the day before. Demand deposits settle all on one day,
    which their product knows; one that is opened on that very day may come after the rest were settled that night, and
    is looked at by itself.
    """
    if deposit.closed_on is not None:
        return None
    item = due(terms, deposit)
    if behaviour(terms).together:
        return on if item is not None and deposit.opened_on == on == _day_before(item.on) else None
    found = [] if item is None else [item.on if item.at_end else _day_before(item.on)]
    if (form := changes_on(terms, deposit, on, board)) is not None:
        found.append(_day_before(form))
    found += [each.for_on for each in deposit.notices if each.for_on >= on]
    if deposit.instalments and (expected := expected_on(deposit, on)) is not None:
        found.append(expected)
    return min(found, default=None)


def _day_before(day: date) -> date:
    return day - timedelta(days=1)
