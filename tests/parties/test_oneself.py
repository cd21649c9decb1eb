"""Nobody of the staff decides a matter of her own, whether she makes the draft or agrees to it."""

from __future__ import annotations

from typing import Any

import pytest

from farthing.bank.founding import SECOND
from farthing.crowdfunding import service as crowd
from farthing.crowdfunding.model import AskRelease, ProjectId, RefuseProject, Release
from farthing.identity import service as identity
from farthing.identity.model import CreateLogin
from farthing.identity.rules import actor_of
from farthing.kernel import approvals
from farthing.kernel.approvals import Decide
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.parties import service as parties
from tests.banks import Bank
from tests.crowdfunding.hands import Village

FIRST = Actor("opener", frozenset({"*"}))


def _herself(bank: Bank, party_id: str) -> Actor:
    """The login by which a customer works at the bank."""
    known = bank.read(lambda tx: parties.party(tx, party_id))
    waits = bank.run(identity.create_login, CreateLogin("herself", "operator", known.name, known.number))
    bank.run(approvals.decide, Decide(waits.approval_id, approve=True), actor=SECOND)
    person = bank.read(lambda tx: identity.persons_of(tx, ["operator:herself"]))["operator:herself"]
    return actor_of("operator:herself", "operator", None, person)


def _by(bank: Bank, maker: Actor, checker: Actor, function: Any, command: Any) -> str:
    """The code with which two are refused."""
    try:
        waits = bank.run(function, command, actor=maker)
        ended = bank.run(approvals.decide, Decide(waits.approval_id, approve=True), actor=checker)
    except Refusal as refusal:
        return refusal.code
    return str(ended.refusal_code or ended.state)


@pytest.mark.parametrize("first", [True, False])
def test_an_owner_who_works_here_neither_opens_nor_pays_a_project_of_hers(bank: Bank, first: bool) -> None:
    village = Village(bank)
    she = _herself(bank, village.owner)
    hands = (she, SECOND) if first else (FIRST, she)
    proposed = village.propose()
    assert _by(bank, *hands, crowd.open_project, ProjectId(proposed.id)) == "parties.own_matter"
    assert village.refused(lambda: bank.run(crowd.refuse, RefuseProject(proposed.id, "no"), actor=she)) == (
        "parties.own_matter"
    )
    project = village.opened(minimum="10.00", optimum="10.00")
    village.give(project, 0, "10.00")
    village.close(4)
    bank.run(crowd.ask_release, AskRelease(project.id, 1, "石料已到"))
    village.close(40)
    assert _by(bank, *hands, crowd.release, Release(project.id, 1)) == "parties.own_matter"
    assert _by(bank, FIRST, SECOND, crowd.release, Release(project.id, 1)) == "approved"
