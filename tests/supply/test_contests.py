"""A contract that is contested, or does not bind, carries nothing: it is not entered, passed on, lent against or paid."""

from __future__ import annotations

import pytest

from farthing.assurance import contests_service as contesting
from farthing.assurance.contests_service import ContestAgreement
from farthing.bank.founding import agreed
from farthing.parties.model import Party
from farthing.signing.agreements import service as agreements
from farthing.signing.contests.model import DecideContest, WithdrawContest
from farthing.supply import passing_service as passing
from farthing.supply.model import TransferCommand
from tests.banks import Bank
from tests.errors.supply_cases import planted
from tests.supply.chain import DAYS, Chain, yuan


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


@pytest.mark.long
def test_a_confirmation_that_is_contested_stands_and_one_that_does_not_bind_is_never_paid(bank: Bank) -> None:
    chain = Chain(bank)
    chain.graded()
    proposed = chain.ask(chain.bring(chain.paper()))
    chain.sign(proposed.agreement_id, chain.supplier, chain.core, *chain.signatories)
    early = contest(chain, proposed.agreement_id, chain.core)
    assert chain.refused(lambda: chain.enter(proposed)) == "signing.contested"
    withdraw(chain, early, chain.core)
    live = chain.enter(proposed)
    again = contest(chain, live.agreement_id, chain.core)
    passing_on = chain.refused(lambda: chain.offer(live, 1, chain.supplier, chain.second, "10000.00"))
    assert (passing_on, chain.refused(lambda: chain.advance(live, 1, chain.supplier))) == ("signing.contested",) * 2
    chain.bring_money(chain.core, "10000.00")
    chain.days(DAYS + 1)
    assert (chain.now(live).state, chain.has(chain.core)) == ("live", live.amount), "the close of the day leaves it"
    assert chain.refused(lambda: chain.pay(live, "10000.00")) == "signing.contested"
    agreed(bank.kernel, contesting.decide, DecideContest(again, True, "签署人当日已无授权。"))
    assert chain.refused(lambda: chain.pay(live, "10000.00")) == "supply.not_binding"
    chain.days(1)
    assert chain.has(chain.core) == live.amount and chain.verified() == ()


@pytest.mark.long
def test_the_share_of_who_holds_by_a_contested_transfer_waits(bank: Bank) -> None:
    chain = Chain(bank)
    live = planted(chain, days=3)
    offered = chain.offer(live, 1, chain.supplier, chain.second, "4000.00")
    chain.sign(offered.agreement_id, chain.supplier, chain.second)
    held, complete = contest(chain, offered.agreement_id, chain.supplier), TransferCommand(chain.second.id, offered.id)
    assert chain.refused(lambda: bank.run(passing.complete_transfer, complete)) == "signing.contested"
    chain.days(1)
    assert chain.now(live).pieces[1].state == "passing", "the close of the day does not enter it"
    withdraw(chain, held, chain.supplier)
    assert bank.run(passing.complete_transfer, complete).state == "done"
    held = contest(chain, offered.agreement_id, chain.supplier)
    assert chain.refused(lambda: chain.offer(live, 4, chain.second, chain.third, "4000.00")) == "signing.contested"
    chain.bring_money(chain.core, "10000.00")
    chain.days(3)
    assert (chain.has(chain.supplier), chain.has(chain.second)) == (yuan("6000.00"), yuan("0.00"))
    assert chain.refused(lambda: chain.pay(live, "4000.00")) == "supply.more_than_owed"
    withdraw(chain, held, chain.supplier)
    chain.days(1)
    assert (chain.has(chain.second), chain.now(live).state) == (yuan("4000.00"), "settled") and chain.verified() == ()
