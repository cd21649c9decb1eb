"""Nobody of the staff forgives, defers or writes off a loan of her own."""

from __future__ import annotations

import pytest

from farthing.bank.founding import SECOND
from farthing.identity import service as identity
from farthing.identity.model import CreateLogin
from farthing.identity.rules import actor_of
from farthing.kernel import approvals
from farthing.kernel.approvals import Decide
from farthing.kit.errors import Refusal
from farthing.lending.acts import service as acts
from farthing.lending.acts.model import Waive
from farthing.parties import service as parties
from tests.lending.acts.doing import WORDS
from tests.lending.house import House, yuan


def test_a_borrower_who_works_here_neither_drafts_nor_agrees_to_what_is_forgiven_her(late_house: House) -> None:
    bank, loan = late_house.bank, late_house.loan(late_house.made)
    known = bank.read(lambda tx: parties.party(tx, loan.party_id))
    made = bank.run(identity.create_login, CreateLogin("herself", "risk", known.name, known.number))
    bank.run(approvals.decide, Decide(made.approval_id, approve=True), actor=SECOND)
    person = bank.read(lambda tx: identity.persons_of(tx, ["risk:herself"]))["risk:herself"]
    she = actor_of("risk:herself", "risk", None, person)
    wanted = Waive(loan.id, "interest", yuan("1.00"), WORDS)
    with pytest.raises(Refusal) as caught:
        bank.run(acts.waive, wanted, actor=she)
    assert caught.value.code == "parties.own_matter"
    waits = bank.run(acts.waive, wanted)
    with pytest.raises(Refusal) as caught:
        bank.run(approvals.decide, Decide(waits.approval_id, approve=True), actor=she)
    assert caught.value.code == "parties.own_matter"
