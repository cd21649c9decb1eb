"""A dry run refuses what the real thing refuses: limits of the bank, closed wallets, empty drawers."""

from __future__ import annotations

from typing import Any

import pytest

from farthing.bank.founding import agreed
from farthing.kit.errors import Refusal
from farthing.ledger import service as ledger
from farthing.ledger.guards import Guard
from farthing.payments.wallets import wallet_path
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits.model import OpenDeposit, PayIn, Withdraw
from tests import hands
from tests.conftest import Bank
from tests.payments.drawers import drawer
from tests.savings.deposits.saver import found, opened, refused, saver, wallet, yuan


def tried(bank: Bank, command: Any) -> str:
    with pytest.raises(Refusal) as caught:
        hands.tried(bank.kernel, command)
    return caught.value.code


def test_a_limit_of_the_bank(bank: Bank) -> None:
    party = saver(found(bank))
    command = Withdraw(opened(bank, party, "demand", "50000.00").deposit.id, yuan("50000.00"))
    guard = Guard("wallets", "Wallets stay small", "CNY", yuan("60000.00").minor, (("liabilities:wallets:*", -1),))
    agreed(bank.kernel, ledger.set_guards, ledger.SetGuards(install=(guard,)))
    assert tried(bank, command) == refused(bank, deposits.withdraw, command) == "ledger.guard"


def test_a_closed_wallet(bank: Bank) -> None:
    party = saver(found(bank))
    deposit = opened(bank, party, "demand", "100000.00").deposit.id
    account = wallet_path(party, "CNY", "CNY")
    with bank.superuser() as connection:
        connection.execute("UPDATE account SET closed_at = now() WHERE path = %s", [account])
    command = Withdraw(deposit, yuan("1.00"))
    assert tried(bank, command) == refused(bank, deposits.withdraw, command) == "ledger.account_closed"


def test_what_is_not_there(bank: Bank) -> None:
    party = saver(found(bank), wallet="10.00")
    too_much = OpenDeposit(party, "savings-demand", yuan("10.01"))
    assert tried(bank, too_much) == refused(bank, deposits.open_deposit, too_much) == "ledger.insufficient_funds"
    drawer(bank)
    cash = OpenDeposit(party, "savings-demand", yuan("5.00"), source="counter")
    hands.tried(bank.kernel, cash)
    deposit = bank.run(deposits.open_deposit, cash).deposit.id
    more = PayIn(deposit, yuan("10.01"))
    assert tried(bank, more) == refused(bank, deposits.pay_in, more) == "ledger.insufficient_funds"
    back = Withdraw(deposit, yuan("5.00"), "counter")
    hands.tried(bank.kernel, back)
    bank.run(deposits.withdraw, back)
    assert wallet(bank, party) == yuan("10.00")
    bank.run(deposits.pay_in, PayIn(deposit, yuan("5.00")))
    assert tried(bank, back) == refused(bank, deposits.withdraw, back) == "ledger.insufficient_funds"
