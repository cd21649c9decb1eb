"""Passkeys on real PostgreSQL: added, used once, removed; and a movement of money that is bound to what was shown."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from farthing.bank.founding import agreed
from farthing.evidence import personal_store
from farthing.evidence import service as evidence
from farthing.evidence.confirmations_service import CONFIRMED
from farthing.identity import entrance as doors
from farthing.identity import service as identity
from farthing.identity.authenticators import entrance, service
from farthing.identity.authenticators.model import (
    AskConfirmation,
    AskPasskey,
    AskSignIn,
    DropPassword,
    LosePasskeys,
    RemovePasskey,
)
from farthing.identity.authenticators.rules import to_bytes
from farthing.identity.model import LogIn, Place
from farthing.identity.rules import ANONYMOUS
from farthing.kit.actor import Actor, Proved
from farthing.kit.errors import Refusal
from farthing.parties import service as parties
from farthing.parties.model import VerifyIdentity
from farthing.parties.rules import phone_of
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet, Transfer, Transferred
from tests.conftest import Bank
from tests.hands import city
from tests.identity.devices import SITE, Device, registered
from tests.identity.people import PASSWORD, Person, enrolled, staff, waited
from tests.parties.people import register_person
from tests.payments.customers import CARD
from tests.payments.packets.people import herself, yuan


def refused(work: Callable[[], Any]) -> str:
    with pytest.raises(Refusal) as caught:
        work()
    return caught.value.code


@dataclass
class Payer:
    """Somebody with 30,000.00, a password, a passkey, and two people whom she may pay."""

    bank: Bank
    actor: Actor
    phone: str
    device: Device
    payees: list[str]

    def look(self, amount: str = "6000.00", to: int = 0) -> Any:
        return self.bank.kernel.look(payments.transfer, self.transfer(amount, to), actor=self.actor)

    def transfer(self, amount: str = "6000.00", to: int = 0) -> Transfer:
        return Transfer(str(self.actor.party_id), self.payees[to], yuan(amount))

    def asked(self, looked: Any) -> Any:
        return self.bank.run(service.ask_confirmation, AskConfirmation(looked.transaction), actor=self.actor)

    def confirmed(self, looked: Any, **said: Any) -> str:
        """The challenge that her passkey confirms what was shown by."""
        asked = self.asked(looked)
        answer = self.device.sign(asked.challenge_id, asked.challenge, **said)
        return entrance.confirm(self.bank.kernel, SITE, self.actor, answer)

    def pay(self, amount: str = "6000.00", to: int = 0, **more: Any) -> Transferred:
        done: Transferred = self.bank.run(payments.transfer, self.transfer(amount, to), actor=self.actor, **more)
        return done

    def told(self) -> list[str]:
        """What came to her phone."""
        self.bank.drain()
        return [each.text for each in self.bank.kernel.ports.peer("gateway").sent_to(phone_of(self.phone))]

    def age(self, minutes: int) -> None:
        """Challenges are so much older."""
        with self.bank.superuser() as connection:
            connection.execute("UPDATE challenge SET expires_at = expires_at - %s", [timedelta(minutes=minutes)])


def _confirmed_with_a_wallet(bank: Bank, party: str) -> None:
    bank.run(parties.verify_identity, VerifyIdentity(party))
    bank.run(payments.open_wallet, OpenWallet(party))


@pytest.fixture
def payer(bank: Bank) -> Payer:
    city(bank)
    done = enrolled(bank, Person())
    assert done.party is not None and done.session is not None
    actor = doors.who_is(bank.kernel, str(done.session.token)).actor
    payees = [register_person(bank, each).id for each in (7, 8)]
    for party in (done.party.id, *payees):
        _confirmed_with_a_wallet(bank, party)
    bank.run(payments.top_up, MoveByRail(done.party.id, yuan("30000.00"), CARD))
    return Payer(bank, actor, Person().phone, registered(bank, actor), payees)


def test_a_session_says_how_and_when_it_was_proved(payer: Payer) -> None:
    assert payer.actor.proved is not None and payer.actor.proved.how == "code"
    opened = doors.log_in(payer.bank.kernel, LogIn(payer.phone, PASSWORD))
    who = doors.who_is(payer.bank.kernel, str(opened.token)).actor
    assert who.proved is not None and who.proved.how == "password" and who.proved.at > payer.actor.proved.at
    assert {each.proved_by for each in payer.bank.kernel.ask(identity.own_sessions, actor=who)} == {"code", "password"}


def test_a_passkey_signs_in_alone_and_each_question_is_answered_once(payer: Payer) -> None:
    bank, device = payer.bank, payer.device
    asked = bank.run(service.ask_sign_in, AskSignIn("203.0.113.9"), actor=ANONYMOUS)
    answer = device.sign(asked.challenge_id, asked.challenge)
    done = entrance.sign_in(bank.kernel, SITE, answer, Place())
    who = doors.who_is(bank.kernel, str(done.token)).actor
    assert who.id == payer.actor.id and who.proved is not None and who.proved.how == "passkey"
    assert refused(lambda: entrance.sign_in(bank.kernel, SITE, answer, Place())) == "identity.challenge_not_good"
    late = bank.run(service.ask_sign_in, AskSignIn(), actor=ANONYMOUS)
    payer.age(6)
    signed = device.sign(late.challenge_id, late.challenge)
    assert refused(lambda: entrance.sign_in(bank.kernel, SITE, signed, Place())) == "identity.challenge_not_good"
    stranger = Device().sign(asked.challenge_id, asked.challenge)
    assert refused(lambda: entrance.sign_in(bank.kernel, SITE, stranger, Place())) == "identity.passkey_unknown"
    (mine,) = bank.kernel.ask(service.own_passkeys, actor=payer.actor)
    assert mine.name == "phone" and mine.used_at is not None


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"origin": "https://bank.example.evil"}, "identity.passkey_foreign"),
        ({"challenge": "AAAA"}, "identity.passkey_other_challenge"),
        ({"crossOrigin": True}, "identity.passkey_foreign"),
    ],
)
def test_an_answer_of_another_site_or_to_another_question_confirms_nothing(
    payer: Payer, said: dict[str, Any], code: str
) -> None:
    looked = payer.look()
    assert refused(lambda: payer.confirmed(looked, **said)) == code
    assert refused(payer.pay) == "kernel.key_needed"


def test_more_than_the_limit_is_paid_only_as_it_was_confirmed_and_once(payer: Payer) -> None:
    assert payer.pay("5000.00").amount == yuan("5000.00"), "up to the limit nobody is asked"
    looked = payer.look("6000.00")
    assert looked.key_needed and json.loads(looked.transaction)["facts"]["amount"] == {
        "currency": "CNY",
        "minor": 600_000,
    }
    assert refused(lambda: payer.pay("6000.00", seen=looked.seen)) == "kernel.key_needed"
    proof = payer.confirmed(looked)
    done = payer.pay("6000.00", seen=looked.seen, proof=proof, key="once")
    assert done.amount == yuan("6000.00")
    assert payer.pay("6000.00", seen=looked.seen, proof=proof, key="once") == done, "the same request is told the same"
    assert refused(lambda: payer.pay("6000.00", proof=proof)) == "kernel.confirmation_not_good"
    assert refused(lambda: payer.pay("0.01")) == "kernel.key_needed", "each further payment of that day"


def test_whoever_changes_amount_or_payee_in_between_gets_nothing(payer: Payer) -> None:
    proof = payer.confirmed(payer.look("6000.00"))
    assert refused(lambda: payer.pay("6000.01", proof=proof)) == "kernel.confirmation_differs"
    assert refused(lambda: payer.pay("6000.00", to=1, proof=proof)) == "kernel.confirmation_differs"
    other = payer.look("6000.00", to=1)
    said = refused(lambda: payer.pay("6000.00", to=1, seen=other.seen, proof=proof))
    assert said == "kernel.confirmation_differs", "also where the digest of what was seen fits what is sent"
    memo = replace(payer.transfer(), memo="rent")
    assert refused(lambda: payer.bank.run(payments.transfer, memo, actor=payer.actor, proof=proof)) == (
        "kernel.confirmation_differs"
    )
    assert payer.pay("6000.00", proof=proof).amount == yuan("6000.00"), "what differed used nothing up"


def test_a_confirmation_is_ones_own_and_lives_five_minutes(payer: Payer) -> None:
    proof = payer.confirmed(payer.look())
    other = herself(payer.payees[0])
    back = Transfer(payer.payees[0], str(payer.actor.party_id), yuan("1.00"))
    assert refused(lambda: payer.bank.run(payments.transfer, back, actor=other, proof=proof)) == (
        "kernel.confirmation_not_good"
    )
    payer.age(6)
    assert refused(lambda: payer.pay(proof=proof)) == "kernel.confirmation_not_good"
    looked = payer.look()
    asked = payer.asked(looked)
    payer.age(6)
    signed = payer.device.sign(asked.challenge_id, asked.challenge)
    assert (
        refused(lambda: entrance.confirm(payer.bank.kernel, SITE, payer.actor, signed)) == "identity.challenge_not_good"
    )


def test_a_copied_passkey_is_ended_and_everybody_who_must_know_is_told(payer: Payer) -> None:
    bank, thief = payer.bank, payer.device.copied()
    payer.confirmed(payer.look("1.00"))
    looked = payer.look()
    asked = payer.asked(looked)
    stolen = thief.sign(asked.challenge_id, asked.challenge)
    assert refused(lambda: entrance.confirm(bank.kernel, SITE, payer.actor, stolen)) == "identity.passkey_cloned"
    (ended,) = bank.kernel.ask(service.own_passkeys, actor=payer.actor)
    assert ended.why == "cloned" and ended.ended_at is not None
    officer = staff(bank, "sec.two", "security")
    (alarm,) = bank.kernel.ask(service.cloned_passkeys, actor=actor_of_staff(bank, officer))
    assert alarm.passkey_id == payer.device.passkey_id and alarm.actor_id == payer.actor.id
    assert any("copied" in each and "疑似被复制" in each for each in payer.told())
    (leaf,) = bank.read(lambda tx: evidence.leaves_of_kinds(tx, [alarm.passkey_id], ["identity.passkey_cloned"]))
    assert json.loads(leaf.body)["data"]["actor_id"] == payer.actor.id
    again = payer.device.sign(asked.challenge_id, asked.challenge)
    assert refused(lambda: entrance.confirm(bank.kernel, SITE, payer.actor, again)) == "identity.passkey_unknown"


def actor_of_staff(bank: Bank, actor_id: str) -> Actor:
    opened = doors.log_in(bank.kernel, LogIn(actor_id.partition(":")[2], PASSWORD))
    return doors.who_is(bank.kernel, str(opened.token)).actor


def test_a_passkey_that_never_counts_is_no_clone(payer: Payer) -> None:
    synced = Device(counts=False)
    asked = payer.bank.run(service.ask_passkey, AskPasskey("cloud"), actor=replace(payer.actor, by_key=True))
    entrance.add(payer.bank.kernel, SITE, payer.actor, synced.make(asked.challenge_id, asked.challenge))
    payer.device = synced
    for amount in ("6000.00", "1.00"):
        assert payer.pay(amount, proof=payer.confirmed(payer.look(amount))).amount == yuan(amount)


def test_ways_in_are_changed_by_the_passkey_and_told_to_the_phone(payer: Payer) -> None:
    bank = payer.bank
    first = RemovePasskey(payer.device.passkey_id)
    assert refused(lambda: bank.run(service.remove_passkey, first, actor=payer.actor)) == "kernel.key_needed"
    assert refused(lambda: bank.run(service.ask_passkey, AskPasskey("b"), actor=payer.actor)) == "kernel.key_needed"

    def changed(function: Any, command: Any) -> Any:
        looked = bank.kernel.look(function, command, actor=payer.actor)
        assert looked.key_needed
        return bank.run(function, command, actor=payer.actor, seen=looked.seen, proof=payer.confirmed(looked))

    changed(service.drop_password, DropPassword())
    assert doors.log_in(bank.kernel, LogIn(payer.phone, PASSWORD)).outcome == "wrong"
    assert refused(lambda: changed(service.remove_passkey, first)) == "identity.last_way_in"
    second = Device()
    asked = changed(service.ask_passkey, AskPasskey("the other phone"))
    made = second.make(asked.challenge_id, asked.challenge)
    entrance.add(bank.kernel, SITE, payer.actor, made)
    assert refused(lambda: entrance.add(bank.kernel, SITE, payer.actor, made)) == "identity.challenge_not_good"
    assert changed(service.remove_passkey, first).why == "removed"
    said = payer.told()
    for word in ("(phone) was added", "takes no password", "(the other phone) was added", "passkey phone was removed"):
        assert any(word in each for each in said), (word, said)
    gone = RemovePasskey(payer.device.passkey_id)
    payer.device = second
    assert refused(lambda: changed(service.remove_passkey, gone)) == "identity.passkey_not_found"


def test_without_a_passkey_one_must_have_signed_in_lately(payer: Payer) -> None:
    bank = payer.bank
    assert payer.actor.proved is not None
    now = payer.actor.proved.at
    long_ago = replace(herself(payer.payees[0]), proved=Proved("password", now - timedelta(minutes=11)))
    assert refused(lambda: bank.run(service.ask_passkey, AskPasskey("x"), actor=long_ago)) == "identity.prove_again"
    lately = replace(long_ago, proved=Proved("password", now))
    assert refused(lambda: bank.run(service.ask_passkey, AskPasskey("x"), actor=lately)) == "identity.login_unknown"
    assert refused(lambda: bank.run(service.ask_passkey, AskPasskey(" "), actor=lately)) == "identity.passkey_nameless"
    asking = AskConfirmation("{}")
    assert refused(lambda: bank.run(service.ask_confirmation, asking, actor=lately)) == "identity.no_passkey"
    assert refused(lambda: bank.run(service.drop_password, DropPassword(), actor=lately)) == "identity.last_way_in"


def test_whoever_has_no_passkey_pays_up_to_a_limit_and_a_counter_serves_him_beyond(bank: Bank) -> None:
    city(bank)
    payer, payee = (register_person(bank, each).id for each in (7, 8))
    for party in (payer, payee):
        _confirmed_with_a_wallet(bank, party)
    bank.run(payments.top_up, MoveByRail(payer, yuan("60000.00"), CARD))
    command = Transfer(payer, payee, yuan("50000.01"))
    assert refused(lambda: bank.run(payments.transfer, command, actor=herself(payer))) == "payments.over_password"
    assert bank.run(payments.transfer, replace(command, amount=yuan("50000.00")), actor=herself(payer))
    assert bank.run(payments.transfer, replace(command, amount=yuan("10.00"))), "by the bank, at a counter"


def test_lost_devices_are_ended_by_two_officers(payer: Payer) -> None:
    done = agreed(payer.bank.kernel, service.lose_passkeys, LosePasskeys(payer.phone))
    (mine,) = payer.bank.kernel.ask(service.own_passkeys, actor=payer.actor)
    assert done["count"] == 1 and mine.ended_at is None, "they hold while it waits"
    waited(payer.bank)
    assert doors.log_in(payer.bank.kernel, LogIn(payer.phone, PASSWORD)).outcome == "ok"
    assert any("lost passkeys" in each for each in payer.told())
    assert (
        refused(lambda: payer.bank.kernel.read(lambda tx: identity.session(tx, "fs_none"))) == "identity.not_signed_in"
    )
    (ended,) = payer.bank.kernel.ask(service.own_passkeys, actor=payer.actor)
    assert ended.why == "lost"


def test_a_checker_recomputes_what_was_confirmed_from_the_log_alone(payer: Payer) -> None:
    looked = payer.look()
    payer.pay(seen=looked.seen, proof=payer.confirmed(looked))
    with payer.bank.superuser() as connection:
        row = connection.execute(
            "SELECT id, body FROM evidence_leaf WHERE kind = 'payments.transfer' ORDER BY id DESC LIMIT 1"
        ).fetchone()
        assert row is not None
    ((_, _, kept),) = payer.bank.read(lambda tx: personal_store.at(tx, [row[0]], CONFIRMED))
    leaf = json.loads(bytes(row[1]))
    confirmed = leaf["data"]["confirmed"]
    assert leaf["data"]["proved"]["how"] == "code"
    transaction = json.loads(kept)
    challenge = hashlib.sha256(bytes.fromhex(confirmed["nonce"]) + transaction.encode()).digest()
    client = json.loads(to_bytes(confirmed["assertion"]["client_data"]))
    assert (
        to_bytes(client["challenge"]) == challenge and json.loads(transaction)["command"]["amount"]["minor"] == 600_000
    )
    assert transaction not in json.dumps(leaf), "what names people stands in the log as a salted hash"
