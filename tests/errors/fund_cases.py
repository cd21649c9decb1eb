"""Refusals of a fund in the bank: orders, assets and days that cannot be."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from farthing.kit.actor import Actor
from farthing.savings.fund import assets_service as assets
from farthing.savings.fund import founding_service as funds
from farthing.savings.fund import service as pool
from farthing.savings.fund.commands import CancelOrder, DeclareAsset, FoundFund, PayFee, Redeem, RetireAsset, Subscribe
from tests.errors.gallery import reproduces
from tests.hands import tried
from tests.savings.fund.house import BABY, MONDAY, SOURCE, House, opened, yuan

FAR = date(2028, 1, 1)
DEAR = SOURCE.replace('minimum = "0.01"', 'minimum = "1.00"')


def previewed(house: House, command: Any, actor: Actor | None = None) -> Any:
    """Ask what a command would answer; a preview refuses as the operation would."""
    return tried(house.bank.kernel, command, **({"actor": actor} if actor else {}))


def held(database_url: str) -> tuple[House, str, str]:
    """A house, a saver whose 100 yuan earn, and an asset of 60 yuan."""
    house = opened(database_url)
    saver = house.saver(0, "100.00")
    house.buy(saver, "100.00")
    house.close()
    return house, saver, house.asset("60.00", "0.02", FAR)


@reproduces("savings.fund_unknown")
def fund_unknown(database_url: str) -> None:
    house = opened(database_url)
    previewed(house, Subscribe("savings-tulip", house.saver(0, "1.00"), yuan("1.00")))


@reproduces("savings.fund_not_yours")
def fund_not_yours(database_url: str) -> None:
    house = opened(database_url)
    other = Actor("customer:other", frozenset({"savings:deposit"}), party_id="party_other")
    house.read(lambda tx: pool.holdings(tx, house.saver(0, "1.00")), actor=other)


@reproduces("savings.fund_terms_pinned")
def fund_terms_pinned(database_url: str) -> None:
    house = opened(database_url)
    house.run(funds.found_fund, FoundFund(BABY, SOURCE + "\n# a remark changes nothing\n"))
    house.run(funds.found_fund, FoundFund(BABY, DEAR))


@reproduces("savings.fund_below_minimum")
def fund_below_minimum(database_url: str) -> None:
    house = opened(database_url, source=DEAR)
    house.buy(house.saver(0, "1.00"), "0.99")


@reproduces("savings.fund_nothing_to_redeem")
def fund_nothing_to_redeem(database_url: str) -> None:
    house = opened(database_url)
    previewed(house, Redeem(BABY, house.saver(0, "1.00")))


@reproduces("savings.fund_order_unknown")
def fund_order_unknown(database_url: str) -> None:
    opened(database_url).run(pool.cancel, CancelOrder("ford_nobody"))


@reproduces("savings.fund_order_final")
def fund_order_final(database_url: str) -> None:
    house = opened(database_url)
    order = house.buy(house.saver(0, "1.00"), "1.00")
    house.cancel(order)
    house.cancel(order)


@reproduces("savings.fund_past_cut_off")
def fund_past_cut_off(database_url: str) -> None:
    house = opened(database_url)
    order = house.buy(house.saver(0, "1.00"), "1.00")
    house.at(15)
    house.cancel(order)


@reproduces("savings.fund_asset_unknown")
def fund_asset_unknown(database_url: str) -> None:
    previewed(opened(database_url), RetireAsset("fasset_nothing"))


@reproduces("savings.fund_asset_bad")
def fund_asset_bad(database_url: str) -> None:
    house, _, _ = held(database_url)
    previewed(house, DeclareAsset(BABY, "bill", yuan("1.00"), Decimal("0.02"), "actual/365", MONDAY))


@reproduces("savings.fund_cash_short")
def fund_cash_short(database_url: str) -> None:
    house, saver, _ = held(database_url)
    house.redeem(saver, "10.00")
    house.close()
    previewed(house, DeclareAsset(BABY, "bill", yuan("30.01"), Decimal("0.02"), "actual/365", FAR))


@reproduces("savings.fund_asset_ended")
def fund_asset_ended(database_url: str) -> None:
    house, _, asset = held(database_url)
    for _ in range(2):
        house.run(assets.retire_asset, RetireAsset(asset, yuan("60.00")))


@reproduces("savings.fund_asset_not_mature")
def fund_asset_not_mature(database_url: str) -> None:
    house, _, asset = held(database_url)
    previewed(house, RetireAsset(asset))


@reproduces("savings.fund_fee_over")
def fund_fee_over(database_url: str) -> None:
    previewed(opened(database_url), PayFee(BABY, yuan("0.01")))


@reproduces("savings.fund_bad_range")
def fund_bad_range(database_url: str) -> None:
    opened(database_url).read(lambda tx: funds.published(tx, BABY, FAR, MONDAY))
