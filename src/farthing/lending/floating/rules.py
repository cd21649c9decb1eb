"""Decide what a loan's rate is set to on a day of reset, and whether it was. Pure.

The rate of a reset is the reference of its day and the margin, never below nothing and never so high that the loan would cost
more a year than the law lets it. A rate that was lowered by agreement lowered the margin.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from farthing.kit.money import Money
from farthing.kit.rates import percent
from farthing.kit.words import Words
from farthing.lending import life
from farthing.lending.acts.cost import annual_cost
from farthing.lending.floating.history import MARGIN, Figures, changes, margin_of, margin_on, rate_on
from farthing.lending.floating.model import RateChange
from farthing.lending.life import Life
from farthing.lending.lives import loan as lives
from farthing.lending.lives.events import Event
from farthing.lending.lives.fold import step
from farthing.lending.model import LoanEvent
from farthing.lending.pinned import penalty_at
from farthing.products.floating import at, next_reset

FIGURE, CEILING = "figure", "ceiling"
"""Where a reset keeps what the reference was, and the law that capped it."""
STEP = Decimal("0.0001")
"""A rate that is capped is the highest one that the law lets, in hundredths of a point."""
POINT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Reset:
    """What a rate is set to: the fact, and what the bank keeps beside it."""

    fact: Event
    about: dict[str, Any]


def bears(told: Life, state: lives.Loan, on: date) -> bool:
    """Whether a loan that was folded to the end of a day bears interest after it that a reset can change."""
    last = max((each.due_on for each in state.of_plan), default=on)
    return not state.closed and state.given_up_on is None and on < last


def reset(told: Life, figure: Decimal, ceiling: Decimal | None, event_id: str, on: date) -> Reset | None:
    """What the rate of a loan is set to on a day on which the reference is a figure; nothing where it stays as it is.

    ``ceiling``: what a loan may cost a year by the law in force, none where it is silent.
    """
    wanted = at(margin_on(told, on), figure)
    now = rate_on(told, on)
    if wanted == now or not bears(told, life.stands(told, on), on):
        return None
    about = {FIGURE: str(figure)}
    annual = wanted
    if ceiling is not None and wanted > now and costs(told, wanted, on) > ceiling:
        annual, about[CEILING] = capped(told, now, wanted, ceiling, on), str(ceiling)
    fact = Event(on, "reset_rate", annual=annual, penalty=penalty_at(told.loan.conditions, annual), name=event_id)
    return Reset(fact, about)


def costs(told: Life, annual: Decimal, on: date) -> Decimal:
    """What a loan would cost a year with a rate from the end of a day on."""
    fact = Event(on, "reset_rate", annual=annual, name="tried")
    draft = LoanEvent(
        len(told.events) + 1, fact.name, fact.do, on, told.loan.principal * 0, life.about_of(fact), (), told.loan.outstanding,
        told.loan.state, told.loan.accepted_at,
    )  # fmt: skip
    return annual_cost(replace(told, events=(*told.events, draft)), on)


def capped(told: Life, now: Decimal, wanted: Decimal, ceiling: Decimal, on: date) -> Decimal:
    """The highest rate from the end of a day on by which a loan costs no more than the law lets it, and not below what it is."""
    least, most = 0, int((wanted - now) / STEP)
    while least < most:
        middle = (least + most + 1) // 2
        if costs(told, now + middle * STEP, on) <= ceiling:
            least = middle
        else:
            most = middle - 1
    return now + least * STEP


def shown(told: Life) -> tuple[RateChange, ...]:
    """How a loan's rate came to be what it is, in the order of the days."""
    found = []
    for each in changes(told):
        fact = life.as_fact(each)
        assert fact.annual is not None
        figure, ceiling = (None if name not in each.about else Decimal(each.about[name]) for name in (FIGURE, CEILING))
        found.append(RateChange(each.on, each.kind, fact.annual, fact.penalty, figure, ceiling))
    return tuple(found)


def instalment_after(told: Life, state: lives.Loan, reset_on: date, annual: Decimal) -> Money | None:
    """The first instalment after a reset to come, were the rate set to one by it."""
    tried = state.copy()
    step(tried, Event(reset_on, "reset_rate", annual=annual))
    following = next(
        (each for each in sorted(tried.of_plan, key=lambda each: each.due_on) if each.due_on > reset_on), None
    )
    return None if following is None else Money(following.owed["principal"] + following.owed["interest"], told.currency)


def notice(told: Life, change: RateChange, name: Words, margin: Decimal) -> Words:
    """What comes to a borrower's phone when the rate of a loan was set anew."""
    due = next((each for each in told.loan.instalments if each.due_on > change.on and each.left), None)
    en = zh = ""
    if due is not None:
        en, zh = f" The instalment of {due.due_on} is {due.left}.", f"{due.due_on} 应还 {due.left}。"
    if change.ceiling is not None:
        en, zh = f" It stays below what the law lets a loan cost.{en}", f"该利率以法定综合成本上限为限。{zh}"
    annual, figure, plus = (percent(each) for each in (change.annual, change.figure or Decimal(0), margin))
    return Words(
        f"After {change.on} your loan bears {annual} a year: the {name.en} is {figure}, and {plus} is added.{en}",
        f"自 {change.on} 日终起，您的贷款年利率为 {annual}：{name.zh}为 {figure}，加点 {plus}。{zh}",
    )


def misset(told: Life, figure_on: Figures | None, on: date) -> list[str]:
    """Where the rate of a loan that floats is not what the reference says, of all days of reset that passed before a day, and
    where the next one is not what the contract says."""
    loan, follows = told.loan, told.loan.conditions.floating
    resets = [each for each in told.events if each.kind == "reset_rate"]
    if follows is None or figure_on is None or loan.disbursed_on is None:
        stray = "has a rate that was reset, and follows no reference rate"
        return [stray] if resets or loan.resets_on is not None else []
    found = _misplaced(told, on) + [problem for each in changes(told) for problem in _misagreed(told, each, figure_on)]
    days, day = set[date](), next_reset(follows.resets, loan.disbursed_on, loan.disbursed_on)
    until = loan.closed_on or on
    while day < until:
        days.add(day)
        found += _misset_on(told, [each for each in resets if each.on == day], figure_on(day), day)
        day = next_reset(follows.resets, loan.disbursed_on, day)
    return found + [
        f"has event {each.number}, a reset of {each.on}, which is no day of reset" for each in resets
        if each.on not in days and each.on != on
    ]  # fmt: skip


def _misplaced(told: Life, on: date) -> list[str]:
    """Whether the next day of reset is the first that has not passed, or the one after today's, where the close came to that."""
    loan, follows = told.loan, told.loan.conditions.floating
    assert follows is not None and loan.disbursed_on is not None
    if loan.state != "active":
        return [f"is {loan.state}, and its rate is to be reset on {loan.resets_on}"] if loan.resets_on else []
    coming = next_reset(follows.resets, loan.disbursed_on, date.fromordinal(on.toordinal() - 1))
    following = next_reset(follows.resets, loan.disbursed_on, on)
    if loan.resets_on in (coming, following):
        return []
    return [f"has its rate reset next on {loan.resets_on}, and by its contract on {coming}"]


def _misagreed(told: Life, event: LoanEvent, figure_on: Figures) -> list[str]:
    fact = life.as_fact(event)
    if event.kind != "change_rate" or fact.annual is None:
        return []
    margin = margin_of(told, fact.annual, event.on, figure_on)
    if event.about.get(MARGIN) == str(margin):
        return []
    return [
        f"has event {event.number}, a lower rate of {event.on}, whose margin is {percent(margin)} and not what it says"
    ]


def _misset_on(told: Life, resets: Sequence[LoanEvent], figure: Decimal, on: date) -> list[str]:
    """Whether a loan's rate after a day of reset is what it should have been set to, as the loan was told by then."""
    first = min((each.number for each in resets), default=None)
    known = [each for each in told.events if each.told_on <= on and (first is None or each.number < first)]
    then = replace(told, events=tuple(known))
    if len(resets) > 1:
        return [f"was reset {len(resets)} times on {on}"]
    said = life.as_fact(resets[0]) if resets else None
    ceiling = Decimal(resets[0].about[CEILING]) if resets and CEILING in resets[0].about else None
    wanted = reset(then, figure, ceiling, said.name if said else "", on)
    if wanted is None and said is None:
        return []
    kept = {} if not resets else {name: resets[0].about[name] for name in (FIGURE, CEILING) if name in resets[0].about}
    if wanted is not None and (said, kept) == (wanted.fact, wanted.about):
        return []
    should = rate_on(then, on) if wanted is None else wanted.fact.annual
    bears_now = rate_on(then, on) if said is None else said.annual
    return [f"bears {_percent(bears_now)} after {on}, and by the reference of that day {_percent(should)}"]


def _percent(annual: Decimal | None) -> str:
    return "nothing" if annual is None else percent(annual)
