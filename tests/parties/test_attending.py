"""A customer is there before a member of staff: by a code, by the document; and no longer than it takes."""

from __future__ import annotations

import threading
from datetime import timedelta

import psycopg
import pytest

from farthing.identity import store
from farthing.identity.model import CreateLogin
from farthing.identity.proof import sending
from farthing.identity.rules import actor_of, actor_of_key, resident_key
from farthing.kernel import approvals, attendance, errands
from farthing.kernel.approvals import Decide
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.parties import service as parties
from farthing.parties.attending import service as attending
from farthing.parties.attending.model import (
    AskPresence,
    AttendByCode,
    AttendByDocument,
    Attended,
    CloseIncident,
    Disown,
    LeaveCounter,
    WitnessPresence,
)
from farthing.parties.model import Party, VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet
from farthing.town.staff import settled
from tests.conftest import Bank
from tests.hands import by_document, law
from tests.identity.people import PASSWORD, codes
from tests.parties.people import lin_mei, resident_id
from tests.waits import until_blocked

TELLER, OTHER = (actor_of(f"teller:{name}", "teller", None, f"person_{name}") for name in ("li", "wu"))
SEEN = "identity card, the picture is hers"
CARD = "6222021234567890123"


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


def test_a_teller_who_is_a_customer_is_served_by_somebody_else(bank: Bank, party: Party) -> None:
    """What she paid in from her own drawer nobody would have counted."""
    settled(bank.kernel, CreateLogin("mei", "teller", party.name, party.number), PASSWORD)
    person = bank.read(lambda tx: store.person_of_number(tx, resident_key(party.number)))
    herself = actor_of("teller:mei", "teller", None, person)
    bank.run(parties.verify_identity, VerifyIdentity(party.id), actor=TELLER)
    shown = AttendByDocument(party.id, party.number, SEEN)
    for function, command in (
        (attending.ask_presence, AskPresence(party.id)),
        (attending.attend_by_code, AttendByCode(party.id, ask(bank, party), codes(bank, party.phone)[-1])),
        (attending.attend_by_document, shown),
    ):
        assert refused(bank, function, command, actor=herself) == "parties.own_counter"
    waits = bank.run(attending.attend_by_document, shown, actor=TELLER).attendance.id
    assert (
        refused(bank, attending.witness_presence, WitnessPresence(waits, SEEN), actor=herself) == "parties.own_counter"
    )
    assert bank.run(attending.witness_presence, WitnessPresence(waits, SEEN), actor=OTHER).outcome == "there"


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
    shows = attending.attend_by_document
    shown = AttendByDocument(party.id, party.number, SEEN)
    assert refused(bank, shows, shown, actor=TELLER) == "parties.not_confirmed_lately"
    bank.run(parties.verify_identity, VerifyIdentity(party.id), actor=TELLER)
    silent = AttendByDocument(party.id, party.number, " ")
    assert refused(bank, shows, silent, actor=TELLER) == "parties.statement_missing"
    other = AttendByDocument(party.id, resident_id(order_code="778"), SEEN)
    assert refused(bank, shows, other, actor=TELLER) == "parties.document_differs"
    done = bank.run(shows, shown, actor=TELLER)
    assert (done.outcome, done.attendance.proof) == ("waits", "document")
    assert not there(bank, party), "one member of staff who knows a number is not enough"


def test_a_document_that_no_provider_confirms_is_none(bank: Bank) -> None:
    stranger = bank.run(parties.register, lin_mei(resident_id=resident_id(order_code="408")))
    bank.run(parties.verify_identity, VerifyIdentity(stranger.id), actor=TELLER)
    shown = AttendByDocument(stranger.id, stranger.number, SEEN)
    assert refused(bank, attending.attend_by_document, shown, actor=TELLER) == "parties.not_confirmed_lately"


def test_only_who_serves_at_a_counter(bank: Bank, party: Party) -> None:
    risk = actor_of("risk:ann", "risk", None)
    assert refused(bank, attending.ask_presence, AskPresence(party.id), actor=risk) == "kernel.forbidden"
    assert refused(bank, attending.ask_presence, AskPresence("party_nobody"), actor=TELLER) == "parties.unknown"


def waits(bank: Bank, party: Party) -> str:
    """The attendance by document that waits for a witness."""
    bank.run(parties.verify_identity, VerifyIdentity(party.id), actor=TELLER)
    shown = AttendByDocument(party.id, party.number, SEEN)
    return str(bank.run(attending.attend_by_document, shown, actor=TELLER).attendance.id)


def test_a_second_member_of_staff_must_have_seen_her_too_and_states_so(bank: Bank, party: Party) -> None:
    """A teller who knew a number could say that anybody was there."""
    waiting = waits(bank, party)
    witness = attending.witness_presence
    again = actor_of("teller:li2", "teller", None, TELLER.person_id)
    for same in (TELLER, again):
        assert refused(bank, witness, WitnessPresence(waiting, SEEN), actor=same) == "attendance.same_person"
    assert refused(bank, witness, WitnessPresence(waiting, " "), actor=OTHER) == "parties.statement_missing"
    key = actor_of_key("program:desk", "teller", None)
    assert refused(bank, witness, WitnessPresence(waiting, SEEN), actor=key) == "approvals.no_person"
    shown = AttendByDocument(party.id, party.number, SEEN)
    assert refused(bank, attending.attend_by_document, shown, actor=key) == "approvals.no_person"
    (listed,) = bank.kernel.ask(attending.awaiting_witness, actor=OTHER)
    assert (listed.name, listed.attendance.id) == (party.name, waiting)
    done = bank.run(witness, WitnessPresence(waiting, SEEN), actor=OTHER)
    assert (done.outcome, done.attendance.witness) == ("there", OTHER.id)
    assert (there(bank, party), there(bank, party, OTHER)) == (True, False)
    assert refused(bank, witness, WitnessPresence(waiting, SEEN), actor=OTHER) == "attendance.unknown"


def test_nobody_sees_her_ten_minutes_later(bank: Bank, party: Party) -> None:
    waiting = waits(bank, party)
    wall = bank.kernel.wall
    bank.kernel.wall = lambda: wall() + attendance.WITNESSED_WITHIN
    assert (
        refused(bank, attending.witness_presence, WitnessPresence(waiting, SEEN), actor=OTHER) == "attendance.unknown"
    )


def test_the_phone_on_file_is_told_even_when_the_carrier_was_silent_first(bank: Bank, party: Party) -> None:
    class Silent:
        name = "sandbox"

        def send(self, *_: object) -> None:
            return None

    known = bank.kernel.ports
    bank.kernel.ports = known.with_peer("gateway", "sandbox", Silent())
    bank.run(parties.verify_identity, VerifyIdentity(party.id), actor=TELLER)
    by_document(bank, party.id, party.number, TELLER, OTHER)
    assert there(bank, party)
    bank.kernel.ports = known
    assert errands.sweep(bank.kernel, everything=True) == 1
    assert errands.sweep(bank.kernel, everything=True) == 0
    (message,) = known.peer("gateway").sent_to(party.phone)
    assert TELLER.id in message.text and OTHER.id in message.text and "不是" not in message.text
    assert "not you" in message.text
    with bank.superuser() as connection:
        assert connection.execute("SELECT count(*) FROM errand WHERE request IS NOT NULL").fetchone() == (0,)


def test_she_sees_who_said_it_and_says_that_it_was_somebody_else(bank: Bank, party: Party) -> None:
    law(bank)
    bank.run(payments.open_wallet, OpenWallet(party.id))
    bank.run(payments.top_up, MoveByRail(party.id, Money(5_000_000, "CNY"), "6222021234567890123"))
    bank.run(parties.verify_identity, VerifyIdentity(party.id), actor=TELLER)
    said = by_document(bank, party.id, party.number, TELLER, OTHER)
    large = MoveByRail(party.id, Money(2_000_000, "CNY"), "6222021234567890123")
    pending = bank.run(payments.pay_out, large, actor=TELLER)
    herself = actor_of("customer:lin", "customer", party.id)
    (seen,) = bank.kernel.ask(attending.attendances, party.id, actor=herself)
    assert (seen.actor_id, seen.witness, seen.proof) == (TELLER.id, OTHER.id, "document")
    stranger = actor_of("customer:x", "customer", "party_other")
    assert refused(bank, attending.disown, Disown(said.id), actor=stranger) == "kernel.not_yours"
    assert refused(bank, attending.disown, Disown(said.id), actor=TELLER) == "kernel.forbidden"
    opened = bank.run(attending.disown, Disown(said.id), actor=herself)
    assert not there(bank, party)
    assert refused(bank, approvals.decide, Decide(pending.approval_id, True), actor=OTHER) == "approvals.settled"
    assert bank.read(lambda tx: payments.wallet(tx, party.id)).available == Money(5_000_000, "CNY")
    assert refused(bank, attending.disown, Disown(said.id), actor=herself) == "attendance.disowned"
    guard = actor_of("security:ada", "security", None)
    assert [each.id for each in bank.kernel.ask(attending.incidents, actor=guard)] == [opened.id]
    close = CloseIncident(opened.id, "the clerk had copied the card")
    assert refused(bank, attending.close_incident, close, actor=OTHER) == "kernel.forbidden"
    assert bank.run(attending.close_incident, close, actor=guard).closed_by == guard.id
    assert refused(bank, attending.close_incident, close, actor=guard) == "parties.unknown_incident"


def test_whoever_she_calls_says_it_for_her(bank: Bank, party: Party) -> None:
    bank.run(parties.verify_identity, VerifyIdentity(party.id), actor=TELLER)
    said = by_document(bank, party.id, party.number, TELLER, OTHER)
    assert bank.run(attending.disown, Disown(said.id), actor=actor_of("security:ada", "security", None)).id
    assert not there(bank, party)


def test_what_is_asked_for_while_she_disowns_it_is_no_draft(bank: Bank, party: Party) -> None:
    """The attendance was read while it stood; a draft under it would be one that nobody voids."""
    bank.run(payments.open_wallet, OpenWallet(party.id))
    bank.run(payments.top_up, MoveByRail(party.id, Money(100_00, "CNY"), CARD))
    seen = bank.run(
        attending.attend_by_code, AttendByCode(party.id, ask(bank, party), codes(bank, party.phone)[-1]), actor=TELLER
    ).attendance
    found: list[str] = []
    out = MoveByRail(party.id, Money(50_00, "CNY"), CARD)
    asking = threading.Thread(target=lambda: found.append(refused(bank, payments.pay_out, out, actor=TELLER)))
    with psycopg.connect(bank.url) as disowning:
        disowning.execute("UPDATE attendance SET disowned_at = now(), ended_at = now() WHERE id = %s", [seen.id])
        asking.start()
        until_blocked(bank.url, asking)
    asking.join()
    assert found == ["kernel.customer_not_there"]
    assert bank.read(approvals.waiting, actor=OTHER) == []
