"""Own the fold: dated facts in, the state of the loan on a day out. Pure; a back-dated fact re-plays all that followed it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from farthing.lending.lives import changes, charges, endings, refusals
from farthing.lending.lives.ahead import pay_ahead
from farthing.lending.lives.allocation import ends_period, pay
from farthing.lending.lives.events import MONEY, PAYING, Agreement, Event
from farthing.lending.lives.instalments import nothing
from farthing.lending.lives.loan import Loan
from farthing.lending.lives.overdue import keep_overdue
from farthing.lending.lives.paying_out import pay_out, reckon_again
from farthing.lending.lives.payments import open_on
from farthing.lending.lives.penalties import count_late, early_fee, let_lapse, not_begun, not_run

TRIES, MOST_TRIES = 12, 100
"""How often the amount of a pay-off is put right, and how often at the most while none is known that ends the loan."""

NEEDS: dict[str, tuple[str, ...]] = {
    "change_rate": ("annual",), "reset_rate": ("annual",), "pause_interest": ("until",), "move_due": ("due_on", "until"),
    "add_instalments": ("count",), "re_age": ("due_on", "count"), "charge_back": ("of",), "reverse": ("of",),
}  # fmt: skip
"""Fields without which an event of a kind says nothing."""


def fold(agreement: Agreement, events: Sequence[Event], as_of: date, start: Loan | None = None) -> Loan:
    """The state on a day. ``start``: a state that this fold gave before, with all earlier events already in it."""
    loan = start.copy() if start else Loan(agreement)
    for event in told(events, as_of):
        step(loan, event)
    loan.as_of = as_of
    if loan.lively and not loan.charged_off_on:
        catch_up(loan, as_of)
    count_late(loan, as_of)
    return loan


def told(events: Iterable[Event], as_of: date) -> list[Event]:
    """The events that count on a day, in the order of their days: not those after it, nor what was reversed by then. A reset of
    the rate is of the end of its day."""
    every = sorted(
        (event for event in events if event.on <= as_of), key=lambda event: (event.on, event.do == "reset_rate")
    )
    named: dict[str, Event] = {}
    for event in every:
        if event.name and event.name in named:
            raise refusals.NAME_TWICE(name=event.name)
        if event.name:
            named[event.name] = event
    gone: set[str] = set()
    for event in every:
        if event.do != "reverse":
            continue
        if event.of not in named or named[event.of].on > event.on:
            raise refusals.NAME_UNKNOWN(**refusals.about(event), of=event.of or "?")
        if event.of in gone:
            raise refusals.REVERSED_TWICE(of=event.of)
        gone.add(event.of)
    return [event for event in every if event.do != "reverse" and event.name not in gone]


def step(loan: Loan, event: Event) -> None:
    """One event; refuses what cannot have happened then."""
    _check(loan, event)
    if loan.lively and event.do in _CATCHES_UP and not loan.charged_off_on:
        catch_up(loan, event.on, ends=event.do == "pay_off" or ends_period(loan, event.on, event.amount))
    count_late(loan, event.on)
    if event.do in _CHANGES:
        reckon_again(loan, event.on)
    _STEPS[event.do](loan, event)
    loan.count()
    loan.as_of = event.on


def catch_up(loan: Loan, on: date, *, ends: bool = False) -> None:
    """Count what is late on a day into the interest."""
    assert loan.desk is not None
    whole = loan.agreement.pay_off == "to_period_end" and (ends or loan.agreement.recalculated == "by_period")
    keep_overdue(loan.desk, on, till_due=whole)
    loan.agree(on)


def _check(loan: Loan, event: Event) -> None:
    if event.do in MONEY and event.amount <= 0 and event.share is None:
        raise refusals.NO_AMOUNT(**refusals.about(event))
    for field in NEEDS.get(event.do, ()):
        if (not getattr(event, field) and getattr(event, field) != 0) or (field == "count" and event.count < 1):
            raise refusals.EVENT_NEEDS(**refusals.about(event), field=field)
    if loan.began_on is None and event.do not in ("pay_out", "set_surplus"):
        raise refusals.NOT_PAID_OUT(**refusals.about(event))
    if loan.written_off_on and event.do not in ("recover", "refund_credit", "charge_back"):
        raise refusals.CHARGED_OFF_ALREADY(**refusals.about(event))
    if loan.charged_off_on and event.do in _NOT_GIVEN_UP:
        raise refusals.CHARGED_OFF_ALREADY(**refusals.about(event))
    paid = bool(loan.agreement.agreed) and event.do in (
        *PAYING,
        "pay_off",
    )  # what a bank was paid is a fact, and owed back
    if loan.closed and not loan.written_off_on and event.do not in _REOPENS and not paid:
        raise refusals.LOAN_CLOSED(**refusals.about(event))


def _pay_out(loan: Loan, event: Event) -> None:
    pay_out(loan, event)
    parts = nothing()
    parts["principal"] = event.amount
    loan.note(event, parts)
    down = next(
        (each for each in loan.instalments if each.down_payment and each.start == event.on and each.outstanding), None
    )
    if down is not None and loan.agreement.auto_down_payment and event.do == "pay_out":
        _paid(loan, replace(event, do="repay", amount=down.outstanding, name=""))
    _spend_credit(loan, event)


def _paid(loan: Loan, event: Event) -> None:
    """Money comes in and is allocated; what nothing asks for is owed back."""
    allocation = loan.agreement.allocation(event.do)
    surplus = loan.surplus.get(event.do)
    ahead = loan.agreement.ahead
    if surplus:
        allocation = replace(allocation, surplus=surplus)  # type: ignore[arg-type]
        ahead = loan.agreement.ahead_chosen or ahead
    if ahead == "principal" and not loan.lively and event.do != "pay_off":
        # Who did not choose to pay ahead paid what was due: it came early by what was told later, and costs nothing.
        pays_ahead = event.do == "repay" and allocation.surplus != "next"
        costs = loan.agreement.early_fee if pays_ahead else Decimal(0)
        parts, left = pay_ahead(loan, event.on, event.amount, allocation, costs)
    else:
        parts, left = pay(loan, event.on, event.amount, allocation)
    if left:
        loan.over, loan.over_since = loan.over + left, event.on
    loan.note(event, parts, over=left)


def _pay_off(loan: Loan, event: Event) -> None:
    """All that ends the loan is paid: interest to the day, or to the end of the running period. What was paid is a fact also
    where something that is told later makes it too little or too much."""
    amount, fee = event.amount or pay_off_amount(loan, event.on), early_fee(loan, event.on)
    if fee:
        charged = next(each for each in loan.of_plan if each.due_on > event.on)
        charged.owed["fee"] += fee
    if not loan.lively and loan.agreement.early != "all_interest":
        for instalment, gone in not_run(loan, event.on):
            instalment.waived["interest"] += gone
            instalment.met(event.on)
    let_lapse(loan, event.on)
    _paid(loan, replace(event, amount=amount))


def pay_off_amount(loan: Loan, on: date) -> int:
    """What would end the loan on a day.

    It is tried on a copy: an order that pays what is not due before what is late makes other interest on the way, and the
    sum that is asked for must be the one that leaves nothing owed.
    """
    open_now = loan.open_by_component()
    if not loan.lively or loan.desk is None:
        gone = [*(not_run(loan, on) if loan.agreement.early != "all_interest" else []), *not_begun(loan, on)]
        return sum(open_now.values()) - sum(amount for _, amount in gone) + early_fee(loan, on)
    loan, until = loan.copy(), on
    assert loan.desk is not None
    if not loan.charged_off_on:
        catch_up(loan, on, ends=True)
    running = loan.desk.period_on(on)
    if loan.agreement.pay_off == "to_period_end" and running is not None and running.start < on:
        until = running.due
    principal, interest = open_on(loan.desk, until)
    others = sum(each.open("principal") for each in loan.instalments if not each.of_plan)
    let_lapse(loan, on)
    amount = principal + interest + others + sum(each.open("fee") for each in loan.instalments) + open_now["penalty"]
    return _closing(loan, on, amount)


def _closing(loan: Loan, on: date, least: int) -> int:
    """The least amount found, not below a first guess, that leaves nothing owed when it is paid."""
    amount, most = least, 0
    for tries in range(MOST_TRIES):
        if most and tries >= TRIES:
            break
        tried = loan.copy()
        _, left = pay(tried, on, amount, loan.agreement.allocation("repay"))
        if tried.outstanding:
            least = amount + 1
            amount = (least + most) // 2 if most else amount + tried.outstanding
        else:
            most = amount
            amount = max(least, amount - left)
        if most and amount >= most:
            break
    return most or amount


def _spend_credit(loan: Loan, event: Event) -> None:
    """What was paid too much pays what is owed now."""
    if not loan.over or not loan.outstanding:
        return
    since = max(loan.over_since or event.on, loan.began_on or event.on)
    parts, left = pay(loan, since if event.do == "charge" else event.on, loan.over, loan.agreement.allocation("repay"))
    spent, loan.over = loan.over - left, left
    if spent:
        loan.note(replace(event, do="use_credit", amount=spent, name=""), parts, over=-spent)


def _charge(loan: Loan, event: Event) -> None:
    charges.charge(loan, event)
    _spend_credit(loan, event)


def _set_surplus(loan: Loan, event: Event) -> None:
    loan.surplus[event.of or "repay"] = event.surplus


def _quietly(make: Callable[[Loan, Event], None]) -> Callable[[Loan, Event], None]:
    """A change that moves no money: it is noted with no amount."""

    def changed(loan: Loan, event: Event) -> None:
        make(loan, event)
        loan.note(event, nothing())

    return changed


_STEPS: dict[str, Callable[[Loan, Event], None]] = {
    **dict.fromkeys(PAYING, _paid), "pay_off": _pay_off, "pay_out": _pay_out, "capitalise": _pay_out,
    "charge": _charge, "waive": charges.waive, "waive_interest": charges.waive,
    "change_rate": _quietly(changes.change_rate), "reset_rate": _quietly(changes.reset_rate),
    "pause_interest": _quietly(changes.pause),
    "move_due": _quietly(changes.move_due), "add_instalments": _quietly(changes.add_instalments),
    "re_age": changes.re_age, "re_amortise": changes.re_amortise, "charge_off": endings.charge_off,
    "write_off": endings.write_off, "recover": endings.recover, "refund_credit": endings.refund_credit,
    "charge_back": endings.charge_back, "end": endings.end, "set_surplus": _set_surplus,
}  # fmt: skip
_NOT_GIVEN_UP = frozenset({"charge_off", "pay_out", "re_age", "re_amortise", "change_rate", "reset_rate"})
"""Kinds that a loan which was charged off does not see."""
_REOPENS = frozenset({"pay_out", "charge_back", "charge", "capitalise", "set_surplus"})
"""Kinds that a paid loan may see."""
_CHANGES = frozenset({
    "change_rate", "reset_rate", "pause_interest", "move_due", "add_instalments", "re_age", "re_amortise", "charge_off", "end",
    "pay_out", "capitalise", "charge_back",
})  # fmt: skip
"""Kinds that change what a plan that was signed bears from their day on."""
_CATCHES_UP = frozenset({*PAYING, "waive_interest", "re_age", "re_amortise", "charge_off", "end", "write_off"})
"""Kinds before which arrears are counted to their day."""
