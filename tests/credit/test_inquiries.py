"""A bureau is asked once under one id, whatever happens around the call; an inquiry stands in the customer's file."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from farthing.credit import service as credit
from farthing.credit.bureau.model import BureauQuestion, BureauReport
from farthing.credit.bureau.sandbox_bureau import SandboxBureau
from farthing.credit.model import BureauAnswered
from farthing.kernel import errands
from farthing.kit.errors import Refusal
from tests.conftest import Bank
from tests.credit.test_bureau import ask, ready
from tests.kernel.disturbed import collisions, lost_commits


@dataclass
class Watched:
    """The sandbox bureau, with every call noted; ``moods`` come true call by call."""

    moods: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    peer: SandboxBureau = field(default_factory=SandboxBureau)
    name: str = "sandbox"

    def inquire(self, question: BureauQuestion) -> BureauReport | None:
        self.calls.append(question.inquiry_id)
        mood = self.moods.pop(0) if self.moods else "answers"
        if mood == "breaks":
            raise ConnectionError("planted")
        return None if mood == "silent" else self.peer.inquire(question)


@pytest.fixture
def watched(bank: Bank) -> Watched:
    peer = Watched()
    bank.kernel.ports = bank.kernel.ports.with_peer("bureau", "sandbox", peer)
    return peer


def inquiries(bank: Bank) -> int:
    with bank.superuser() as connection:
        (row,) = connection.execute("SELECT count(*) FROM credit_inquiry").fetchall()
        return int(row[0])


@pytest.mark.parametrize("disturb", [collisions, lost_commits])
def test_one_inquiry_whatever_happens_to_the_transactions(
    bank: Bank, watched: Watched, monkeypatch: pytest.MonkeyPatch, disturb
) -> None:
    party = ready(bank)
    with monkeypatch.context() as disturbed:
        disturb(bank, disturbed)
        decision = bank.run(credit.request_decision, ask(party), key="k")
    assert bank.run(credit.request_decision, ask(party), key="k") == decision
    assert len(set(watched.calls)) == 1 and inquiries(bank) == 1
    assert set(watched.peer.asked.values()) == {1}


def test_nobody_inquires_for_a_decision_that_cannot_be_made(bank: Bank, watched: Watched) -> None:
    with pytest.raises(Refusal):
        bank.run(credit.request_decision, ask("party_" + "0" * 26))
    assert watched.calls == []


def test_a_bureau_that_is_silent_is_a_fact_of_the_decision(bank: Bank, watched: Watched) -> None:
    watched.moods = ["silent"]
    decision = bank.run(credit.request_decision, ask(ready(bank)))
    assert bank.read(lambda tx: credit.decision_inputs(tx, decision.id)).bureau.state == "unavailable"
    assert bank.read(errands.unanswered) == []


def test_a_call_that_breaks_leaves_no_decision_and_the_same_request_makes_it(bank: Bank, watched: Watched) -> None:
    watched.moods = ["breaks"]
    party = ready(bank)
    with pytest.raises(Refusal) as caught:
        bank.run(credit.request_decision, ask(party), key="k")
    assert caught.value.code == "credit.not_decided_yet"
    assert bank.run(credit.request_decision, ask(party), key="k").approved
    assert len(set(watched.calls)) == 1 and inquiries(bank) == 1


def test_a_report_that_comes_twice_or_changes_decides_nothing_again(bank: Bank, watched: Watched) -> None:
    decision = bank.run(credit.request_decision, ask(ready(bank)))
    (inquiry,) = watched.calls
    errand = bank.read(lambda tx: errands.find(tx, inquiry))
    for state in ("found", "unavailable"):
        errands.answer(bank.kernel, errand, BureauAnswered(inquiry, BureauReport("sandbox", state, (), 9, "x")))
    assert bank.read(credit.latest_decisions) == [decision] and inquiries(bank) == 1


def test_the_log_keeps_no_report_and_the_errand_forgets_whom_it_asked_about(bank: Bank, watched: Watched) -> None:
    bank.run(credit.request_decision, ask(ready(bank)))
    with bank.superuser() as connection:
        leaves = connection.execute("SELECT convert_from(body, 'UTF8') FROM evidence_leaf").fetchall()
        assert connection.execute("SELECT request FROM errand").fetchall() == [(None,)]
    assert not any("tradelines" in body for (body,) in leaves)
