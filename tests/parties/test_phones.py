"""The phone on file changes: by both phones at once; at a counter by two persons and after a wait; and recovery by it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from farthing.assurance.phones import service as recovery
from farthing.identity import entrance
from farthing.identity.model import LogIn
from farthing.identity.proof import sending
from farthing.identity.rules import ANONYMOUS, actor_of
from farthing.kernel import approvals
from farthing.kernel.answers import Pending
from farthing.kernel.approvals import Decide
from farthing.kernel.day import close_day
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.lending import service as lending
from farthing.lending.model import Apply
from farthing.parties import service as parties
from farthing.parties.attending import service as attending
from farthing.parties.attending.model import AskPresence, AttendByCode, Disown
from farthing.parties.enrolment import service as enrolment
from farthing.parties.enrolment.model import AskCode
from farthing.parties.model import Party, VerifyIdentity
from farthing.parties.phones import service as phones
from farthing.parties.phones.model import AskPhoneChange, ChangePhone, ChangePhoneAtCounter, PhoneProofs
from farthing.parties.rules import phone_of
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet
from tests.conftest import Bank
from tests.hands import by_document, city
from tests.identity.people import PASSWORD, Person, ask, codes, enrolled, prove
from tests.parties.people import resident_id

HERS = Person("王奶奶", resident_id(order_code="220"), "137 0013 8000")
THIEF = replace(HERS, phone="139 1234 0409")
"""Somebody who knows name and number of a person that nobody here knows, with an own phone (which no operator confirms)."""
NEW = "136 0013 8000"
TELLER, OTHER = (actor_of(f"teller:{name}", "teller", None, f"person_{name}") for name in ("li", "wu"))
CARD = "6222021234567890123"


def customer(party_id: str) -> object:
    return actor_of("customer:" + party_id.partition("_")[2], "customer", party_id)


def refused(bank: Bank, function: object, command: object, **options: object) -> str:
    with pytest.raises(Refusal) as caught:
        bank.run(function, command, **options)
    return caught.value.code


def logs_in(bank: Bank, phone: str) -> bool:
    return entrance.log_in(bank.kernel, LogIn(phone, PASSWORD)).outcome == "ok"


def asked_for(bank: Bank, party_id: str, phone: str = NEW) -> PhoneProofs:
    asked: PhoneProofs = bank.run(phones.ask_phone_change, AskPhoneChange(party_id, phone), actor=customer(party_id))
    for proof_id, message in asked.messages:
        sending.send(bank.kernel, proof_id, [message])
    return asked


def test_who_holds_both_phones_changes_at_once_and_the_old_one_is_told(bank: Bank) -> None:
    party = enrolled(bank, HERS).party
    assert party is not None
    bank.run(parties.verify_identity, VerifyIdentity(party.id))
    asked = asked_for(bank, party.id)
    old, new = codes(bank, HERS.phone)[-1], codes(bank, NEW)[-1]

    def change(old_code: str, new_code: str, asked: PhoneProofs = asked) -> str:
        command = ChangePhone(party.id, asked.old_proof_id, asked.new_proof_id, NEW, old_code, new_code)
        return str(bank.run(phones.change_phone, command, actor=customer(party.id)).outcome)

    assert change(new, old) == "code_wrong"
    assert change(old, new) == "changed"
    known = bank.read(lambda tx: parties.party(tx, party.id))
    assert (known.phone, known.verification_level) == (phone_of(NEW), 1), "nobody vouched for the new phone yet"
    assert (logs_in(bank, NEW), logs_in(bank, HERS.phone)) == (True, False)
    bank.drain()
    assert "登记手机已更换" in bank.kernel.ports.peer("gateway").sent_to(party.phone)[-1].text
    again = asked_for(bank, party.id, HERS.phone)
    assert change(codes(bank, NEW)[-1], codes(bank, HERS.phone)[-1], again) == "code_wrong", (
        "of another phone than was said"
    )


def test_a_code_to_the_old_phone_proves_nothing_once_another_is_on_file(bank: Bank) -> None:
    """Whoever has the old number now asked for codes while it was on file, and they live ten minutes."""
    party = enrolled(bank, HERS).party
    assert party is not None
    way_in = ask(bank, HERS)
    to_enrol = codes(bank, HERS.phone)[-1]
    at_counter = bank.run(attending.ask_presence, AskPresence(party.id), actor=TELLER)
    sending.send(bank.kernel, at_counter.proof_id, at_counter.messages)
    to_attend = codes(bank, HERS.phone)[-1]
    again = asked_for(bank, party.id, "135 0013 8000")
    old_again, new_again = codes(bank, HERS.phone)[-1], codes(bank, "135 0013 8000")[-1]
    asked = asked_for(bank, party.id)
    command = ChangePhone(
        party.id, asked.old_proof_id, asked.new_proof_id, NEW, codes(bank, HERS.phone)[-1], codes(bank, NEW)[-1]
    )
    assert bank.run(phones.change_phone, command, actor=customer(party.id)).outcome == "changed"
    assert prove(bank, HERS, way_in, to_enrol, "a sentence of the finder").outcome == "code_wrong"
    attended = AttendByCode(party.id, at_counter.proof_id, to_attend)
    assert bank.run(attending.attend_by_code, attended, actor=TELLER).outcome == "code_wrong"
    on = ChangePhone(party.id, again.old_proof_id, again.new_proof_id, "135 0013 8000", old_again, new_again)
    assert bank.run(phones.change_phone, on, actor=customer(party.id)).outcome == "code_wrong"
    assert (logs_in(bank, NEW), logs_in(bank, HERS.phone)) == (True, False)


def test_one_phone_is_not_enough(bank: Bank) -> None:
    party = enrolled(bank, HERS).party
    assert party is not None
    asked = asked_for(bank, party.id)
    new = codes(bank, NEW)[-1]
    command = ChangePhone(party.id, asked.old_proof_id, asked.new_proof_id, NEW, new, new)
    done = bank.run(phones.change_phone, command, actor=customer(party.id))
    with pytest.raises(Refusal, match=r"identity\.code_wrong"):
        phones.require_changed(done)
    assert bank.read(lambda tx: parties.party(tx, party.id)).phone == phone_of(HERS.phone)


def at_counter(bank: Bank, party: Party, phone: str = NEW) -> str:
    """She comes with her document; two of the staff see her, and two want the change. Answers her attendance."""
    bank.run(parties.verify_identity, VerifyIdentity(party.id), actor=TELLER)
    seen = by_document(bank, party.id, party.number, TELLER, OTHER)
    pending = bank.run(recovery.change_phone_at_counter, ChangePhoneAtCounter(party.id, phone), actor=TELLER)
    assert isinstance(pending, Pending), "one member of staff alone changes nobody's phone"
    assert bank.run(approvals.decide, Decide(pending.approval_id, True), actor=OTHER).state == "approved"
    return seen.id


def test_who_was_registered_by_somebody_else_gets_her_identity_back_with_its_money(bank: Bank) -> None:
    city(bank)
    wrong = enrolled(bank, THIEF).party
    assert wrong is not None
    thief = customer(wrong.id)
    bank.run(parties.verify_identity, VerifyIdentity(wrong.id), actor=thief)
    assert bank.read(lambda tx: parties.party(tx, wrong.id)).verification_level == 1
    loan = Apply(wrong.id, "rainy-day-loan", Money(100_000, "CNY"), 6, "medicine")
    assert refused(bank, lending.apply, loan, actor=thief) == "policy.verification_level", (
        "no credit before all three fit"
    )
    bank.run(payments.open_wallet, OpenWallet(wrong.id), actor=thief)
    bank.run(payments.top_up, MoveByRail(wrong.id, Money(5_000, "CNY"), CARD), actor=thief)
    waiting = ask(bank, THIEF)
    at_counter(bank, wrong)
    assert not logs_in(bank, THIEF.phone), "the wrong login is closed at once"
    late = prove(bank, THIEF, waiting, codes(bank, THIEF.phone)[-1])
    assert late.outcome == "not_confirmed", "a code that was on its way opens nothing any more"
    fresh = ask(bank, THIEF)
    assert prove(bank, THIEF, fresh, codes(bank, THIEF.phone)[-1]).outcome == "not_confirmed"
    assert refused(bank, attending.ask_presence, AskPresence(wrong.id), actor=TELLER) == "parties.phone_changing"
    for _ in range(3):  # the wait ends within the second day, and counts when it is closed
        close_day(bank.kernel)
    hers = enrolled(bank, replace(HERS, phone=NEW)).party
    assert hers is not None and hers.id == wrong.id
    assert bank.read(lambda tx: payments.wallet(tx, hers.id)).balance == Money(5_000, "CNY")
    bank.run(enrolment.ask_code, AskCode(THIEF.name, THIEF.number, THIEF.phone), actor=ANONYMOUS)
    assert not logs_in(bank, THIEF.phone)
    with bank.superuser() as connection:
        assert connection.execute("SELECT DISTINCT state, phone FROM phone_change").fetchall() == [("done", "")]


def test_whose_phone_it_is_stops_it_within_the_wait(bank: Bank) -> None:
    city(bank)
    party = enrolled(bank, HERS).party
    assert party is not None
    seen = at_counter(bank, party)
    bank.drain()
    texts = [message.text for message in bank.kernel.ports.peer("gateway").sent_to(party.phone)]
    assert any("登记手机将于" in text for text in texts), "the old phone is told"
    bank.run(attending.disown, Disown(seen), actor=actor_of("security:ada", "security", None))
    for _ in range(3):
        close_day(bank.kernel)
    assert bank.read(lambda tx: parties.party(tx, party.id)).phone == party.phone
    assert enrolled(bank, HERS).outcome == "enrolled"
