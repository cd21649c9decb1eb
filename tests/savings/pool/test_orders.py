"""Orders of a fund by trading day and cut-off: bought, confirmed, earning, redeemed, paid, cancelled."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from tests.savings.pool.house import House, opened, yuan

MON, TUE, WED, THU, FRI = (date(2027, 1, day) for day in range(4, 9))
NEXT_MON, NEXT_TUE = date(2027, 1, 11), date(2027, 1, 12)


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    made = opened(database_url)
    yield made
    made.bank.kernel.database.close()


def test_money_leaves_the_wallet_at_once_and_units_earn_from_the_next_trading_day(house: House) -> None:
    ann = house.saver(0, "1000.00")
    order = house.buy(ann, "600.00")
    assert (order.state, order.trading_on, order.earns_change_on) == ("placed", MON, TUE)
    assert (house.wallet(ann), house.account("orders"), house.account("cash")) == (
        yuan("400.00"), yuan("600.00"), yuan("600.00"),
    )  # fmt: skip
    assert house.holding(ann).buying == yuan("600.00")
    house.close()
    house.asset("600.00", "0.0365", date(2027, 7, 1))
    held = house.holding(ann)
    assert (held.units, held.value, held.buying) == (Decimal(600), Decimal(600), yuan("0.00"))
    assert house.order(order).state == "settled"
    house.close()
    held = house.holding(ann)
    day = Decimal(600) * Decimal("0.0365") / 365 - Decimal(600) * Decimal("0.0063") / 365
    assert abs(held.income_yesterday - day) < Decimal("1e-11")
    assert held.income_total == held.income_yesterday == held.value - 600
    house.sound()
