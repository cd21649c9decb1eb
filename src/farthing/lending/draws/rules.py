"""Decide whether more of what was agreed may be paid out, and what a loan is after it. Pure.

A later payment is asked for as freely as the first one and checked as it was: it is no promise to whom the bank would not lend
now. The order of checks is the order in which refusals are given.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from farthing.kit.errors import declined
from farthing.kit.money import Money
from farthing.lending import life
from farthing.lending.acts.model import Happened
from farthing.lending.acts.rules import check_amount
from farthing.lending.draws.model import Draw, GiveBack
from farthing.lending.life import Life
from farthing.lending.lives.events import Event
from farthing.lending.model import Loan
from farthing.lending.pinned import days_of
from farthing.lending.rules import require_state
from farthing.lending.telling import Told

NOTHING_LEFT = declined(
    "lending.nothing_undrawn",
    "Nothing that was agreed of loan {loan_id} is left to be paid out; ask for another loan.",
    "贷款 {loan_id} 已无可提用的额度；请另行申请贷款。",
)
DAY_PASSED = declined(
    "lending.draw_day_passed",
    "What was agreed of loan {loan_id} could be asked for up to {until}; ask for another loan.",
    "贷款 {loan_id} 的额度可提用至 {until}，现已失效；请另行申请贷款。",
)
TOO_MANY = declined(
    "lending.draws_used",
    "Loan {loan_id} is paid out in {most} payments at most, and all of them were made; give back what is left.",
    "贷款 {loan_id} 最多分 {most} 次放款，次数已用完；请放弃剩余额度。",
)
LATE = declined(
    "lending.draw_late",
    "Loan {loan_id} is {days} days late; pay what is due first, or ask for relief.",
    "贷款 {loan_id} 已逾期 {days} 天；请先偿还到期款项，或申请纾困。",
)
DISPUTED = declined(
    "lending.draw_disputed",
    "Its borrower disputes what is owed of loan {loan_id}; nothing more is paid out before that is settled.",
    "借款人对贷款 {loan_id} 的欠款有异议；异议解决前不再放款。",
)
TROUBLED = declined(
    "lending.draw_troubled",
    "Loan {loan_id} was restructured, charged off or is not of the best class, or its borrower asked for relief; nothing more is "
    "paid out.",
    "贷款 {loan_id} 曾重组、已转销、分类非正常，或借款人已申请纾困，不再放款。",
)
TOO_MUCH = declined(
    "lending.draw_too_much",
    "{amount} is more than the {undrawn} that is left of what was agreed; ask for less.",
    "{amount} 超过剩余可提用额度 {undrawn}；请减少金额。",
)
TOO_LITTLE = declined(
    "lending.draw_too_little",
    "{amount} is less than the {least} that is paid out at least; ask for that, or for all that is left, {undrawn}.",
    "{amount} 低于单次最低放款额 {least}；请申请该金额，或提用全部剩余额度 {undrawn}。",
)


def check(
    running: Life, amount: Money, least: Money, on: date, *, disputed: bool, troubled: bool
) -> None:  # fmt: skip
    """Refuse a further payment out: ``lending.wrong_state``, ``money.*``, ``lending.nothing_undrawn``,
    ``lending.draw_day_passed``, ``lending.draws_used``, ``lending.draw_late``, ``lending.draw_disputed``,
    ``lending.draw_troubled``, ``lending.draw_too_much``, ``lending.draw_too_little``. ``least``: the smallest payment, unless it
    is all that is left."""
    loan = running.loan
    require_state(loan, "active")
    check_amount(loan, amount)
    check_left(loan, on)
    assert loan.undrawn is not None and loan.conditions.payments_out is not None
    made, most = sum(each.kind == "pay_out" for each in running.events), loan.conditions.payments_out.at_most
    if made >= most:
        raise TOO_MANY(loan_id=loan.id, most=most)
    days = life.days_past_due(loan, on)
    if days:
        raise LATE(loan_id=loan.id, days=days)
    if disputed:
        raise DISPUTED(loan_id=loan.id)
    if troubled or loan.given_up_on is not None:
        raise TROUBLED(loan_id=loan.id)
    if amount > loan.undrawn:
        raise TOO_MUCH(amount=str(amount), undrawn=str(loan.undrawn))
    if amount < min(least, loan.undrawn):
        raise TOO_LITTLE(amount=str(amount), least=str(least), undrawn=str(loan.undrawn))


def check_left(loan: Loan, on: date) -> None:
    """Refuse ``lending.draw_day_passed`` and ``lending.nothing_undrawn`` where nothing may be asked for any more."""
    if loan.undrawn_until is not None and on > loan.undrawn_until:
        raise DAY_PASSED(loan_id=loan.id, until=loan.undrawn_until)
    if loan.undrawn is None:
        raise NOTHING_LEFT(loan_id=loan.id)


def paid_out(told: Told, amount: Money) -> Told:
    """What a further payment out came to, with what of the loan is drawn and undrawn after it."""
    loan = told.loan
    principal, left = loan.principal + amount, loan.to_draw - amount
    holders = (replace(loan.holders[0], share=principal),)  # the own book, which alone pays out in parts
    return _with(told, replace(loan, principal=principal, holders=holders, undrawn=left if left else None))


def given_back(told: Told) -> Told:
    """What giving up the rest came to."""
    return _with(told, replace(told.loan, undrawn=None))


def _with(told: Told, loan: Loan) -> Told:
    return replace(told, after=replace(told.after, loan=loan))


def instalments_left(loan: Loan, on: date) -> int:
    """How many of the periods that were agreed end after a day: in so many the rest is repaid, also where it is at their end."""
    assert loan.disbursed_on is not None
    periods = loan.conditions.periods or len(loan.instalments)
    return max(1, sum(day > on for day in days_of(loan.conditions.schedule, loan.disbursed_on, periods)))


def largest(loan: Loan, on: date) -> Money:
    """The largest instalment that falls due after a day."""
    return max(each.amount for each in loan.instalments if each.due_on > on)


def fact(command: Draw | GiveBack, before: Loan, event_id: str, on: date) -> Event:
    """Asking for more, or giving up the rest, as an event."""
    if isinstance(command, Draw):
        return Event(on, "pay_out", command.amount.minor, name=event_id)
    return Event(on, life.GIVES_BACK, before.to_draw.minor, name=event_id)


def drawn_seen(command: Draw, event: Happened) -> dict[str, Any]:
    """What whoever confirms a further payment out must have seen: the loan, the amount, and what it does to each instalment."""
    return {"loan": event.loan_id, "amount": event.amount, "on": event.on, "moves": event.moves}


def given_back_seen(command: GiveBack, event: Happened) -> dict[str, Any]:
    """What whoever gives up the rest must have seen."""
    return {"loan": event.loan_id, "amount": event.amount, "on": event.on}
