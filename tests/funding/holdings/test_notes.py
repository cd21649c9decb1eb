"""Lenders' notes on a real bank: from escrow to notes to wallets, to the fen, whoever sells, whatever closes, however mixed."""

from __future__ import annotations

from datetime import timedelta
from typing import LiteralString

import pytest

from farthing.bank.founding import agreed
from farthing.funding import distribution_service as distribution
from farthing.funding.audit_service import verify
from farthing.funding.holdings import rules
from farthing.funding.holdings import service as holdings
from farthing.kernel.day import close_day
from farthing.kit.errors import InvariantBroken
from farthing.kit.money import Money
from farthing.lending import entries
from farthing.lending import service as lending
from farthing.lending.acts import service as acts
from farthing.lending.acts.model import GiveUp, Recover
from farthing.lending.held import parts
from farthing.lending.model import LoanCommand, Repay
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from tests.funding.holdings.market import (
    FEE,
    Exchange,
    Fund,
    Stray,
    Wallet,
    balances,
    exchange,
    fund,
    funded,
    lay,
    paid_out,
    turn,
    wallets,
)
from tests.funding.test_distribution import clean
from tests.lending.house import CARD, House, yuan

MINORS = [33_333, 33_333, 33_334, 1]
MIXED = [("own", 30_000, "", ""), ("partner:harvest", 20_000, "丰收沙盒银行", "91310000MA1HRT002X")]
FEES = rules.FEES


def due_and_paid(house: House, loan_id: str, number: int) -> Money:
    """An instalment is paid on its day, with money that the borrower brings."""
    house.wait(house.loan(loan_id).instalments[number].due_on)
    due, _, _ = house.bank.read(lambda tx: lending.owed(tx, loan_id))
    house.bank.run(payments.top_up, MoveByRail(house.party.id, due, CARD))
    house.bank.run(lending.repay, Repay(loan_id, due))
    house.bank.drain()
    return due


@pytest.mark.long
def test_a_loan_of_lenders_alone_from_escrow_to_the_last_fen(database_url: str) -> None:
    house = House(database_url)
    loan, lenders = funded(house, MINORS)
    escrow = rules.escrow_account(loan.id, "CNY", "CNY")
    (market,) = loan.holders
    assert (market.name, market.share.minor) == ("marketplace", sum(MINORS)) and balances(house, [escrow]) == [
        sum(MINORS)
    ]
    house.sign(loan.id)
    house.complete(loan.id)
    clean(house)
    house.bank.drain()
    assert balances(house, [escrow, entries.disbursed_account(loan), entries.principal_account(loan)]) == [0, 0, 0]
    began = wallets(house, lenders)
    clean(house)
    paid, had = 0, {"principal": 0, "interest": 0}
    for number in range(len(loan.instalments)):
        paid += due_and_paid(house, loan.id, number).minor
        for name in had:
            had[name] = sum(each.of(name, "paid").minor for each in house.loan(loan.id).instalments)
        gross = [a + b for a, b in zip(parts(MINORS, had["principal"]), parts(MINORS, had["interest"]), strict=True)]
        fees = [int(part * FEE.rate) for part in parts(MINORS, had["interest"])]
        got = [now - then for now, then in zip(wallets(house, lenders), began, strict=True)]
        assert got == [whole - fee for whole, fee in zip(gross, fees, strict=True)]
        assert balances(house, [FEES, entries.collections_account(loan)]) == [sum(fees), 0]
        assert paid == sum(got) + sum(fees)
        notes = [house.bank.read(lambda tx, party=party: holdings.of_lender(tx, party))[0] for party in lenders]
        assert [each.left for each in notes] == [
            weight - part for weight, part in zip(MINORS, parts(MINORS, had["principal"]), strict=True)
        ]
        clean(house)
    assert house.loan(loan.id).state == "closed" and balances(house, [loan.conditions.roles["interest_income"]]) == [0]


@pytest.mark.long
def test_own_book_partner_and_lenders_hold_one_loan(database_url: str) -> None:
    house = House(database_url)
    loan, lenders = paid_out(house, MINORS, MIXED)
    began, clerk = wallets(house, lenders), "assets:settlement:partner:harvest"
    assert balances(house, [clerk, entries.principal_account(loan)]) == [20_000, 30_000]
    due = due_and_paid(house, loan.id, 0)
    close_day(house.bank.kernel)
    paid = {name: house.loan(loan.id).instalments[0].of(name, "paid").minor for name in ("principal", "interest")}
    contract = [30_000, 20_000, sum(MINORS)]
    theirs = {name: parts(contract, minor)[2] for name, minor in paid.items()}
    got = sum(now - then for now, then in zip(wallets(house, lenders), began, strict=True))
    fees = sum(int(part * FEE.rate) for part in parts(MINORS, theirs["interest"]))
    assert got + fees == sum(theirs.values()) and balances(house, [FEES]) == [fees]
    assert balances(house, [loan.conditions.roles["interest_income"]]) == [parts(contract, paid["interest"])[0]]
    assert sum(paid.values()) == due.minor
    clean(house)


@pytest.mark.long
def test_a_note_that_is_sold_is_paid_to_who_holds_it_on_the_day(database_url: str) -> None:
    house = House(database_url)
    loan, (one, two, three, four) = paid_out(house, MINORS)
    due_and_paid(house, loan.id, 0)
    (has,) = house.bank.read(lambda tx: holdings.of_lender(tx, one))
    before = wallets(house, [one, two, three, four])
    assert house.bank.run(exchange, Exchange(loan.id, ((one, four, has.left), (two, four, 1_000)))) == 3
    assert house.bank.read(lambda tx: holdings.of_lender(tx, one)) == []
    notes = [house.bank.read(lambda tx, party=party: holdings.of_lender(tx, party))[0] for party in (two, three, four)]
    assert sum(each.left for each in notes) == house.loan(loan.id).outstanding.minor
    assert all(each.since == house.today and each.left == each.principal for each in notes)
    clean(house)
    due_and_paid(house, loan.id, 1)
    after = wallets(house, [one, two, three, four])
    assert after[0] == before[0] and all(now > then for now, then in zip(after[1:], before[1:], strict=True))
    clean(house)
    for number in range(2, len(loan.instalments)):
        due_and_paid(house, loan.id, number)
    notes = [house.bank.read(lambda tx, party=party: holdings.of_lender(tx, party))[0] for party in (two, three, four)]
    assert [each.left for each in notes] == [0, 0, 0]
    clean(house)


def test_who_sells_what_he_has_not_or_to_himself_is_refused(database_url: str) -> None:
    house = House(database_url)
    loan, (one, two, *_) = paid_out(house, MINORS)
    assert house.refused(exchange, Exchange(loan.id, ((one, two, 33_334),))) == "funding.sold_more_than_held"
    assert house.refused(exchange, Exchange(loan.id, ((house.party.id, two, 1),))) == "funding.sold_more_than_held"
    assert house.refused(exchange, Exchange(loan.id, ((one, one, 1),))) == "funding.sold_to_oneself"
    clean(house)


@pytest.mark.long
def test_a_wallet_that_is_closed_keeps_nobody_else_waiting_and_his_part_waits_for_him(database_url: str) -> None:
    house = House(database_url)
    loan, lenders = paid_out(house, MINORS)
    house.bank.run(payments.pay_out, MoveByRail(lenders[0], yuan("0.01"), CARD))
    house.bank.run(turn, Wallet(lenders[0], closing=True))
    due_and_paid(house, loan.id, 0)
    waits = rules.waiting_account(lenders[0], "CNY", "CNY")
    paid = {name: house.loan(loan.id).instalments[0].of(name, "paid").minor for name in ("principal", "interest")}
    interest = parts(MINORS, paid["interest"])[0]
    his = parts(MINORS, paid["principal"])[0] + interest - int(interest * FEE.rate)
    assert balances(house, [waits]) == [his] and wallets(house, lenders[:2])[0] == 0 < wallets(house, lenders[:2])[1]
    clean(house)
    close_day(house.bank.kernel)
    assert balances(house, [waits]) == [his]
    house.bank.run(turn, Wallet(lenders[0], closing=False))
    close_day(house.bank.kernel)
    assert balances(house, [waits]) == [0] and wallets(house, lenders[:1]) == [his]
    clean(house)


def test_the_close_shares_out_many_loans_at_once_what_no_job_did(database_url: str) -> None:
    house = House(database_url)
    loan, lenders = funded(house, MINORS, MIXED)
    house.sign(loan.id)
    house.complete(loan.id)
    close_day(house.bank.kernel)
    assert balances(house, [entries.disbursed_account(loan), entries.principal_account(loan)]) == [0, 30_000]
    began = wallets(house, lenders)
    house.wait(loan.instalments[0].due_on + timedelta(days=1))
    assert balances(house, [entries.collections_account(loan)]) == [0]
    assert sum(wallets(house, lenders)) > sum(began)
    assert house.bank.run(distribution.distribute, LoanCommand(loan.id)).flows == 0
    clean(house)


def test_money_that_lies_twice_on_an_escrow_or_not_at_all_is_said(database_url: str) -> None:
    house = House(database_url)
    loan, lenders = paid_out(house, MINORS)
    stray = Stray(lenders[0], rules.escrow_account(loan.id, "CNY", "CNY"))
    house.bank.run(payments.top_up, MoveByRail(lenders[0], yuan("2"), CARD))
    house.bank.run(lay, stray)
    (found,) = house.bank.read(verify, snapshot=True).findings
    assert "CNY 0.00 is its lenders'" in str(found)
    again = house.accept(house.apply("500").offer)
    with pytest.raises(InvariantBroken, match=r"holds CNY 0\.50, and CNY 0\.30 is pledged"):
        house.bank.run(fund, Fund(again.id, ((lenders[0], 30),), surplus=20))


@pytest.mark.long
def test_what_is_recovered_of_a_loan_that_was_given_up_is_the_lenders_too(database_url: str) -> None:
    """Charged off, paid a little, written off, recovered a little: our loss is our part, theirs comes to them less the fee."""
    house = House(database_url)
    loan, lenders = paid_out(house, MINORS, MIXED)
    kernel, why, clerk = house.bank.kernel, "nobody is found", "assets:settlement:partner:harvest"
    house.bank.run(payments.pay_out, MoveByRail(house.party.id, loan.principal, CARD))
    house.wait(loan.instalments[0].due_on + timedelta(days=40))
    interest, began = balances(house, [loan.conditions.roles["interest_income"]]), wallets(house, lenders)
    agreed(kernel, acts.charge_off, GiveUp(loan.id, why))
    house.bank.drain()
    assert balances(house, [entries.principal_account(loan)]) == [0] and wallets(house, lenders) == began
    clean(house)
    settled = balances(house, [clerk])
    house.bank.run(payments.top_up, MoveByRail(house.party.id, yuan("200"), CARD))
    house.bank.run(lending.repay, Repay(loan.id, yuan("120")))
    house.bank.drain()
    agreed(kernel, acts.write_off, GiveUp(loan.id, why))
    house.bank.run(acts.recover, Recover(loan.id, yuan("60")))
    house.bank.drain()
    got = sum(now - then for now, then in zip(wallets(house, lenders), began, strict=True))
    fees, ours = balances(house, [FEES, entries.recoveries_account(loan)])
    assert got + fees + ours + settled[0] - balances(house, [clerk])[0] == 18_000
    share = 18_000 * sum(MINORS) // (50_000 + sum(MINORS))
    assert abs(got + fees - share) < 5 and abs(fees - share * FEE.rate) < 2 * len(MINORS)
    assert balances(house, [loan.conditions.roles["interest_income"], entries.collections_account(loan)]) == [
        *interest,
        0,
    ]
    clean(house)


PLANTED: dict[LiteralString, str] = {
    "UPDATE funding_lender_note SET principal_minor = principal_minor + 1 WHERE position = 4": "was left then",
    "UPDATE funding_lender_note SET party_id = party_id || 'x' WHERE position = 4": "cannot be read",
    "UPDATE funding_lender_note SET position = 5 - position": "not what its notes say",
    "UPDATE funding_listed SET fee_rate = 0.06": "lenders were charged",
    "DELETE FROM funding_edition": "nobody says who they are",
}


@pytest.mark.parametrize("planted", PLANTED)
def test_what_is_planted_in_lenders_notes_is_named(database_url: str, planted: LiteralString) -> None:
    house = House(database_url, lived=once_paid)
    clean(house)
    with house.bank.superuser() as connection:
        connection.execute(planted)
    found = house.bank.read(verify, snapshot=True).findings
    assert any(PLANTED[planted] in str(finding) for finding in found)


def once_paid(house: House) -> None:
    """Lenders of a loan of which one instalment was paid."""
    loan, _ = paid_out(house, MINORS)
    due_and_paid(house, loan.id, 0)
