"""The close of a month over a bank that lends: what is kept of each loan, what is set aside, and what the audit says of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from farthing.ledger import service as ledger
from farthing.lending import service as lending
from farthing.lending.model import Loan, Repay
from farthing.lending.prudence import day_service as prudence
from farthing.lending.prudence import history_service, store
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from tests.lending.house import CARD, House, yuan

NOVEMBER, DECEMBER, JANUARY = date(2026, 11, 30), date(2026, 12, 31), date(2027, 1, 31)
PATHS = "assets:loan-loss-allowance"


def lent(house: House) -> Loan:
    """A loan, and a borrower whose wallet is empty."""
    loan = house.active("5000")
    house.bank.run(payments.pay_out, MoveByRail(house.party.id, yuan("5000"), CARD))
    return loan


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    opened = House(database_url, lived=lent)
    yield opened
    opened.bank.kernel.database.close()


def after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def rows(house: House, table: str) -> list[dict[str, Any]]:
    with house.bank.superuser() as connection:
        cursor = connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2")
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor]


def set_aside(house: House) -> dict[str, int]:
    found = house.bank.read(lambda tx: ledger.balances(tx, PATHS))
    return {each.path: each.balance.minor for each in found}


def test_a_month_is_kept_and_its_expected_loss_set_aside(house: House) -> None:
    house.wait(after(NOVEMBER))
    (kept,) = rows(house, "loan_month")
    assert kept["month"] == NOVEMBER and (kept["class"], kept["stage"], kept["bucket"]) == (0, 1, 0)
    assert kept["own_minor"] == kept["outstanding_minor"] == 5000_00 and kept["was_bucket"] is None
    assert 0 < kept["expected_minor"] < 5000_00 * 0.05
    least = 75_00  # one and a half per cent, which the law of the pack lets bind
    assert set_aside(house) == {
        f"{PATHS}:rainy-day-loan:normal": -kept["expected_minor"],
        f"{PATHS}:reserve": -(least - kept["expected_minor"]),
    }
    assert sum(house.bank.read(lambda tx: ledger.sum_below(tx, "expenses:credit-losses")).values()) == least


def test_a_loan_that_becomes_late_moves_between_classes_and_back(house: House) -> None:
    loan = house.bank.read(lending.all_loans)[0]
    house.wait(after(DECEMBER))
    first, second = rows(house, "loan_month")
    assert (second["days_past_due"], second["class"], second["bucket"], second["was_bucket"]) == (
        (DECEMBER - loan.instalments[0].due_on).days, 1, 1, 0,
    )  # fmt: skip
    assert second["expected_minor"] > first["expected_minor"] and second["clean_months"] == 0
    held = set_aside(house)
    assert held[f"{PATHS}:rainy-day-loan:normal"] == 0 and held[f"{PATHS}:rainy-day-loan:special-mention"] < 0
    house.wait(after(JANUARY))
    *_, third = rows(house, "loan_month")
    assert (third["stage"], third["bucket"], third["was_bucket"]) == (2, 2, 1)
    house.bank.run(payments.top_up, MoveByRail(house.party.id, yuan("5000"), CARD))
    house.bank.run(lending.repay, Repay(loan.id, house.bank.kernel.ask(lending.owed, loan.id)[0]))
    said = house.bank.read(history_service.law_said)
    now, _ = house.bank.read(lambda tx: prudence.assessed(tx, said, house.today))
    assert (now[0].class_number, now[0].stage) == (0, 2), (
        "in time again at once by class, by stage after three clean months"
    )
    then, _ = house.bank.read(lambda tx: prudence.assessed(tx, said, JANUARY))
    assert then[0].case.days_past_due == third["days_past_due"] and then[0].expected.minor == third["expected_minor"]
    assert house.bank.read(store.months) == [NOVEMBER, DECEMBER, JANUARY]
