"""Refusals of agents: terms, floats, cash in and out, counts, and acts without a network."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from farthing.commands import agent_queue
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.payments.agents import queued_rules, rules, signed
from farthing.payments.agents import service as agents
from farthing.payments.agents import serving_service as serving
from farthing.payments.agents.model import (
    Agent,
    AgentTerms,
    Commission,
    Given,
    OpenAgent,
)
from farthing.payments.agents.queued_model import Queued
from farthing.payments.agents.rules import Gone
from farthing.products.agent_rules import before
from tests.conftest import Bank
from tests.errors.gallery import reproduces
from tests.payments.agents.corner import NOTHING, corner
from tests.payments.packets.people import yuan

LAW = before("CNY", Words("house rule", "本机构规则"))
NOW = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
TERMS = AgentTerms(date(2026, 11, 30), NOTHING, NOTHING, yuan("100.00"), yuan("10.00"))
SHOP = Agent("agent_one", "merchant_one", "party_owner", "CNY", NOW, TERMS)
ACT = Queued("agentdevice_one", 1, "in", yuan("1.00"), NOW.isoformat(), "AAAA", "+8613812345678")


@reproduces("agents.bad_terms")
def a_commission_of_all() -> None:
    rules.check_terms(replace(TERMS, cash_in=Commission(yuan("0"), "1")), LAW, "CNY")


@reproduces("agents.contract_too_soon")
def other_terms_today() -> None:
    rules.check_from_on(date(2026, 11, 30), date(2026, 11, 30))


@reproduces("agents.already")
def an_agent_opened_twice(bank: Bank) -> None:
    shop = corner(bank)
    command = OpenAgent(shop.agent.merchant_id, NOTHING, NOTHING, yuan("100.00"), yuan("0"))
    bank.kernel.tidy(lambda tx: agents.open_agent(tx, command))


@reproduces("agents.unknown")
def an_agent_that_is_not() -> None:
    agents.there(None, "agent_none")


@reproduces("agents.ended")
def cash_at_an_agent_that_ended() -> None:
    rules.check_serves(replace(SHOP, ended_on=date(2026, 11, 30)))


@reproduces("agents.not_owner")
def float_of_another() -> None:
    rules.check_owner(SHOP, "party_other")


@reproduces("agents.own_hand")
def cash_for_oneself() -> None:
    rules.check_hand(SHOP, "party_cashier", "party_cashier")


@reproduces("agents.foreign_currency")
def euros_at_an_agent() -> None:
    rules.check_amount(SHOP, Money(100, "EUR"))


@reproduces("agents.over_act")
def too_much_cash_at_once() -> None:
    rules.check_limits(LAW, "in", yuan("500.01"), Gone(0, 0))


@reproduces("agents.over_customer_day")
def too_much_cash_of_a_customer() -> None:
    rules.check_limits(LAW, "out", yuan("0.02"), Gone(499_99, 0))


@reproduces("agents.over_agent_day")
def too_much_cash_of_an_agent() -> None:
    rules.check_limits(LAW, "out", yuan("0.02"), Gone(0, 1_999_99))


@reproduces("agents.over_ceiling")
def a_float_over_its_ceiling() -> None:
    rules.check_float(SHOP, yuan("99.99"), yuan("0.02"))


@reproduces("agents.float_short")
def a_float_below_nothing() -> None:
    rules.check_float(SHOP, yuan("1.00"), yuan("-1.01"))


@reproduces("agents.no_code")
def cash_without_a_code() -> None:
    rules.check_good(good=False)


@reproduces("agents.code_wrong")
def cash_for_a_wrong_code() -> None:
    serving.require_given(Given(None, 4))


@reproduces("agents.other_amount")
def cash_for_more_than_the_code() -> None:
    rules.check_same(yuan("1.00"), yuan("1.01"))


@reproduces("agents.code_dropped")
def a_code_dropped_that_is_not() -> None:
    rules.dropped(None)


@reproduces("agents.bad_count")
def less_than_nothing_counted() -> None:
    rules.check_count("CNY", yuan("-0.01"))


@reproduces("agents.bad_key")
def a_key_of_another_kind() -> None:
    signed.key_of("AAAA")


@reproduces("agents.bad_time")
def an_act_at_no_time() -> None:
    signed.moment(replace(ACT, at="noon"))


@reproduces("agents.unknown_device")
def a_device_that_is_not() -> None:
    queued_rules.device_of({}, "agentdevice_none")


@reproduces("agents.too_many_devices")
def a_device_too_many() -> None:
    queued_rules.check_devices(50)


@reproduces("agents.not_signed")
def an_act_that_was_changed() -> None:
    queued_rules.check_signed(holds=False, number=1)


@reproduces("agents.number_taken")
def a_number_for_another_act() -> None:
    queued_rules.check_number(b"one", b"another", 1)


@reproduces("agents.device_revoked")
def an_act_of_a_lost_device() -> None:
    queued_rules.check_device(revoked=True)


@reproduces("agents.nobody_answers")
def an_act_for_nobody() -> None:
    queued_rules.customer_of(None)


@reproduces("agents.queued_too_old")
def an_act_of_last_week() -> None:
    queued_rules.check_age(LAW, NOW - timedelta(days=7), NOW)


@reproduces("agents.queued_ahead")
def an_act_of_tomorrow() -> None:
    queued_rules.check_age(LAW, NOW + timedelta(days=1), NOW)


@reproduces("agents.over_offline")
def too_much_without_a_network() -> None:
    queued_rules.check_offline(LAW, yuan("500.01"), 0, 0)


@reproduces("agents.over_offline_day")
def too_many_without_a_network() -> None:
    queued_rules.check_offline(LAW, yuan("1.00"), 0, 10)


@reproduces("agents.not_waiting")
def an_act_that_does_not_wait() -> None:
    queued_rules.check_waits(waits=False, number=1)


@reproduces("agents.dropped_wordless")
def an_act_dropped_without_a_word() -> None:
    queued_rules.check_note(" ")


@reproduces("cli.bad_device_file")
def a_device_file_of_something_else(tmp_path: Path) -> None:
    file = tmp_path / "device.json"
    file.write_text("{}")
    agent_queue.note(file, tmp_path / "queue.jsonl", "in", "+8613812345678", "1.00")


@reproduces("cli.bad_queue_file")
def a_queue_of_something_else(tmp_path: Path) -> None:
    file = tmp_path / "queue.jsonl"
    file.write_text("hello\n")
    agent_queue.sync(file)
