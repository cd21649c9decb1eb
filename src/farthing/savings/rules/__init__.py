"""Own the closed table of deposit behaviours and the one way to apply them.

``rule`` decides one event, ``due`` says what happens next by itself, ``settle`` does it: a quote, a preview, the
counter and the close of a day all call these three. Pure: (terms, facts, state, event) -> Change or Refusal.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from farthing.savings.model import Agreement, Change, Deposit, Due, Event, Facts, Terms
from farthing.savings.rules import demand, drawn, either, instalment, lump, notice, rolling, staged
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
)

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
"""Method name of a product -> its behaviour."""


def open_deposit(terms: Terms, facts: Facts, agreement: Agreement, event: Event) -> Change:
    """Open a deposit with its first payment; refuses a holiday value date, a wrong amount, a missing rate."""
    check_amount(terms, event)
    check_value_date(terms, facts, event.on)
    check_version(terms, event)
    return BEHAVIOURS[terms.method].open(terms, facts, agreement, event)


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
    behaviour = BEHAVIOURS[terms.method]
    if event.do not in behaviour.rules:
        raise NOT_OFFERED(product=terms.product, do=event.do, do_zh=DOINGS_ZH[event.do])
    return behaviour.rules[event.do](terms, facts, deposit, event)


def check_version(terms: Terms, event: Event) -> None:
    """Refuse ``savings.product_changed`` when the event names another version than the terms that apply."""
    if event.product_version is not None and event.product_version != terms.version:
        raise PRODUCT_CHANGED(product=terms.product)


def due(terms: Terms, deposit: Deposit) -> Due | None:
    """What the deposit does next by itself, or None."""
    return None if deposit.closed_on is not None else BEHAVIOURS[terms.method].due(terms, deposit)


def settle(terms: Terms, facts: Facts, deposit: Deposit, item: Due) -> Change:
    """Do what is due."""
    return BEHAVIOURS[terms.method].settle(terms, facts, deposit, item)


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
