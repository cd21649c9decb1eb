"""Cash at agents: floats, cash in and out by the customer's own code, what it earns, limits, warnings, the box counted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from farthing.bank.founding import agreed
from farthing.kernel.day import close_day
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.payments.agents import float_service as floats
from farthing.payments.agents import rules
from farthing.payments.agents import serving_service as serving
from farthing.payments.agents.audit_service import verify_agents
from farthing.payments.agents.model import ChangeAgent, DropCash, EndAgent, MoveFloat
from farthing.payments.agents.reading_service import desk
from farthing.payments.agents.service import change_contract, end_agent
from farthing.payments.tills import service as tills
from farthing.payments.tills.audit_service import verify_tills
from farthing.payments.tills.model import OpenDrawer, SetUpTill
from tests.conftest import Bank
from tests.payments.agents.corner import NOTHING, Corner, corner, refused
from tests.payments.packets.people import herself, yuan


@pytest.fixture
def shop(bank: Bank) -> Corner:
    return corner(bank)


def earned(shop: Corner) -> Money:
    found: Money = shop.bank.read(lambda tx: ledger.balance(tx, rules.COMMISSIONS)).owed()
    return found


def clean(shop: Corner) -> tuple[int, int, int]:
    audit = shop.bank.read(verify_agents)
    assert not audit.findings, audit.findings
    return audit.agents, audit.acts, audit.counts


def test_cash_goes_in_and_out_and_the_money_held_stays_the_same(shop: Corner) -> None:
    assert shop.buy("600.00").float_now == yuan("600.00") and shop.holds(shop.owner) == yuan("400.00")
    done = shop.take("200.00")
    assert (done.commission, done.float_now) == (yuan("0.40"), yuan("400.00"))
    assert shop.holds(shop.customer) == yuan("700.00") and shop.holds(shop.owner) == yuan("400.40")
    code = shop.asks("150.00")
    given = shop.give("150.00", code.text).done
    assert given is not None and (given.commission, given.float_now) == (yuan("0.95"), yuan("550.00"))
    assert shop.holds(shop.customer) == yuan("550.00") and earned(shop) == yuan("1.35")
    told = shop.bank.kernel.ask(desk, shop.owner, shop.agent.id, actor=herself(shop.owner))
    assert (told.float_now, told.box, told.held) == (yuan("550.00"), yuan("50.00"), yuan("600.00"))
    assert told.day.acts == 2 and told.day.cash_in == yuan("200.00") and told.day.commission == yuan("1.35")
    assert shop.sell("550.00").float_now == yuan("0.00")
    assert clean(shop) == (1, 4, 0)


def test_nothing_is_given_without_the_customers_own_code(shop: Corner) -> None:
    shop.buy("100.00")
    assert refused(shop.give, "20.00", "12345678") == "agents.no_code"
    code = shop.asks("20.00")
    wrong = "00000000" if code.text != "00000000" else "00000001"
    assert refused(shop.give, "20.01", code.text) == "agents.other_amount"
    assert [shop.give("20.00", wrong).tries_left for _ in range(5)] == [4, 3, 2, 1, 0]
    shop.bank.drain()
    texts = shop.bank.kernel.ports.peer("gateway").sent_to(shop.phone(shop.customer))
    assert "typed wrongly 5 times" in texts[-1].text, "she may not have been there"
    assert refused(shop.give, "20.00", code.text) == "agents.no_code", "after five wrong ones it is dead"
    first, second = shop.asks("20.00"), shop.asks("20.00")
    if first.text != second.text:
        assert shop.give("20.00", first.text).done is None, "the newer one alone is good"
    assert shop.give("20.00", second.text).done is not None
    assert refused(shop.give, "20.00", second.text) == "agents.no_code", "once"
    third = shop.asks("20.00")
    drop = DropCash(shop.customer, third.id)
    shop.bank.run(serving.drop_cash, drop, actor=herself(shop.customer))
    assert refused(shop.give, "20.00", third.text) == "agents.no_code"
    assert refused(shop.bank.run, serving.drop_cash, drop, actor=herself(shop.customer)) == "agents.code_dropped"
    assert shop.holds(shop.customer) == yuan("480.00")


def test_a_code_is_in_one_answer_alone(shop: Corner) -> None:
    code = shop.asks("20.00")
    with shop.bank.superuser() as connection:
        kept = connection.execute("SELECT row_to_json(c)::text FROM agent_code AS c").fetchall()
        log = connection.execute("SELECT convert_from(body, 'UTF8') FROM evidence_leaf").fetchall()
    assert not [row for row in (*kept, *log) if code.text in row[0]]


def test_who_serves_and_whom(shop: Corner) -> None:
    shop.buy("100.00")
    assert shop.take("10.00", cashier=shop.shop.cashier).commission == yuan("0.02")
    assert refused(shop.take, "10.00", cashier=shop.poor) == "merchants.not_cashier"
    assert refused(shop.take, "10.00", of=shop.owner, cashier=shop.shop.cashier) == "agents.own_hand"
    assert refused(shop.buy, "-1.00") == "money.not_positive"
    shop.bank.run(end_agent, EndAgent(shop.agent.id))
    assert refused(shop.take, "10.00") == "agents.ended" and refused(shop.buy, "1.00") == "agents.ended"
    assert shop.sell("90.00").float_now == yuan("0.00"), "what is left is sold as before"


def test_floats_and_wallets_are_never_overdrawn(shop: Corner) -> None:
    assert refused(shop.take, "0.01") == "agents.float_short"
    assert refused(shop.buy, "1000.01") == "ledger.insufficient_funds"
    assert refused(shop.buy, "2000.01") == "agents.over_ceiling"
    shop.buy("30.00")
    code = shop.asks("20.00", shop.poor)
    assert refused(shop.give, "20.00", code.text, shop.poor) == "ledger.insufficient_funds"
    assert refused(shop.sell, "30.01") == "agents.float_short"
    assert shop.take("30.00", shop.poor).float_now == yuan("0.00")
    assert clean(shop)[1] == 2


def test_the_law_bounds_acts_and_days(bank: Bank) -> None:
    shop = corner(bank)
    shop.buy("1000.00")
    assert refused(shop.asks, "2000.01") == "agents.over_act"
    code = shop.asks("1000.01")
    assert refused(shop.give, "1000.01", code.text) == "agents.over_ceiling"
    for way, least in (("in", 9_990_00), ("out", 1_990_00)):
        names = rules.sum_names("CNY", way, shop.customer, shop.agent.id)  # type: ignore[arg-type]
        with bank.superuser() as connection:
            connection.execute(
                "INSERT INTO staff_alone (id, counted_on, minor) SELECT b.business_date || ':' || %s, b.business_date, %s "
                "FROM bank_clock AS b ON CONFLICT (id) DO UPDATE SET minor = excluded.minor",
                [names[0], least],
            )
    shop.take("10.00")
    assert refused(shop.take, "0.01") == "agents.over_customer_day"
    assert refused(shop.give, "10.01", shop.asks("10.01").text) == "agents.over_customer_day"
    assert shop.give("10.00", shop.asks("10.00").text).done is not None


def test_what_is_warned_of(shop: Corner) -> None:
    def leaves() -> list[str]:
        with shop.bank.superuser() as connection:
            rows = connection.execute(
                "SELECT kind FROM evidence_leaf WHERE kind LIKE 'agents.float_%' ORDER BY id"
            ).fetchall()
        return [row[0] for row in rows if row[0] in ("agents.float_low", "agents.float_high")]

    shop.buy("60.00")
    shop.take("10.00")
    assert leaves() == [], "50.00 is not below 50.00"
    shop.take("0.01")
    shop.take("5.00")
    assert leaves() == ["agents.float_low"], "once, when it falls"
    shop.buy("900.00")
    assert leaves() == ["agents.float_low"], "944.99 is not over nine tenths of 2,000.00"


def test_the_box_is_counted_over_and_short(shop: Corner) -> None:
    shop.buy("500.00")
    opened = shop.count("100.00", put_in="100.00")
    assert not opened.difference
    shop.take("80.00")
    shop.give("30.00", shop.asks("30.00").text)
    counted = shop.count("149.50")
    assert (counted.expected, counted.difference) == (yuan("150.00"), yuan("-0.50"))
    again = shop.count("120.00", taken_out="30.00")
    assert (again.expected, again.difference) == (yuan("119.50"), yuan("0.50"))
    told = shop.bank.kernel.ask(desk, shop.owner, shop.agent.id, actor=herself(shop.owner))
    assert told.box == yuan("120.00") and told.last_count == again
    assert refused(shop.count, "-0.01") == "agents.bad_count"
    assert clean(shop) == (1, 3, 3)


def test_other_terms_hold_from_a_day_and_what_was_earned_stays(bank: Bank) -> None:
    shop = corner(bank)
    shop.buy("500.00")
    assert shop.take("100.00").commission == yuan("0.20")
    today = bank.kernel.clock().business_date
    command = ChangeAgent(
        shop.agent.id, today.replace(year=today.year + 1), NOTHING, NOTHING, yuan("300.00"), yuan("0")
    )
    assert agreed(bank.kernel, change_contract, command)
    assert shop.take("100.00").commission == yuan("0.20")
    close_day(bank.kernel)
    assert clean(shop)[1] == 3


def test_float_for_cash_is_in_the_tellers_drawer(shop: Corner) -> None:
    bank, move = shop.bank, MoveFloat(shop.owner, shop.agent.id, yuan("300.00"))
    assert refused(bank.run, floats.float_for_cash, move) == "payments.no_drawer"
    bank.run(tills.set_up_till, SetUpTill("east-1"))
    bank.run(tills.open_drawer, OpenDrawer("east-1"))
    assert bank.run(floats.float_for_cash, move).float_now == yuan("300.00")
    assert bank.run(floats.cash_for_float, replace(move, amount=yuan("100.00"))).against == "cash"
    other = replace(move, owner=shop.poor)
    assert refused(bank.run, floats.cash_for_float, other) == "agents.not_owner"
    assert bank.read(lambda tx: tills.balance(tx, "east-1")) == yuan("200.00")
    assert clean(shop)[1] == 2 and not bank.read(verify_tills).findings
