"""Own how a loan goes bad or ends early, and what is taken back: charge-off, write-off, recovery, credit, charge-back."""

from __future__ import annotations

from decimal import Decimal

from farthing.lending.lives.charges import additional
from farthing.lending.lives.events import COMPONENTS, PAYING, Component, Event
from farthing.lending.lives.instalments import nothing
from farthing.lending.lives.levels import settle
from farthing.lending.lives.loan import Loan, Split
from farthing.lending.lives.refusals import (
    GIVEN_UP,
    NAME_UNKNOWN,
    NOT_REVERSIBLE,
    NOT_WRITTEN_OFF,
    OWED_BACK,
    PAID,
    about,
    more_than_open,
)


def charge_off(loan: Loan, event: Event) -> None:
    """What is owed is not believed in any more; it stays owed. Interest goes on, stops, or all falls due at once."""
    how = loan.agreement.charge_off
    if loan.bears and how == "no_more_interest":
        _stop_interest(loan, event)
    elif how == "all_due":
        all_due(loan, event)
    earned = loan.give_up(event.on)
    loan.charged_off_on = event.on
    open_now = loan.open_by_component()
    loan.given_up = dict(open_now)
    loan.note(event, open_now, earned=earned)


def _stop_interest(loan: Loan, event: Event) -> None:
    desk = loan.desk
    assert desk is not None
    desk.rates = [(on, annual) for on, annual in desk.rates if on < event.on] + [(event.on, Decimal(0))]
    desk.splits.add(event.on)
    settle(desk, event.on)
    loan.agree(event.on)


def all_due(loan: Loan, event: Event) -> None:
    """All principal falls due on a day, with the interest to that day; instalments after it are gone."""
    desk = loan.desk
    assert desk is not None
    running = desk.period_on(event.on)
    if running is None or (running is desk.periods[-1] and running.due == event.on):
        return
    plan = loan.of_plan
    place = next(number for number, period in enumerate(desk.periods) if period is running)
    gone, gone_periods = plan[place + 1 :], desk.periods[place + 1 :]
    running.end_on(event.on, desk.terms.every)
    plan[place].due_on = event.on
    running.paid_principal += sum(period.paid_principal for period in gone_periods)
    running.paid_interest += sum(period.paid_interest for period in gone_periods)
    desk.periods = desk.periods[: place + 1]
    left = sum(each.open("principal") for each in gone)
    for each in gone:
        for component in COMPONENTS:
            plan[place].paid[component] += each.paid[component]
            if component != "interest":
                plan[place].owed[component] += each.owed[component]
        plan[place].in_advance += each.in_advance
    loan.instalments = [each for each in loan.instalments if each not in gone]
    if loan.bears:
        running.shift(left)
        settle(desk, event.on)
        loan.agree(event.on)
    plan[place].met(event.on)
    loan.sort()


def end(loan: Loan, event: Event) -> None:
    """The contract is terminated: all falls due."""
    all_due(loan, event)
    loan.note(event, loan.open_by_component())


def write_off(loan: Loan, event: Event) -> None:
    """What is owed is given up: nothing is owed any more, and a loss remains."""
    parts, earned = loan.open_by_component(), loan.give_up(event.on)
    for instalment in loan.instalments:
        for component in COMPONENTS:
            instalment.written_off[component] += instalment.open(component)
        instalment.met(event.on)
    loan.written_off_on = event.on
    loan.given_up = {component: loan.given_up[component] + parts[component] for component in COMPONENTS} if (
        loan.charged_off_on is None) else parts  # fmt: skip
    loan.note(event, parts, earned=earned)


def recover(loan: Loan, event: Event) -> None:
    """Money comes for what was written off."""
    if loan.written_off_on is None:
        raise NOT_WRITTEN_OFF(on=event.on)
    lost = sum(loan.given_up.values()) - sum(each.lost for each in loan.splits if each.event.do == "recover")
    if event.amount > lost:
        raise more_than_open(event, lost, loan.agreement.terms.currency, GIVEN_UP)
    loan.note(event, nothing(), lost=event.amount)


def refund_credit(loan: Loan, event: Event) -> None:
    """What was paid too much is given back."""
    if event.amount > loan.over:
        raise more_than_open(event, loan.over, loan.agreement.terms.currency, OWED_BACK)
    loan.over -= event.amount
    loan.note(event, nothing(), over=event.amount)


def charge_back(loan: Loan, event: Event) -> None:
    """A payment is taken back by the payer's bank: what is owed back pays first, the rest is owed again from that day."""
    source = next((each for each in loan.splits if each.event.name == event.of and event.of), None)
    if source is None:
        raise NAME_UNKNOWN(**about(event), of=event.of or "?")
    if source.event.do not in PAYING:
        raise NOT_REVERSIBLE(of=event.of, **about(source.event))
    earlier = [each for each in loan.splits if each.event.do == "charge_back" and each.event.of == event.of]
    room = source.total - sum(each.total for each in earlier)
    if event.amount > room:
        raise more_than_open(event, room, loan.agreement.terms.currency, PAID)
    from_over = min(loan.over, event.amount)
    parts = _revived(loan, source, earlier, event.amount - from_over)
    loan.over -= from_over
    _owe_again(loan, event, parts)
    loan.note(event, parts, over=from_over)


def _revived(loan: Loan, source: Split, earlier: list[Split], amount: int) -> dict[Component, int]:
    """Which components a payment that is taken back makes owed again."""
    parts = nothing()
    for component in loan.agreement.chargeback_order:
        had = getattr(source, component) - sum(getattr(each, component) for each in earlier)
        parts[component] = min(amount, max(0, had))
        amount -= parts[component]
    parts["principal"] += amount
    return parts


def _owe_again(loan: Loan, event: Event, parts: dict[Component, int]) -> None:
    later = next((each for each in loan.of_plan if each.due_on > event.on), None)
    if later is None and loan.of_plan[-1].due_on == event.on:
        later = loan.of_plan[-1]
    lively = loan.lively and later is not None and loan.desk is not None
    if lively:
        assert loan.desk is not None
        before = loan.desk.charged_back.get(event.on, (0, 0))
        loan.desk.charged_back[event.on] = before[0] + parts["principal"], before[1] + parts["interest"]
        loan.desk.move(event.on, parts["principal"])
        settle(loan.desk, event.on)
    target = later or additional(loan, event.on)
    for component in COMPONENTS:
        if not lively or component in ("fee", "penalty"):
            target.owed[component] += parts[component]
    target.credited += parts["principal"]
    if lively:
        loan.agree(event.on)
    target.met(event.on)
    loan.sort()
