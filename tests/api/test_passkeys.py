"""Passkeys as a program meets them: challenge, answer in a header, once; and the same through a lane as through any other way."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import httpx
import pytest

from farthing.identity.authenticators.rules import to_bytes
from farthing.kernel.settings import Settings
from farthing.parties import service as parties
from farthing.parties.model import VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet
from farthing.server import application
from tests.asking import asking
from tests.conftest import Bank
from tests.hands import city
from tests.identity.devices import SITE, Device, as_text
from tests.identity.people import Person, enrolled
from tests.parties.people import register_person
from tests.payments.customers import CARD
from tests.payments.packets.people import yuan


@dataclass
class Program:
    """A program of somebody who has 30,000.00 and a passkey."""

    client: httpx.Client
    device: Device
    payer: str
    payee: str

    def transfer(self, amount: int) -> dict[str, Any]:
        return {"payer": self.payer, "payee": self.payee, "amount": {"currency": "CNY", "minor": amount}}

    def challenge(self, amount: int) -> dict[str, Any]:
        asked = self.client.post(
            "/v1/challenges", json={"operation": "payments.transfer", "command": self.transfer(amount)}
        )
        assert asked.status_code == 201, asked.text
        found: dict[str, Any] = asked.json()
        return found

    def answer(self, asked: dict[str, Any]) -> str:
        return as_text(self.device.sign(asked["challenge_id"], asked["challenge"]))

    def pay(self, amount: int, key: str, answer: str | None = None) -> httpx.Response:
        headers = {"Idempotency-Key": key} | ({"Farthing-Assertion": answer} if answer else {})
        return self.client.post("/v1/transfers", json=self.transfer(amount), headers=headers)


@pytest.fixture
def program(bank: Bank) -> Iterator[Program]:
    city(bank)
    done = enrolled(bank, Person())
    assert done.party is not None and done.session is not None
    payee = register_person(bank, 7).id
    for party in (done.party.id, payee):
        bank.run(parties.verify_identity, VerifyIdentity(party))
        bank.run(payments.open_wallet, OpenWallet(party))
    bank.run(payments.top_up, MoveByRail(done.party.id, yuan("30000.00"), CARD))
    app = application(bank.kernel, Settings(origin=SITE.origin))
    with asking(app, headers={"Authorization": f"Bearer {done.session.token}"}) as client:
        device = Device()
        asked = client.post("/v1/passkeys/challenges", json={"name": "phone"}).json()
        made = client.post("/v1/passkeys", json=asdict(device.make(asked["challenge_id"], asked["challenge"])))
        assert made.status_code == 201 and made.json()["id"] == device.passkey_id, made.text
        yield Program(client, device, done.party.id, payee)


def code(answer: httpx.Response) -> str:
    found: str = answer.json()["code"]
    return found


def test_a_program_has_its_person_confirm_what_it_sends_and_nothing_else(program: Program) -> None:
    asked = program.challenge(600_000)
    hashed = hashlib.sha256(to_bytes(asked["nonce"]) + asked["transaction"].encode()).digest()
    assert to_bytes(asked["challenge"]) == hashed and asked["key_needed"] and asked["rp_id"] == "bank.example"
    assert code(program.pay(600_000, "a")) == "kernel.key_needed"
    answer = program.answer(asked)
    assert code(program.pay(600_001, "b", answer)) == "kernel.confirmation_differs"
    paid = program.pay(600_000, "a", answer)
    assert paid.status_code == 201, paid.text
    again = program.pay(600_000, "a", answer)
    assert again.headers["Idempotent-Replayed"] == "true" and again.json() == paid.json()
    assert code(program.pay(600_000, "c", answer)) == "kernel.confirmation_not_good"
    assert code(program.pay(600_000, "d", "{}")) == "identity.passkey_unreadable"


def test_a_program_signs_its_person_in_by_a_passkey(program: Program) -> None:
    asked = program.client.post("/v1/sessions/challenges").json()
    signed = program.device.sign(asked["challenge_id"], asked["challenge"])
    opened = program.client.post("/v1/sessions/by-passkey", json=asdict(signed))
    assert opened.status_code == 201, opened.text
    with_it = {"Authorization": f"Bearer {opened.json()['token']}"}
    sessions = program.client.get("/v1/sessions", headers=with_it).json()
    assert "passkey" in {each["proved_by"] for each in sessions}
    assert code(program.client.post("/v1/sessions/by-passkey", json=asdict(signed))) == "identity.challenge_not_good"
    (mine,) = program.client.get("/v1/passkeys").json()
    assert mine["name"] == "phone" and mine["used_at"]


def test_many_commands_are_not_confirmed_as_one_and_some_take_no_passkey(program: Program) -> None:
    answer = program.answer(program.challenge(600_000))
    item = {"key": "x", "command": program.transfer(600_000)}
    batch = program.client.post("/v1/transfers/batch", json={"items": [item]}, headers={"Farthing-Assertion": answer})
    assert batch.status_code == 409
    asked = program.client.post("/v1/challenges", json={"operation": "identity.renew", "command": {}})
    assert code(asked) == "api.not_by_key"
