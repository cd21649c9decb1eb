"""A case is its person's: a number that others read puts no words into it, and nobody's hands are in a case of her own."""

from __future__ import annotations

import threading

import pytest

from farthing.bank.founding import SECOND
from farthing.identity import service as identity
from farthing.identity.model import CreateLogin
from farthing.identity.rules import actor_of
from farthing.kernel import approvals
from farthing.kernel.approvals import Decide
from farthing.kit.errors import Refusal
from farthing.parties import service as parties
from farthing.voice.cases import handling_service as handling
from farthing.voice.cases import reading_service as reading
from farthing.voice.cases import recording_service as recording
from farthing.voice.cases import redress_service as redressing
from farthing.voice.cases.model import AssignCase, ImportMessages, NameStaff, PayRedress, RecordCase
from tests.conftest import DAY, Bank
from tests.payments.packets.people import herself, yuan
from tests.voice.cases.desk import WORDS, Desk, clean, desk, refused

HEAD = "key,day,channel,kind,phone,name,words,remedy,case\n"


@pytest.fixture
def cn(bank: Bank) -> Desk:
    return desk(bank)


def _phone(cn: Desk, party: str) -> str:
    return cn.bank.read(lambda tx: parties.party(tx, party)).phone


def _lines(cn: Desk, case_id: str) -> int:
    return len(cn.bank.read(lambda tx: reading.one(tx, case_id), actor=herself(cn.ann)).lines)


def test_a_message_goes_on_with_a_case_only_from_the_phone_of_its_person(cn: Desk) -> None:
    said = cn.speak()
    before = _lines(cn, said.id)
    strangers = f"{HEAD}1,{DAY},message,complaint,{_phone(cn, cn.bob)},,我撤诉，不用退钱了,,{said.number}\n"
    strangers += f"2,{DAY},message,complaint,,,我撤诉,,{said.number.lower()}\n"
    taken = cn.act(recording.import_messages, ImportMessages("chat", strangers))
    assert (taken.taken, taken.added) == (2, 0), "each is a case of its own: nothing is lost, nothing is put into hers"
    assert _lines(cn, said.id) == before
    hers = f"{HEAD}3,{DAY},message,complaint,{_phone(cn, cn.ann)},,还没有答复,,{said.number}\n"
    assert cn.act(recording.import_messages, ImportMessages("chat", hers)).added == 1
    assert cn.act(recording.import_messages, ImportMessages("chat", hers)).known == 1
    assert _lines(cn, said.id) == before + 1
    clean(cn.bank)


def test_of_who_has_no_account_the_phone_that_was_taken_down_counts(cn: Desk) -> None:
    took = cn.act(recording.record, RecordCase("phone", "complaint", WORDS, name="陈大爷", phone="010-6655 4433"))
    other = f"{HEAD}1,{DAY},message,complaint,13900001111,,我撤诉,,{took.number}\n"
    assert cn.act(recording.import_messages, ImportMessages("chat", other)).added == 0
    same = f"{HEAD}2,{DAY},message,complaint,01066554433,,还没有答复,,{took.number}\n"
    assert cn.act(recording.import_messages, ImportMessages("chat", same)).added == 1


def test_whom_a_case_is_about_adds_nothing_to_it_by_a_file(cn: Desk) -> None:
    said = cn.speak()
    cn.act(handling.name_staff, NameStaff(said.id, "qian"))
    file = f"{HEAD}1,{DAY},message,complaint,{_phone(cn, cn.ann)},,我弄错了,,{said.number}\n"
    assert cn.act(recording.import_messages, ImportMessages("chat", file), "qian").added == 0


def test_no_message_is_taken_for_another_whose_source_and_key_read_alike(cn: Desk) -> None:
    one = cn.act(
        recording.import_messages, ImportMessages("chat", f"{HEAD}a b,{DAY},message,complaint,,x,罚息太高,,\n")
    )
    two = cn.act(recording.import_messages, ImportMessages("chat a", f"{HEAD}b,{DAY},message,complaint,,y,不还款,,\n"))
    assert (one.taken, two.taken) == (1, 1)


def test_nobody_is_paid_redress_for_a_case_of_her_own_that_she_drafts_or_agrees_to(cn: Desk) -> None:
    said = cn.speak()
    ann = cn.bank.read(lambda tx: parties.party(tx, cn.ann))
    made = cn.bank.run(identity.create_login, CreateLogin("ann", "operator", ann.name, ann.number))
    cn.bank.run(approvals.decide, Decide(made.approval_id, approve=True), actor=SECOND)
    person = cn.bank.read(lambda tx: identity.persons_of(tx, ["operator:ann"]))["operator:ann"]
    cn.staff["ann"] = actor_of("operator:ann", "operator", None, person)
    cn.act(handling.assign, AssignCase(said.id, "ann"))
    assert (
        refused(cn.act, redressing.redress_large, PayRedress(said.id, yuan("900.00"), "?"), "ann") == "voice.own_case"
    )
    cn.act(handling.assign, AssignCase(said.id))
    waits = cn.act(redressing.redress_large, PayRedress(said.id, yuan("900.00"), "?"))
    assert (
        refused(cn.bank.run, approvals.decide, Decide(waits.approval_id, True), actor=cn.staff["ann"])
        == "voice.own_case"
    )


def test_of_many_redresses_at_once_the_day_of_one_person_holds(cn: Desk) -> None:
    cases = [cn.speak().id for _ in range(8)]
    for each in cases:
        cn.act(handling.assign, AssignCase(each))
    told: list[str] = []
    start = threading.Barrier(len(cases))

    def pay(case_id: str) -> None:
        start.wait()
        try:
            cn.act(redressing.redress, PayRedress(case_id, yuan("500.00"), "?"))
            told.append("paid")
        except Refusal as refusal:
            told.append(refusal.code)

    threads = [threading.Thread(target=pay, args=(each,)) for each in cases]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(told) == ["paid"] * 4 + ["voice.two_persons"] * 4, "2,000 in a day, however many at once"
    clean(cn.bank)
