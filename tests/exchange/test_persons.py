"""Persons at a node: introduced, consenting, taking consents back; whoever holds one hears of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256

import pytest

from farthing.bank.founding import agreed
from farthing.exchange.consents import service as consents
from farthing.exchange.consents import signing
from farthing.exchange.consents.model import Ceiling
from farthing.exchange.consents.service import ChangeConsent, ConsentShown
from farthing.exchange.inquiring import service as inquiring
from farthing.exchange.inquiring.service import EraseSubject
from farthing.exchange.node_service import Node
from farthing.exchange.persons import service as persons
from farthing.exchange.persons.service import AddOwnKey, Begin, CloseDoor, EndOwnKey, PersonKey, require_begun
from farthing.identity import entrance
from farthing.identity.model import LogIn
from tests.banks import Bank, Shelf
from tests.conftest import DAY
from tests.exchange.nodes import BANK, LENDER, RIVAL, Sender, joined, node_over
from tests.exchange.persons import Person, refuses
from tests.exchange.rows import resident

HER, OTHER = resident(1), resident(2)


@pytest.fixture(scope="module")
def stands(shelf: Shelf) -> Iterator[Bank]:
    with shelf.bank(DAY) as bank:
        yield bank


@pytest.fixture(scope="module")
def node(stands: Bank) -> Node:
    return node_over(stands)


@pytest.fixture(scope="module")
def bank(node: Node) -> Sender:
    return joined(node, BANK, "First bank")


@pytest.fixture(scope="module")
def lender(node: Node) -> Sender:
    return joined(node, LENDER, "Lender", "non_bank")


@pytest.fixture(scope="module")
def her(node: Node, bank: Sender) -> Person:
    person = Person(node, HER)
    assert person.introduced_by(bank).kind == "introduce_result"
    return person


def shown(person: Person, ident: str) -> ConsentShown:
    found = person.node.kernel.ask(consents.own_consents, person.subject, actor=person.actor)
    return next(each for each in found if each.id == ident)


def test_a_person_comes_in_by_a_code_once_and_signs_in_by_her_own_password(node: Node, bank: Sender) -> None:
    person = Person(node, OTHER)
    assert person.introduced_by(bank).body == person.introduced_by(bank).body  # the same message, the same answer
    code = person.code
    command = Begin(code, "+8613800138000", "one long enough for a person")
    begun = node.kernel.run(persons.begin, command)
    assert (begun.outcome, begun.subject_id) == ("ok", person.subject)
    for bad in (code, f"{code}0", ""):
        with refuses("exchange.person_code"):
            require_begun(node.kernel.run(persons.begin, replace(command, code=bad)))
    told = entrance.log_in(node.kernel, LogIn("+8613800138000", "one long enough for a person"))
    assert (told.outcome, told.party_id) == ("ok", person.subject)
    actor = entrance.who_is(node.kernel, told.token).actor
    assert node.kernel.ask(consents.own_consents, person.subject, actor=actor) == []
    with refuses("kernel.not_yours"):
        node.kernel.ask(consents.own_consents, "subject_another", actor=actor)


def test_codes_are_counted_by_where_they_come_from_and_backed_off(node: Node, bank: Sender) -> None:
    person = Person(node, resident(11))
    person.introduced_by(bank)
    wrong = Begin("a code that nobody has", "+8613800138011", "one long enough for a person", "192.0.2.7")
    assert [node.kernel.run(persons.begin, wrong).outcome for _ in range(5)] == ["wrong"] * 4 + ["locked"]
    right = replace(wrong, code=person.code)
    with refuses("exchange.person_code_locked"):
        require_begun(node.kernel.run(persons.begin, right))  # the right code too, from there
    assert node.kernel.run(persons.begin, replace(right, source="192.0.2.8")).outcome == "ok"  # from elsewhere
    assert node.kernel.run(persons.begin, right).outcome == "locked"
    said = {"document": Person(node, resident(12)).document, "level": "B"}
    bank.send("short", "introduce", {**said, "code_sha256": sha256(b"123456").hexdigest()})
    short = Begin("123456", "+8613800138012", "one long enough for a person", "192.0.2.9")
    assert node.kernel.run(persons.begin, short).outcome == "wrong"  # a code that could be guessed opens nothing


def test_no_institution_takes_over_a_way_in_that_is_there(node: Node, bank: Sender, lender: Sender) -> None:
    person, phone, password = Person(node, resident(13)), "+8613800138013", "one long enough for a person"
    person.introduced_by(bank)
    node.kernel.run(persons.begin, Begin(person.code, phone, password))
    session = entrance.log_in(node.kernel, LogIn(phone, password)).token
    for number, who in enumerate((lender, bank)):  # another lender, and her own
        code = f"a code that {who.id} knows"
        said = {"document": person.document, "level": "A", "code_sha256": sha256(code.encode()).hexdigest()}
        assert who.send(f"attack:{number}", "introduce", said).kind == "introduce_result"
        for name in (phone, f"+861380013810{number}"):
            with refuses("exchange.door_there"):
                node.kernel.run(persons.begin, Begin(code, name, "a password of an attacker"))
            assert entrance.log_in(node.kernel, LogIn(name, "a password of an attacker")).outcome == "wrong"
    her = entrance.who_is(node.kernel, session).actor  # her session stands, and her password
    assert entrance.log_in(node.kernel, LogIn(phone, password)).outcome == "ok"
    known = node.kernel.ask(persons.own_introductions, person.subject, actor=her)
    assert [(each.member_name, each.used_at is None) for each in known] == [
        ("First bank", True), ("Lender", True), ("First bank", False),
    ]  # fmt: skip
    agreed(node.kernel, persons.close_door, CloseDoor(person.subject, "she lost her phone"))
    assert entrance.log_in(node.kernel, LogIn(phone, password)).outcome != "ok"
    with refuses("exchange.person_code"):  # codes that waited are not good any more
        require_begun(node.kernel.run(persons.begin, Begin("a code that " + lender.id + " knows", phone, password)))
    with refuses("exchange.no_door"):
        agreed(node.kernel, persons.close_door, CloseDoor(person.subject, "once more"))
    fresh = {"document": person.document, "level": "B", "code_sha256": sha256(b"another code of hers").hexdigest()}
    bank.send("after", "introduce", fresh)
    assert node.kernel.run(persons.begin, Begin("another code of hers", phone, password)).outcome == "ok"


def test_an_erased_persons_way_in_ends_with_her_records(node: Node, bank: Sender) -> None:
    person, phone, password = Person(node, resident(14)), "+8613800138014", "one long enough for a person"
    person.introduced_by(bank)
    node.kernel.run(persons.begin, Begin(person.code, phone, password))
    session = entrance.log_in(node.kernel, LogIn(phone, password)).token
    agreed(node.kernel, inquiring.erase_subject, EraseSubject(person.subject, "court order"))
    with refuses("identity.not_signed_in"):
        entrance.who_is(node.kernel, session)
    assert entrance.log_in(node.kernel, LogIn(phone, password)).outcome != "ok"
    assert person.consents(bank, "after erasure").body["code"] == "exchange.consent_unsigned"


def test_a_member_in_its_test_introduces_nobody(node: Node) -> None:
    told = Person(node, resident(3)).introduced_by(joined(node, RIVAL, "Rival", state="test"))
    assert told.body["code"] == "exchange.member_in_test"


def test_a_consent_is_taken_once_as_signed_and_its_receipt_can_be_checked(
    node: Node, bank: Sender, her: Person
) -> None:
    taken = her.consents(bank, "consent_once")
    assert taken.body["receipt"]["record_id"] == "consent_once"
    assert signing.read(taken.body["consent"], [signing.public_of(her.key)]).recipient == bank.id
    assert (
        her.consents(bank, "consent_once").body["code"] == "exchange.message_reused"
    )  # ES256 signs otherwise each time
    again = bank.send("other message", "consent", {"document": her.document, "consent": taken.body["consent"]})
    assert again.body["consent"] == taken.body["consent"]
    changed = signing.sign(her.key, replace(her.consent(bank, "consent_once"), language="en"))
    told = bank.send("changed", "consent", {"document": her.document, "consent": changed})
    assert told.body["code"] == "exchange.consent_other"


def test_nobody_consents_for_her_and_no_consent_is_stretched(
    node: Node, bank: Sender, lender: Sender, her: Person
) -> None:
    stranger = Person(node, HER)  # another key
    assert stranger.consents(bank, "forged").body["code"] == "exchange.consent_unsigned"
    jws = signing.sign(her.key, her.consent(lender, "for another"))
    told = bank.send("stolen", "consent", {"document": her.document, "consent": jws})
    assert told.body["code"] == "exchange.consent_of_others"
    wide = her.consents(bank, "wide", kinds=(Ceiling("bnpl", 24, 31, 2, "once"),))
    assert wide.body["code"] == "exchange.consent_stretched"
    elsewhere = her.consents(bank, "elsewhere", controller="node.another")
    assert elsewhere.body["code"] == "exchange.consent_of_others"
    ended = PersonKey(*(signing.public_of(stranger.key)[name] for name in ("x", "y")))
    her.do(persons.add_own_key, AddOwnKey(her.subject, ended))
    assert stranger.consents(bank, "by her second key").kind == "consent_result"
    with refuses("exchange.person_key_there"):
        her.do(persons.add_own_key, AddOwnKey(her.subject, ended))
    her.do(persons.end_own_key, EndOwnKey(her.subject, ended.jwk["kid"]))
    with refuses("exchange.person_key_unknown"):
        her.do(persons.end_own_key, EndOwnKey(her.subject, ended.jwk["kid"]))
    assert stranger.consents(bank, "by an ended key").body["code"] == "exchange.consent_unsigned"


def test_the_end_of_a_consent_travels_and_the_recipient_says_that_it_deleted(
    node: Node, bank: Sender, her: Person
) -> None:
    her.consents(bank, "consent_ends")
    assert shown(her, "consent_ends").state == "active"
    state = {"document": her.document, "consent_id": "consent_ends"}
    assert her.do(consents.change_consent, ChangeConsent(her.subject, "consent_ends", "pause")).state == "paused"
    assert bank.send("how", "consent_state", state).body["state"] == "paused"
    assert her.do(consents.change_consent, ChangeConsent(her.subject, "consent_ends", "resume")).state == "active"
    for _ in range(2):
        ended = her.do(consents.change_consent, ChangeConsent(her.subject, "consent_ends", "revoke"))
        assert (ended.state, ended.told[0].state) == ("revoked", "waiting")
    assert bank.send("how", "consent_state", state).body["state"] == "revoked"  # asked again, answered as it stands now
    with refuses("exchange.consent_over"):
        her.do(consents.change_consent, ChangeConsent(her.subject, "consent_ends", "resume"))
    notice = next(each for each in bank.send("n", "notices", {}).body["notices"] if each["about"] == "consent_ends")
    assert notice["kind"] == "withdrawal"
    assert bank.send("h", "notices_heard", {"ids": [notice["id"], "notice_none"]}).body == {"heard": [notice["id"]]}
    assert bank.send("h2", "notices_heard", {"ids": [notice["id"]]}).body == {"heard": []}
    after = shown(her, "consent_ends")
    assert after.told[0].state == "told"
    assert [each["event"] for each in after.receipt["events"]][-1] == "deleted"


def test_what_is_not_hers_or_not_his_is_refused(node: Node, bank: Sender, lender: Sender, her: Person) -> None:
    her.consents(bank, "consent_hers")
    state = {"document": her.document, "consent_id": "consent_hers"}
    assert lender.send("curious", "consent_state", state).body["code"] == "exchange.consent_of_others"
    other = Person(node, OTHER)
    wrong = {"document": other.document, "consent_id": "consent_hers"}
    assert bank.send("mistaken", "consent_state", wrong).body["code"] == "exchange.consent_unknown"
    with refuses("exchange.consent_unknown"):
        other.do(consents.change_consent, ChangeConsent(other.subject, "consent_hers", "revoke"))
    with refuses("kernel.not_yours"):
        other.do(consents.change_consent, ChangeConsent(her.subject, "consent_hers", "revoke"))
    assert bank.send("nothing", "consent", {"document": her.document}).body["code"] == "request.malformed"
