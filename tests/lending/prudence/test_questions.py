"""What is asked of prudence over a bank that lived through months, and what the audit finds where somebody meddled."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from farthing.kit.errors import Refusal
from farthing.ledger import service as ledger
from farthing.lending.prudence import audit_service, service
from farthing.lending.prudence.entries import ALLOWANCE
from farthing.lending.prudence.model import RESERVE
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from tests.lending.house import CARD, House, yuan
from tests.lending.prudence.test_month import DECEMBER, JANUARY, NOVEMBER, after


def late_for_months(house: House) -> None:
    """A loan of which nothing is paid, up to the first day of February; a second one was paid out in January."""
    house.active("5000")
    house.bank.run(payments.pay_out, MoveByRail(house.party.id, yuan("5000"), CARD))
    house.wait(after(JANUARY))


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    opened = House(database_url, lived=late_for_months)
    yield opened
    opened.bank.kernel.database.close()


def test_the_portfolio_at_risk_is_told_for_today_and_for_a_past_day(house: House) -> None:
    (today,) = house.bank.kernel.ask(service.at_risk)
    assert [(each.over, each.loans, each.share) for each in today.late] == [
        (0, 1, Decimal(1)), (30, 1, Decimal(1)), (60, 0, Decimal(0)), (90, 0, Decimal(0)),
    ]  # fmt: skip
    (then,) = house.bank.kernel.ask(service.at_risk, on=DECEMBER)
    assert then.on == DECEMBER and [each.loans for each in then.late] == [1, 0, 0, 0]
    assert then.outstanding == yuan("5000.00") == today.outstanding
    assert house.bank.kernel.ask(service.at_risk, on=NOVEMBER.replace(day=1)) == []


def test_classes_vintages_and_rolls_come_from_the_months(house: House) -> None:
    ask = house.bank.kernel.ask
    for month, name in ((NOVEMBER, "normal"), (DECEMBER, "special_mention"), (JANUARY, "special_mention")):
        (one,) = ask(service.classes, month=month).classes
        assert (one.class_name, one.loans, one.own) == (name, 1, yuan("5000.00"))
    assert not ask(service.classes).closed
    points = ask(service.vintages)
    assert [(each.months_on_book, each.share) for each in points] == [(0, 0), (1, 0), (2, 1)]
    assert ask(service.vintages, product=points[0].product) == points
    with pytest.raises(Refusal, match=r"products\.unknown"):
        ask(service.vintages, product="another")
    (found,) = ask(service.rolled)
    assert [row.from_days for row in found.rows] == [0, 1, 31, 61, 91] and found.until == JANUARY
    assert [row.loans for row in found.rows] == [1, 1, 0, 0, 0]
    assert found.rows[0].counted[1] == 1 and found.rows[1].counted[2] == 1, "from in time to 1, from 1 to 31"
    assert all(row.thin for row in found.rows[:4]) and found.lost_thin and found.lost == Decimal("0.6")
    assert all(abs(sum(row.reckoned) - 1) < Decimal("0.00001") for row in found.rows if row.reckoned)
    assert found.rows[4].default_in_a_year == 1 and found.rows[4].reckoned is None


def test_what_would_be_set_aside_is_told_without_posting(house: House) -> None:
    ask = house.bank.kernel.ask
    kept = ask(service.provided, month=JANUARY)
    assert kept.booked and kept.month == JANUARY
    (coverage,) = kept.coverage
    assert coverage.binds and coverage.of_bad is None and coverage.least == yuan("75.00")
    held = {each.path: each.balance.minor for each in house.bank.read(lambda tx: ledger.balances(tx, ALLOWANCE))}
    assert sum(held.values()) == -coverage.allowance.minor == -sum(each.allowance.minor for each in kept.provisions)
    assert coverage.expected > yuan("500"), "a loan in stage two costs more than the regulator's table asks for"
    earlier = {each.class_name: each for each in ask(service.provided, month=DECEMBER).provisions}[RESERVE]
    assert not earlier.allowance and earlier.change.minor < 0, (
        "what the table asked for is taken back once more is expected"
    )
    trial = ask(service.provided)
    assert not trial.booked and trial.coverage[0].expected > kept.coverage[0].expected, (
        "January's own move counts by now"
    )
    (change,) = [each for each in trial.provisions if each.change]
    assert change.standing == kept.coverage[0].allowance and change.allowance == trial.coverage[0].expected
    assert held == {
        each.path: each.balance.minor for each in house.bank.read(lambda tx: ledger.balances(tx, ALLOWANCE))
    }
    assert not ask(service.provided, month=NOVEMBER.replace(month=1)).booked


def test_what_has_not_come_is_refused_and_not_answered_with_what_is_today(house: House) -> None:
    """Today's figures under another day's name are false, and so is nothing under the name of a month that is closed."""
    ask, today = house.bank.kernel.ask, house.bank.kernel.clock().business_date
    for asked in (
        lambda: ask(service.at_risk, on=today + timedelta(days=1)), lambda: ask(service.classes, month=today),
        lambda: ask(service.provided, month=date.max), lambda: ask(service.provided, month=today),
    ):  # fmt: skip
        with pytest.raises(Refusal, match=r"lending\.day_not_come"):
            asked()
    assert ask(service.at_risk, on=today)[0].on == today


def verified(house: House) -> list[str]:
    found = house.bank.kernel.read(audit_service.verify, snapshot=True)
    assert found.loans == 1
    return [each.problem for each in found.findings]


@pytest.mark.parametrize(
    ("meddled", "found"),
    [
        ("UPDATE loan_month SET expected_minor = expected_minor - 100 WHERE stage = 2", "when it is derived again"),
        ("UPDATE loan_month SET class = 0 WHERE stage = 2", "has class 0"),
        ("DELETE FROM loan_month WHERE month = '2027-01-31'", "was not classed"),
        ("UPDATE loan_provision SET allowance_minor = 1 WHERE month = '2027-01-31' AND class = 'special_mention'", "ask for"),
        ("UPDATE loan SET disbursed_on = '2027-02-01'", "was not being repaid"),
    ],
)  # fmt: skip
def test_what_somebody_meddled_with_is_named(house: House, meddled: str, found: str) -> None:
    assert verified(house) == []
    with house.bank.superuser() as connection:
        connection.execute(meddled)
    problems: Any = house.bank.kernel.read(audit_service.verify, snapshot=True).findings
    assert any(found in each.problem for each in problems), problems
