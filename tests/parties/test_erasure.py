"""A person is erased by two: nothing of name, number or phone stands in any column; refused while something stands."""

from __future__ import annotations

from datetime import timedelta

import pytest

from farthing.assurance.erasure import service as erasure
from farthing.assurance.erasure.service import ErasePerson
from farthing.evidence import service as evidence
from farthing.funding.market import lenders_service as lenders
from farthing.funding.market import mandates_service as mandates
from farthing.funding.market.mandates_model import StopMandate
from farthing.identity import entrance
from farthing.identity.model import LogIn
from farthing.identity.rules import ANONYMOUS
from farthing.kernel import approvals
from farthing.kernel.approvals import Decide
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.parties import service as parties
from farthing.parties.enrolment import service as enrolment
from farthing.parties.enrolment.model import AskCode
from farthing.parties.model import Party, Register, VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet
from tests.api.test_api import CARD
from tests.conftest import Bank
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
    assert where(bank, *words) == {"party", "party_number", "login", "idempotency", "evidence_personal"}
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


def test_not_while_something_stands_or_the_law_keeps_it(bank: Bank, person: Party) -> None:
    move = MoveByRail(person.id, Money(500, "CNY"), CARD)
    bank.run(payments.top_up, move, key="in")
    assert refused(bank, person.id) == "assurance.erase_stands"
    bank.run(payments.pay_out, move, key="out")
    assert refused(bank, person.id) == "assurance.erase_kept"
    with bank.superuser() as connection:
        ten_years = timedelta(days=3660)
        connection.execute("UPDATE bank_clock SET business_date = business_date + %s", [ten_years])
    erase(bank, person.id)


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
