"""A proofing provider is asked under one id, whatever happens around the call, and its word is taken once."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from farthing.kernel import errands
from farthing.kit.errors import Refusal
from farthing.parties import service
from farthing.parties.model import IdentityAnswer, IdentityAnswered, IdentityQuestion, VerifyIdentity
from farthing.parties.sandbox_register import SandboxRegister
from tests.conftest import Bank
from tests.kernel.disturbed import collisions, lost_commits
from tests.parties.people import lin_mei


@dataclass
class Watched:
    """The sandbox register, with every question noted; it breaks as often as it is told to."""

    breaks: int = 0
    asked: list[IdentityQuestion] = field(default_factory=list)
    peer: SandboxRegister = field(default_factory=lambda: SandboxRegister({}, b"key"))
    name: str = "sandbox"

    def check(self, question: IdentityQuestion) -> IdentityAnswer:
        self.asked.append(question)
        if self.breaks:
            self.breaks -= 1
            raise TimeoutError("planted")
        return self.peer.check(question)


@pytest.fixture
def watched(bank: Bank) -> Watched:
    peer = Watched()
    bank.kernel.ports = bank.kernel.ports.with_peer("proofing", "sandbox", peer)
    return peer


@pytest.mark.parametrize("disturb", [collisions, lost_commits])
def test_one_check_whatever_happens_to_the_transactions(
    bank: Bank, watched: Watched, monkeypatch: pytest.MonkeyPatch, disturb
) -> None:
    party = bank.run(service.register, lin_mei())
    with monkeypatch.context() as disturbed:
        disturb(bank, disturbed)
        said = bank.run(service.verify_identity, VerifyIdentity(party.id), key="k")
    assert said.matched and bank.read(lambda tx: service.verifications(tx, party.id)) == [said]
    assert len({question.asked_at for question in watched.asked}) == 1
    assert bank.run(service.verify_identity, VerifyIdentity(party.id), key="k") == said


def test_a_provider_that_does_not_answer_is_asked_again(bank: Bank, watched: Watched) -> None:
    party = bank.run(service.register, lin_mei())
    watched.breaks = 1
    with pytest.raises(Refusal) as caught:
        bank.run(service.verify_identity, VerifyIdentity(party.id), key="k")
    assert caught.value.code == "parties.provider_unavailable" and "sandbox" in caught.value.detail
    assert bank.read(lambda tx: service.party(tx, party.id)).verification_level == 0
    bank.drain()
    assert bank.read(lambda tx: service.party(tx, party.id)).verification_level == 2
    assert bank.run(service.verify_identity, VerifyIdentity(party.id), key="k").matched


def test_a_word_that_comes_twice_or_turns_round_changes_nothing(bank: Bank, watched: Watched) -> None:
    party = bank.run(service.register, lin_mei())
    said = bank.run(service.verify_identity, VerifyIdentity(party.id))
    errand = bank.read(lambda tx: errands.find(tx, said.id))
    for outcome, level in (("matched", 2), ("name_mismatch", 0)):
        errands.answer(bank.kernel, errand, IdentityAnswered(said.id, outcome, level, "late", ""))
    assert bank.read(lambda tx: service.verifications(tx, party.id)) == [said]
    assert bank.read(lambda tx: service.party(tx, party.id)).verification_level == 2
