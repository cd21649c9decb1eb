"""The verification of a fund names what was changed by hand, in any of its tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from farthing.ledger import service as ledger
from farthing.savings.audit.fund_service import verify_fund
from tests.ledger.books import move, work
from tests.savings.fund.house import BABY, House

TAMPERED = {
    "UPDATE fund SET units = units + 0.01": ("fund", "units"),
    "UPDATE fund SET units = 500": ("fund.claims", "shared out"),
    "UPDATE fund_index SET value = value + 1e-20 WHERE on_date = '2027-01-06'": ("fund_index", "value"),
    "UPDATE fund_index SET per_ten_thousand = 9.9999 WHERE on_date = '2027-01-06'": ("fund_index", "per_ten_thousand"),
    "DELETE FROM fund_index WHERE on_date = '2027-01-06'": ("fund_index", "a day is missing"),
    "DELETE FROM fund_index WHERE on_date = '2027-01-03'": ("fund_index", "has no row of 2027-01-03"),
    "DELETE FROM fund_index": ("fund_index", "has no row of 2027-01-03"),
    "DELETE FROM fund_holding": ("fund.account", "pool and holders"),
    "UPDATE fund_holding SET units = units + 1e-12": ("fund_holding", "units"),
    "UPDATE fund_holding SET buying_minor = 1": ("fund_holding", "buying"),
    "UPDATE fund_holding SET booked_minor = booked_minor + 1": ("fund_holding", "booked"),
    "UPDATE fund_holding SET paid_in_minor = 1": ("fund_holding", "paid in"),
    "UPDATE fund_holding SET income_last = income_last + 1e-12": ("fund_holding", "income of that day"),
    "UPDATE fund_holding SET index_on = '2027-01-06'": ("fund_holding", "as of"),
    "UPDATE fund_order SET amount_minor = amount_minor + 1 WHERE kind = 'subscribe'": ("fund_holding", "units"),
    "UPDATE fund_order SET units = units + 1 WHERE kind = 'instant'": ("fund_order", "change of units"),
    "UPDATE fund_order SET state = 'cancelled', due_on = NULL WHERE state = 'payable'": ("fund.account", "redemptions"),
    "UPDATE fund_holding SET booked_minor = 5000000000000000000": ("fund", "cannot be derived"),
    "UPDATE fund_holding SET party_id = 'party_other'": ("fund_holding", "account"),
    "UPDATE fund_asset SET annual_rate = 0.04": ("fund_index", "income"),
    "UPDATE fund_asset SET accrued_minor = accrued_minor + 1": ("fund.account", "accrued of assets"),
}


@pytest.fixture
def lived(house: House) -> House:
    ann = house.saver(0, "1000.00")
    house.buy(ann, "900.00")
    house.close()
    house.asset("500.00", "0.0365", date(2028, 1, 1))
    house.close(2)
    house.redeem(ann, "100.00")
    house.redeem_now(ann, "50.00")
    house.close()
    house.sound()
    return house


def test_every_kind_of_tampering_is_named(lived: House) -> None:
    for statement, (what, says) in TAMPERED.items():
        with lived.bank.superuser() as connection, connection.transaction(force_rollback=True):
            connection.execute(statement)
            connection.execute("SET LOCAL role farthing_app")
            found = lived.read(lambda tx: tx)  # a transaction whose connection is exchanged for the tampered one
            findings = verify_fund(replace(found, connection=connection)).findings
        assert any(each.what == what and says in each.problem for each in findings), (statement, findings)
    lived.sound()


def test_a_posting_beside_the_funds_own_operations_is_named(lived: House) -> None:
    """The guard lets an entry within the fund pass; the verification does not."""
    holder = lived.read(lambda tx: ledger.balances(tx, f"liabilities:fund:{BABY}:units"))[0].path
    pool = f"liabilities:fund:{BABY}:pool"
    work(lived.bank, lambda tx: ledger.post_all(tx, [move("by hand", pool, holder, 1, on=date(2027, 1, 8))]))
    findings = lived.read(verify_fund).findings
    assert {each.what for each in findings} == {"fund_holding", "fund.account"}


def test_the_guard_keeps_fund_money_apart(lived: House) -> None:
    cash = f"assets:fund:{BABY}:cash"
    theft = move("theft", "assets:cash:sandbox", cash, 1, on=date(2027, 1, 8))
    (answer,) = work(lived.bank, lambda tx: ledger.post(tx, [theft]))
    assert answer.code == "ledger.guard" and answer.facts["guard"] == "fund-money"
