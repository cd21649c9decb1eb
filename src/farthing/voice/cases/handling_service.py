"""Run what the staff does of a case: class it, own it, hand it over, answer it, extend it by two, let its clock stand by two.

To whom a case is about it does not exist; who answered it before does not answer it again.
"""

from __future__ import annotations

from dataclasses import replace

from farthing.db.tx import Tx
from farthing.identity import service as identity
from farthing.kernel.operation import operation
from farthing.kernel.whose import STAFF
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.voice.cases import refusals as no
from farthing.voice.cases import rules, store
from farthing.voice.cases import taking_service as taking
from farthing.voice.cases.model import (
    Act,
    AnswerCase,
    AssignCase,
    Case,
    CaseActed,
    CaseSaid,
    ClassCase,
    ExtendCase,
    NameStaff,
    OneCase,
    PauseClock,
)

HANDLES = "voice:handle"


def acted(case: Case, amount: Money | None = None) -> CaseActed:
    """What an act of the staff came to."""
    outcome = case.outcome if case.state in ("answered", "closed") else ""
    return CaseActed(case.id, case.number, case.party_id, case.state, case.due_on, case.owner, outcome, amount)


def _said(tx: Tx, case: Case, act: Act, words: str = "", word: str = "", days: int | None = None) -> CaseSaid:
    return CaseSaid(case.id, act, "staff", "", tx.business_date, days, word, words)


@operation("voice.classify", title=Words("Class a case", "对事项分类"), permission=HANDLES, whose=STAFF)
def classify(tx: Tx, command: ClassCase) -> CaseActed:
    """Say where a case arose, what it is about and why, also after it was answered. Of a question, an idea or praise that is a
    complaint the clock runs from the day on which it came.

    Refuses ``voice.unknown``, ``voice.class_unknown``, ``voice.stays_complaint``.
    """
    case, before, _ = taking.hands(tx, command.case_id)
    after = rules.classed(case, command)
    days = None
    if after.kind != case.kind and after.kind in rules.CLOCKED and rules.clock_of(case, before) is None:
        days = taking.law(tx).days[0]
    said = _said(tx, case, "classed", word=" ".join((*after.classes, str(after.severity), after.kind)), days=days)
    return acted(taking.keep(tx, after, said, before))


@operation(
    "voice.name_staff", title=Words("Name whom a case is about", "登记被投诉员工"), permission=HANDLES, whose=STAFF
)
def name_staff(tx: Tx, command: NameStaff) -> CaseActed:
    """Name a member of staff about whom a case is: that person sees nothing of it any more and has no part in it.

    Refuses ``voice.unknown``, ``voice.no_staff``.
    """
    case, before, _ = taking.hands(tx, command.case_id)
    person = _person(tx, command.login)
    store.name(tx, [(case.id, person)])
    freed = replace(case, owner="", owner_person="") if case.owner_person == person else case
    return acted(taking.keep(tx, freed, _said(tx, case, "named"), before))


def person_of(tx: Tx, login: str) -> tuple[str, str]:
    """The actor and the person of a login of the staff; refuses ``voice.no_staff``."""
    actor = identity.staff_login(tx, login)
    if actor is None:
        raise no.NO_STAFF(login=login)
    return actor, identity.persons_of(tx, [actor])[actor]


def _person(tx: Tx, login: str) -> str:
    return person_of(tx, login)[1]


@operation("voice.assign", title=Words("Make a case somebody's", "认领或移交事项"), permission=HANDLES, whose=STAFF)
def assign(tx: Tx, command: AssignCase) -> CaseActed:
    """Make a case one's own, or hand it to somebody who may handle it, whom it is not about, and who did not answer it before.

    Refuses ``voice.unknown``, ``voice.not_now``, ``voice.no_staff``, ``voice.no_handler``, ``voice.another_person``.
    """
    case, before, _ = taking.hands(tx, command.case_id)
    rules.need(case, "open", "appealed", "answered")
    actor, person = (tx.actor.id, rules.key_of(tx.actor)) if not command.login else person_of(tx, command.login)
    if command.login and (
        not identity.maker_stands(tx, actor, HANDLES) or person in store.about(tx, [case.id]).get(case.id, ())
    ):
        raise no.NO_HANDLER(login=command.login)
    if case.state == "appealed" and person == case.answered_by:
        raise no.ANOTHER()
    owned = replace(case, owner=actor, owner_person=person)
    return acted(taking.keep(tx, owned, _said(tx, case, "assigned"), before))


@operation("voice.answer", title=Words("Answer a case", "答复事项"), permission=HANDLES, whose=STAFF)
def answer(tx: Tx, command: AnswerCase) -> CaseActed:
    """Answer a case of one's own: accept it, make good without accepting, or reject it with reasons; where to go next is told
    with it.

    Refuses ``voice.unknown``, ``voice.wordless``, ``voice.another_person``, ``voice.not_owner``, ``voice.not_now``,
    ``voice.unclassed``.
    """
    case, before, person = taking.hands(tx, command.case_id)
    words = rules.said_of(command.words)
    rules.check_owner(case, person)
    after = rules.answered(case, command.outcome, tx.business_date, person, taking.law(tx), taking.holidays(tx))
    return acted(taking.keep(tx, after, _said(tx, case, "answered", words, command.outcome), before))


@operation(
    "voice.extend",
    title=Words("Extend the clock of a case", "延长办理时限"),
    permission=HANDLES,
    whose=STAFF,
    four_eyes=True,
)
def extend(tx: Tx, command: ExtendCase) -> CaseActed:
    """Move the day by which a case of one's own is to be answered to the law's next; a second person must want it, and whose
    case it is reads why.

    Refuses ``voice.unknown``, ``voice.not_for_you``, ``voice.wordless``, ``voice.not_owner``, ``voice.not_now``,
    ``voice.no_clock``, ``voice.no_more_days``.
    """
    case, before, person = taking.hands(tx, command.case_id)
    reason = rules.said_of(command.reason)
    rules.check_owner(case, person)
    after, days = rules.extended(case, taking.law(tx), before)
    return acted(taking.keep(tx, after, _said(tx, case, "extended", reason, days=days), before))


@operation(
    "voice.pause",
    title=Words("Let the clock of a case stand", "中止计算时限"),
    permission=HANDLES,
    whose=STAFF,
    four_eyes=True,
)
def pause(tx: Tx, command: PauseClock) -> CaseActed:
    """Let the clock of a case of one's own stand still, for a reason that the law names; a second person must want it.

    Refuses ``voice.unknown``, ``voice.not_for_you``, ``voice.not_owner``, ``voice.not_now``, ``voice.no_clock``,
    ``voice.no_pause``, ``voice.clock_stands``.
    """
    case, before, person = taking.hands(tx, command.case_id)
    rules.check_owner(case, person)
    rules.check_pause(case, taking.law(tx), command.why, rules.clock_of(case, before))
    return acted(taking.keep(tx, case, _said(tx, case, "paused", word=command.why), before))


@operation(
    "voice.resume", title=Words("Let the clock of a case go on", "恢复计算时限"), permission=HANDLES, whose=STAFF
)
def resume(tx: Tx, command: OneCase) -> CaseActed:
    """Let the clock of a case go on. Refuses ``voice.unknown``, ``voice.not_now``, ``voice.clock_runs``."""
    case, before, _ = taking.hands(tx, command.case_id)
    rules.need(case, "open", "appealed")
    clock = rules.clock_of(case, before)
    if clock is None or not clock.stands:
        raise no.RUNS()
    return acted(taking.keep(tx, case, _said(tx, case, "resumed"), before))
