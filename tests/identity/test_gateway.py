"""A code is handed to the gateway once, when the transaction that made it is over, whatever happens to it."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from farthing.db.server import Unavailable
from farthing.kernel.gateway import SandboxGateway, Sent
from tests.conftest import Bank
from tests.identity.people import Person, ask, codes, prove
from tests.kernel.disturbed import collisions, lost_commits


@dataclass
class Watched(SandboxGateway):
    """The sandbox gateway with the id of every call noted; ``away`` it takes nothing."""

    calls: list[str] = field(default_factory=list)
    away: bool = False

    def __post_init__(self) -> None:
        super().__init__()

    def send(self, message_id: str, phone: str, text: str) -> Sent:
        self.calls.append(message_id)
        if self.away:
            raise TimeoutError("planted")
        return super().send(message_id, phone, text)


@pytest.fixture
def gateway(bank: Bank) -> Watched:
    peer = Watched()
    bank.kernel.ports = bank.kernel.ports.with_peer("gateway", "sandbox", peer)
    return peer


def proofs(bank: Bank) -> set[str]:
    with bank.superuser() as connection:
        return {row[0] for row in connection.execute("SELECT id FROM proof").fetchall()}


def test_a_collision_sends_the_code_of_the_proof_that_is_kept(
    bank: Bank, gateway: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as disturbed:
        collisions(bank, disturbed)
        asked = ask(bank, Person())
    assert gateway.calls == [f"{asked.proof_id}:0"] and proofs(bank) == {asked.proof_id}
    assert prove(bank, Person(), asked, codes(bank, Person().phone)[-1]).outcome == "enrolled"


def test_where_the_word_of_the_commit_is_lost_no_code_is_sent_and_another_is_asked_for(
    bank: Bank, gateway: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The request has no key, since its answer holds a code that is told once: nobody may say that it was done."""
    with monkeypatch.context() as disturbed:
        lost_commits(bank, disturbed)
        with pytest.raises(Unavailable):
            ask(bank, Person())
    assert gateway.calls == []
    asked = ask(bank, Person())
    assert gateway.calls == [f"{asked.proof_id}:0"]
    assert prove(bank, Person(), asked, codes(bank, Person().phone)[-1]).outcome == "enrolled"


def test_a_carrier_that_is_away_fails_nobody(bank: Bank, gateway: Watched) -> None:
    """What is answered is the same for everybody; who got no code asks for another."""
    gateway.away = True
    asked = ask(bank, Person())
    assert gateway.calls == [f"{asked.proof_id}:0"]
    gateway.away = False
    again = ask(bank, Person())
    assert prove(bank, Person(), again, codes(bank, Person().phone)[-1]).outcome == "enrolled"
