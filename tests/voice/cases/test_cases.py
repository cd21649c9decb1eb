"""A complaint from its first word to its last: acknowledged, owned, answered, asked about once more, redressed, closed."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import timedelta

import pytest

from farthing.bank.founding import SECOND
from farthing.identity import service as identity
from farthing.identity.model import CreateLogin
from farthing.identity.rules import actor_of
from farthing.kernel import approvals
from farthing.kernel.approvals import Decide
from farthing.kernel.day import close_day
from farthing.kit.money import Money
from farthing.parties import service as parties
from farthing.payments import service as payments
from farthing.voice.cases import handling_service as handling
from farthing.voice.cases import persons_service as persons
from farthing.voice.cases import reading_service as reading
from farthing.voice.cases import recording_service as recording
from farthing.voice.cases import redress_service as redressing
from farthing.voice.cases import service as voice
from farthing.voice.cases.audit_service import verify_cases
from farthing.voice.cases.model import (
    AddWords,
    AskAgain,
    AssignCase,
    ClassCase,
    ExtendCase,
    ImportMessages,
    NameStaff,
    NoteWords,
    OneCase,
    PauseClock,
    PayRedress,
    RateAnswer,
    RecordCase,
)
from farthing.voice.cases.texts_service import texts as texts_of
from tests.conftest import DAY, Bank
from tests.payments.packets.people import herself, yuan
from tests.voice.cases.desk import WORDS, Desk, clean, desk, refused


@pytest.fixture
def cn(bank: Bank) -> Desk:
    return desk(bank)


def test_acknowledged_classed_owned_answered_and_asked_once_more(cn: Desk) -> None:
    said = cn.speak()
    assert said.state == "open" and said.due_on == DAY + timedelta(days=15) and len(said.number) == 8
    assert said.may == ("add", "withdraw") and said.lines[0].words.startswith("我提前支取")
    cn.bank.run(voice.add, AddWords(said.id, "我七十岁了。"), actor=herself(cn.ann))
    assert refused(cn.bank.run, voice.add, AddWords(said.id, "?"), actor=herself(cn.bob)) == "kernel.not_yours"
    for other in (said.number, said.number.lower()):  # a number leads nobody but the staff to a case
        assert refused(cn.bank.run, voice.withdraw, OneCase(other), actor=herself(cn.bob)) == "voice.unknown"
        assert refused(cn.bank.kernel.ask, reading.one, other, actor=herself(cn.bob)) == "voice.unknown"
    assert refused(cn.bank.kernel.ask, reading.one, said.id, actor=herself(cn.bob)) == "kernel.not_yours"
    assert refused(cn.answer, said.id) == "voice.not_owner"
    cn.act(handling.assign, AssignCase(said.id))
    assert refused(cn.answer, said.id) == "voice.unclassed"
    cn.classed(said.id)
    assert refused(cn.act, handling.classify, ClassCase(said.id, "A11", "B11", "C15", 2, "praise")) == (
        "voice.stays_complaint"
    )
    assert cn.answer(said.id, "rejected").due_on is None
    seen = cn.bank.read(lambda tx: reading.one(tx, said.id), actor=herself(cn.ann))
    assert seen.next is not None and "12378" in seen.next.where.zh and seen.may == ("rate", "reopen", "appeal", "agree")
    assert all(each.act not in ("classed", "assigned") for each in seen.lines)
    cn.bank.run(voice.rate, RateAnswer(said.id, 1), actor=herself(cn.ann))
    assert refused(cn.bank.run, voice.rate, RateAnswer(said.id, 5), actor=herself(cn.ann)) == "voice.rated_before"
    again = cn.bank.run(voice.appeal, AskAgain(said.id, "答复没有回答我的问题。"), actor=herself(cn.ann))
    assert again.state == "appealed" and again.due_on == DAY + timedelta(days=30)
    assert refused(cn.act, handling.assign, AssignCase(said.id)) == "voice.another_person"
    cn.act(handling.assign, AssignCase(said.id, "zhao"))
    assert refused(cn.answer, said.id) == "voice.another_person"
    cn.answer(said.id, "redress", "zhao")
    last = cn.bank.read(lambda tx: reading.one(tx, said.id), actor=herself(cn.ann))
    assert "appeal" not in last.may and last.next is not None and last.rating is None, "each answer is rated by itself"
    assert refused(cn.bank.run, voice.appeal, AskAgain(said.id, "!"), actor=herself(cn.ann)) == "voice.appealed_before"
    assert cn.bank.run(voice.agree, OneCase(said.id), actor=herself(cn.ann)).state == "closed"
    clean(cn.bank)


def test_whom_it_is_about_neither_sees_nor_handles_nor_seconds_it(cn: Desk) -> None:
    named, plain = cn.speak("赵志强 对我大喊大叫。"), cn.speak()
    for look in (lambda tx: reading.case(tx, named.id), lambda tx: reading.case(tx, named.number)):
        assert refused(cn.bank.read, look, actor=cn.staff["zhao"]) == "voice.unknown", "his name stands in it"
        assert cn.bank.read(look, actor=cn.staff["wang"]).case.id == named.id
    rows = cn.bank.read(reading.cases, actor=cn.staff["zhao"])
    assert [each.case.id for each in rows] == [plain.id]
    assert refused(cn.act, handling.assign, AssignCase(named.id), "zhao") == "voice.unknown"
    assert refused(cn.act, handling.assign, AssignCase(named.id, "zhao")) == "voice.no_handler"
    cn.classed(named.id)
    assert refused(cn.two, handling.extend, ExtendCase(named.id, "复杂")) == "voice.not_for_you"
    large = PayRedress(named.id, yuan("900.00"), "致歉")
    assert refused(cn.act, redressing.redress_large, large, "zhao") == "voice.unknown", "nor does he draft anything"
    cn.classed(plain.id)
    cn.act(handling.name_staff, NameStaff(plain.id, "wang"), "qian")
    assert refused(cn.answer, plain.id) == "voice.unknown"
    rows = cn.bank.read(reading.cases, actor=cn.staff["qian"])
    assert {each.case.id: each.case.owner for each in rows}[plain.id] == "", "it is nobody's again"
    assert refused(cn.act, handling.name_staff, NameStaff(named.id, "nobody")) == "voice.no_staff"


def test_nobody_handles_what_she_said_herself_or_pays_alone_for_what_she_took_down(cn: Desk) -> None:
    said = cn.speak()
    ann = cn.bank.read(lambda tx: parties.party(tx, cn.ann))
    made = cn.bank.run(identity.create_login, CreateLogin("ann", "operator", ann.name, ann.number))
    cn.bank.run(approvals.decide, Decide(made.approval_id, approve=True), actor=SECOND)
    person = cn.bank.read(lambda tx: identity.persons_of(tx, ["operator:ann"]))["operator:ann"]
    cn.staff["ann"] = actor_of("operator:ann", "operator", None, person)
    assert refused(cn.act, handling.assign, AssignCase(said.id), "ann") == "voice.own_case"
    took = cn.act(recording.record, RecordCase("phone", "complaint", WORDS, phone=ann.phone))
    cn.classed(took.case_id)
    assert refused(cn.act, redressing.redress, PayRedress(took.case_id, yuan("0.01"), "?")) == "voice.two_persons"
    assert cn.two(redressing.redress_large, PayRedress(took.case_id, yuan("0.01"), "?")).state == "approved"


def test_redress_is_booked_once_and_two_want_what_is_much_however_it_is_split(cn: Desk) -> None:
    said, other = cn.speak(), cn.speak(party=cn.bob)
    cn.classed(said.id)
    cn.classed(other.id)
    before = cn.bank.read(lambda tx: payments.wallet(tx, cn.ann), actor=herself(cn.ann)).balance
    assert refused(cn.act, redressing.redress, PayRedress(said.id, yuan("0.00"), "?")) == "voice.no_amount"
    cn.act(redressing.redress, PayRedress(said.id, yuan("300.00"), "罚息退还"))
    assert refused(cn.act, redressing.redress, PayRedress(said.id, yuan("200.01"), "余下")) == "voice.two_persons"
    assert refused(cn.act, redressing.redress, PayRedress(said.id, Money(1, "EUR"), "?")) == "voice.no_wallet"
    assert refused(cn.act, redressing.redress, PayRedress(other.id, yuan("1.00"), "?"), "zhao") == "voice.not_owner"
    done = cn.two(redressing.redress_large, PayRedress(said.id, yuan("1600.00"), "致歉"))
    assert done.state == "approved"
    assert refused(cn.act, redressing.redress, PayRedress(other.id, yuan("101.00"), "?")) == "voice.two_persons", (
        "a day's sum"
    )
    cn.act(redressing.redress, PayRedress(other.id, yuan("100.00"), "手续费"))
    after = cn.bank.read(lambda tx: payments.wallet(tx, cn.ann), actor=herself(cn.ann)).balance
    assert after - before == yuan("1900.00")
    assert cn.answer(said.id, "redress").outcome == "redress"
    seen = cn.bank.read(lambda tx: reading.one(tx, said.id), actor=herself(cn.ann))
    assert seen.redress == yuan("1900.00") and [each.word for each in seen.lines if each.act == "redressed"] == [
        "CNY 300.00", "CNY 1,600.00",
    ]  # fmt: skip
    clean(cn.bank)
    with cn.bank.superuser() as connection:
        connection.execute(
            "UPDATE voice_case SET redress_minor = redress_minor + 1, due_on = '2026-07-01' WHERE id = %s", [other.id]
        )
        connection.execute("UPDATE voice_redress SET minor = minor - 1 WHERE number = 2")
    found = {each.subject: each.problem for each in cn.bank.read(verify_cases, snapshot=True).findings}
    assert len(found) == 3, found


def test_extended_by_two_to_thirty_and_sixty_and_no_further(cn: Desk) -> None:
    said = cn.speak()
    cn.classed(said.id)
    assert refused(cn.act, handling.resume, OneCase(said.id)) == "voice.clock_runs"
    first = cn.two(handling.extend, ExtendCase(said.id, "须调阅录像"))
    assert first.state == "approved"
    assert cn.bank.read(lambda tx: reading.view_of(tx, said.id)).due_on == DAY + timedelta(days=30)
    cn.two(handling.extend, ExtendCase(said.id, "须他行协查"))
    assert cn.bank.read(lambda tx: reading.view_of(tx, said.id)).due_on == DAY + timedelta(days=61), (
        "the 60th is a Sunday"
    )
    assert refused(cn.act, handling.extend, ExtendCase(said.id, "再等等")) == "voice.no_more_days"
    assert refused(cn.act, handling.pause, PauseClock(said.id, "asked")) == "voice.no_pause", "the order knows none"
    answered = cn.answer(said.id)
    assert answered.state == "answered"
    cn.bank.run(voice.reopen, AskAgain(said.id, "钱没有到账。"), actor=herself(cn.ann))
    assert cn.bank.read(lambda tx: reading.view_of(tx, said.id)).due_on == DAY + timedelta(days=61), (
        "reopened the same day"
    )
    cn.bank.run(voice.withdraw, OneCase(said.id), actor=herself(cn.ann))
    assert refused(cn.answer, said.id) == "voice.not_now"
    assert cn.bank.read(lambda tx: reading.view_of(tx, said.id)).due_on is None
    clean(cn.bank)


@pytest.mark.long
def test_a_day_escalates_tells_what_lapsed_and_closes_what_nobody_contested(bank: Bank) -> None:
    box = desk(bank, "sandbox")
    late, answered, praise = box.speak(), box.speak(party=box.bob), box.speak("柜员很耐心", "praise")
    box.classed(answered.id)
    assert box.answer(answered.id).state == "answered"
    for _ in range(50):
        close_day(bank.kernel)
    row = {each.case.id: each for each in bank.read(lambda tx: reading.cases(tx, True))}
    assert row[late.id].case.near_on is not None and row[late.id].case.late_on is None and row[late.id].light == "amber"
    assert row[answered.id].case.state == "closed" and row[answered.id].case.rating is None
    assert row[answered.id].case.summary, "settled on the first day"
    assert row[praise.id].case.state == "open" and row[praise.id].case.near_on is None, "praise lapses never"
    for _ in range(7):
        close_day(bank.kernel)
    seen = bank.read(lambda tx: reading.view_of(tx, late.id))
    assert seen.late and seen.next is not None and seen.lines[-1].act == "late"
    told = [each.act for each in seen.lines]
    assert told.count("late") == 1, "once"
    box.classed(late.id)
    assert box.answer(late.id, "rejected").state == "answered"
    clean(bank)


def test_by_phone_letter_and_file_one_case_each_and_its_clock_from_the_day_it_was_said(cn: Desk) -> None:
    earlier = DAY - timedelta(days=4)
    took = cn.act(recording.record, RecordCase("counter", "complaint", WORDS, name="陈大爷", received_on=earlier))
    assert took.due_on == earlier + timedelta(days=16), "the fifteenth is a Sunday"
    assert refused(cn.act, recording.record, RecordCase("phone", "complaint", WORDS)) == "voice.nameless"
    late = RecordCase("phone", "complaint", WORDS, name="x", received_on=DAY + timedelta(days=1))
    assert refused(cn.act, recording.record, late) == "voice.day_to_come"
    six = RecordCase("letter", "complaint", WORDS, name="x", people=40, speakers=tuple("甲乙丙丁戊己"))
    assert refused(cn.act, recording.record, six) == "voice.too_many_speakers"
    phone = cn.bank.read(lambda tx: parties.party(tx, cn.ann)).phone
    hers = cn.act(
        recording.record, RecordCase("phone", "question", "怎么提前还款？", name="she", phone=phone, about="qian")
    )
    assert (
        hers.party_id == cn.ann
        and refused(cn.act, handling.assign, AssignCase(hers.case_id), "qian") == "voice.unknown"
    )
    cn.act(recording.note, NoteWords(took.case_id, "phone", "又来电催问"))
    seen = cn.bank.read(lambda tx: reading.case(tx, took.number), actor=cn.staff["wang"])
    assert (seen.name, seen.case.channel, [each.channel for each in seen.lines]) == (
        "陈大爷",
        "counter",
        ["counter", "phone"],
    )
    file = (
        "key,day,channel,kind,phone,name,words,remedy,case\n"
        f"1,{DAY},message,complaint,{phone},,罚息太高,,\n2,{DAY},message,idea,,Lee,A gentler term,,\n"
        f"3,{DAY},message,complaint,,,还没有答复,,{took.number}\n4,2031-01-01,message,complaint,,,x,,\n5,{DAY},fax,,,,x,,\n"
    )
    first = cn.act(recording.import_messages, ImportMessages("chat", file))
    assert (first.taken, first.added, first.known, first.unread) == (2, 1, 0, ("5: day", "6: channel"))
    again = cn.act(recording.import_messages, ImportMessages("chat", file))
    assert (again.taken, again.added, again.known) == (0, 0, 3), "a file that comes twice doubles nothing"
    assert refused(cn.act, recording.import_messages, ImportMessages("chat", "a,b\n1,2")) == "voice.not_messages"
    clean(cn.bank)
    texts = cn.bank.read(
        lambda tx: texts_of(tx, DAY - timedelta(days=9), DAY + timedelta(days=1)), actor=cn.staff["zhao"]
    )
    assert len(texts.texts) == 4 and len({each.person for each in texts.texts}) == 3, "people are counted, not letters"
    told = json.dumps([asdict(each) for each in texts.texts], default=str, ensure_ascii=False)
    for hidden in ("陈", "Lee", phone, cn.ann, took.case_id, took.party_id):
        assert hidden not in told, hidden
    row = cn.bank.read(lambda tx: reading.case_of_text(tx, texts.texts[0].id), actor=cn.staff["wang"])
    assert row.case.id == took.case_id
    assert refused(cn.bank.kernel.ask, texts_of, DAY, DAY, actor=cn.staff["wang"]) == "kernel.forbidden"


def test_what_is_open_stands_in_the_way_of_an_erasure_and_what_was_said_goes_with_the_key(cn: Desk) -> None:
    said = cn.speak("我的邻居老赵也被扣了罚息", remedy="退还罚息")
    with cn.bank.superuser() as connection:
        rows = connection.execute("SELECT v::text FROM voice_said AS v UNION ALL SELECT c::text FROM voice_case AS c")
        leaves = connection.execute("SELECT convert_from(body, 'UTF8') FROM evidence_leaf")
        assert not [row for row in (*rows, *leaves) if "罚息" in row[0]], "nothing of it lies in plain"
    assert cn.bank.read(lambda tx: persons.open_of(tx, cn.ann)) == [said.number]
    cn.bank.run(voice.withdraw, OneCase(said.id), actor=herself(cn.ann))
    assert cn.bank.read(lambda tx: persons.open_of(tx, cn.ann)) == []
    assert cn.bank.read(lambda tx: persons.last_of(tx, cn.ann)) == DAY
    assert cn.bank.kernel.tidy(lambda tx: persons.forget(tx, cn.ann)) == 1
    left = cn.bank.read(lambda tx: reading.case(tx, said.id), actor=cn.staff["wang"])
    assert left.lines[0].words == "" and left.remedy == "" and left.case.state == "withdrawn"
    until = DAY + timedelta(days=1)
    assert cn.bank.read(lambda tx: texts_of(tx, DAY, until), actor=cn.staff["zhao"]).texts == ()
    clean(cn.bank)


def test_texts_are_read_page_by_page_each_once(cn: Desk) -> None:
    for number in range(5):
        cn.speak(f"罚息太高 {'很' * number}", party=(cn.ann, cn.bob)[number % 2])
    cursor, found = "", list[str]()
    while True:
        page = cn.bank.kernel.ask(texts_of, DAY, DAY + timedelta(days=1), cursor, 2, actor=cn.staff["zhao"])
        found += [each.words for each in page.texts]
        if not (cursor := page.next):
            break
    assert len(found) == len(set(found)) == 5
    strange = cn.bank.kernel.ask(texts_of, DAY, DAY + timedelta(days=1), "2026-99-99 x", 2, actor=cn.staff["zhao"])
    assert len(strange.texts) == 2
