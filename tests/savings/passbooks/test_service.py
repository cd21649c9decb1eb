"""A passbook at a real counter: printed to where it is, on by what came since, one print a press; nobody but a teller prints."""

from __future__ import annotations

import pytest

from farthing.identity.rules import permissions_of
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits.model import PayIn
from farthing.savings.passbooks import service as passbooks
from farthing.savings.passbooks.model import PrintPassbook
from tests.conftest import Bank
from tests.savings.deposits.saver import found, opened, saver, yuan


def test_it_goes_on_after_the_last_line(bank: Bank) -> None:
    party = saver(found(bank))
    deposit = opened(bank, party, "demand", "100.00").deposit.id
    asked = PrintPassbook(deposit)
    first = bank.run(passbooks.print_passbook, asked)
    assert [(row.row, row.event.what, str(row.balance)) for row in first.rows] == [(1, "open", "CNY 100.00")]
    with pytest.raises(Refusal) as refusal:
        bank.run(passbooks.print_passbook, asked)
    assert refusal.value.code == "savings.passbook_up_to_date"
    bank.run(deposits.pay_in, PayIn(deposit, yuan("5.00")))
    assert bank.read(lambda tx: passbooks.passbook(tx, deposit)).waiting == 1
    again = [bank.kernel.run(passbooks.print_passbook, asked, key="press") for _ in range(2)]
    assert again[0] == again[1], "a button pressed twice prints once"
    assert [(row.row, str(row.balance)) for row in again[0].rows] == [(2, "CNY 105.00")]
    assert bank.read(lambda tx: passbooks.passbook(tx, deposit)) == again[0], "and can be printed again"


def test_a_customer_reads_her_passbook_and_prints_none(bank: Bank) -> None:
    party = saver(found(bank))
    deposit = opened(bank, party, "demand", "100.00").deposit.id
    herself = Actor(f"customer:{party[6:]}", permissions_of("customer"), party)
    assert bank.kernel.ask(passbooks.passbook, deposit, actor=herself).waiting == 1
    with pytest.raises(Refusal) as refusal:
        bank.run(passbooks.print_passbook, PrintPassbook(deposit), actor=herself)
    assert refusal.value.code == "kernel.forbidden"
