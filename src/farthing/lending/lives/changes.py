"""Own what changes a plan while it runs: the rate, a pause, later days, more instalments, arrears made into new instalments."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from farthing.lending.lives.events import Event
from farthing.lending.lives.instalments import Instalment, nothing
from farthing.lending.lives.levels import level, planned, settle
from farthing.lending.lives.loan import Loan
from farthing.lending.lives.paying_out import by_level, evenly, next_due, share_evenly
from farthing.lending.lives.penalties import change_penalty, drop, not_begun
from farthing.lending.lives.periods import Accrual, Period
from farthing.lending.lives.refusals import NO_SUCH_INSTALMENT, PAUSE_BACKWARDS, PERIOD_TOO_SHORT, SHORTENS, about
from farthing.lending.plans.days import at, shifted
from farthing.lending.plans.factors import minor, units_between
from farthing.lending.plans.schedule import rounded
from farthing.lending.plans.terms import Method, Terms

ONE_DAY = timedelta(days=1)


def _desk(loan: Loan) -> Accrual:
    assert loan.desk is not None
    return loan.desk


def _again(desk: Accrual, due: date) -> None:
    """Level what falls due from a day on anew."""
    make = level if by_level(desk.terms) else planned
    make(desk, desk.after(due), due)


def change_rate(loan: Loan, event: Event) -> None:
    """Another rate from a day on: that day bears by it, and the instalments after are levelled anew. What is late costs another
    penalty from the day after, where the event says one."""
    if event.on > _desk(loan).periods[-1].due:
        raise PERIOD_TOO_SHORT(**about(event))
    _bear(loan, event, event.on - ONE_DAY)


def reset_rate(loan: Loan, event: Event) -> None:
    """The rate that a contract follows, from the end of a day on: what fell due by then stands, and what is late costs another
    penalty after it."""
    if event.on >= _desk(loan).periods[-1].due:
        raise PERIOD_TOO_SHORT(**about(event))
    _bear(loan, event, event.on)


def _bear(loan: Loan, event: Event, since: date) -> None:
    desk = _desk(loan)
    assert event.annual is not None
    desk.rates.append((since, event.annual))
    desk.rates.sort(key=lambda rate: rate[0])
    desk.splits.add(since)
    desk.paid_out.setdefault(desk.periods[0].start, 0)
    if event.penalty is not None:
        change_penalty(loan, event.penalty)
    _again(desk, next_due(desk, since))
    loan.agree(event.on)


def pause(loan: Loan, event: Event) -> None:
    """Some days bear nothing, both ends among them; the instalment stays and the last one is smaller."""
    assert event.until is not None
    if event.until < event.on:
        raise PAUSE_BACKWARDS(on=event.on, until=event.until)
    if not loan.bears:
        return
    desk, before = _desk(loan), event.on - ONE_DAY
    desk.pauses.append((max(before, desk.periods[0].start), event.until))
    desk.splits |= {before, event.until}
    settle(desk, event.on)
    loan.agree(event.on)


def _falls(terms: Terms, event: Event, day: date) -> date:
    """When what would fall due on a day does: by the holidays that the event was told with, or those of the terms."""
    return dict(event.shifts).get(day) or shifted(terms, day)


def move_due(loan: Loan, event: Event) -> None:
    """One instalment and all after it fall due later; rows by hand each by as many days, for they are no period apart."""
    desk = _desk(loan)
    assert event.due_on is not None and event.until is not None
    place = next((number for number, each in enumerate(loan.of_plan) if each.due_on == event.due_on), None)
    if place is None or event.due_on < event.on:
        raise NO_SUCH_INSTALMENT(due_on=event.due_on)
    if event.until < event.due_on:
        raise SHORTENS(**about(event), what=event.due_on)
    at(
        desk.terms.every, desk.terms.month_end, event.until, len(desk.periods) - place
    )  # refuses a day beyond the calendar
    day, plan, later = event.until, loan.of_plan, event.until - event.due_on
    for number in range(place, len(desk.periods)):
        period, due = desk.periods[number], _falls(desk.terms, event, day)
        start = desk.periods[number - 1].due if number else period.start
        period.units = units_between(desk.terms.every, start, due) if number == place or desk.terms.rows else None
        period.start, period.due = start, due
        plan[number].start, plan[number].due_on = start, due
        if desk.terms.rows and number + 1 < len(plan):
            day = plan[number + 1].due_on + later
        else:
            day = at(desk.terms.every, desk.terms.month_end, day, 1)
    if loan.bears:
        settle(desk, event.due_on)
        loan.agree(event.on)
    loan.sort()


def add_instalments(loan: Loan, event: Event) -> None:
    """So many more instalments of the same length at the end; what is left is levelled over all that are not due yet."""
    desk, terms = _desk(loan), loan.agreement.terms
    if event.on > desk.periods[-1].due:
        raise PERIOD_TOO_SHORT(**about(event))
    count = len(desk.periods)
    regular = all(period.units is None for period in desk.periods) and not terms.rows
    day = desk.periods[-1].due
    for number in range(event.count):
        last = desk.periods[-1].due
        seed, step = (loan.began_on, count + number + 1) if regular and loan.began_on else (day, 1)
        day = at(terms.every, terms.month_end, seed, step)
        due = _falls(terms, event, day)
        desk.periods.append(Period(last, due))
        loan.instalments.append(Instalment(last, due))
    loan.sort()
    if loan.bears or not evenly(desk.terms):
        _again(desk, next_due(desk, event.on - ONE_DAY))
        loan.agree(event.on)
        return
    later = [each for each in loan.of_plan if each.due_on >= event.on]
    owed = sum(each.open("principal") for each in later)
    for instalment in later:
        instalment.owed["principal"] = instalment.paid["principal"]
    share_evenly(loan, owed, event.on - ONE_DAY)


def re_amortise(loan: Loan, event: Event) -> None:
    """What is late is spread over the instalments that are not due yet."""
    desk = _desk(loan)
    later = [each for each in loan.of_plan if each.due_on > event.on]
    if not later:
        raise PERIOD_TOO_SHORT(**about(event))
    parts = nothing()
    late = [each for each in loan.of_plan if each.due_on <= event.on]
    parts["principal"] = sum(each.open("principal") for each in late)
    parts["interest"] = sum(each.open("interest") for each in late)
    if loan.bears:
        _release(desk, [period for period in desk.periods if period.due <= event.on and not period.settled])
        level(desk, [period for period in desk.periods if period.due > event.on], event.on)
        loan.agree(event.on)
    else:
        for instalment in late:
            instalment.owed["principal"] = instalment.paid["principal"]
            instalment.met(event.on)
        _add_evenly(later, parts["principal"], desk.terms.multiple)
    loan.note(event, parts)


def _release(desk: Accrual, periods: list[Period]) -> None:
    """What these periods did not pay is theirs no more: their instalment is what was paid."""
    for on, amount, _ in desk.overdue:
        desk.move(on, -amount)
    desk.overdue, desk.overdue_on = [], None
    for period in periods:
        period.principal_agreed = None
        period.credited_gone = period.credited_principal + period.credited_interest
        period.level = period.paid
    desk.compute()


def _add_evenly(instalments: list[Instalment], amount: int, multiple: int) -> None:
    share, left = minor(Decimal(amount) / len(instalments)), amount
    for instalment in instalments[:-1]:
        part = min(rounded(Decimal(share), multiple), left)
        instalment.owed["principal"] += part
        left -= part
    instalments[-1].owed["principal"] += left


def re_age(loan: Loan, event: Event) -> None:
    """All that is owed of the principal becomes new instalments from a day on; what was due and not paid is due no more.

    The plan ends on the day of the re-ageing. Interest that was borne and not paid falls due with the first new instalment.
    """
    desk, terms = _desk(loan), loan.agreement.terms
    assert event.due_on is not None
    if event.due_on <= event.on:
        raise SHORTENS(**about(event), what=event.due_on)
    parts = nothing()
    drop(not_begun(loan, event.on), event.on)
    parts["principal"] = sum(each.open("principal") for each in loan.instalments)
    every = event.every or terms.every
    owed_interest = _end_plan(loan, event.on) if loan.bears else 0
    parts["interest"] = owed_interest
    if not loan.bears:
        _empty(loan, event.on)
    for instalment in loan.instalments:
        if not instalment.of_plan:
            instalment.owed["principal"] = instalment.paid["principal"]
    start = max(
        [event.on, *(period.due for period in desk.periods[-1:])]
    )  # none where nothing was paid without interest
    new = []
    for number in range(event.count):
        due = _falls(terms, event, at(every, terms.month_end, event.due_on, number))
        units = units_between(terms.every, start, due) if number == 0 or every != terms.every else None
        new.append(Period(start, due, units, re_aged=True))
        start = due
    desk.periods += new
    added = [Instalment(period.start, period.due, re_aged=True) for period in new]
    loan.instalments += added
    loan.sort()
    if loan.bears:
        new[0].fixed = owed_interest
        level(replace_method(desk), new, event.on)
        loan.agree(event.on)
    else:
        _add_evenly(added, parts["principal"], terms.multiple)
    loan.note(event, parts)


def replace_method(desk: Accrual) -> Accrual:
    """New instalments are equal ones, whatever the old plan was: no grace and no balloon is theirs."""
    method: Method = "flat" if desk.terms.method == "flat" else "equal_instalment"
    desk.terms = replace(desk.terms, method=method, rows=(), grace_principal=0, grace_interest=0, balloon=None)
    return desk


def _end_plan(loan: Loan, on: date) -> int:
    """The plan ends on a day: periods after it are gone, the running one ends; returns the interest that was not paid."""
    desk = _desk(loan)
    running = desk.period_on(on)
    kept = [period for period in desk.periods if period.due <= on or period is running]
    gone = [period for period in desk.periods if period not in kept]
    early = sum(period.paid_principal for period in gone), sum(period.paid_interest for period in gone)
    plan = loan.of_plan
    loan.instalments = [each for each in loan.instalments if not each.of_plan] + plan[: len(kept)]
    lost = plan[len(kept) :]
    desk.periods = kept
    last, holder = kept[-1], plan[len(kept) - 1]
    if running is not None and last.due > on:
        last.end_on(on, desk.terms.every)
    last.paid_principal += early[0]
    last.paid_interest += early[1]
    for each in lost:
        for component, amount in each.paid.items():
            holder.paid[component] += amount
            if component in ("fee", "penalty"):
                holder.owed[component] += each.owed[component]
                holder.waived[component] += each.waived[component]
        holder.in_advance += each.in_advance
    settle(desk, on)
    owed = sum(period.interest_open for period in desk.periods)
    _release(desk, [period for period in desk.periods if not period.settled])
    for period in desk.periods:
        period.moved_down, period.closed = True, True
        period.fixed = period.paid_interest
    desk.compute()
    for instalment, period in zip(loan.of_plan, desk.periods, strict=True):  # else what comes new may stand before it
        instalment.due_on = period.due
    loan.sort()
    return owed


def _empty(loan: Loan, on: date) -> None:
    """Without interest: instalments ask for what was paid only; those after the day on which nothing was paid are gone."""
    desk = _desk(loan)
    kept = []
    for instalment, period in zip(loan.of_plan, list(desk.periods), strict=True):
        instalment.owed["principal"] = instalment.paid["principal"]
        instalment.met(on)
        if instalment.due_on > on and not instalment.total_paid and not instalment.outstanding:
            loan.instalments = [each for each in loan.instalments if each is not instalment]
        else:
            kept.append(period)
    desk.periods = kept
