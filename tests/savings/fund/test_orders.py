"""Orders of a fund by trading day and cut-off: bought, confirmed, earning, redeemed, paid, cancelled."""

from __future__ import annotations

import threading
from datetime import date, datetime
from decimal import Decimal

import pytest

from farthing.identity.rules import permissions_of
from farthing.kernel.day import AdvanceDay, CloseStep, local_time
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.payments.wallets import wallet_path
from farthing.savings.fund import day_service as close
from farthing.savings.fund import service as pool
from farthing.savings.fund.commands import CancelOrder, DeclareAsset, PayFee, Redeem, RedeemNow, RetireAsset, Subscribe
from farthing.savings.fund.rules import moment_of
from tests.hands import tried
from tests.ledger.books import work
from tests.savings.fund.house import BABY, House, day_after, yuan

MON, TUE, WED, THU, FRI = (date(2027, 1, day) for day in range(4, 9))
SUN, NEXT_MON, NEXT_TUE = date(2027, 1, 10), date(2027, 1, 11), date(2027, 1, 12)


def refused(call: object, *arguments: object, **options: object) -> str:
    with pytest.raises(Refusal) as caught:
        call(*arguments, **options)  # type: ignore[operator]
    return caught.value.code


def daily(amount: str, days: int = 1) -> Decimal:
    """Simple income of days at 3.65% less the fee of 0.63%, while the fund is nothing but this amount."""
    return Decimal(amount) * (Decimal("0.0365") - Decimal("0.0063")) / 365 * days


def test_money_leaves_the_wallet_at_once_and_units_earn_from_the_next_trading_day(house: House) -> None:
    ann = house.saver(0, "1000.00")
    before = house.margins()
    order = house.buy(ann, "600.00")
    assert (order.state, order.trading_on, order.earns_change_on) == ("placed", MON, TUE)
    assert (house.wallet(ann), house.account("orders"), house.account("cash")) == (
        yuan("400.00"), yuan("600.00"), yuan("600.00"),
    )  # fmt: skip
    assert house.margins() == before
    assert house.holding(ann).buying == yuan("600.00")
    house.close()
    house.asset("600.00", "0.0365", date(2027, 7, 1))
    held = house.holding(ann)
    assert (held.units, held.value, held.buying) == (Decimal(600), Decimal(600), yuan("0.00"))
    assert house.order(order).state == "settled"
    house.close()
    held = house.holding(ann)
    assert abs(held.income_yesterday - daily("600")) < Decimal("1e-11")
    assert held.income_total == held.income_yesterday == held.value - 600
    house.sound()


def test_one_cent_can_be_bought_and_redeemed(house: House) -> None:
    ann = house.saver(0, "1.00")
    house.buy(ann, "0.01")
    house.close()
    assert house.holding(ann).available == yuan("0.01")
    house.redeem(ann, "0.01")
    house.close(2)
    assert house.wallet(ann) == yuan("1.00")
    house.sound()


def test_an_order_at_the_cut_off_belongs_to_the_next_trading_day(house: House) -> None:
    ann = house.saver(0, "100.00")
    house.at(14, 59, 59)
    assert house.buy(ann, "1.00").trading_on == MON
    house.at(15, 0)
    late = house.buy(ann, "2.00")
    assert (late.trading_on, late.earns_change_on) == (TUE, WED)
    house.close()
    held = house.holding(ann)
    assert (held.units, held.buying) == (Decimal(1), yuan("2.00"))
    house.close()
    assert house.holding(ann).units == Decimal(3)
    house.sound()


def test_units_bought_on_friday_are_confirmed_that_day_and_earn_from_monday(house: House) -> None:
    ann = house.saver(0, "1000.00")
    bea = house.saver(1, "1000.00")
    house.buy(ann, "1000.00")
    house.close_until(FRI)
    house.asset("1000.00", "0.0365", date(2027, 7, 1))
    order = house.buy(bea, "1000.00")
    house.close()
    held = house.holding(bea)
    assert (house.order(order).state, held.units, held.confirmed) == ("confirmed", 0, yuan("1000.00"))
    assert (held.value, held.available) == (Decimal(1000), yuan("0.00"))
    house.close_until(NEXT_MON)
    held = house.holding(bea)
    assert (house.order(order).state, held.units, held.income_total) == ("settled", Decimal(1000), 0)
    assert held.available == yuan("1000.00")
    assert abs(house.holding(ann).income_total - daily("1000", 3)) < Decimal("1e-4")
    house.close()
    assert house.holding(bea).income_yesterday > 0
    house.sound()


def test_units_redeemed_on_friday_earn_through_sunday_and_are_paid_on_monday(house: House) -> None:
    ann = house.saver(0, "1000.00")
    house.buy(ann, "1000.00")
    house.close_until(FRI)
    house.asset("1000.00", "0.0365", date(2027, 7, 1))
    order = house.redeem(ann)
    assert (order.amount, order.trading_on, order.settles_on) == (yuan("1000.00"), FRI, NEXT_MON)
    assert house.holding(ann).available == yuan("0.00")
    house.close_until(SUN)
    assert house.holding(ann).value > 1000
    house.close()
    held = house.holding(ann)
    assert abs(held.income_total - daily("1000", 3)) < Decimal("1e-4")
    assert held.value == held.income_total
    assert (house.order(order).state, house.account("redemptions")) == ("payable", yuan("1000.00"))
    assert house.wallet(ann) == yuan("0.00")
    house.close()
    assert (house.order(order).state, house.wallet(ann)) == ("payable", yuan("0.00")), "the fund's cash is in an asset"
    house.sound()


def test_a_redemption_the_fund_cannot_pay_yet_is_paid_at_the_first_close_that_it_can(house: House) -> None:
    ann, bea = house.saver(0, "100.00"), house.saver(1, "100.00")
    house.buy(ann, "100.00")
    house.close()
    house.asset("60.00", "0.02", date(2027, 7, 1))
    house.redeem(ann, "50.00")
    house.close(2)
    assert (house.wallet(ann), house.account("redemptions")) == (yuan("0.00"), yuan("50.00"))
    house.buy(bea, "30.00")
    house.close()
    assert (house.wallet(ann), house.account("cash")) == (yuan("50.00"), yuan("20.00"))
    house.sound()


def test_orders_can_be_cancelled_until_their_cut_off(house: House) -> None:
    ann = house.saver(0, "100.00")
    order = house.buy(ann, "60.00")
    assert house.cancel(order).state == "cancelled"
    assert (house.wallet(ann), house.holding(ann).buying) == (yuan("100.00"), yuan("0.00"))
    assert refused(house.cancel, order) == "savings.fund_order_final"
    kept = house.buy(ann, "60.00")
    house.at(15, 0)
    assert refused(house.cancel, kept) == "savings.fund_past_cut_off"
    late = house.buy(ann, "10.00")
    assert house.cancel(late).state == "cancelled"
    house.close()
    assert refused(house.cancel, kept) == "savings.fund_order_final"
    out = house.redeem(ann, "20.00")
    assert house.holding(ann).available == yuan("40.00")
    house.cancel(out)
    assert house.holding(ann).available == yuan("60.00")
    house.close(2)
    assert house.wallet(ann) == yuan("40.00")
    house.sound()


def test_the_same_key_buys_once(house: House) -> None:
    ann = house.saver(0, "100.00")
    orders = [house.buy(ann, "10.00", key="k") for _ in range(3)]
    assert orders[0] == orders[1] == orders[2]
    assert house.wallet(ann) == yuan("90.00")


def test_a_customer_acts_only_for_itself(house: House) -> None:
    ann, bea = house.saver(0, "100.00"), house.saver(1, "100.00")
    customer = Actor("customer:bea", frozenset({"savings:deposit", "savings:withdraw"}), party_id=bea)
    own = house.buy(ann, "10.00")
    assert refused(house.buy, ann, "1.00", actor=customer) == "kernel.not_yours"
    assert refused(house.cancel, own, actor=customer) == "kernel.not_yours"
    house.close()
    assert refused(house.redeem, ann, "1.00", actor=customer) == "kernel.not_yours"
    assert refused(house.redeem_now, ann, "1.00", actor=customer) == "kernel.not_yours"
    for query in (pool.holding, pool.orders):
        assert refused(house.read, lambda tx, q=query: q(tx, BABY, ann), actor=customer) == "savings.fund_not_yours"
    assert refused(house.read, lambda tx: pool.order(tx, own.id), actor=customer) == "savings.fund_not_yours"
    assert house.buy(bea, "1.00", actor=customer).party_id == bea
    assert refused(house.buy, bea, "1.00", actor=Actor("nobody", frozenset())) == "kernel.forbidden"


def test_bad_orders_change_nothing(house: House) -> None:
    ann = house.saver(0, "150000.00")
    assert refused(house.buy, ann, "0.00") == "money.not_positive"
    assert refused(house.buy, ann, "-1.00") == "money.not_positive"
    assert refused(house.buy, ann, "100000.01") == "savings.fund_holding_cap"
    assert refused(house.redeem, ann) == "savings.fund_nothing_to_redeem"
    assert refused(house.redeem, ann, "0.01") == "savings.fund_over_holding"
    assert refused(house.redeem_now, ann, "0.01") == "savings.fund_over_holding"
    house.buy(ann, "60000.00")
    assert refused(house.buy, ann, "40000.01") == "savings.fund_holding_cap", "what is on its way counts"
    house.buy(ann, "40000.00")
    other = Subscribe(BABY, house.saver(1, "5.00"), yuan("5.01"))
    assert refused(house.run, pool.subscribe, other) == "ledger.insufficient_funds"
    assert refused(house.run, pool.subscribe, Subscribe("savings-tulip", ann, yuan("1.00"))) == "savings.fund_unknown"
    assert refused(house.run, pool.redeem, Redeem(BABY, "party_x", None)) == "parties.unknown"
    house.close()
    assert refused(house.redeem, ann, "100000.01") == "savings.fund_over_holding"
    house.redeem(ann, "99999.99")
    assert refused(house.redeem, ann, "0.02") == "savings.fund_over_holding"
    house.sound()


def test_an_order_placed_while_the_day_is_closing_belongs_to_the_next(house: House) -> None:
    ann = house.saver(0, "100.00")
    for step in ("savings.fund_income", "savings.fund_orders"):
        house.run(step, CloseStep(house.today))
    order = house.buy(ann, "10.00")
    assert (order.trading_on, order.earns_change_on) == (TUE, WED)
    assert house.cancel(house.buy(ann, "5.00")).state == "cancelled"
    house.close(2)
    assert house.holding(ann).units == Decimal(10)
    house.sound()


def test_an_order_that_missed_its_close_earns_from_the_day_after_the_one_that_finds_it(house: House) -> None:
    ann, bea = house.saver(0, "100.00"), house.saver(1, "100.00")
    house.buy(ann, "100.00")
    house.buy(bea, "100.00")
    house.close()
    house.asset("200.00", "0.0365", date(2028, 1, 1))
    late = house.redeem(bea, "50.00")
    assert (late.trading_on, late.earns_change_on) == (TUE, WED)
    house.run("kernel.advance_day", AdvanceDay(house.today))
    house.close()
    found = house.order(late)
    assert (found.state, found.confirmed_on, found.earns_change_on) == ("payable", WED, THU)
    assert house.holding(bea).income_total == house.holding(ann).income_total, "it earned through Wednesday"
    house.sound()


def test_a_payment_to_a_closed_wallet_waits_until_it_is_open(house: House) -> None:
    ann = house.saver(0, "100.00")
    house.buy(ann, "100.00")
    house.close()
    order = house.redeem(ann)
    house.close()
    wallet = wallet_path(ann, "CNY", "CNY")
    work(house.bank, lambda tx: ledger.close_account(tx, wallet))
    house.close()
    assert (house.order(order).state, house.account("redemptions")) == ("payable", yuan("100.00"))
    work(house.bank, lambda tx: ledger.reopen_account(tx, wallet))
    house.close()
    assert (house.order(order).state, house.wallet(ann)) == ("settled", yuan("100.00"))
    house.sound()


def test_another_currency_and_texts_that_no_database_keeps_are_refused(house: House) -> None:
    ann = house.saver(0, "100.00")
    house.buy(ann, "10.00")
    house.close()
    for command in (
        Subscribe(BABY, ann, Money(100, "USD")),
        Redeem(BABY, ann, Money(100, "USD")),
        RedeemNow(BABY, ann, Money(100, "USD")),
        DeclareAsset(BABY, "bond", Money(100, "USD"), Decimal("0.02"), "actual/365", date(2028, 1, 1)),
        PayFee(BABY, Money(100, "USD")),
    ):
        assert refused(tried, house.bank.kernel, command) == "money.currency_mismatch"
    assert refused(house.run, pool.cancel, CancelOrder("a\0b")) == "request.malformed"
    assert refused(tried, house.bank.kernel, RetireAsset("a\0b")) == "request.malformed"
    assert refused(house.run, pool.subscribe, Subscribe("a\0b", ann, yuan("1.00"))) == "request.malformed"
    assert refused(house.read, lambda tx: pool.orders(tx, BABY, ann, "a\0b")) == "savings.fund_order_unknown"
    bond = DeclareAsset(BABY, "a\0b", yuan("1.00"), Decimal("0.02"), "actual/365", date(2028, 1, 1))
    assert refused(tried, house.bank.kernel, bond) == "request.malformed"
    for wrong, code in (("actual/367", "rates.unknown_day_count"), ("actual/365", "savings.bad_rate")):
        rate = Decimal("0.02") if wrong == "actual/367" else Decimal("1.01")
        command = DeclareAsset(BABY, "bond", yuan("1.00"), rate, wrong, date(2028, 1, 1))
        assert refused(tried, house.bank.kernel, command) == code


def test_orders_that_cannot_be_paid_never_stand_in_the_way_of_others(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pieces of two: seven payments wait for cash in front of a purchase that is due the same day."""
    monkeypatch.setattr(close, "PIECE", 2)
    ann, bea = house.saver(0, "100.00"), house.saver(1, "50.00")
    house.buy(ann, "100.00")
    house.close()
    house.asset("99.99", "0.02", date(2028, 1, 1))
    for _ in range(7):
        house.redeem(ann, "10.00")
    house.close()
    bought = house.buy(bea, "15.00")
    house.close()
    assert house.order(bought).state == "settled"
    assert (house.wallet(ann), house.account("redemptions")) == (yuan("10.00"), yuan("60.00"))
    house.sound()


def test_money_that_may_be_cancelled_pays_nobody(house: House) -> None:
    """A purchase of the next trading day stands in the fund's cash; its buyer may still take it back."""
    ann, bea = house.saver(0, "100.00"), house.saver(1, "50.00")
    house.buy(ann, "100.00")
    house.close()
    house.asset("95.00", "0.02", date(2028, 1, 1))
    out = house.redeem(ann, "20.00")
    house.redeem_now(ann, "10.00")
    house.close()
    house.at(15)
    order = house.buy(bea, "50.00")
    house.close()
    assert (house.order(out).state, house.account("line")) == ("payable", yuan("5.00"))
    assert (house.account("cash"), house.account("orders")) == (yuan("50.00"), yuan("50.00"))
    house.sound()
    house.cancel(order)
    assert house.wallet(bea) == yuan("50.00")
    house.buy(bea, "50.00")
    house.close()
    assert (house.order(out).state, house.account("line"), house.account("cash")) == (
        "settled", yuan("0.00"), yuan("25.00"),
    )  # fmt: skip
    house.sound()


def test_the_moment_of_an_order_is_never_before_the_day_the_fund_is_in() -> None:
    afternoon = datetime(2027, 1, 4, 14, 30)
    assert moment_of(afternoon, MON) == afternoon
    assert moment_of(afternoon, TUE) == datetime(2027, 1, 5), "the day was closed early"
    assert moment_of(afternoon, date(2027, 1, 2)) == afternoon, "closing lags behind the clock"


def test_the_banks_clock_is_read_in_its_own_time_zone(house: House) -> None:
    assert house.read(local_time).replace(tzinfo=None) == datetime(2027, 1, 4, 9)
    house.at(15)
    assert house.read(local_time).replace(tzinfo=None) == datetime(2027, 1, 4, 15)


def test_orders_placed_at_once_never_pass_the_cap_together(house: House) -> None:
    ann = house.saver(0, "150000.00")
    answers: list[str] = []

    def buy() -> None:
        try:
            answers.append(house.buy(ann, "20000.00").state)
        except Refusal as refusal:
            answers.append(refusal.code)

    threads = [threading.Thread(target=buy) for _ in range(7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["placed"] * 5 + ["savings.fund_holding_cap"] * 2
    assert house.holding(ann).buying == yuan("100000.00")
    house.close()
    house.sound()


def test_a_preview_answers_as_the_order_would_and_saves_nothing(house: House) -> None:
    ann = house.saver(0, "100.00")
    wanted = Subscribe(BABY, ann, yuan("60.00"))
    shown = tried(house.bank.kernel, wanted)
    assert house.wallet(ann) == yuan("100.00")
    assert house.read(lambda tx: pool.orders(tx, BABY, ann)).orders == ()
    made = house.run(pool.subscribe, wanted)
    assert (made.trading_on, made.settles_on, made.amount) == (shown.trading_on, shown.settles_on, shown.amount)
    too_much = Subscribe(BABY, ann, yuan("40.01"))
    assert refused(tried, house.bank.kernel, too_much) == "ledger.insufficient_funds"
    house.close()
    assert tried(house.bank.kernel, Redeem(BABY, ann)).amount == yuan("60.00")
    assert house.holding(ann).redeeming == yuan("0.00")


def test_a_statement_of_orders_is_read_page_by_page_newest_first(house: House) -> None:
    ann = house.saver(0, "100.00")
    made = []
    for _ in range(5):
        made.append(house.buy(ann, "1.00").id)
        house.close()
    found, cursor = [], None
    while True:
        page = house.read(lambda tx, at=cursor: pool.orders(tx, BABY, ann, at, 2))
        found += [order.id for order in page.orders]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert found == made[::-1]
    assert house.holding(ann).fund == house.read(lambda tx: pool.holdings(tx, ann))[0].fund
    assert day_after(MON, 5) == house.today


@pytest.mark.parametrize("role", ["partner", "security"])
def test_staff_without_savings_to_read_read_no_holdings(house: House, role: str) -> None:
    ann = house.saver(0, "100.00")
    order = house.buy(ann, "50.00")
    nosy, auditor = (Actor(name, permissions_of(name)) for name in (role, "auditor"))
    for question, *asked in (
        (pool.order, order.id),
        (pool.orders, house.fund, ann),
        (pool.holding, house.fund, ann),
        (pool.holdings, ann),
    ):
        assert house.bank.kernel.ask(question, *asked, actor=auditor)
        with pytest.raises(Refusal) as caught:
            house.bank.kernel.ask(question, *asked, actor=nosy)
        assert caught.value.code == "kernel.forbidden"
