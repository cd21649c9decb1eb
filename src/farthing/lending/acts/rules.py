"""Decide what each act is as a fact, and what is refused before it is told. Pure; what cannot have happened on its day is refused
by the fold (:mod:`farthing.lending.lives.refusals`). The order of checks is the order in which refusals are given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from farthing.kit.errors import conflict, declined, malformed
from farthing.kit.money import Money, positive, total
from farthing.lending import life
from farthing.lending.acts.model import (
    CHARGED,
    RESCHEDULES,
    SURPLUS,
    WAIVED,
    Act,
    Charge,
    ChooseSurplus,
    Figures,
    GiveMoney,
    GiveUp,
    Happened,
    LowerRate,
    PauseInterest,
    Recover,
    Recoverable,
    RepayAsOf,
    Reschedule,
    ReverseEvent,
    TakeRecovery,
    Waive,
)
from farthing.lending.draws.model import Draw, GiveBack
from farthing.lending.floating.history import last_reset, rate_on
from farthing.lending.life import Life
from farthing.lending.lives import loan as lives
from farthing.lending.lives.events import Event
from farthing.lending.lives.names import event_named
from farthing.lending.lives.refusals import NOT_WRITTEN_OFF, OWED, more_than_open
from farthing.lending.model import Conditions, Loan, LoanEvent
from farthing.lending.owed import StandingInstalment
from farthing.lending.pinned import penalty_at, shifts_of
from farthing.lending.rules import require_state
from farthing.lending.telling import PAID_BY
from farthing.lending.top_ups.model import PAYS_OFF, TOPPED_UP_BY

UNKNOWN_WORD = malformed(
    "lending.unknown_act_word", "{name} is not one of {known}.", "{name} 不在 {known} 之中。"
)  # fmt: skip
WORDLESS = malformed("lending.act_wordless", "Say why: the words are empty.", "请说明理由：文字为空。")
NOT_YET = malformed(
    "lending.act_not_yet",
    "{on} has not come; an act is told of today, {today}, or of an earlier day.",
    "{on} 尚未到来；只能办理今日（{today}）或更早的事项。",
)
MONTH_CLOSED = conflict(
    "lending.month_closed",
    "{on} lies in a month that was reported, up to {month}; tell it of {earliest} or later.",
    "{on} 所在月份已结账（截至 {month}）；请以 {earliest} 或之后的日期办理。",
)
RATE_RAISED = declined(
    "lending.rate_raised",
    "{annual} is above the {agreed} that is agreed; a loan's rate only ever falls.",
    "{annual} 高于现行约定的 {agreed}；贷款利率只能下调。",
)
RATE_BELOW = malformed(
    "lending.rate_below_nothing",
    "{annual} is less than nothing; the least that a loan bears is nothing.",
    "{annual} 小于零；贷款利率最低为零。",
)
RESET_SINCE = conflict(
    "lending.reset_since",
    "A rate agreed on {on} would change what was reset on {reset_on}; tell it of a later day.",
    "{on} 约定的利率会影响 {reset_on} 的重定价；请以之后的日期办理。",
)
DUE_BEFORE = malformed(
    "lending.charge_due_before",
    "What is charged on {on} cannot have been due on {due_on}; give that day or a later one.",
    "{on} 收取的费用不能在 {due_on} 就已到期；请填写当日或之后的日期。",
)
SHARED = declined(
    "lending.shared_in_the_past",
    "Loan {loan_id} is funded by others too and what it paid was shared out; tell it of today, or settle it with them.",
    "贷款 {loan_id} 另有出资方且回款已分配；请按今日办理，或与出资方另行结算。",
)
BEYOND_LAST = malformed(
    "lending.beyond_last_due_day",
    "{day} is after {last}, the last day on which anything of the loan falls due; give that day or an earlier one.",
    "{day} 晚于贷款最后一个到期日 {last}；请填写该日或更早的日期。",
)
PAID_BY_ANOTHER = declined(
    "lending.paid_by_another",
    "{event_id} was paid by {payer}, not by the borrower, to whom taking it back would give the money; settle it with who paid.",
    "{event_id} 由 {payer} 代还，撤销会把款项退给借款人；请与付款方另行结算。",
)
PAID_BY_TOP_UP = declined(
    "lending.paid_by_top_up",
    "{event_id} was paid out of loan {other}, which replaced this one; it stands. What is wrong with the new loan is put right "
    "there.",
    "{event_id} 由接续的贷款 {other} 偿付，不可撤销；如有错误请在新贷款上更正。",
)
OVER_FOR_GOOD = conflict(
    "lending.over_for_good",
    "Loan {loan_id} is over and what stood behind it is free; nothing makes it be owed again.",
    "贷款 {loan_id} 已结束，担保已解除；不能使其重新欠款。",
)
NO_CHOICE = declined(
    "lending.surplus_agreed",
    "The contract of {loan_id} says what paying more does and leaves no choice; repay by it.",
    "贷款 {loan_id} 的合同已约定提前还款的处理方式，不可另选；请按合同还款。",
)
UNKNOWN_EVENT = malformed(
    "lending.unknown_event", "Loan {loan_id} has no event {event_id}.", "贷款 {loan_id} 没有事件 {event_id}。"
)
NEVER_BACK = declined(
    "lending.never_taken_back",
    "{event_id} is the {event} of {on}, which nobody takes back; do what undoes it instead.",
    "{event_id} 是 {on} 的{event_zh}，不可撤销；请办理相反的事项。",
)
NEVER = ("pay_out", "give_back", "reverse", "recover", "refund_credit", "reset_rate")
"""What is never taken back: money that left or came for good, what is agreed no more, a taking back, and what follows from a
rate of elsewhere."""
AFTER_ITS_END = ("charge", "reverse", "recover", "refund_credit")
"""What may be told of a loan that is over."""
MONEY_IN = ("repay", "pay_off")
EASES = (*RESCHEDULES, "pause_interest", "change_rate")
"""What restructures a loan whose borrower is in difficulty."""


def fact_of(command: Act | Draw | GiveBack, do: str, event_id: str, today: date, pinned: Conditions) -> Event:
    """An act as the fold reads it, of a loan that pinned these conditions."""
    on = getattr(command, "on", None) or today
    fact = _FACTS[type(command)](command, Event(on, do, name=event_id))
    if do == "set_surplus" and not pinned.repaying.borrower_chooses:
        raise NO_CHOICE(loan_id=command.loan_id)
    if fact.annual is not None:
        return replace(fact, penalty=penalty_at(pinned, fact.annual))
    late = do == "charge" and fact.due_on is None and on < today
    return replace(fact, due_on=today) if late else fact  # nobody could pay before it was told


def _charge(command: Charge, event: Event) -> Event:
    component = _known(command.component, CHARGED)
    return replace(event, amount=command.amount.minor, component=component, due_on=command.due_on)


def _waive(command: Waive, event: Event) -> Event:
    component = _known(command.component, WAIVED)
    return replace(event, amount=command.amount.minor, component=component, due_on=command.due_on)


def _reschedule(command: Reschedule, event: Event) -> Event:
    how = _known(command.how, RESCHEDULES)
    return replace(event, do=how, due_on=command.due_on, until=command.until, count=command.count or 0)


def _surplus(command: ChooseSurplus, event: Event) -> Event:
    _known(command.surplus, tuple(SURPLUS))
    return replace(event, surplus=SURPLUS[command.surplus])


def _money(command: Any, event: Event) -> Event:
    return replace(event, amount=command.amount.minor)


_FACTS: dict[type, Callable[[Any, Event], Event]] = {
    Charge: _charge, Waive: _waive, Reschedule: _reschedule, ChooseSurplus: _surplus,
    PauseInterest: lambda command, event: replace(event, until=command.until),
    LowerRate: lambda command, event: replace(event, annual=command.annual),
    GiveUp: lambda _, event: event, Recover: _money, GiveMoney: _money, RepayAsOf: _money,
    TakeRecovery: _money,
    ReverseEvent: lambda command, event: replace(event, of=command.event_id),
    Draw: _money, GiveBack: lambda _, event: event,
}  # fmt: skip


def _known(name: str, among: tuple[str, ...]) -> Any:
    if name not in among:
        raise UNKNOWN_WORD(name=name, known=", ".join(among))
    return name


def check(before: Life, command: Act, fact: Event, today: date, closed: date | None) -> None:
    """Refuse an act of a loan that was not paid out, of no words, of another currency or nothing, of a day to come or before the
    end of the last month that was reported (``closed``), and what a contract or whoever else funds the loan does not allow."""
    loan = before.loan
    require_state(loan, *(("active", "closed") if fact.do in AFTER_ITS_END else ("active",)))
    words = getattr(command, "words", None)
    if words is not None and not words.strip():
        raise WORDLESS()
    amount = getattr(command, "amount", None)
    if amount is not None:
        check_amount(loan, amount)
    if fact.on > today:
        raise NOT_YET(on=fact.on, today=today)
    since = effective(before, fact)
    if since < today:
        if closed is not None and since <= closed:
            raise MONTH_CLOSED(on=since, month=closed, earliest=date.fromordinal(closed.toordinal() + 1))
        if loan.shared:
            raise SHARED(loan_id=loan.id)
    if isinstance(command, LowerRate):
        _check_rate(command.annual, rate_on(before, fact.on))
    if isinstance(command, Charge) and command.due_on is not None and command.due_on < today:
        raise DUE_BEFORE(on=today, due_on=command.due_on)
    if isinstance(command, Charge | PauseInterest):
        _check_last(loan, fact, today)
    if isinstance(command, TakeRecovery) and loan.given_up_on is None:
        raise NOT_WRITTEN_OFF(on=today)
    if fact.do == "goodwill_credit" or (fact.do == "repay" and isinstance(command, TakeRecovery)):
        _check_owed(before, fact, today)
    _check_reset(before, fact, today)
    if fact.do == "reverse":
        _check_payer(loan, _of(before, fact))


def _check_rate(annual: Decimal, agreed: Decimal) -> None:
    if annual > agreed:
        raise RATE_RAISED(annual=annual, agreed=agreed)
    if annual < 0:
        raise RATE_BELOW(annual=annual)


def _check_reset(before: Life, fact: Event, today: date) -> None:
    """Refuse ``lending.reset_since`` where a rate by agreement would change what a reset since then was reckoned from."""
    kind = _of(before, fact).kind if fact.do == "reverse" else fact.do
    last = last_reset(before, today) if kind == "change_rate" else None
    if last is not None and effective(before, fact) <= last:
        raise RESET_SINCE(on=effective(before, fact), reset_on=last)


def _check_payer(loan: Loan, paid: LoanEvent) -> None:
    """Refuse to give money back that was shared out, and to the borrower what another paid."""
    if loan.shared and paid.kind in MONEY_IN:
        raise SHARED(loan_id=loan.id)
    if PAID_BY in paid.about:
        raise PAID_BY_ANOTHER(event_id=paid.id, payer=paid.about[PAID_BY])
    if TOPPED_UP_BY in paid.about:
        raise PAID_BY_TOP_UP(event_id=paid.id, other=paid.about[TOPPED_UP_BY])


def _check_last(loan: Loan, fact: Event, today: date) -> None:
    """Refuse ``lending.beyond_last_due_day``; of a loan whose last due day has passed, today is the last."""
    last = max(today, *(each.due_on for each in loan.instalments))
    day = fact.until or fact.due_on
    if day is not None and day > last:
        raise BEYOND_LAST(day=day, last=last)


def _check_owed(before: Life, fact: Event, today: date) -> None:
    """Refuse ``lending.more_than_open``: what the bank gives or takes by itself pays what is owed, and leaves nothing to be
    given back."""
    price = life.settlement_of(before, life.stands(before, today), today).amount.minor
    if fact.amount > price:
        raise more_than_open(fact, price, before.currency, OWED)


def check_amount(loan: Loan, amount: Money) -> None:
    """Refuse nothing, and another currency than the loan's."""
    positive(amount)
    total([loan.principal, amount], loan.principal.currency)


def effective(before: Life, fact: Event) -> date:
    """From which day on a fact changes anything: its own, or that of the event which it takes back."""
    return _of(before, fact).on if fact.do == "reverse" else fact.on


def _of(before: Life, fact: Event) -> LoanEvent:
    found = next((each for each in before.events if each.id == fact.of), None)
    if found is None:
        raise UNKNOWN_EVENT(loan_id=before.loan.id, event_id=fact.of)
    if found.kind in NEVER:
        raise NEVER_BACK(event_id=found.id, kind=found.kind, on=found.on, **event_named(found.kind))
    return found


def check_after(before: Life, after: Loan, fact: Event) -> None:
    """Refuse an act by which a loan that is over would be owed again, and goodwill of an earlier day that would leave money to be
    given back, for on that day less was owed. What is left of a charge that is taken back is given back at once."""
    if before.loan.state == "closed" and after.state != "closed":
        only_back = fact.do == "reverse" and all(each.settled for each in after.instalments)
        if not only_back or after.shared or after.written_off:
            raise OVER_FOR_GOOD(loan_id=before.loan.id)
        for event in before.events:  # by whom else it was paid, whose the money would be
            _check_payer(before.loan, event)
    had, has = (each.owed_back.minor if each.owed_back else 0 for each in (before.loan, after))
    if fact.do == "goodwill_credit" and has > had:
        raise more_than_open(fact, fact.amount - (has - had), before.currency, OWED)


def check_goodwill(before: Life, after: Life, on: date) -> None:
    """Refuse ``lending.more_than_open``: an act by which money that the bank gave pays nothing any more would give it to the
    borrower; the goodwill is taken back first."""
    if any(each.kind == "goodwill_credit" for each in before.events):
        was, now = (_given_over(life.stands(each, on)) for each in (before, after))
        for name, (event, over) in now.items():
            if over > was.get(name, (event, 0))[1]:
                raise more_than_open(event, event.amount - over, before.currency, OWED)


def _given_over(state: lives.Loan) -> dict[str, tuple[Event, int]]:
    """What each goodwill left for which nothing asks, by its name."""
    return {each.event.name: (each.event, each.over) for each in state.splits if each.event.do == "goodwill_credit"}


def asks_otherwise(before: Life, fact: Event) -> bool:
    """Whether a fact, or one that it takes back, changes what the loan asks for: money that comes and goes does not."""
    kind = _of(before, fact).kind if fact.do == "reverse" else fact.do
    return kind in ("charge", *EASES)


def shifts(before: Life, after: Loan, fact: Event, holidays: frozenset[date]) -> tuple[tuple[date, date], ...]:
    """Where the due days that a reschedule comes to are shifted off holidays, by the rule that the loan pinned; none is earlier
    than what was due, or not after the day of the act."""
    if fact.do not in RESCHEDULES:
        return ()
    days = {each.due_on for each in after.instalments} - {each.due_on for each in before.loan.instalments}
    least = max(fact.on + timedelta(days=1), fact.due_on or fact.on)
    return shifts_of(before.loan.conditions.schedule, days, holidays, least)


def happened(told: Life, event: LoanEvent) -> Happened:
    """An event as it is shown."""
    about = event.about
    return Happened(
        told.loan.id, event.number, event.id, event.kind, event.on, event.told_on, event.amount, about.get("words", ""),
        about.get("of", ""), any(each.kind == "reverse" and each.about.get("of") == event.id for each in told.events),
        event.moves, event.outstanding, event.loan_state, *_top_up(event),
    )  # fmt: skip


def _top_up(event: LoanEvent) -> tuple[str, Money | None]:
    """The other loan of a top-up, and what one paid off of the other."""
    if TOPPED_UP_BY in event.about:
        return event.about[TOPPED_UP_BY], event.amount
    kept = event.about.get(PAYS_OFF)
    return ("", None) if kept is None else (kept["loan"], Money(kept["minor"], event.amount.currency))


def recoverable(told: Life, state: lives.Loan) -> Recoverable:
    """What may still be recovered of a loan that was folded to a day."""
    lost = sum(state.given_up.values()) if state.written_off_on else 0
    came = sum(each.lost for each in state.splits)
    return Recoverable(
        told.loan.id, state.written_off_on, *(Money(minor, told.currency) for minor in (lost, came, lost - came))
    )


def recovered_seen(command: Recover, event: Happened) -> dict[str, Any]:
    """What whoever confirms a recovery must have seen: the loan, the amount and the day."""
    return {"loan": event.loan_id, "amount": event.amount, "on": event.on}


def changed(before: Figures, after: Figures) -> list[tuple[StandingInstalment | None, StandingInstalment | None]]:
    """The instalments that an act changes, as they were and as they would be; none where there was or would be none."""
    was, now = ({each.number: each for each in seen.instalments} for seen in (before, after))
    return [(was.get(number), now.get(number)) for number in sorted({*was, *now}) if was.get(number) != now.get(number)]


def figures(told: Life, state: lives.Loan, on: date) -> Figures:
    """A loan that was folded to a day, in the figures that a change is judged by."""
    loan = life.view(told, state, on)
    nothing = loan.principal * 0
    cost = sum(
        each.owed[component] - each.waived[component]
        for each in state.instalments
        for component in ("interest", "fee", "penalty")
    )
    ends = [each.due_on for each in loan.instalments if any(one.amount for one in each.obligations)]
    return Figures(
        loan.instalments, loan.outstanding, life.due_of(told.currency, state, on),
        life.settlement_of(told, state, on).amount if state.outstanding else nothing, Money(cost, told.currency),
        max(ends, default=on), life.closed_by(state),
    )  # fmt: skip
