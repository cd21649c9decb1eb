"""The lists of the bank's own staff: what is filtered is summed whole, a page goes on where the last one ended, and the books
from above come to what the accounts do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from farthing.assurance.entries import service as entries
from farthing.kernel import jobs
from farthing.kernel.day import close_day
from farthing.kit.actor import SYSTEM
from farthing.kit.errors import Refusal
from farthing.ledger import service as ledger
from farthing.ledger.overview import service as overview
from farthing.lending import service as lending
from farthing.lending.roll import service as roll
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from farthing.savings.deposits import roll_service as deposits
from farthing.savings.deposits import service as deposit_service
from farthing.savings.deposits.model import OpenDeposit
from tests.lending.house import House, yuan

CARD = "6222021234567890123"


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    opened = House(database_url)
    yield opened
    opened.bank.kernel.database.close()


def test_loans_are_listed_summed_and_told_when_they_fall_due(house: House) -> None:
    ask = house.bank.kernel.ask
    loan = house.active("5000")
    page = ask(roll.roll)
    (row,) = page.loans
    assert (row.id, row.state, row.outstanding, row.overdue.minor) == (loan.id, "active", loan.principal, 0)
    (total,) = page.sums
    assert (total.loans, total.principal, total.outstanding) == (1, loan.principal, loan.principal)
    assert not ask(roll.roll, "closed").loans and ask(roll.roll, product=row.product) == page
    with pytest.raises(Refusal, match=r"products\.unknown"):
        ask(roll.roll, product="another-product")
    assert not ask(roll.roll, past_due=1).loans, "nothing is late on the first day"
    assert not ask(roll.roll, after=loan.id).loans, "a page goes on after the last of the one before"
    with pytest.raises(Refusal, match="no loan"):
        ask(roll.roll, after="loan_none")
    first = loan.instalments[0]
    assert row.next_due_on == first.due_on
    assert [each for each in ask(roll.falling_due) if each.on < house.bank.kernel.clock().business_date] == []


def test_loans_are_listed_by_their_days_past_due(house: House) -> None:
    ask, loan = house.bank.kernel.ask, house.active("5000")
    first = loan.instalments[0].due_on
    house.bank.run(deposit_service.open_deposit, OpenDeposit(house.party.id, "savings-demand", loan.principal))
    house.wait(first + timedelta(days=3))
    late = ask(roll.roll, past_due=3)
    assert [(each.id, each.days_past_due) for each in late.loans] == [(loan.id, 3)]
    (row,) = late.loans
    assert row.days_past_due == ask(lending.owed, loan.id)[2] and row.overdue == loan.instalments[0].left
    (total,) = late.sums
    assert (total.loans, total.overdue, total.outstanding) == (1, row.overdue, row.outstanding)
    for days in (4, 1_000_000):
        beyond = ask(roll.roll, past_due=days)
        assert not beyond.loans and not beyond.sums, "neither listed nor summed"


def test_deposits_and_rail_payments_are_listed_and_summed(house: House) -> None:
    ask, run, party = house.bank.kernel.ask, house.bank.run, house.party.id
    run(payments.top_up, MoveByRail(party, yuan("900.00"), CARD))
    made = [
        run(deposit_service.open_deposit, OpenDeposit(party, "savings-demand", yuan(each))).deposit.id
        for each in ("100.00", "50.00")
    ]
    page = ask(deposits.roll, state="open", limit=1)
    assert [each.id for each in page.deposits] == [made[1]] and page.next_after == made[1]
    assert [(each.deposits, each.balance) for each in page.sums] == [(2, yuan("150.00"))], "sums are of all of them"
    assert [each.id for each in ask(deposits.roll, after=made[1]).deposits] == [made[0]]
    assert page.deposits[0].annual_rate is None, "a demand deposit follows the board"
    assert not ask(deposits.roll, state="closed").sums and ask(deposits.maturing) == []
    with pytest.raises(Refusal, match=r"products\.unknown"):
        ask(deposits.roll, product="another-product")
    moved = ask(payments.rail_payments, "in", "settled")
    assert moved.payments[0].party_id == party and moved.payments[0].outside_account != CARD
    assert sum(each.amount.minor for each in moved.sums) >= 900_00
    assert not ask(payments.rail_payments, "out").payments
    run(payments.top_up, MoveByRail(party, yuan("1.00"), CARD))
    newest = ask(payments.rail_payments, "in", "settled", "", 1)
    assert newest.payments[0].amount == yuan("1.00") and newest.next_after == newest.payments[0].id
    assert ask(payments.rail_payments, "in", "settled", newest.next_after, 1).payments == moved.payments[:1]
    with pytest.raises(Refusal, match=r"payments\."):
        ask(payments.rail_payments, after="rail_none")


def test_the_books_from_above_come_to_what_the_accounts_do(house: House) -> None:
    ask = house.bank.kernel.ask
    house.active("5000")
    groups = ask(overview.chart)
    sides = {"assets": 1, "expenses": 1}
    assert sum(sides.get(each.path.partition(":")[0], -1) * each.total for each in groups) == 0
    loans = next(each for each in groups if each.path == "assets:loans")
    assert loans.accounts == 1 and loans.total == 5_000_00
    today = house.bank.kernel.clock().business_date
    assert {(each.path, each.total) for each in ask(overview.chart, on=today)} == {
        (each.path, each.total) for each in groups if each.total
    }
    assert ask(overview.chart, on=today - timedelta(days=400)) == []
    assert {each.name for each in ask(overview.margins)} >= {"client-money"}


def test_the_log_says_which_leaf_names_an_entry(house: House) -> None:
    ask = house.bank.kernel.ask
    house.active("5000")
    posted = next(each for each in ask(ledger.entries).entries if each.entry.kind == "disbursement")
    found = ask(entries.entry_evidence, posted.reference)
    assert found is not None and found.same and found.checkpoint_size is None
    close_day(house.bank.kernel, house.bank.kernel.clock().business_date, actor=SYSTEM, key="close")
    house.bank.drain()
    covered = ask(entries.entry_evidence, posted.reference)
    assert covered is not None and covered.leaf_id == found.leaf_id and covered.checkpoint_size
    assert ask(jobs.failed) == []
