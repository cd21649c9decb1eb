"""Daily income: one yuan earns exactly its share, the published figures, weekends, the monthly carry, assets."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from farthing.kernel import approvals
from farthing.kernel.answers import Pending
from farthing.kernel.approvals import Decide
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.savings.fund import assets_service as assets
from farthing.savings.fund import founding_service as funds
from farthing.savings.fund.commands import DeclareAsset, PayFee, RetireAsset
from tests.hands import tried
from tests.savings.fund.house import BABY, MONTHLY, NO_FEE, SECOND, House, opened, yuan

TUE, FRI = date(2027, 1, 5), date(2027, 1, 8)
SAT, SUN, MON = date(2027, 1, 9), date(2027, 1, 10), date(2027, 1, 11)
FAR = date(2030, 1, 4)


@pytest.mark.prove  # a year of closes
def test_one_yuan_over_a_year_is_the_exact_product_of_the_daily_factors(house: House) -> None:
    """The factors are derived here from the asset and the fee alone, as fractions; nothing is read back."""
    whale, one = house.saver(0, "98765.43"), house.saver(1, "1.00")
    house.buy(whale, "98765.43")
    house.buy(one, "1.00")
    house.close()
    house.asset("95000.00", "0.0253", FAR, day_count="actual/360")
    units, factor = Fraction("98766.43"), Fraction(1)
    for _ in range(365):
        income = Fraction(95000) * Fraction("0.0253") / 360 - units * Fraction("0.0063") / 365
        factor *= 1 + income / units
        units += income
    house.close(365)
    held = house.holding(one)
    assert abs(Fraction(held.value) - factor) < Fraction(1, 10**8)
    assert held.value > Decimal("1.018")
    assert house.owed(f"liabilities:fund:{BABY}:units:{one.partition('_')[2]}") == yuan("1.00"), "never touched"
    house.redeem(one)
    house.close(2)
    assert house.wallet(one) == yuan(str(held.value)[:4])
    house.sound()


def test_a_day_is_one_entry_and_one_row_whatever_the_number_of_holders(house: House) -> None:
    for number in range(8):
        saver = house.saver(number, "10000.00")
        house.buy(saver, "10000.00")
    house.close()
    house.asset("70000.00", "0.03", FAR)
    counted = "SELECT (SELECT count(*) FROM entry), (SELECT count(*) FROM posting), (SELECT count(*) FROM fund_index)"
    with house.bank.superuser() as connection:
        before = connection.execute(counted).fetchone()
        touched = connection.execute("SELECT sum(version) FROM fund_holding").fetchone()
        house.close()
        after = connection.execute(counted).fetchone()
        assert connection.execute("SELECT sum(version) FROM fund_holding").fetchone() == touched
    assert [new - old for old, new in zip(before, after, strict=True)] == [1, 3, 1]


def test_published_figures_and_the_weekends_sum(house: House) -> None:
    ann = house.saver(0, "10000.00")
    house.buy(ann, "10000.00")
    house.close()
    house.asset("10000.00", "0.0365", FAR)
    house.close_until(date(2027, 1, 19))
    found = house.read(lambda tx: funds.published(tx, BABY, TUE, date(2027, 1, 18)))
    by_day = {each.on: each for each in found.days}
    gross = Decimal("10000") * Decimal("0.0365") / 365
    assert by_day[TUE].per_ten_thousand == (gross - Decimal("63") / 365).quantize(Decimal("0.0001"))
    assert by_day[TUE].seven_day_simple is None
    last = by_day[date(2027, 1, 18)]
    week = [by_day[date(2027, 1, 12) + timedelta(days=n)].per_ten_thousand for n in range(7)]
    assert last.seven_day_simple == (sum(week) / 7 * 365 / 10000).quantize(Decimal("0.00001"))
    assert last.seven_day_compound is not None and last.seven_day_compound > last.seven_day_simple
    sums = {each.on: each for each in found.publications}
    assert SAT not in sums
    assert (sums[SUN].from_on, sums[SUN].days) == (SAT, 2)
    assert sums[SUN].per_ten_thousand == by_day[SAT].per_ten_thousand + by_day[SUN].per_ten_thousand
    part = house.read(lambda tx: funds.published(tx, BABY, SUN, SUN)).publications
    assert part == (sums[SUN],), "asked for Sunday alone, it is still the sum of both days"
    assert house.read(lambda tx: funds.published(tx, BABY, SAT, SAT)).publications == ()


def test_a_weekend_that_is_not_over_is_not_published(house: House) -> None:
    ann = house.saver(0, "10000.00")
    house.buy(ann, "10000.00")
    house.close_until(SUN)
    found = house.read(lambda tx: funds.published(tx, BABY, FRI, MON))
    assert [each.on for each in found.publications] == [FRI]
    assert [each.on for each in found.days] == [FRI, SAT]


def test_the_manager_gives_up_fee_rather_than_let_a_unit_fall(house: House) -> None:
    ann = house.saver(0, "1000.00")
    house.buy(ann, "1000.00")
    house.close(30)
    held = house.holding(ann)
    assert (held.value, held.income_total) == (Decimal(1000), 0)
    assert house.account("manager") == yuan("0.00")
    house.sound()


def test_the_manager_bears_rounding_of_at_most_a_few_fen(database_url: str) -> None:
    house = opened(database_url, source=NO_FEE)
    ann = house.saver(0, "100.00")
    house.buy(ann, "33.33")
    house.close()
    house.asset("11.11", "0.0123", FAR)
    house.asset("22.21", "0.0321", FAR, name="bill", day_count="30E/360")
    for _ in range(40):
        house.close()
        assert -3 <= house.account("manager").minor <= 0
        worth = house.holding(ann).value
        covered = house.account("cash") + yuan("33.32") + house.account("accrued") - house.account("manager")
        assert worth <= covered.decimal() < worth + Decimal("0.02")
    house.sound()


@pytest.mark.long
def test_the_monthly_carry_lets_income_wait_and_turns_it_into_units_at_the_months_end(database_url: str) -> None:
    house = opened(database_url, source=MONTHLY)
    ann = house.saver(0, "10000.00")
    house.buy(ann, "10000.00")
    house.close()
    house.asset("10000.00", "0.0365", FAR)
    house.close_until(date(2027, 1, 31))
    held = house.holding(ann)
    assert held.units == Decimal(10000)
    assert abs(held.unpaid - 26 * (Decimal(1) - Decimal(63) / 365)) < Decimal("1e-9")
    waited = held.unpaid
    house.close()
    held = house.holding(ann)
    assert (held.unpaid, held.units > 10000 + waited) == (0, True)
    house.close()
    assert house.holding(ann).unpaid > 0
    house.redeem(ann)
    house.close_until(date(2027, 4, 2))
    left = house.holding(ann)
    assert left.value == left.income_total - (left.paid_out - left.paid_in).decimal()
    house.sound()


@pytest.mark.long
@pytest.mark.parametrize("source", [None, MONTHLY])
def test_a_holder_touched_every_day_and_one_left_alone_have_the_same(database_url: str, source: str | None) -> None:
    house = opened(database_url, **({"source": source} if source else {}))
    quiet, busy = house.saver(0, "1000.00"), house.saver(1, "1000.00")
    house.buy(quiet, "500.00")
    house.buy(busy, "500.00")
    house.close()
    house.asset("1000.00", "0.03", FAR)
    for _ in range(45):
        house.buy(busy, "0.01")
        house.close()
    now = {party: house.holding(party) for party in (quiet, busy)}
    gap = now[busy].income_total - now[quiet].income_total
    assert 0 < gap < Decimal("0.001"), "the fen bought day by day earn, nothing else does"
    assert now[busy].income_yesterday >= now[quiet].income_yesterday
    house.sound()


def test_assets_are_declared_and_end_by_two_persons(house: House) -> None:
    ann = house.saver(0, "1000.00")
    house.buy(ann, "1000.00")
    house.close()
    command = DeclareAsset(BABY, "certificate", yuan("900.00"), Decimal("0.02"), "actual/365", date(2027, 2, 5))
    shown = tried(house.bank.kernel, command)
    assert (shown.asset.from_on, shown.asset.principal) == (TUE, yuan("900.00"))
    maker = Actor("maker", frozenset({"savings:fund"}))
    pending = house.bank.run(assets.declare_asset, command, actor=maker)
    assert isinstance(pending, Pending)
    assert house.account("cash") == yuan("1000.00")
    house.bank.run(approvals.decide, Decide(pending.approval_id, approve=True), actor=SECOND)
    (held,) = house.read(lambda tx: assets.assets(tx, BABY))
    assert house.account("cash") == yuan("100.00")
    with pytest.raises(Refusal, match="fund_asset_not_mature"):
        tried(house.bank.kernel, RetireAsset(held.id))
    house.close_until(date(2027, 2, 8))
    earned = Decimal("900") * Decimal("0.02") * 31 / 365
    assert house.account("accrued") == yuan("1.52")
    shown = tried(house.bank.kernel, RetireAsset(held.id))
    assert shown.proceeds == yuan("901.52")
    house.run(assets.retire_asset, RetireAsset(held.id))
    assert (house.account("cash"), house.account("accrued")) == (yuan("1001.52"), yuan("0.00"))
    house.sound()
    fee = house.account("manager")
    assert abs(fee.decimal() - Decimal("1000") * Decimal("0.0063") * 31 / 365) < Decimal("0.03")
    assert abs(house.holding(ann).income_total - (earned - fee.decimal())) < Decimal("0.03")
    before = house.margins()["client-money"]
    house.run(assets.pay_fee, PayFee(BABY, fee))
    assert (house.account("manager"), house.owed("income:fees:fund")) == (yuan("0.00"), fee)
    assert house.margins()["client-money"] == before + fee.minor
    with pytest.raises(Refusal, match="fund_fee_over"):
        tried(house.bank.kernel, PayFee(BABY, yuan("0.01")))
    house.close()
    house.sound()


def test_only_money_that_is_promised_to_nobody_buys_assets(house: House) -> None:
    ann, bea = house.saver(0, "1000.00"), house.saver(1, "1000.00")
    house.buy(ann, "1000.00")
    house.close()
    house.buy(bea, "300.00")
    house.redeem(ann, "200.00")
    house.redeem_now(ann, "100.00")

    def free() -> str:
        wanted = DeclareAsset(BABY, "bill", yuan("9999.00"), Decimal("0.02"), "actual/365", FAR)
        with pytest.raises(Refusal) as caught:
            tried(house.bank.kernel, wanted)
        return str(caught.value.facts["free"])

    assert free() == "CNY 700.00", "1,300 less 300 bought, 200 ordered out and 100 of the line"
    house.close()
    assert free() == "CNY 1,000.00"
    house.close()
    assert (free(), house.wallet(ann), house.account("cash")) == ("CNY 1,000.00", yuan("300.00"), yuan("1000.00"))


def test_an_early_end_shares_a_gain_and_leaves_a_loss_to_the_manager(house: House) -> None:
    ann = house.saver(0, "1000.00")
    house.buy(ann, "1000.00")
    house.close()
    good, bad = house.asset("400.00", "0.02", FAR), house.asset("400.00", "0.02", FAR, name="bad")
    house.close(3)
    before = house.holding(ann).income_total
    house.run(assets.retire_asset, RetireAsset(good, yuan("405.00")))
    house.run(assets.retire_asset, RetireAsset(bad, yuan("390.00")))
    house.sound()
    house.close()
    gain = house.holding(ann).income_total - before
    assert Decimal("4.9") < gain < Decimal("5.0"), "the gain less the day's fee; no part of the loss"
    assert house.account("manager") < yuan("-9.90")
    with pytest.raises(Refusal, match="fund_asset_ended"):
        tried(house.bank.kernel, RetireAsset(bad))
    house.sound()
