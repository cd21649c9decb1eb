"""A contract that is contested, or does not bind, carries nothing: it is not entered, passed on, lent against or paid."""

from __future__ import annotations

import pytest

from farthing.assurance import contests_service as contesting
from farthing.assurance.contests_service import ContestAgreement
from farthing.parties.model import Party
from farthing.signing.agreements import service as agreements
from farthing.signing.contests.model import WithdrawContest
from farthing.supply import passing_service as passing
from farthing.supply.model import TransferCommand
from tests.banks import Bank
from tests.errors.supply_cases import planted
from tests.supply.chain import Chain


def contest(chain: Chain, agreement_id: str, who: Party) -> str:
    claim = ContestAgreement(who.id, agreement_id, "no_power", "签署人无授权")
    return chain.bank.run(contesting.contest_agreement, claim).contest.id  # type: ignore[no-any-return]


def withdraw(chain: Chain, contest_id: str, who: Party) -> None:
    chain.bank.run(contesting.withdraw, WithdrawContest(who.id, contest_id))


@pytest.mark.long
def test_one_piece_is_never_sold_by_two_contracts(bank: Bank) -> None:
    """A contest outlives the days to sign; the piece goes back to its giver, and the first contract ends with that."""
    chain = Chain(bank)
    live = planted(chain)
    first = chain.offer(live, 1, chain.supplier, chain.second, "10000.00")
    held = contest(chain, first.agreement_id, chain.supplier)
    chain.sign(first.agreement_id, chain.supplier, chain.second)
    complete = TransferCommand(chain.second.id, first.id)
    assert chain.refused(lambda: bank.run(passing.complete_transfer, complete)) == "supply.not_signed"
    chain.days(7)
    assert chain.now(live).pieces[0].state == "passing", "it waits for the decision"
    withdraw(chain, held, chain.supplier)
    assert bank.run(passing.complete_transfer, complete).state == "over"
    chain.passed(live, 1, chain.supplier, chain.third, "10000.00")
    assert bank.read(lambda tx: agreements.agreement(tx, first.agreement_id)).state == "ended"


def test_what_was_not_signed_in_time_is_given_back_and_ended_at_once(bank: Bank) -> None:
    chain = Chain(bank)
    live = planted(chain)
    offered = chain.offer(live, 1, chain.supplier, chain.second, "10000.00")
    chain.days(7)
    assert chain.now(live).pieces[0].state == "held"
    assert bank.read(lambda tx: agreements.agreement(tx, offered.agreement_id)).state == "ended"
