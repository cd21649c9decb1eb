"""Run what the staff takes down for others: at a counter, by phone, letter or message; with or without an account. The clock
runs from the day on which it was said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.evidence.model import Personal
from farthing.kernel.operation import operation
from farthing.kernel.whose import STAFF
from farthing.kit.ids import derived, prefixed
from farthing.kit.words import Words
from farthing.parties import service as parties
from farthing.voice.cases import handling_service as handling
from farthing.voice.cases import messages, rules, store
from farthing.voice.cases import refusals as no
from farthing.voice.cases import taking_service as taking
from farthing.voice.cases.messages import Message
from farthing.voice.cases.model import (
    MESSAGE,
    Case,
    CaseActed,
    CaseSaid,
    ImportMessages,
    MessagesTaken,
    NoteWords,
    RecordCase,
)

RECORDS = "voice:record"


@operation("voice.record", title=Words("Take down what somebody says", "登记来访来电"), permission=RECORDS, whose=STAFF)
def record(tx: Tx, command: RecordCase) -> CaseActed:
    """Take down what somebody says who stands at a counter, calls or writes, customer or not; whoever is a customer, by the
    phone, has it on her own page. It is acknowledged with a number and a day.

    Refuses ``voice.wordless``, ``voice.nameless``, ``voice.day_to_come``, ``voice.too_many_speakers``, ``voice.no_staff``.
    """
    words, day = rules.said_of(command.words), rules.check_day(command.received_on, tx.business_date)
    if not command.name.strip() and not command.phone.strip():
        raise no.NAMELESS()
    about = frozenset({handling.person_of(tx, command.about)[1]}) if command.about else frozenset[str]()
    coming = taking.Coming(
        tx.new_id("voice"), command.channel, command.kind, command.language, customer_of(tx, command.phone), day, words,
        command.remedy.strip(), command.name.strip(), command.phone.strip(), command.people, command.speakers, "staff",
        about=about,
    )  # fmt: skip
    (case,) = taking.take(tx, [coming])
    return handling.acted(case)


def customer_of(tx: Tx, phone: str) -> str | None:
    """The customer whose phone it is, where it is one customer's."""
    found = parties.of_phone(tx, phone.strip()) if phone.strip() else []
    return found[0].id if len(found) == 1 else None


@operation("voice.note", title=Words("Take down more of a case", "登记补充说明"), permission=RECORDS, whose=STAFF)
def note(tx: Tx, command: NoteWords) -> CaseActed:
    """Take down what a person says more of her case, by whatever channel: it stays one case, and its clock runs on.

    Refuses ``voice.unknown``, ``voice.wordless``, ``voice.not_now``.
    """
    case, before, _ = taking.hands(tx, command.case_id)
    words = rules.said_of(command.words)
    rules.need(case, "open", "appealed")
    said = CaseSaid(case.id, "added", "staff", command.channel, tx.business_date, words=words)
    return handling.acted(taking.keep(tx, case, said, before))


@operation("voice.import_messages", title=Words("Take in messages", "导入消息"), permission=RECORDS, whose=STAFF)
def import_messages(tx: Tx, command: ImportMessages) -> MessagesTaken:
    """Take in a file of messages, each once under its key; one with the number of a case that waits goes on with that case, where
    it comes from the phone of whose case it is: a number alone, which others read too, puts no words into anybody's mouth.

    Refuses ``voice.not_messages``.
    """
    found, unread = messages.read(command.text, tx.business_date)
    numbered = _numbered(tx, found)
    going_on = {each.key for each in found if _goes_on(tx, numbered.get(each.case.upper()), each)}
    fresh = [each for each in found if each.key not in going_on]
    coming = [_coming(tx, command.source, each) for each in fresh]
    made = {each.id: each for each in taking.take(tx, coming)}
    leaves = [(made[each.case_id], each.words) for each in coming if each.case_id in made]
    evidence.append_many(
        tx, [_leaf(*each) for each in leaves]
    )  # each under its own person's key, none under the officer's
    added = sum(
        _added(tx, command.source, numbered[each.case.upper()].id, each) for each in found if each.key in going_on
    )
    return MessagesTaken(len(made), added, len(found) - len(made) - added, tuple(unread))


def _numbered(tx: Tx, found: Sequence[Message]) -> dict[str, Case]:
    """The cases whose numbers messages name, but for a number that two have and a case that is about whoever takes it in."""
    cases = store.by_number(tx, sorted({each.case.upper() for each in found if each.case}))
    about, times = store.about(tx, [each.id for each in cases]), Counter(each.number for each in cases)
    me = rules.key_of(tx.actor)
    return {each.number: each for each in cases if times[each.number] == 1 and me not in about.get(each.id, ())}


def _goes_on(tx: Tx, case: Case | None, message: Message) -> bool:
    """Whether a message goes on with the case that it names: of a customer, from the customer's phone; of somebody without an
    account, from the phone that was taken down, if one was."""
    if case is None or not case.waits:
        return False
    if case.known:
        return customer_of(tx, message.phone) == case.party_id
    (came,) = store.said(tx, [case], ("received",))[case.id]
    return not came.phone or _digits(came.phone) == _digits(message.phone)


def _digits(phone: str) -> str:
    return "".join(each for each in phone if each.isdecimal())


def _id_of(source: str, key: str) -> UUID:
    """What a message is known by: a source has no line's end, so no two pairs read alike."""
    return derived(f"voice message {source}\n{key}")


def _leaf(case: Case, words: str) -> tuple[str, object]:
    told = {"case_id": case.id, "party_id": case.party_id, "channel": case.channel, "due_on": case.due_on}
    return MESSAGE, {**told, "words": Personal(words, case.party_id)}


def _coming(tx: Tx, source: str, each: Message) -> taking.Coming:
    case_id = prefixed("voice", _id_of(source, each.key))
    person = customer_of(tx, each.phone)
    return taking.Coming(
        case_id,
        each.channel,
        each.kind,
        each.language,
        person,
        each.day,
        each.words,
        each.remedy,
        each.name,
        each.phone,
    )


def _added(tx: Tx, source: str, case_id: str, each: Message) -> bool:
    """Add a message to a case, unless it is there."""
    case = store.find(tx, [case_id])[case_id]
    before = store.said(tx, [case], bare=True).get(case.id, [])
    word = str(_id_of(source, each.key))
    if any(line.act == "added" and line.word == word for line in before):
        return False
    said = CaseSaid(case.id, "added", "person", each.channel, tx.business_date, word=word, words=each.words)
    taking.keep(tx, case, said, before)
    evidence.append_many(tx, [_leaf(case, each.words)])
    return True
