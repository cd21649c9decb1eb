"""Own the acts of a pooled fund in the saver's story: odds and ends gathered, lent out at wholesale, shared to the fen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_DOWN, Context, Decimal

from farthing.bank.founding import BABY
from farthing.db.tx import Tx
from farthing.kit.actor import Actor
from farthing.kit.money import Money
from farthing.kit.rates import percent
from farthing.kit.words import Words
from farthing.parties import service as parties
from farthing.parties.model import Register
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet
from farthing.savings.fund import assets_service as assets
from farthing.savings.fund import founding_service as funds
from farthing.savings.fund import service as pool
from farthing.savings.fund.commands import DeclareAsset, Redeemed, RedeemNow, Subscribe
from farthing.savings.fund.model import Order
from farthing.town import people
from farthing.town.story.saver import CARD, FUND_NAME, ONE, Saver, exactly

NEIGHBOURS, BORN_ON, CODES = "李邻里", date(1985, 5, 1), range(100, 400, 2)
SMALL_CHANGE = Money.parse("9999.00", "CNY")
LENT, READY, PIECE = (Money.parse(amount, "CNY") for amount in ("9990.00", "10.00", "10.00"))
"""The most that the fund lends, in whole pieces; what stays ready for who redeems at once; a piece."""
ASSET, ASSET_ZH, ASSET_RATE, ASSET_DAYS = "interbank deposit", "同业存款", Decimal("0.0260"), 730
WIDE = Context(prec=60)


@dataclass
class Gathering:
    """One yuan in the fund: its order, and the first day that it earns."""

    order: Order = field(init=False)

    @property
    def earns_on(self) -> date:
        """The first day whose income is hers."""
        return self.order.earns_change_on


def buy(scene: Saver) -> Gathering:
    """Neighbours' small change and her yuan are gathered in one fund, which lends the sum at a wholesale rate."""
    teller, gathering = scene.teller, Gathering()
    view = next(each for each in teller.kernel.read(funds.funds) if each.id == BABY)
    with teller.step("A pooled fund gathers odds and ends", "货币基金聚零为整") as told:
        number = people.resident_id(NEIGHBOURS, scene.run, BORN_ON, codes=CODES)
        command = Register(NEIGHBOURS, number, people.phone(NEIGHBOURS, scene.run))
        other = teller.run(parties.register, command, "neighbours")
        teller.run(payments.open_wallet, OpenWallet(other.id), "neighbours-wallet")
        teller.run(payments.top_up, MoveByRail(other.id, SMALL_CHANGE, CARD), "neighbours-top-up")
        teller.run(pool.subscribe, Subscribe(BABY, other.id, SMALL_CHANGE), "neighbours-buy")
        gathering.order = teller.run(pool.subscribe, Subscribe(BABY, scene.party.id, ONE), "fund-buy", scene.actor)
        order = gathering.order
        told.say(
            f"{view.name.en}: {order.amount} beside her neighbours' {SMALL_CHANGE}; from {view.minimum} up; "
            "no deposit insurance",
            f"{view.name.zh}：她的 {order.amount} 与邻里的 {SMALL_CHANGE} 合在一起；{view.minimum} 起购；不受存款保险保障",
        )
        told.say(
            f"ordered: trading day {order.trading_on} (cut-off {view.cut_off}), earns from {order.earns_change_on}",
            f"申购：交易日 {order.trading_on}（截止 {view.cut_off}），起息 {order.earns_change_on}",
        )
    teller.wait_until(gathering.earns_on)
    with teller.step("The fund lends what it gathered", "基金投资") as told:
        to_on = gathering.earns_on + timedelta(days=ASSET_DAYS)
        name = f"{ASSET} {scene.run}"
        lent = teller.kernel.read(lambda tx: _to_lend(tx, name))
        teller.agree(
            assets.declare_asset, DeclareAsset(BABY, name, lent, ASSET_RATE, "actual/365", to_on), "fund-asset"
        )
        told.say(
            f"{lent} in an {ASSET} at {percent(ASSET_RATE)} a year until {to_on}, which two persons agreed; "
            f"the manager takes {percent(view.fee_annual)} a year",
            f"{lent} 投入{ASSET_ZH}，年利率 {percent(ASSET_RATE)}，至 {to_on}，双人复核；管理费年 {percent(view.fee_annual)}",
        )
    return gathering


def _to_lend(tx: Tx, name: str) -> Money:
    """What this telling lends: what it lent when it is told again, else what is free, for the fund may have lent before."""
    for held in assets.assets(tx, BABY):
        if held.asset.name == name:
            return held.asset.principal
    fund = funds.fund(tx, BABY)
    free = assets.balances(tx, fund, funds.paths_of(tx, fund)).free - READY
    return min(LENT, PIECE * (free.minor // PIECE.minor))


def worth(scene: Saver, gathering: Gathering, day: date) -> Decimal:
    """What one yuan is worth at the start of a day, exactly: the index then over the index before it began to earn."""
    eve = gathering.earns_on - timedelta(days=1)
    if day <= gathering.earns_on:
        return ONE.decimal()
    read = scene.teller.kernel.read
    now = read(lambda tx: funds.day(tx, BABY, day - timedelta(days=1)))
    then = read(lambda tx: funds.day(tx, BABY, eve))
    return WIDE.divide(now.value, then.value)


def standing(scene: Saver, gathering: Gathering, day: date) -> tuple[Sequence[object], list[Words]]:
    """How her yuan in the fund stands at a quarter end, as a row beside her deposits, and what the fund published."""
    value = worth(scene, gathering, day)
    eve = day - timedelta(days=1)
    found = scene.teller.kernel.read(lambda tx: funds.published(tx, BABY, eve, eve)).days
    row = (FUND_NAME.zh if scene.teller.chinese else FUND_NAME.en, ONE, "-", exactly(value - ONE.decimal()))
    lines = [Words("the fund's income is all hers, the part of a fen too", "基金收益全归持有人，不足一分亦计")]
    for each in found:
        simple, compound = each.seven_day_simple, each.seven_day_compound
        yields, yields_zh = "", ""
        if simple is not None:
            one, other = percent(simple, least=3, most=3), percent(compound or Decimal(0), least=3, most=3)
            yields = f", 7-day yield: simple {one}, compound {other}"
            yields_zh = f"，七日年化收益率：单利 {one}，复利 {other}"
        income = f"{ONE.currency} {each.per_ten_thousand}"
        lines.append(
            Words(
                f"published of {eve}: income per 10,000 units {income}{yields}",
                f"{eve} 公布：万份收益 {income}{yields_zh}",
            )
        )
    return row, lines


def leave(scene: Saver, gathering: Gathering, end: date) -> tuple[Money, Decimal]:
    """She redeems the whole fen at once; answers what she gained and what the yuan had earned exactly."""
    value = worth(scene, gathering, end)
    whole = Money.rounded(value, "CNY", ROUND_DOWN)
    actor: Actor = scene.actor
    done: Redeemed = scene.teller.run(pool.redeem_now, RedeemNow(BABY, scene.party.id, whole), "fund-redeem", actor)
    return done.instant - ONE, value - ONE.decimal()
