"""Decide by its rows alone that an ordinary loan says what its events, the register and the books say. Pure.

Ordinary is: the plan stands as it was signed, the own book holds all of it, and each repayment paid the next instalment whole,
on its due day or within the days of grace. Then the fold says no more than the plan: what was paid of it, and what of its
interest has fallen due. Whatever is not plainly so, another life or a wrong figure, is for the fold, which alone names what is
wrong (:mod:`farthing.lending.audit.rules`). A law holds the two together (``tests/lending/test_audit_by_rows.py``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from farthing.credit.owing.model import Commitment
from farthing.kernel.operation import decode
from farthing.kit.errors import UNREADABLE
from farthing.kit.ids import bare
from farthing.kit.money import Money
from farthing.lending import entries
from farthing.lending.audit.booked import Booked
from farthing.lending.life import agreed_under
from farthing.lending.lives.events import COMPONENTS, WHENS, Agreed, Agreement, Allocation
from farthing.lending.model import Conditions
from farthing.lending.plans.terms import Terms
from farthing.payments.wallets import wallet_path

MUCH = 10**12
"""Minor units, of which whatever part a product keeps for the end is something."""
METHODS = ("equal_instalment", "equal_principal", "interest_only")
OWN_ALONE = '[{{"name": "own", "share": {{"minor": {}, "currency": "{}"}}, "legal_name": "", "credit_code": ""}}]'
MOVE = '{{"paid": {}, "amount": 0, "number": {}, "waived": 0, "component": "{}", "was_due_on": null, "written_off": 0}}'
"""How PostgreSQL shows what is kept of the own book that holds all of a loan, and of a move that only pays. Compared as text:
to whom JSON is numbers, ``1.0`` and ``true`` are 1."""


class Row(NamedTuple):
    """A loan's row. ``conditions``, which thousands of loans share, and ``holders`` as text."""

    id: str
    party_id: str
    currency: str
    principal: int
    conditions: str
    holders: str
    state: str
    disbursed_on: date | None
    closed_on: date | None
    as_of_on: date | None
    given_up_on: date | None
    owed_back: int
    replaces: str | None
    undrawn: int
    undrawn_until: date | None


class Event(NamedTuple):
    """A row of an event, ``about`` and ``moves`` as text."""

    number: int
    id: str
    kind: str
    on: date
    currency: str
    amount: int
    about: str
    moves: str
    outstanding: int
    state: str


Obligation = tuple[str, int, str, date, int, int, int, int, int]
"""A row of an obligation: loan, instalment, component, due day; owed, paid, waived, written off and recognised."""


@dataclass(frozen=True, slots=True)
class Kept:
    """All rows of a loan: events in the order of telling, obligations by instalment and then by the name of the component."""

    row: Row
    plan: Any
    events: Sequence[Event]
    obligations: Sequence[Obligation]


@dataclass(frozen=True, slots=True)
class Claims:
    """What an ordinary loan claims: ``owed`` of ``agreed`` principal; ``books``: account -> balance, a debit positive.
    ``booked``: what its entries say, which are called by ``references``; of interest that is not due there is none yet."""

    agreed: Money
    owed: Money
    register: str
    books: dict[str, Money]
    references: list[str]
    booked: Booked


@dataclass(frozen=True, slots=True)
class Pinned:
    """What an ordinary life needs of the conditions that a loan pinned."""

    allocation: tuple[str, ...]
    grace: timedelta
    roles: dict[str, str]


@lru_cache(maxsize=4096)
def pinned(conditions: str, currency: str) -> Pinned | None:
    """Conditions under which a plan stands as it was signed; none where they are others, or cannot be read."""
    try:
        found: Conditions = decode(Conditions, json.loads(conditions))
        if found.floating is not None:
            return None
        agreement = agreed_under(found, Money(MUCH, currency), (Agreed(date.min, 0, 0),))
    except UNREADABLE:
        return None
    order, late = found.allocation, agreement.late
    if late is None or sorted(order) != sorted(COMPONENTS) or agreement != _usual(agreement, order):
        return None
    return Pinned(order, timedelta(days=late.grace_days), found.roles)


def _usual(agreement: Agreement, order: Sequence[Any]) -> Agreement:
    """What an agreement is where nothing but rate, method, day count, order and the cost of being late is its own."""
    terms = agreement.terms
    method = terms.method if terms.method in METHODS else METHODS[0]
    plainly = Terms(
        terms.currency, terms.annual, terms.instalments, method=method, day_count=terms.day_count,  # type: ignore[arg-type]
        interest_by=terms.interest_by,
    )  # fmt: skip
    return Agreement(
        plainly, {"repay": Allocation(tuple((when, each) for when in WHENS for each in order))}, agreed=agreement.agreed,
        late=agreement.late, early="to_day", ahead="principal",
        early_fee=agreement.early_fee,
    )  # fmt: skip


def claims(kept: Kept, home: str) -> Claims | None:
    """What an ordinary loan claims whose rows agree with each other; none for any other, and for one that cannot be read."""
    try:
        return _claims(kept, home)
    except UNREADABLE:
        return None


def _claims(kept: Kept, home: str) -> Claims | None:
    row, terms = kept.row, pinned(kept.row.conditions, kept.row.currency)
    whole = Money(row.principal, row.currency)
    own = OWN_ALONE.format(row.principal, row.currency)
    if (
        terms is None
        or row.disbursed_on is None
        or row.as_of_on is None
        or row.given_up_on is not None
        or row.owed_back
        or row.replaces is not None
        or row.undrawn
        or row.undrawn_until is not None
    ):
        return None
    plan = [(date.fromisoformat(due), *amounts) for due, *amounts in kept.plan]
    paid = len(kept.events) - 1
    if row.holders != own or not _is_plan(plan, row.principal) or not 0 <= paid <= len(plan):
        return None
    if not _told(kept, plan, terms) or list(kept.obligations) != _obligations(row, plan, paid):
        return None
    closes = paid == len(plan)
    if row.state != ("closed" if closes else "active") or row.disbursed_on != kept.events[0].on:
        return None
    if row.closed_on != (kept.events[-1].on if closes else None):
        return None
    left = whole - Money(sum(principal for _, principal, _, _ in plan[:paid]), row.currency)
    earned = sum(interest for due, _, interest, _ in plan[paid:] if due <= row.as_of_on)
    short, roles = bare(row.id), terms.roles
    books = {
        f"{roles['principal']}:{short}": left,
        f"{roles['interest_receivable']}:{short}": Money(earned, row.currency),
    }
    references = [
        entries.disbursement_reference(row.id),
        *(entries.repayment_reference(row.id, event.id) for event in kept.events[1:]),
        *(entries.accrual_reference(row.id, str(number)) for number in range(1, len(plan) + 1)),
    ]
    wallet = wallet_path(row.party_id, row.currency, home)
    return Claims(whole, left, "repaid" if closes else "drawn", books, references, _booked(kept, plan, roles, wallet))


def _booked(kept: Kept, plan: Sequence[tuple[Any, ...]], roles: Mapping[str, str], wallet: str) -> Booked:
    """What the entries of an ordinary loan come to: interest that is earned by account alone, all else by the day too."""
    row, short = kept.row, bare(kept.row.id)
    principal_path, interest_path = (f"{roles[role]}:{short}" for role in ("principal", "interest_receivable"))
    first, *repaid = kept.events
    found: Booked = {(first.on, principal_path): row.principal, (first.on, wallet): -row.principal}
    earned = 0
    for number, (due, *_, interest, _fee) in enumerate(plan, start=1):
        earned += interest if number <= len(repaid) or (row.as_of_on is not None and due <= row.as_of_on) else 0
    found[None, interest_path], found[None, roles["interest_income"]] = earned, -earned
    for event, (_, principal, interest, fee) in zip(repaid, plan, strict=False):
        for path, amount in (
            (wallet, event.amount), (principal_path, -principal), (interest_path, -interest), (roles["fee_income"], -fee),
        ):  # fmt: skip
            found[event.on, path] = found.get((event.on, path), 0) + amount
    return found


def _is_plan(plan: Sequence[tuple[Any, ...]], principal: int) -> bool:
    """Whether rows repay what was paid out, one day after another, each something."""
    days = [due for due, *_ in plan]
    amounts = [amount for _, *several in plan for amount in several]
    return (
        days == sorted(set(days)) and len(amounts) == 3 * len(plan) > 0
        and all(type(amount) is int and amount >= 0 for amount in amounts)
        and all(sum(several) > 0 for _, *several in plan) and sum(each[1] for each in plan) == principal
    )  # fmt: skip


def _told(kept: Kept, plan: Sequence[tuple[Any, ...]], terms: Pinned) -> bool:
    """Whether the events are the payment out, and after it of each instalment in turn that it was paid whole and in time."""
    row, left, days = kept.row, kept.row.principal, [due for due, *_ in plan]
    first, *repaid = kept.events
    if (
        first != (1, first.id, "pay_out", first.on, row.currency, left, "{}", "[]", left, "active")
        or first.on >= days[0]
    ):
        return False
    on = first.on
    for number, event in enumerate(repaid, start=1):
        due, principal, interest, fee = plan[number - 1]
        owed = {"principal": principal, "interest": interest, "fee": fee, "penalty": 0}
        moves = ", ".join(MOVE.format(owed[each], number, each) for each in terms.allocation if owed[each])
        left, on, amount = left - principal, event.on, sum(owed.values())
        state = "closed" if number == len(plan) else "active"
        if event != (number + 1, event.id, "repay", on, row.currency, amount, "{}", f"[{moves}]", left, state):
            return False
        if not due <= on <= due + terms.grace or on >= (*days[number:], date.max)[0]:
            return False
    named = {event.id for event in kept.events}
    following = (*days[len(repaid) :], date.max - terms.grace)[0]
    return len(named) == len(kept.events) and row.as_of_on is not None and on <= row.as_of_on <= following + terms.grace


def _obligations(row: Row, plan: Sequence[tuple[Any, ...]], paid: int) -> list[Obligation]:
    """The obligations of a plan of which so many instalments were paid, as they stand by the day of which they tell."""
    loan_id, on = row.id, row.as_of_on or date.min
    return [
        (
            loan_id, number, component, due, amount, amount if number <= paid else 0, 0, 0,
            amount if component == "interest" and (number <= paid or due <= on) else 0,
        )
        for number, (due, principal, interest, fee) in enumerate(plan, start=1)
        for component, amount in (("fee", fee), ("interest", interest), ("principal", principal))
        if amount
    ]  # fmt: skip


def agrees(found: Claims, held: Commitment | None, books: Mapping[str, Money], booked: Booked) -> bool:
    """Whether the register of what is owed, the books and the entries say what a loan claims; ``books``: balances that there
    are."""
    return (
        held is not None and (held.state, held.agreed, held.owed) == (found.register, found.agreed, found.owed)
        and all(books.get(path, amount * 0) == amount for path, amount in found.books.items())
        and _counts(booked) == _counts(found.booked)
    )  # fmt: skip


def _counts(booked: Booked) -> Booked:
    return {place: amount for place, amount in booked.items() if amount}
