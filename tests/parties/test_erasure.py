"""A person is erased by two: nothing of name, number or phone stands in any column; refused while something stands."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from farthing.assurance.erasure import service as erasure
from farthing.assurance.erasure.model import (
    DestroyKeys,
    ErasePerson,
    ErasureOutlook,
    LiftRestriction,
    OpenRestricted,
)
from farthing.db.keyring.ring import Keyring
from farthing.evidence import service as evidence
from farthing.evidence.model import Leaf
from farthing.funding.market import lenders_service as lenders
from farthing.funding.market import mandates_service as mandates
from farthing.funding.market.mandates_model import StopMandate
from farthing.identity import entrance
from farthing.identity.model import LogIn
from farthing.identity.rules import ANONYMOUS
from farthing.kernel import approvals
from farthing.kernel.approvals import Decide
from farthing.kernel.day import CloseStep, Stepped
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.parties import service as parties
from farthing.parties.enrolment import service as enrolment
from farthing.parties.enrolment.model import AskCode
from farthing.parties.model import Party, Register, VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet
from farthing.signing.keys import Vault
from tests.api.test_api import CARD
from tests.conftest import DAY, Bank
from tests.funding.market.lenders import mandated, simulation
from tests.hands import by_document, city
from tests.identity.people import PASSWORD, Person, ask, enrolled
from tests.parties.people import resident_id

CLERK, CHIEF = Actor("clerk", frozenset({"*"})), Actor("chief", frozenset({"*"}))
HERS = Person("阿依努尔", resident_id(order_code="556"), "139 0013 8000")


@pytest.fixture
def person(bank: Bank) -> Party:
    """Somebody who came in by every way, and used what there is."""
    city(bank)
    register = Register(HERS.name, HERS.number, HERS.phone)
    known: Party = bank.run(parties.register, register, actor=CLERK, key="counter")
    enrolled(bank, HERS)
    entrance.log_in(bank.kernel, LogIn(HERS.phone, PASSWORD))
    entrance.log_in(bank.kernel, LogIn(HERS.phone, "not the sentence"))
    ask(bank, HERS)
    bank.run(parties.verify_identity, VerifyIdentity(known.id), actor=CLERK)
    by_document(bank, known.id, HERS.number, CLERK, CHIEF)
    bank.run(payments.open_wallet, OpenWallet(known.id))
    return known


def erase(bank: Bank, party_id: str) -> object:
    pending = bank.run(erasure.erase, ErasePerson(party_id, "asked in writing"), actor=CLERK)
    return bank.run(approvals.decide, Decide(pending.approval_id, True), actor=CHIEF)


def refused(bank: Bank, party_id: str) -> str:
    with pytest.raises(Refusal) as caught:
        erase(bank, party_id)
    return caught.value.code


def where(bank: Bank, *words: str) -> set[str]:
    """The tables in which one of these words stands, in any column, as text or as bytes."""
    met = set()
    with bank.superuser() as connection:
        tables = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        ).fetchall()
        for (table,) in tables:
            for (row,) in connection.execute(f"SELECT to_jsonb(t)::text FROM {table} AS t"):  # type: ignore[arg-type]
                if any(word in row or word.encode().hex() in row for word in words):
                    met.add(table)
    return met


def test_nothing_personal_is_left_in_any_column(bank: Bank, person: Party) -> None:
    words = (person.name, person.number, person.phone, person.phone.removeprefix("+86"))
    assert where(bank, *words) == set(), "all of it lies sealed"
    erase(bank, person.id)
    assert where(bank, *words) == set()
    assert bank.read(lambda tx: parties.party(tx, person.id)).name == "已删除 erased"
    assert entrance.log_in(bank.kernel, LogIn(HERS.phone, PASSWORD)).outcome == "wrong"
    assert bank.read(evidence.verify).findings == ()
    assert refused(bank, person.id) == "assurance.erased_already"


def test_who_comes_again_is_somebody_new(bank: Bank, person: Party) -> None:
    erase(bank, person.id)
    with bank.superuser() as connection:
        connection.execute("DELETE FROM throttle")
    again = enrolled(bank, HERS)
    assert again.party is not None
    assert (again.known_before, again.party.id == person.id) == (False, False)


def decided(bank: Bank, function: Any, command: Any) -> Any:
    """What two persons came to."""
    pending = bank.run(function, command, actor=CLERK)
    return json.loads(bank.run(approvals.decide, Decide(pending.approval_id, True), actor=CHIEF).result_json)


def outlook(bank: Bank, party_id: str, who: Actor = CLERK) -> ErasureOutlook:
    answer: ErasureOutlook = bank.kernel.ask(erasure.erasure_outlook, party_id, actor=who)
    return answer


def leap(bank: Bank, days: int) -> None:
    with bank.superuser() as connection:
        connection.execute("UPDATE bank_clock SET business_date = business_date + %s", [timedelta(days=days)])


def test_refused_then_restricted_until_the_law_lets_go_then_done_by_itself(bank: Bank, person: Party) -> None:
    move = MoveByRail(person.id, Money(500, "CNY"), CARD)
    bank.run(payments.top_up, move, key="in")
    assert refused(bank, person.id) == "assurance.erase_stands"
    told = outlook(bank, person.id)
    assert (told.answer, [each.en for each in told.standing]) == ("refused", ["wallet CNY 5.00"])
    bank.run(payments.pay_out, move, key="out")
    told = outlook(bank, person.id, Actor("customer:x", frozenset({"parties:read"}), person.id))
    until = bank.kernel.clock().business_date.replace(year=DAY.year + 10)
    assert (told.answer, told.until) == ("restricted", until)
    assert told.law is not None and "34" in told.law.en

    made = decided(bank, erasure.erase, ErasePerson(person.id, "asked in writing"))
    assert (made["outcome"], made["until"], made["law"]["zh"]) == ("restricted", until.isoformat(), told.law.zh)
    assert parties.is_restricted(bank.read(lambda tx: parties.party(tx, person.id)))
    assert bank.read(lambda tx: parties.parties(tx, [person.id]))[person.id].name == "限制处理 restricted"
    assert entrance.log_in(bank.kernel, LogIn(HERS.phone, PASSWORD)).outcome == "wrong"
    assert bank.read(lambda tx: parties.of_phone(tx, person.phone)) == [], (
        "nobody pays, or is let act for, a mere phone"
    )
    assert refused(bank, person.id) == "assurance.restricted_already"

    opened = decided(bank, erasure.open_restricted, OpenRestricted(person.id, "an authority's inquiry of 2026-06-01"))
    assert (opened["name"], opened["number"], opened["phone"]) == (HERS.name, HERS.number, person.phone)
    decided(bank, erasure.lift_restriction, LiftRestriction(person.id, "she came back"))
    assert bank.read(lambda tx: parties.party(tx, person.id)).name == HERS.name
    with pytest.raises(Refusal) as never:
        decided(bank, erasure.open_restricted, OpenRestricted(person.id, "why not"))
    assert never.value.code == "assurance.not_restricted"

    decided(bank, erasure.erase, ErasePerson(person.id, "asked again"))
    leap(bank, 3600)
    assert close(bank) == 0, "a day too early nothing goes"
    leap(bank, 60)
    assert close(bank) == 1
    bank.drain()
    told = outlook(bank, person.id)
    assert (told.answer, told.erasure and told.erasure.destroyed_at is not None) == ("erased", True)
    assert parties.is_erased(bank.read(lambda tx: parties.party(tx, person.id)))
    audit = bank.read(evidence.verify)
    assert (audit.findings, audit.dark) == ((), {}) and audit.erased > 5


def close(bank: Bank) -> int:
    """The step of the day's close, under its own business date."""
    stepped: Stepped = bank.run(erasure.erase_due, CloseStep(bank.kernel.clock().business_date))
    return stepped.handled


def test_the_keys_go_after_it_is_committed_once_and_the_log_says_which(bank: Bank, person: Party) -> None:
    ring: Keyring = bank.kernel.ports.peer("keyring")
    with pytest.raises(Refusal) as alive:
        bank.run(erasure.destroy_keys, DestroyKeys(person.id))
    assert alive.value.code == "assurance.not_restricted"
    assert decided(bank, erasure.erase, ErasePerson(person.id, "asked"))["outcome"] == "done"
    assert ring.tombstones() == []
    bank.drain()
    bank.run(erasure.destroy_keys, DestroyKeys(person.id))
    stones = {stone.subject: stone for stone in ring.tombstones()}
    assert set(stones) == {person.id, f"customer:{person.id.removeprefix('party_')}"}
    said = [leaf.content["data"]["result"] for leaf in leaves(bank, person.id, "parties.destroy_keys")]
    assert said[0]["key_ids"] == sorted(stone.key_id for stone in stones.values() if stone.key_id) or said[0]["key_ids"]
    assert said[0] == said[1], "done again it says the same"
    assert refused(bank, person.id) == "assurance.erased_already"
    other: Party = bank.run(
        parties.register, Register("钱三", resident_id(order_code="248"), "13800138248"), actor=CLERK
    )
    made = decided(bank, erasure.erase, ErasePerson(other.id, f"the widower of {person.id}"))
    assert made["outcome"] == "done", "a draft that names who was erased is kept, and agreed to"


def leaves(bank: Bank, subject: str, kind: str) -> list[Leaf]:
    return bank.read(lambda tx: evidence.leaves_of_kinds(tx, [subject], [kind]))  # type: ignore[no-any-return]


def test_books_and_keyring_that_were_restored_apart_say_the_same_again(bank: Bank, person: Party) -> None:
    ring: Keyring = bank.kernel.ports.peer("keyring")
    others = [bank.run(parties.register, Register("钱三", resident_id(order_code=code), "13800138248"), actor=CLERK)
              for code in ("248", "268")]  # fmt: skip
    drafts = [
        bank.run(erasure.erase, ErasePerson(each.id, f"the widower of {person.id}"), actor=CLERK).approval_id
        for each in others
    ]
    ring.destroy([person.id], bank.kernel.wall())
    assert bank.run(approvals.decide, Decide(drafts[0], True), actor=CHIEF).state == "void"
    assert bank.kernel.tidy(lambda tx: approvals.lapse(tx, 1, 10)) == 1, "what nobody can read stops no day's close"
    gone = bank.read(lambda tx: parties.party(tx, person.id))
    assert parties.is_erased(gone), "of these books, restored from before, it is as if she had been erased in them"
    assert bank.read(evidence.verify).dark.keys() == {person.id}
    assert close(bank) == 1
    bank.drain()
    assert bank.read(evidence.verify).dark == {}
    bank.kernel.ports = bank.kernel.ports.with_peer("keyring", "file", Keyring(None, Vault(None)))
    assert close(bank) == 1, "a keyring that knows of nobody's erasure is told"
    bank.drain()
    assert person.id in {stone.subject for stone in bank.kernel.ports.peer("keyring").tombstones()}


def test_what_a_lender_said_of_his_means_goes_once_his_mandates_are_stopped(bank: Bank, person: Party) -> None:
    mandate_id = mandated(bank, person)
    bank.run(lenders.simulate_loss, simulation(person, worth="98765.43"), key="his own figures")
    assert "market_lender" in where(bank, "9876543")
    assert refused(bank, person.id) == "assurance.erase_stands"
    bank.run(mandates.stop_mandate, StopMandate(mandate_id))
    erase(bank, person.id)
    assert where(bank, "9876543") == set()


def test_one_alone_erases_nobody(bank: Bank, person: Party) -> None:
    pending = bank.run(erasure.erase, ErasePerson(person.id, "a whim"), actor=CLERK)
    with pytest.raises(Refusal) as caught:
        bank.run(approvals.decide, Decide(pending.approval_id, True), actor=CLERK)
    assert caught.value.code == "approvals.same_person"
    with pytest.raises(Refusal):
        bank.run(erasure.erase, ErasePerson(person.id, "a whim"), actor=ANONYMOUS)
    assert bank.read(lambda tx: parties.party(tx, person.id)).name == HERS.name
    bank.run(enrolment.ask_code, AskCode(HERS.name, HERS.number, HERS.phone), actor=ANONYMOUS)
