"""Own the quote of a deposit: fold dated events with the very rules the counter uses, and show every payment.

Never has rules of its own: ``rule`` and ``settle`` decide, the fold only adds up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

from farthing.kit.errors import InvariantBroken, conflict, declined
from farthing.kit.money import Money, total
from farthing.kit.words import Words
from farthing.products.deposit import Terms
from farthing.savings.rules import open_deposit, rule, settle_until
from farthing.savings.rules.model import Agreement, Change, Deposit, Event, Facts, InterestPayment

NO_OPENING = declined(
    "savings.no_opening",
    "The first event must be a deposit, and it is {do}; start with the opening deposit.",
    "第一项应为存入，现为 {do}；请从开户存入开始。",
)
AFTER_CLOSING = conflict(
    "savings.after_closing",
    "{do} on {on} comes after the closing date {closing_on}; move one of them.",
    "{on} 的 {do} 晚于结清日 {closing_on}；请调整日期。",
)


@dataclass(frozen=True)
class Movement:
    """One line of the deposit's story: what happened, and the principal after it."""

    on: date
    what: str
    principal_in: Money
    principal_out: Money
    interest: Money
    balance: Money


@dataclass(frozen=True)
class Quote:
    """What a deposit pays: every payment of interest, every movement, and the totals.

    ``principal_in + interest == paid_out + balance`` always: money in and interest are money out and what is left.
    """

    terms: Terms
    agreement: Agreement
    opened_on: date
    matures_on: date | None
    closed_on: date | None
    payments: tuple[InterestPayment, ...]
    movements: tuple[Movement, ...]
    principal_in: Money
    interest: Money
    paid_out: Money
    balance: Money
    deposit: Deposit


def quote(
    terms: Terms,
    facts: Facts,
    agreement: Agreement,
    events: Sequence[Event],
    closing_on: date | None,
) -> Quote:
    """Fold events in the order of their dates, close on ``closing_on`` if still open, and add up.

    Events of one day keep their order; what is due by itself happens before them, a renewal at maturity after them.
    """
    ordered = sorted(events, key=lambda event: event.on)
    if not ordered or ordered[0].do != "deposit":
        raise NO_OPENING(do=ordered[0].do if ordered else Words("nothing", "无事项"))
    if closing_on is not None and ordered[-1].on > closing_on:
        last = ordered[-1]
        raise AFTER_CLOSING(do=last.do, on=last.on.isoformat(), closing_on=closing_on.isoformat())
    told: list[tuple[str, Change]] = [("open", open_deposit(terms, facts, agreement, ordered[0]))]
    for event in ordered[1:]:
        _advance(terms, facts, told, event.on)
        told.append((event.do, rule(terms, facts, told[-1][1].deposit, event)))
    if closing_on is not None and told[-1][1].deposit.closed_on is None:
        _advance(terms, facts, told, closing_on)
        if told[-1][1].deposit.closed_on is None:
            told.append(("close", rule(terms, facts, told[-1][1].deposit, Event(closing_on, "close"))))
    return _added_up(terms, told)


def _advance(terms: Terms, facts: Facts, told: list[tuple[str, Change]], on: date) -> None:
    told.extend(("due", change) for change in settle_until(terms, facts, told[-1][1].deposit, on))


def _added_up(terms: Terms, told: Sequence[tuple[str, Change]]) -> Quote:
    changes, currency, first = [change for _, change in told], terms.currency, told[0][1].deposit
    payments = tuple(chain.from_iterable(change.interest for change in changes))
    interest = total([each.amount for each in payments], currency)
    capitalised = total([each.amount for each in payments if each.capitalised], currency)
    principal_in = total([change.principal_in for change in changes], currency)
    principal_out = total([change.principal_out for change in changes], currency)
    last = changes[-1].deposit
    if principal_in + capitalised != principal_out + last.balance:
        raise InvariantBroken(f"principal of {terms.product} does not add up")
    return Quote(
        terms=terms,
        agreement=first.agreement,
        opened_on=first.opened_on,
        matures_on=last.matures_on,
        closed_on=last.closed_on,
        payments=payments,
        movements=tuple(movement(what, change, currency) for what, change in told),
        principal_in=principal_in,
        interest=interest,
        paid_out=principal_out + interest - capitalised,
        balance=last.balance,
        deposit=last,
    )


def movement(what: str, change: Change, currency: str) -> Movement:
    """A change as one line of the story; what was ``due`` is named by its rule."""
    rules = sorted({each.rule for each in change.interest})
    return Movement(
        on=change.on,
        what=what if what != "due" else (rules[0] if rules else "principal_draw"),
        principal_in=change.principal_in,
        principal_out=change.principal_out,
        interest=total([each.amount for each in change.interest], currency),
        balance=change.deposit.balance,
    )
