"""Instant redemption: caps, the bank's line and its guard, the offer for the next trading day, the repayment."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from farthing.identity.rules import actor_of
from farthing.kernel import approvals, attendance
from farthing.kernel.answers import Pending
from farthing.kernel.approvals import Decide
from farthing.kit.errors import Refusal
from farthing.ledger import service as ledger
from farthing.ledger.guards import Guard
from farthing.savings.fund import founding_service as funds
from farthing.savings.fund import service as pool
from farthing.savings.fund.commands import FoundFund, Redeem, RedeemNow, Subscribe
from tests.hands import law, tried
from tests.ledger.books import move, work
from tests.savings.fund.house import BABY, SECOND, SOURCE, House, opened, yuan

TUE, FRI, NEXT_MON, NEXT_TUE = date(2027, 1, 5), date(2027, 1, 8), date(2027, 1, 11), date(2027, 1, 12)


def line_of(house: House, amount: str) -> None:
    """Set the size of the bank's line."""
    size = yuan(amount).minor
    guard = Guard("fund-liquidity-line", "The line", "CNY", size, (("assets:advances:fund:*", -1),))
    pending = house.bank.run(ledger.set_guards, ledger.SetGuards(install=(guard,)))
    house.bank.run(approvals.decide, Decide(pending.approval_id, approve=True), actor=SECOND)


def holding_saver(house: House, amount: str, number: int = 0) -> str:
    """A saver whose units earn."""
    party = house.saver(number, amount)
    house.buy(party, amount)
    house.close()
    return party


def test_what_is_over_the_persons_cap_is_offered_for_the_next_trading_day(house: House) -> None:
    ann = holding_saver(house, "25000.00")
    before = house.margins()
    first = house.redeem_now(ann, "4000.00")
    assert (first.instant, first.offer, first.limited_by) == (yuan("4000.00"), None, None)
    assert (house.wallet(ann), house.account("line")) == (yuan("4000.00"), yuan("4000.00"))
    second = house.redeem_now(ann, "9000.00")
    assert (second.instant, second.limited_by) == (yuan("6000.00"), "person_cap")
    assert second.offer is not None and second.next_day is None
    assert (second.offer.amount, second.offer.trading_on, second.offer.settles_on) == (
        yuan("3000.00"), TUE, date(2027, 1, 6),
    )  # fmt: skip
    third = house.redeem_now(ann, "500.00")
    assert (third.instant, third.order) == (yuan("0.00"), None)
    assert third.offer is not None and third.offer.amount == yuan("500.00")
    after = house.margins()
    assert before["fund-liquidity-line"] - after["fund-liquidity-line"] == 1_000_000
    assert before["client-money"] - after["client-money"] == 1_000_000, "the bank pays from its own money"
    assert house.holding(ann).available == yuan("15000.00")
    house.sound()
    house.close()
    assert house.account("line") == yuan("10000.00"), "today's advances are repaid at the next trading day's close"
    assert house.redeem_now(ann, "1.00").instant == yuan("1.00"), "a new day, a new cap"
    house.close()
    assert house.account("line") == yuan("1.00")
    house.close()
    assert house.account("line") == yuan("0.00")
    assert house.margins()["fund-liquidity-line"] == before["fund-liquidity-line"]
    assert house.margins()["client-money"] == before["client-money"]
    house.sound()


def test_the_rest_is_ordered_where_the_command_asks_for_it(house: House) -> None:
    ann = holding_saver(house, "12000.00")
    answer = house.redeem_now(ann, "12000.00", rest=True)
    assert answer.next_day is not None
    assert (answer.next_day.kind, answer.next_day.amount) == ("redeem", yuan("2000.00"))
    assert house.holding(ann).available == yuan("0.00")
    house.close(2)
    assert house.wallet(ann) == yuan("12000.00")
    house.sound()


def test_the_same_key_pays_once_and_answers_the_same(house: House) -> None:
    ann = holding_saver(house, "12000.00")
    answers = [house.redeem_now(ann, "11000.00", rest=True, key="k") for _ in range(2)]
    assert answers[0] == answers[1]
    assert (house.wallet(ann), house.holding(ann).redeeming) == (yuan("10000.00"), yuan("1000.00"))


def test_an_instant_redemption_over_a_weekend_is_repaid_on_monday(house: House) -> None:
    ann = holding_saver(house, "100.00")
    house.close_until(FRI)
    house.redeem_now(ann, "40.00")
    house.close()
    house.redeem_now(ann, "10.00")
    house.close_until(NEXT_MON)
    assert house.account("line") == yuan("50.00")
    house.close()
    assert house.account("line") == yuan("0.00")
    house.sound()


def test_the_line_limits_and_the_rest_is_an_offer(house: House) -> None:
    line_of(house, "100.00")
    ann, bea = holding_saver(house, "90.00"), holding_saver(house, "90.00", 1)
    assert house.redeem_now(ann, "80.00").limited_by is None
    answer = house.redeem_now(bea, "80.00")
    assert (answer.instant, answer.limited_by) == (yuan("20.00"), "liquidity")
    assert answer.offer is not None and answer.offer.amount == yuan("60.00")
    assert house.margins()["fund-liquidity-line"] == 0
    house.sound()


def test_without_the_guard_there_is_no_line(house: House) -> None:
    ann = holding_saver(house, "90.00")
    work(house.bank, lambda tx: ledger.retire_guard(tx, "fund-liquidity-line"))
    answer = house.redeem_now(ann, "80.00")
    assert (answer.instant, answer.limited_by) == (yuan("0.00"), "liquidity")


def test_any_guard_that_the_advance_lowers_limits_it(house: House) -> None:
    """The bank has lent nearly everything that is its own: it cannot advance what it does not have."""
    ann = holding_saver(house, "900.00")
    lend = move("lend", "assets:loans:l", "assets:cash:sandbox", 5_000_000_000 - 4_000, on=TUE)
    house.run(ledger.open_account, ledger.OpenAccount(ledger.AccountSpec("assets:loans:l", "CNY")))
    work(house.bank, lambda tx: ledger.post_all(tx, [lend]))
    answer = house.redeem_now(ann, "80.00")
    assert (answer.instant, answer.limited_by) == (yuan("40.00"), "liquidity")
    house.sound()


def test_the_funds_own_daily_cap(database_url: str) -> None:
    house = opened(database_url, source=SOURCE.replace("[roles]", 'instant_fund_max = "100.00"\n[roles]'))
    ann, bea = holding_saver(house, "90.00"), holding_saver(house, "90.00", 1)
    house.redeem_now(ann, "70.00")
    answer = house.redeem_now(bea, "70.00")
    assert (answer.instant, answer.limited_by) == (yuan("30.00"), "fund_cap")
    house.close()
    assert house.redeem_now(bea, "50.00").instant == yuan("50.00")
    house.sound()


def waiting_for_a_lock(house: House) -> None:
    """Until another session of this database waits for a lock."""
    asks = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with house.bank.superuser() as connection:
        while connection.execute(asks).fetchone() is None:
            pass


def test_a_guard_that_refuses_in_the_last_moment_becomes_the_offer(house: House) -> None:
    """Another transaction uses the line up after the plan was made and before the posting."""
    line_of(house, "100.00")
    ann = holding_saver(house, "90.00")
    house.run(ledger.open_account, ledger.OpenAccount(ledger.AccountSpec("assets:advances:fund:other", "CNY")))
    answers: list[object] = []
    late = threading.Thread(target=lambda: answers.append(house.redeem_now(ann, "80.00", rest=True)))

    def use_up(tx: object) -> None:
        ledger.post_all(tx, [move("other", "assets:advances:fund:other", "assets:cash:sandbox", 9_000, on=TUE)])
        late.start()
        waiting_for_a_lock(house)

    work(house.bank, use_up)
    late.join()
    (answer,) = answers
    assert (answer.instant, answer.limited_by, answer.order) == (yuan("0.00"), "fund-liquidity-line", None)
    assert answer.offer.amount == answer.next_day.amount == yuan("80.00")
    assert (house.wallet(ann), house.account("line")) == (yuan("0.00"), yuan("0.00"))


def test_many_at_once_never_exceed_the_line(house: House) -> None:
    line_of(house, "100.00")
    savers = [house.saver(number, "60.00") for number in range(6)]
    for saver in savers:
        house.buy(saver, "60.00")
    house.close()
    threads = [threading.Thread(target=house.redeem_now, args=(saver, "30.00")) for saver in savers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    paid = sorted(house.wallet(saver).minor for saver in savers)
    assert paid == [0, 0, 1000, 3000, 3000, 3000]
    assert house.margins()["fund-liquidity-line"] == 0
    house.sound()


def test_what_was_paid_at_once_earned_until_yesterday(house: House) -> None:
    ann, bea = holding_saver(house, "1000.00"), holding_saver(house, "1000.00", 1)
    house.asset("1000.00", "0.365", date(2027, 7, 1))
    house.close()
    earned = house.holding(ann).income_total
    assert earned > Decimal("0.4")
    house.redeem_now(ann, "1000.00")
    house.close()
    left = house.holding(ann)
    assert left.income_total - earned < Decimal("0.001"), "only what it had earned goes on earning"
    assert house.holding(bea).income_yesterday > Decimal("0.9"), "the asset's income is for those who stay"
    house.sound()


def test_a_preview_shows_the_split_and_pays_nothing(house: House) -> None:
    ann = holding_saver(house, "12000.00")
    shown = tried(house.bank.kernel, RedeemNow(BABY, ann, yuan("11000.00"), True))
    assert (shown.instant, shown.next_day.amount) == (yuan("10000.00"), yuan("1000.00"))
    assert house.wallet(ann) == yuan("0.00")
    made = house.redeem_now(ann, "11000.00", rest=True)
    assert replace(made.order, id=shown.order.id, placed_at=shown.order.placed_at) == shown.order


def test_caps_are_of_each_fund(house: House) -> None:
    other = "savings-pennies"
    house.run(funds.found_fund, FoundFund(other, SOURCE))
    ann = house.saver(0, "30000.00")
    house.buy(ann, "15000.00")
    house.run(pool.subscribe, Subscribe(other, ann, yuan("15000.00")))
    house.close()
    house.redeem_now(ann, "15000.00")
    assert house.run(pool.redeem_now, RedeemNow(other, ann, yuan("15000.00"))).instant == yuan("10000.00")
    with pytest.raises(Refusal, match="fund_over_holding"):
        house.redeem_now(ann, "5000.01")
    house.sound()


def test_a_teller_alone_redeems_no_more_than_the_policy_says(house: House) -> None:
    """In one order, in pieces, at once or for the next day, or all there is."""
    law(house.bank)
    ann = holding_saver(house, "25000.00")
    teller = actor_of("teller:li", "teller", None)
    house.bank.kernel.tidy(lambda tx: attendance.record(replace(tx, actor=teller), ann, "code"))

    def waits(function: object, command: object) -> bool:
        return isinstance(house.bank.run(function, command, actor=teller), Pending)

    assert waits(pool.redeem, Redeem(house.fund, ann))
    assert waits(pool.redeem, Redeem(house.fund, ann, yuan("10000.01")))
    assert not waits(pool.redeem, Redeem(house.fund, ann, yuan("6000.00")))
    assert waits(pool.redeem_now, RedeemNow(house.fund, ann, yuan("4000.01"), True))
    assert not waits(pool.redeem_now, RedeemNow(house.fund, ann, yuan("4000.00")))
    assert not isinstance(house.redeem(ann, "9000.00", actor=actor_of("customer:ann", "customer", ann)), Pending)
