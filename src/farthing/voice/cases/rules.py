"""Decide how a case stands after what is said or done, and who may do it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from farthing.kit.actor import Actor
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.products.complaint_rules import ComplaintRules
from farthing.voice.cases import refusals as no
from farthing.voice.cases.classes import classes
from farthing.voice.cases.clock import Clock, is_summary
from farthing.voice.cases.model import Case, CaseLine, CaseSaid, ClassCase, State, WhereNext

STATES = {
    "open": Words("open", "处理中"), "answered": Words("answered", "已答复"), "appealed": Words("asked once more", "核查中"),
    "closed": Words("closed", "已办结"), "withdrawn": Words("withdrawn", "已撤回"),
}  # fmt: skip
YEAR = 366
CLOCKED = ("complaint", "question")
"""What has to be answered by a day."""


def key_of(actor: Actor) -> str:
    """The person of the staff behind an actor: two logins of one person are one."""
    return actor.person_id or actor.id


def said_of(text: str) -> str:
    """What somebody said; refuses ``voice.wordless``."""
    if not text.strip():
        raise no.WORDLESS()
    return text.strip()


def check_group(people: int, speakers: Sequence[str], law: ComplaintRules) -> None:
    """Refuse ``voice.too_many_speakers``."""
    if law.speakers_max and (people > 1 or speakers) and len(speakers) > law.speakers_max:
        raise no.SPEAKERS(most=law.speakers_max, article=law.article.en, article_zh=law.article.zh)


def check_day(day: date | None, today: date) -> date:
    """The day on which something was said; refuses ``voice.day_to_come``."""
    if day is not None and not today - timedelta(days=YEAR) <= day <= today:
        raise no.TO_COME(day=day.isoformat())
    return day or today


def need(case: Case, *states: str) -> None:
    """Refuse ``voice.not_now`` unless a case stands so."""
    if case.state not in states:
        said = STATES[case.state]
        raise no.NOT_NOW(state=said.en, state_zh=said.zh)


def check_hands(case: Case, about: Collection[str], actor: Actor, asked_by: str | None) -> None:
    """Refuse ``voice.unknown`` to whom a case is about, ``voice.not_for_you`` to a second person who may not.

    ``asked_by``: the person who drafted what this actor, as the second, lets happen.
    """
    if asked_by is not None and asked_by in about:
        raise no.UNKNOWN()
    barred = key_of(actor) in about or (case.state == "appealed" and key_of(actor) == case.answered_by)
    if asked_by is not None and barred:
        raise no.NOT_FOR_YOU(actor=actor.id)
    if key_of(actor) in about:
        raise no.UNKNOWN()


def check_owner(case: Case, person: str) -> None:
    """Refuse ``voice.not_owner``, and ``voice.another_person`` to whoever answered what is asked once more."""
    if case.state == "appealed" and person == case.answered_by:
        raise no.ANOTHER()
    if case.owner_person != person:
        raise no.NOT_OWNER()


def clock_of(case: Case, said: Iterable[CaseSaid]) -> Clock | None:
    """The clock of a case, from what was said and done; none where nothing was ever due."""
    clock = None
    for each in said:
        if each.days is not None and each.act in (
            "received",
            "classed",
        ):  # what became a complaint was one when it came
            clock = Clock(case.received_on, each.days)
        elif each.days is not None and each.act == "appealed":
            clock = Clock(each.on, each.days)
        elif clock is not None and each.act == "extended" and each.days is not None:
            clock = replace(clock, days=each.days)
        elif clock is not None and each.act in ("paused", "answered", "withdrawn", "closed"):
            clock = clock.stopped(each.on)
        elif clock is not None and each.act in ("resumed", "reopened"):
            clock = clock.gone_on(each.on)
    return clock


def due_after(case: Case, said: Iterable[CaseSaid], holidays: Collection[date]) -> date | None:
    """By when a case is to be answered, after all that was said and done; nothing unless it waits."""
    clock = clock_of(case, said) if case.waits else None
    return clock.due(case, holidays) if clock else None


def classed(case: Case, command: ClassCase) -> Case:
    """The case under its classes; refuses ``voice.class_unknown``, ``voice.stays_complaint``."""
    axes = classes()
    for code, axis in ((command.channel, axes.channel), (command.product, axes.business), (command.cause, axes.cause)):
        if code not in {each.code for each in axis}:
            raise no.CLASSLESS(code=code or "-")
    kind = command.kind or case.kind
    if case.kind == "complaint" and kind != "complaint":
        raise no.STAYS()
    if case.kind == "question" and kind in ("praise", "idea"):
        raise no.STAYS()
    found = (command.channel, command.product, command.cause)
    return replace(case, classes=found, severity=command.severity, kind=kind)


def extended(case: Case, law: ComplaintRules, said: Iterable[CaseSaid]) -> tuple[Case, int]:
    """The case with the law's next number of days; refuses ``voice.no_clock``, ``voice.no_more_days``. What is asked once
    more has no further days."""
    need(case, "open")
    if clock_of(case, said) is None:
        raise no.NO_CLOCK()
    if case.step + 1 >= len(law.days):
        raise no.NO_MORE_DAYS(article=law.article.en, article_zh=law.article.zh)
    return replace(case, step=case.step + 1, near_on=None, late_on=None), law.days[case.step + 1]


def check_pause(case: Case, law: ComplaintRules, why: str, clock: Clock | None) -> None:
    """Refuse ``voice.not_now``, ``voice.no_clock``, ``voice.no_pause``, ``voice.clock_stands``."""
    need(case, "open", "appealed")
    if clock is None:
        raise no.NO_CLOCK()
    if why not in law.pauses:
        raise no.NO_PAUSE(article=law.article.en, article_zh=law.article.zh)
    if clock.stands:
        raise no.STANDS()


def answered(case: Case, outcome: Any, on: date, person: str, law: ComplaintRules, holidays: Collection[date]) -> Case:
    """The case after its answer; refuses ``voice.not_now``, ``voice.unclassed``."""
    need(case, "open", "appealed")
    if case.kind == "complaint" and not all(case.classes):
        raise no.UNTHOUGHT()
    short = (
        case.kind == "complaint" and outcome != "rejected" and not case.appeals
        and is_summary(law.summary_days, case.received_on, on, holidays)
    )  # fmt: skip
    return replace(
        case, state="answered", outcome=outcome, answered_on=on, answered_by=person, due_on=None, rating=None, summary=short,
    )  # fmt: skip


def last_to_ask(case: Case, law: ComplaintRules) -> date:
    """The last day on which an answer may be contested here."""
    return (case.answered_on or case.received_on) + timedelta(days=law.appeal_within_days)


def check_again(case: Case, law: ComplaintRules, on: date, *, appeal: bool) -> None:
    """Refuse ``voice.not_now``, ``voice.appealed_before``, ``voice.appeal_late``."""
    need(case, *(("answered",) if appeal else ("answered", "closed")))
    if case.answered_on is None:
        raise no.NOT_NOW(state=STATES[case.state].en, state_zh=STATES[case.state].zh)
    if appeal and case.appeals:
        raise no.APPEALED()
    if on > last_to_ask(case, law):
        raise no.APPEAL_LATE(day=last_to_ask(case, law).isoformat())


def appealed(case: Case) -> Case:
    """The case asked about once more: it is nobody's until another person takes it."""
    return replace(
        case, state="appealed", appeals=1, owner="", owner_person="", near_on=None, late_on=None, ended_on=None
    )


def reopened(case: Case) -> Case:
    """The case open again: its owner goes on, and so does its clock."""
    state: State = "appealed" if case.appeals else "open"
    return replace(case, state=state, near_on=None, late_on=None, ended_on=None)


def ended(case: Case, state: Any, on: date) -> Case:
    """The case closed or withdrawn."""
    return replace(case, state=state, ended_on=on, due_on=None)


def check_redress(
    case: Case, amount: Money, by_person: Money, law: ComplaintRules, *, two: bool, took_down: bool
) -> None:
    """Refuse ``voice.not_now``, ``voice.no_amount``, and ``voice.two_persons`` where one person would have given too much of the
    case, however it is split, or of any cases in the day; or anything at all of a case that the same person took down."""
    need(case, "open", "answered", "appealed")
    if amount.minor <= 0:
        raise no.NO_AMOUNT()
    if two:
        return
    if took_down:
        raise no.TWO(most=str(Money.zero(amount.currency)))
    if amount.currency != law.alone_max.currency or case.redress + amount > law.alone_max:
        raise no.TWO(most=str(law.alone_max))
    if by_person + amount > law.alone_day:
        raise no.TWO(most=str(law.alone_day))


def alone_left(case: Case, by_person: Money, law: ComplaintRules) -> Money:
    """How much one person may give of a case now; more is for two."""
    if case.redress.currency != law.alone_max.currency:
        return Money.zero(case.redress.currency)
    left = min(law.alone_max.minor - case.redress.minor, law.alone_day.minor - by_person.minor)
    return Money(max(0, left), law.alone_max.currency)


def may_person(case: Case, law: ComplaintRules, on: date) -> tuple[str, ...]:
    """What its person may do now."""
    if case.waits:
        return ("add", "withdraw")
    if case.answered_on is None or case.state == "withdrawn":
        return ()
    found = ["rate"] if case.rating is None else []
    if on <= last_to_ask(case, law):
        found.append("reopen")
        if case.state == "answered" and not case.appeals:
            found.append("appeal")
    if case.state == "answered":
        found.append("agree")
    return tuple(found)


def may_staff(case: Case, person: str, law: ComplaintRules, clock: Clock | None) -> tuple[str, ...]:
    """What a member of staff may do of a case next."""
    if not case.waits:
        return ("class", "redress") if case.state == "answered" and case.owner_person == person else ("class",)
    if case.state == "appealed" and person == case.answered_by:
        return ("class", "hand")
    found = ["class", "name", "hand"]
    if case.owner_person != person:
        return (*found, "take")
    found += ["answer", "redress"]
    if clock is not None:
        if clock.stands:
            found.append("resume")
        elif law.pauses:
            found.append("pause")
        if case.state == "open" and case.step + 1 < len(law.days):
            found.append("extend")
    return tuple(found)


def onward(case: Case, law: ComplaintRules) -> WhereNext | None:
    """Where to go next: told with every rejection, with a second answer, and where the bank is late."""
    if case.outcome != "rejected" and not (case.appeals and case.answered_on) and case.late_on is None:
        return None
    since = case.answered_on or case.late_on or case.received_on
    return WhereNext(law.onward.name, law.onward.where, since + timedelta(days=law.onward.within_days))


HIDDEN = ("classed", "named", "assigned", "near")
"""What is done of a case that its person does not read: it is the bank's own work."""


def lines(said: Iterable[CaseSaid]) -> tuple[CaseLine, ...]:
    """What was said, as its person reads it: who of the staff did it is not told."""
    return tuple(
        CaseLine(each.act, each.by, each.channel, each.on, each.word, each.words)
        for each in said
        if each.act not in HIDDEN
    )


def light(case: Case, law: ComplaintRules, on: date) -> Any:
    """How a case stands against its clock."""
    if case.due_on is None or (case.due_on - on).days > law.warn_days:
        return "green"
    return "amber" if on <= case.due_on else "red"


def named_in(text: str, staff: Iterable[tuple[str, str]]) -> frozenset[str]:
    """The persons of the staff whose names stand in a text: until somebody looks they do not see it either."""
    plain = " ".join(text.lower().split())
    return frozenset(person for name, person in staff if len(name) >= 2 and " ".join(name.lower().split()) in plain)
