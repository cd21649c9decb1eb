"""A pledged deposit stays and earns until the loan is over, or until two officers call it when the loan is in default."""

from __future__ import annotations

from datetime import timedelta

import pytest

from farthing.ledger import service as ledger
from farthing.lending import service as lending
from farthing.lending.backing import service as backing
from farthing.lending.backing.model import CallPledge, PledgeDeposit
from farthing.lending.model import LoanCommand
from farthing.lending.standing_service import standing
from farthing.payments import service as payments
from farthing.savings.deposits import passbook_service as passbook
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits.model import CloseDeposit, Withdraw
from tests.lending.backing.friends import behind, called, friend, given, in_default, pledged, rich, saved
from tests.lending.house import House, yuan


@pytest.fixture
def house(database_url: str) -> House:
    return House(database_url)


def free(house: House, path: str) -> object:
    return house.bank.read(lambda tx: ledger.balance(tx, path).available())


def test_a_pledged_deposit_stays_until_the_loan_is_repaid(house: House) -> None:
    loan, done = house.active("4000"), saved(house, house.party, "5000")
    made = pledged(house, loan, done, "4500")
    assert free(house, done.deposit.account) == yuan("500")
    assert house.refused(deposits.close, CloseDeposit(done.deposit.id)) == "savings.pledged"
    assert house.refused(deposits.withdraw, Withdraw(done.deposit.id, yuan("1000"))) == "savings.pledged"
    seen = behind(house, loan)
    assert (seen.loan_to_value.pledged, seen.pledges[0].left) == (yuan("4500"), yuan("4500"))
    assert str(seen.loan_to_value.ratio) == "0.8889"
    rich(house, house.party)
    house.bank.run(lending.settle, LoanCommand(loan.id))
    assert behind(house, loan).pledges[0].state == "released"
    assert free(house, done.deposit.account) == yuan("5000")
    house.bank.run(deposits.close, CloseDeposit(done.deposit.id))
    assert made.deposit_id == done.deposit.id


def test_only_who_stands_behind_the_loan_pledges(house: House) -> None:
    loan, zhao = house.active("4000"), friend(house)
    done = saved(house, zhao, "5000")
    pledge = PledgeDeposit(loan.id, done.deposit.id, yuan("2000"))
    assert house.refused(backing.pledge_deposit, pledge) == "lending.not_backing"
    given(house, loan, zhao, "2000")
    assert house.bank.run(backing.pledge_deposit, pledge).party_id == zhao.id
    more = PledgeDeposit(loan.id, done.deposit.id, yuan("3001"))
    assert house.refused(backing.pledge_deposit, more) == "ledger.insufficient_funds"


@pytest.mark.long
def test_a_call_waits_for_default_draws_what_is_due_and_keeps_the_rest(house: House) -> None:
    loan, zhao = house.active("4000"), friend(house)
    given(house, loan, zhao, "4000")
    done = saved(house, zhao, "5000", "savings-demand")
    made = pledged(house, loan, done, "4900")

    in_default(house, loan)
    stands = house.bank.read(lambda tx: standing(tx, loan.id))
    came = called(house, made.id)
    assert came["repaid"]["minor"] == stands.due.minor and not came["broken"]
    after = house.bank.read(lambda tx: standing(tx, loan.id))
    assert (after.due, after.days_late) == (yuan("0"), 0)
    (left,) = behind(house, loan).pledges
    assert (left.state, left.taken, left.left) == ("held", stands.due, yuan("4900") - stands.due)
    view = house.bank.read(lambda tx: passbook.deposit(tx, done.deposit.id))
    balance = house.bank.read(lambda tx: ledger.balance(tx, view.account))
    assert balance.held_out == left.left and view.closed_on is None
    wallet = house.bank.read(lambda tx: payments.wallet(tx, house.party.id, "CNY"))
    assert wallet.balance == yuan("0"), "what was called went through the borrower's wallet and nothing stayed"


@pytest.mark.long
def test_where_no_part_can_be_drawn_the_deposit_is_broken_and_the_rest_stays_held(house: House) -> None:
    loan, done = (
        house.active("4000"),
        saved(house, house.party, "5000", "savings-interest-drawn", term="1y", every="1m"),
    )
    made = pledged(house, loan, done, "5000")
    house.wait(loan.instalments[0].due_on)
    in_default(house, loan)
    due = house.bank.read(lambda tx: standing(tx, loan.id)).due
    came = called(house, made.id)
    assert came["broken"] and came["repaid"]["minor"] == due.minor
    (left,) = behind(house, loan).pledges
    assert left.place.startswith("liabilities:wallets:") and left.left == left.pledged - due
    assert yuan("4900") < left.pledged < yuan("5000"), "what was drawn of interest too early is taken off first"
    balance = house.bank.read(lambda tx: ledger.balance(tx, left.place))
    assert balance.held_out == left.left
    assert house.bank.read(lambda tx: passbook.deposit(tx, done.deposit.id)).closed_on == house.today
    house.wait(house.today + timedelta(days=1))
    assert behind(house, loan).pledges[0].left == left.left, "the day's collection takes only what is free"


@pytest.mark.long
def test_a_call_before_default_is_refused_and_one_person_cannot_call(house: House) -> None:
    loan, done = house.active("4000"), saved(house, house.party, "5000")
    made = pledged(house, loan, done, "4000")
    assert house.refused(backing.call_pledge, CallPledge(made.id)) == "lending.not_late_enough"
    in_default(house, loan)
    pending = house.bank.run(backing.call_pledge, CallPledge(made.id))
    assert pending.approval_id, "a draft, for a second person"
    assert behind(house, loan).pledges[0].left == yuan("4000")
