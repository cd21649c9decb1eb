"""A customer is there before a member of staff: by a code, by the document; and no longer than it takes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from farthing.identity.proof import sending
from farthing.identity.rules import actor_of
from farthing.kernel import attendance
from farthing.kit.errors import Refusal
from farthing.parties import service as parties
from farthing.parties.attending import service as attending
from farthing.parties.attending.model import AskPresence, AttendByCode, AttendByDocument, Attended, LeaveCounter
from farthing.parties.model import Party, VerifyIdentity
from tests.conftest import Bank
from tests.identity.people import codes
from tests.parties.people import lin_mei, resident_id

TELLER, OTHER = (actor_of(f"teller:{name}", "teller", None, f"person_{name}") for name in ("li", "wu"))
SEEN = "identity card, the picture is hers"


@pytest.fixture
def party(bank: Bank) -> Party:
    found: Party = bank.run(parties.register, lin_mei())
    return found


def refused(bank: Bank, function: object, command: object, **options: object) -> str:
    with pytest.raises(Refusal) as caught:
        bank.run(function, command, **options)
    return caught.value.code


def there(bank: Bank, party: Party, who: object = TELLER) -> bool:
    return bank.read(lambda tx: attending.there(tx, party.id), actor=who) is not None


def ask(bank: Bank, party: Party) -> str:
    asked = bank.run(attending.ask_presence, AskPresence(party.id), actor=TELLER)
    sending.send(bank.kernel, asked.proof_id, asked.messages)
    return str(asked.proof_id)


def test_a_customer_reads_out_the_code_and_is_there_before_this_teller_alone(bank: Bank, party: Party) -> None:
    proof = ask(bank, party)
    code = codes(bank, party.phone)[-1]
    command = AttendByCode(party.id, proof, code)
    assert bank.run(attending.attend_by_code, command, actor=OTHER) == Attended("code_wrong")
    done = bank.run(attending.attend_by_code, command, actor=TELLER)
    assert done.attendance.ends_at - done.attendance.started_at == timedelta(minutes=30)
    assert (there(bank, party), there(bank, party, OTHER)) == (True, False)
    assert bank.run(attending.attend_by_code, command, actor=TELLER) == Attended("code_wrong")  # used once
    bank.run(attending.leave, LeaveCounter(done.attendance.id), actor=TELLER)
    assert not there(bank, party)
    assert refused(bank, attending.leave, LeaveCounter(done.attendance.id), actor=TELLER) == "attendance.unknown"


def test_it_ends_by_itself(bank: Bank, party: Party) -> None:
    command = AttendByCode(party.id, ask(bank, party), codes(bank, party.phone)[-1])
    bank.run(attending.attend_by_code, command, actor=TELLER)
    with bank.superuser() as connection:
        connection.execute("UPDATE attendance SET started_at = started_at - %s, ends_at = ends_at - %s",
                           [attendance.LASTS, attendance.LASTS])  # fmt: skip
    assert not there(bank, party)


def test_a_wrong_code_is_nobody_there(bank: Bank, party: Party) -> None:
    proof = ask(bank, party)
    done = bank.run(attending.attend_by_code, AttendByCode(party.id, proof, "no code"), actor=TELLER)
    with pytest.raises(Refusal) as caught:
        attending.require_there(done)
    assert caught.value.code == "identity.code_wrong"


def test_the_document_is_read_confirmed_and_stated(bank: Bank, party: Party) -> None:
    by_document = attending.attend_by_document
    shown = AttendByDocument(party.id, party.number, SEEN)
    assert refused(bank, by_document, shown, actor=TELLER) == "parties.not_confirmed_lately"
    bank.run(parties.verify_identity, VerifyIdentity(party.id), actor=TELLER)
    silent = AttendByDocument(party.id, party.number, " ")
    assert refused(bank, by_document, silent, actor=TELLER) == "parties.statement_missing"
    other = AttendByDocument(party.id, resident_id(order_code="778"), SEEN)
    assert refused(bank, by_document, other, actor=TELLER) == "parties.document_differs"
    assert bank.run(by_document, shown, actor=TELLER).attendance.proof == "document"
    assert there(bank, party)


def test_a_document_that_no_provider_confirms_is_none(bank: Bank) -> None:
    stranger = bank.run(parties.register, lin_mei(resident_id=resident_id(order_code="408")))
    bank.run(parties.verify_identity, VerifyIdentity(stranger.id), actor=TELLER)
    shown = AttendByDocument(stranger.id, stranger.number, SEEN)
    assert refused(bank, attending.attend_by_document, shown, actor=TELLER) == "parties.not_confirmed_lately"


def test_only_who_serves_at_a_counter(bank: Bank, party: Party) -> None:
    risk = actor_of("risk:ann", "risk", None)
    assert refused(bank, attending.ask_presence, AskPresence(party.id), actor=risk) == "kernel.forbidden"
    assert refused(bank, attending.ask_presence, AskPresence("party_nobody"), actor=TELLER) == "parties.unknown"
