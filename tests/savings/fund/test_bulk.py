"""Units of a fund that are bought in bulk: as one after the other, and every holding is derived again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from farthing.db.tx import Tx
from farthing.kernel.answers import Outcome
from farthing.kernel.operation import Call, operation_of
from farthing.kit.actor import SYSTEM
from farthing.ledger import service as ledger
from farthing.savings.fund import holders_store as holders
from farthing.savings.fund import service as pool
from farthing.savings.fund.commands import Subscribe
from tests.kernel.bulk import same_as_one_by_one
from tests.savings.fund.house import BABY, House, yuan


def kept(tx: Tx) -> Any:
    held = holders.holders_in(tx, BABY, "", 50)
    orders = [each for of_one in holders.orders_of(tx, [each.id for each in held]).values() for each in of_one]
    books = [(each.path, each.balance.minor, each.version) for each in ledger.balances(tx)]
    return (
        [replace(each, version=0) for each in held],
        sorted((each.party_id, each.amount.minor, each.trading_on) for each in orders),
        books,
    )


def test_units_that_are_bought_together(house: House) -> None:
    ann, ben, cat = house.saver(1, "200000.00"), house.saver(2, "500.00"), house.saver(3, "10.00")
    house.buy(ann, "60000.00")
    asked = [(BABY, ann, "30000.00"), (BABY, ben, "100.00"), (BABY, ann, "20000.00"), (BABY, ann, "10000.00"),
             ("no-fund", ben, "1.00"), (BABY, "party_0000000000000000000000000", "1.00"), (BABY, ben, "0.00")]  # fmt: skip
    good = [Subscribe(fund, party, yuan(amount)) for fund, party, amount in asked]
    told = same_as_one_by_one(house.bank, pool.subscribe, good, kept)
    assert [each == "Order" for each in told] == [True, True, False, True, False, False, False]
    # the books refuse Cat: each is then decided by itself
    short = [good[1], Subscribe(BABY, cat, yuan("11.00")), Subscribe(BABY, cat, yuan("9.00"))]
    told = same_as_one_by_one(house.bank, pool.subscribe, short, kept)
    assert [each == "Order" for each in told] == [True, False, True]


def test_a_row_of_subscriptions_earns_as_any(house: House) -> None:
    people = [house.saver(number, "500.00") for number in (1, 2, 3)]
    row = [
        (operation_of(pool.subscribe), Call(Subscribe(BABY, party, yuan("100.00")), SYSTEM, party)) for party in people
    ]
    for _ in range(2):
        assert all(isinstance(each, Outcome) for each in house.bank.kernel.execute_row(row))
    house.close(3)
    assert {house.wallet(party) for party in people} == {yuan("400.00")}
    house.sound()
