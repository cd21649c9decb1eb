"""Odds and ends: small change swept at the close of a day, and a term bought together."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from farthing.bank.founding import BABY, agreed
from farthing.kernel import calendar
from farthing.kernel.calendar import DeclareHolidays
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.ledger.audit.service import verify
from farthing.payments import service as payments
from farthing.payments.model import Transfer
from farthing.savings.audit.fund_service import verify_fund
from farthing.savings.audit.service import verify as verify_savings
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits import store
from farthing.savings.deposits.model import CloseDeposit
from farthing.savings.fund import service as pool
from farthing.savings.shelf import service as catalogue
from farthing.savings.shelf.model import PublishRates
from farthing.savings.sweeps import service as odds
from farthing.savings.sweeps.model import EndSweep, JoinGroup, LeaveGroup, SetSweep, StartGroup
from tests.conftest import Bank
from tests.savings.deposits.saver import days, found, opened, refused, saver, today, until, wallet, yuan

pytestmark = pytest.mark.calendar


def deposited(bank: Bank, deposit_id: str) -> Money:
    return bank.read(lambda tx: store.find(tx, [deposit_id]))[deposit_id].deposit.balance


def test_payments_are_rounded_up_once(bank: Bank) -> None:
    payer, shop = saver(found(bank)), saver(bank, 1, "0.00")
    jar = opened(bank, payer, "demand", "1.00").deposit.id
    rule = bank.run(odds.set_sweep, SetSweep(payer, "round_up", yuan("1.00"), jar))
    for amount in ("12.30", "5.00", "0.01"):
        bank.run(payments.transfer, Transfer(payer, shop, yuan(amount)))
    days(bank, 1)
    assert deposited(bank, jar) == yuan("2.69")
    days(bank, 2)
    assert deposited(bank, jar) == yuan("2.69")
    bank.run(payments.transfer, Transfer(payer, shop, yuan("99.50")))
    days(bank, 1)
    assert deposited(bank, jar) == yuan("3.19")
    assert bank.read(lambda tx: odds.sweeps(tx, payer))[0].swept == yuan("2.19")
    bank.run(odds.end_sweep, EndSweep(rule.id))
    bank.run(payments.transfer, Transfer(payer, shop, yuan("0.50")))
    days(bank, 1)
    assert deposited(bank, jar) == yuan("3.19")
    assert refused(bank, odds.end_sweep, EndSweep(rule.id)) == "savings.sweep_ended"


def test_what_is_left_on_the_day_and_what_is_above_the_line(bank: Bank) -> None:
    first, second = saver(found(bank)), saver(bank, 1)
    one, two = opened(bank, first, "demand", "1.00").deposit.id, opened(bank, second, "demand", "1.00").deposit.id
    start = today(bank)
    day = start + timedelta(days=4)
    while day.day > 28:  # a rule names a day that every month has
        day += timedelta(days=1)
    bank.run(odds.set_sweep, SetSweep(first, "leftover", yuan("500.00"), one, day.day))
    bank.run(odds.set_sweep, SetSweep(second, "above", yuan("20000.00"), two))
    days(bank, 1)
    assert wallet(bank, second) == yuan("20000.00")
    bank.run(payments.transfer, Transfer(first, second, yuan("7.00")))
    bank.run(payments.transfer, Transfer(second, first, yuan("1.00")))
    days(bank, 1)
    assert wallet(bank, second) == yuan("20000.00")
    until(bank, day + timedelta(days=1))
    assert wallet(bank, first) == yuan("500.00")


def test_a_sweep_into_a_closed_deposit_ends(bank: Bank) -> None:
    party, shop = saver(found(bank)), saver(bank, 1, "0.00")
    jar = opened(bank, party, "demand", "1.00").deposit.id
    bank.run(odds.set_sweep, SetSweep(party, "round_up", yuan("1.00"), jar))
    bank.run(payments.transfer, Transfer(party, shop, yuan("0.40")))
    bank.run(deposits.close, CloseDeposit(jar))
    days(bank, 1)
    (rule,) = bank.read(lambda tx: odds.sweeps(tx, party))
    assert rule.ended_on == today(bank) - timedelta(days=1)
    term = opened(bank, party, "lump-sum", "50.00", term="3m").deposit.id
    assert refused(bank, odds.set_sweep, SetSweep(party, "above", yuan("1.00"), term)) == "savings.sweep_target"
    assert refused(bank, odds.set_sweep, SetSweep(party, "above", yuan("1.00"), jar)) == "savings.sweep_target"


def test_many_sweeps_are_paid_in_together_and_one_that_is_refused_leaves_the_others(bank: Bank) -> None:
    shop = saver(found(bank), 9, "0.00")
    payers = [saver(bank, number) for number in range(4)]
    jars = [opened(bank, payer, "demand", "1.00").deposit.id for payer in payers]
    for payer, jar in zip(payers, jars, strict=True):
        bank.run(odds.set_sweep, SetSweep(payer, "round_up", yuan("1.00"), jar))
    bank.run(odds.set_sweep, SetSweep(payers[0], "above", yuan("100.00"), jars[0]))
    for payer in payers:
        bank.run(payments.transfer, Transfer(payer, shop, yuan("0.40")))
    days(bank, 1)
    assert [deposited(bank, jar) for jar in jars[1:]] == [yuan("1.60")] * 3
    assert wallet(bank, payers[0]) == yuan("100.00"), "what one rule of a wallet leaves, its next one sweeps"
    for payer in payers:
        bank.run(payments.transfer, Transfer(payer, shop, yuan("0.70")))
    bank.run(deposits.close, CloseDeposit(jars[2]))
    days(bank, 1)
    assert [deposited(bank, jars[number]) for number in (1, 3)] == [yuan("1.90")] * 2
    (ended,) = bank.read(lambda tx: odds.sweeps(tx, payers[2]))
    assert ended.ended_on is not None
    assert bank.read(verify).findings == bank.read(verify_savings).findings == ()


def test_small_change_goes_into_the_fund(bank: Bank) -> None:
    payer, shop = saver(found(bank)), saver(bank, 1, "0.00")
    bank.run(odds.set_sweep, SetSweep(payer, "round_up", yuan("10.00"), f"fund:{BABY}"))
    assert refused(bank, odds.set_sweep, SetSweep(payer, "above", yuan("1.00"), "fund:none")) == "savings.fund_unknown"
    bank.run(payments.transfer, Transfer(payer, shop, yuan("12.34")))
    days(bank, 1)
    assert bank.read(lambda tx: pool.orders(tx, BABY, payer)).orders[0].amount == yuan("7.66")
    assert wallet(bank, payer) == yuan("99980.00")
    days(bank, 7)
    assert bank.read(lambda tx: pool.holding(tx, BABY, payer)).units >= Decimal("7.66")
    assert bank.read(verify_fund).clean


def together(bank: Bank, minimum: str = "200000.00", days_left: int = 10) -> str:
    agreed(
        bank.kernel,
        catalogue.publish_rates,
        PublishRates("large", today(bank), "0.35%", lump={"1y": "2.85%"}),
    )
    start = StartGroup(
        Words("Village term", "全村定期"),
        "savings-lump-sum",
        "1y",
        yuan(minimum),
        today(bank) + timedelta(days=days_left),
        "large",
    )
    return str(agreed(bank.kernel, odds.start_group, start)["id"])


def test_a_group_opens_for_all_when_its_sum_is_reached(bank: Bank) -> None:
    members = [saver(found(bank)), saver(bank, 1), saver(bank, 2)]
    group = together(bank)
    pledges = [bank.run(odds.join_group, JoinGroup(group, party, yuan("80000.00"))) for party in members[:2]]
    assert wallet(bank, members[0]) == yuan("100000.00")
    assert bank.read(lambda tx: payments.wallet(tx, members[0])).available == yuan("20000.00")
    too_much = JoinGroup(group, members[0], yuan("30000.00"))
    assert refused(bank, odds.join_group, too_much) == "ledger.insufficient_funds"
    days(bank, 1)
    assert bank.read(lambda tx: odds.group(tx, group)).state == "waiting"
    bank.run(odds.join_group, JoinGroup(group, members[2], yuan("40000.00")))
    days(bank, 1)
    opened_group = bank.read(lambda tx: odds.group(tx, group))
    assert (opened_group.state, opened_group.gathered) == ("open", yuan("200000.00"))
    for pledge in pledges:
        kept = bank.read(lambda tx, each=pledge: store.find(tx, [each.deposit_id]))[pledge.deposit_id]
        assert (str(kept.deposit.rate), kept.deposit.balance) == ("0.0285", yuan("80000.00"))
    assert wallet(bank, members[0]) == yuan("20000.00")
    late = JoinGroup(group, members[0], yuan("100.00"))
    assert refused(bank, odds.join_group, late) == "savings.group_decided"
    assert not bank.read(verify).findings


def test_a_group_that_lapses_gives_everything_back(bank: Bank) -> None:
    one, two = saver(found(bank)), saver(bank, 1)
    group = together(bank, days_left=2)
    bank.run(odds.join_group, JoinGroup(group, one, yuan("100.00")))
    left = bank.run(odds.join_group, JoinGroup(group, two, yuan("50.00")))
    assert bank.run(odds.leave_group, LeaveGroup(left.id)).state == "released"
    assert refused(bank, odds.leave_group, LeaveGroup(left.id)) == "savings.unknown_pledge"
    assert bank.read(lambda tx: odds.group(tx, group)).gathered == yuan("100.00")
    days(bank, 3)
    assert bank.read(lambda tx: odds.group(tx, group)).state == "lapsed"
    assert bank.read(lambda tx: payments.wallet(tx, one)).available == yuan("100000.00")
    assert not bank.read(lambda tx: ledger.balance(tx, "assets:cash:sandbox")).held_out


def test_a_group_waits_on_a_holiday(bank: Bank) -> None:
    party = saver(found(bank))
    group = together(bank, minimum="100.00", days_left=30)
    agreed(bank.kernel, calendar.declare_holidays, DeclareHolidays((today(bank) + timedelta(days=1),)))
    days(bank, 1)
    holiday = JoinGroup(group, party, yuan("100.00"))
    assert refused(bank, odds.join_group, holiday) == "savings.holiday_value_date"
    days(bank, 1)
    bank.run(odds.join_group, holiday)
    days(bank, 1)
    assert bank.read(lambda tx: odds.group(tx, group)).state == "open"


def test_what_a_group_gathered_is_derived_from_its_pledges(bank: Bank) -> None:
    party = saver(found(bank))
    group = together(bank, days_left=5)
    bank.run(odds.join_group, JoinGroup(group, party, yuan("100.00")))
    assert not bank.read(verify_savings).findings
    with bank.superuser() as connection:
        connection.execute("UPDATE savings_group SET gathered_minor = gathered_minor + 1")
    (finding,) = bank.read(verify_savings).findings
    assert (finding.what, finding.subject) == ("savings_group.gathered", group)


def test_a_deposit_that_vanished_is_missed_by_its_account(bank: Bank) -> None:
    party = saver(found(bank))
    deposit, _ = (opened(bank, party, "demand", amount).deposit.id for amount in ("100.00", "5.00"))
    days(bank, 1)
    with bank.superuser() as connection:
        connection.execute("DELETE FROM deposit_event WHERE deposit_id = %s", (deposit,))
        connection.execute("DELETE FROM deposit WHERE id = %s", (deposit,))
    findings = {finding.what: finding for finding in bank.read(verify_savings).findings}
    assert findings["deposit.principal"].problem == "deposits hold 500, the ledger 10500"
