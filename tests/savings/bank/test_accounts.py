"""Deposits on a real database: opened, paid in, drawn, settled and closed, to the fen and in balance."""

from __future__ import annotations

from datetime import date, timedelta

from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.ledger.audit.service import verify
from farthing.savings.accounts import service as deposits
from farthing.savings.accounts.model import CloseDeposit, PayIn, Withdraw
from tests.conftest import Bank
from tests.savings.bank.saver import days, found, opened, refused, saver, today, until, wallet, yuan


def test_demand_savings_earn_by_the_quarter(bank: Bank) -> None:
    found(bank)
    party = saver(bank)
    start = today(bank)
    done = opened(bank, party, "demand", "10000.00")
    deposit = done.deposit.id
    assert wallet(bank, party) == yuan("90000.00")
    days(bank, 10)
    bank.run(deposits.pay_in, PayIn(deposit, yuan("5000.00")))
    days(bank, 5)
    bank.run(deposits.withdraw, Withdraw(deposit, yuan("2000.00")))
    settled = date(start.year, 12, 21)
    until(bank, settled)
    kept = (settled - start).days
    balance_days = 10000 * kept + 5000 * (kept - 10) - 2000 * (kept - 15)
    interest = Money(round(balance_days * 100 * 0.0035 / 360), "CNY")
    balance = bank.read(lambda tx: ledger.balance(tx, done.deposit.account)).owed()
    assert balance == yuan("13000.00") + interest
    closed = bank.run(deposits.close, CloseDeposit(deposit))
    assert closed.paid_out == balance
    assert wallet(bank, party) == yuan("100000.00") + interest
    assert not bank.read(verify).findings
    assert refused(bank, deposits.pay_in, PayIn(deposit, yuan("1.00"))) == "savings.closed"


def test_accrual_is_one_entry_a_product_and_meets_what_is_paid(bank: Bank) -> None:
    found(bank)
    first, second = saver(bank, 1), saver(bank, 2)
    opened(bank, first, "demand", "20000.00")
    term = opened(bank, second, "lump-sum", "50000.00", term="3m")
    days(bank, 30)
    payable = bank.read(lambda tx: ledger.balances(tx, "liabilities:interest-payable:savings"))
    owed = {each.path.rpartition(":")[2]: each.owed() for each in payable}
    kept = term.deposit.matures_on - term.deposit.opened_on
    assert owed["lump-sum"] == Money(round(5_000_000 * 0.0185 / 4 * 30 / kept.days), "CNY")
    matures_on = term.deposit.matures_on
    assert matures_on is not None
    until(bank, matures_on)
    closed = bank.run(deposits.close, CloseDeposit(term.deposit.id))
    assert closed.interest == yuan("231.25")
    days(bank, 1)
    after = bank.read(lambda tx: ledger.balance(tx, "liabilities:interest-payable:savings:lump-sum")).owed()
    assert after == yuan("0.00")
    expense = bank.read(lambda tx: ledger.balance(tx, "expenses:interest:savings:lump-sum")).owed()
    assert expense == yuan("231.25")
    assert timedelta(0) < matures_on - term.deposit.opened_on
