"""What each day of a fund brought a holder, day by day: together everything that she ever earned."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from farthing.savings.fund import service as pool
from farthing.savings.fund.commands import IncomeOfDay
from tests.savings.fund.house import MONDAY, MONTHLY, House, day_after, opened

FAR = day_after(MONDAY, 1000)


@pytest.fixture(params=["daily", "monthly"])
def either(request: pytest.FixtureRequest, database_url: str) -> Iterator[House]:
    made = opened(database_url) if request.param == "daily" else opened(database_url, source=MONTHLY)
    yield made
    made.bank.kernel.database.close()


def told(house: House, party: str) -> list[IncomeOfDay]:
    return house.read(lambda tx: pool.income(tx, house.fund, party, MONDAY, day_after(MONDAY, 60)))


@pytest.mark.long
def test_the_days_of_income_are_the_income_in_all(either: House) -> None:
    house = either
    saver, other = house.saver(0, "9000"), house.saver(1, "9000")
    assert told(house, saver) == []
    house.buy(saver, "5000")
    house.buy(other, "3000")
    house.close(2)
    house.asset("8000", "0.03", FAR)
    house.close(30)
    house.redeem_now(saver, "1234.56")
    house.buy(saver, "1000")
    house.close(5)
    house.redeem(saver, "2000")
    house.close(8)
    held = house.holding(saver)
    days = told(house, saver)
    assert [each.on for each in days] == [day_after(days[0].on, number) for number in range(len(days))]
    assert days[-1].on == held.index_on and days[-1].income == held.income_yesterday
    assert sum((each.income for each in days), Decimal(0)) == held.income_total > 0
    for each in days:
        assert abs(each.units * each.per_ten_thousand / 10_000 - each.income) < Decimal("0.0001") * each.units / 1000
    last = house.read(lambda tx: pool.income(tx, house.fund, saver))
    assert last == days[-len(last) :] and len(last) == 30
