"""A witness is told of each checkpoint under one errand, and is met where it stands when its line was lost on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from farthing.assurance import rules
from farthing.assurance import service as assurance
from farthing.assurance.service import PublishLog
from farthing.evidence import note
from farthing.evidence import service as evidence
from farthing.evidence.model import Seen
from farthing.evidence.witness import LogWitness
from farthing.kernel import errands
from tests.conftest import Bank
from tests.kernel.disturbed import collisions, lost_commits
from tests.lending.house import House
from tests.log_signers import VKEY


@dataclass
class Watched:
    """The sandbox witness with every call noted; so many of its lines are ``lost`` after it cosigned."""

    peer: LogWitness
    lost: int = 0
    told: list[int] = field(default_factory=list)

    @property
    def vkey(self) -> str:
        return self.peer.vkey

    def cosign(self, old_size: int, proof: Sequence[bytes], text: str) -> str | Seen:
        self.told.append(note.parse_checkpoint(text).size)
        said = self.peer.cosign(old_size, proof, text)
        if self.lost:
            self.lost -= 1
            raise TimeoutError("planted")
        return said


@pytest.fixture
def bank(database_url: str) -> Bank:
    return House(database_url).bank


@pytest.fixture
def witness(bank: Bank) -> Watched:
    peer = Watched(LogWitness(note.Ed25519Signer("witness.example", b"w" * 32), VKEY, lambda: 1_800_000_000))
    bank.kernel.ports = bank.kernel.ports.with_peer("witness", "one", peer)
    return peer


def lines(bank: Bank, size: int) -> int:
    return len(bank.read(lambda tx: evidence.checkpoint_of(tx, size)).cosignatures)


@pytest.mark.parametrize("disturb", [collisions, lost_commits])
def test_a_witness_cosigns_a_checkpoint_once(
    bank: Bank, witness: Watched, monkeypatch: pytest.MonkeyPatch, disturb
) -> None:
    with monkeypatch.context() as disturbed:
        disturb(bank, disturbed)
        made = bank.run(assurance.publish_log, PublishLog(), key="p")
    assert made.timestamped and lines(bank, made.size) == 1
    assert set(witness.told) == {made.size}
    again = bank.run(assurance.publish_log, PublishLog())
    assert again.size > made.size and lines(bank, again.size) == 1


def test_a_line_that_was_lost_is_said_again(bank: Bank, witness: Watched) -> None:
    """It had cosigned and we did not know: every later checkpoint was refused, for ever, since it had seen another size."""
    witness.lost = 1
    made = bank.run(assurance.publish_log, PublishLog(), key="p")
    assert lines(bank, made.size) == 0
    bank.drain()
    assert lines(bank, made.size) == 1


def test_a_later_checkpoint_is_cosigned_where_the_line_of_an_earlier_one_was_lost(bank: Bank, witness: Watched) -> None:
    witness.lost = 2
    first = bank.run(assurance.publish_log, PublishLog(), key="p")
    second = bank.run(assurance.publish_log, PublishLog(), key="q")
    assert second.size > first.size and lines(bank, second.size) == 0
    third = bank.run(assurance.publish_log, PublishLog(), key="r")
    assert lines(bank, third.size) == 1
    bank.drain()
    assert bank.read(errands.unanswered) == [], "what a larger checkpoint covers is not waited for"


def test_a_witness_that_saw_more_than_there_is_is_heard(
    bank: Bank, witness: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A log that was set back, by a backup or by a hand, must not pass for one that grows."""
    monkeypatch.setattr(LogWitness, "cosign", lambda self, old, proof, text: Seen(10**6))
    made = bank.run(assurance.publish_log, PublishLog(), key="p")
    (waiting,) = bank.read(errands.unanswered)
    assert waiting.problem.startswith("assurance.witness_saw_more:") and lines(bank, made.size) == 0
    assert rules.WITNESS_SAW_MORE.name == "assurance.witness_saw_more"
