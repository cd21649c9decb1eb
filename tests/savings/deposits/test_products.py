"""Every product lives its life in the bank, and pays to the fen what a quote of the same story says."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from farthing.bank.founding import agreed
from farthing.kit.calendar import add_months
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.ledger.audit.service import verify
from farthing.products import service as products
from farthing.products.model import Publish
from farthing.products.rates import parse_term
from farthing.savings.audit.service import verify as verify_savings
from farthing.savings.control import store as control
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits import store
from farthing.savings.deposits.model import CloseDeposit, Notify, PayIn, Withdraw
from farthing.savings.quotes.quote import quote
from farthing.savings.rules import lines_of
from farthing.savings.rules.books import Line
from farthing.savings.rules.model import Agreement, Event
from farthing.savings.shelf import service as catalogue
from tests.conftest import Bank
from tests.savings.deposits.saver import (
    days,
    found,
    half_up,
    opened,
    refused,
    saver,
    settlement_after,
    today,
    until,
    wallet,
    yuan,
)

pytestmark = pytest.mark.calendar


def quoted(bank: Bank, product: str, agreement: Agreement, events: list[Event], closing_on: date) -> Money:
    """The interest of the same story by a quote."""
    terms = bank.read(lambda tx: catalogue.terms(tx, f"savings-{product}"))[1]
    facts = bank.read(catalogue.facts)
    return quote(terms, facts, agreement, events, closing_on).interest


def totals_agree(bank: Bank) -> None:
    """The control totals and waiting flows are the sum of what every deposit contributes, and the ledger is clean."""

    def compared(tx: Any) -> None:
        expected: dict[tuple[str, str], Line] = {}
        every = [str(row[0]) for row in tx.tuples("SELECT id FROM deposit")]
        for account in store.find(tx, every).values():
            _, terms = catalogue.terms(tx, account.product, account.version)
            board = catalogue.board(tx, account.board)
            state = deposits.pinned(account, terms).deposit
            for key, line in lines_of(terms, state, account.lines_on, board).items():
                place = (account.product, key)
                expected[place] = expected.get(place, Line()) + line
        kept: dict[tuple[str, str], Line] = {}
        for (product, _), each in control.totals(tx).items():
            for key, line in each.items():
                kept[product, key] = kept.get((product, key), Line()) + line
        for _, flow in control.waiting_flows(tx, 10_000):
            kept[flow.product, flow.line] = kept.get((flow.product, flow.line), Line()) + flow.change
        none = Line()
        assert {k: v for k, v in kept.items() if v != none} == {k: v for k, v in expected.items() if v != none}

    bank.read(compared)
    assert not bank.read(verify).findings


@pytest.mark.long
def test_a_lump_sum_is_renewed_with_its_interest(bank: Bank) -> None:
    party = saver(found(bank))
    start = today(bank)
    done = opened(bank, party, "lump-sum", "10000.00", term="3m", renewal="principal_and_interest")
    first = add_months(start, 3)
    until(bank, first)
    assert bank.read(lambda tx: store.find(tx, [done.deposit.id]))[done.deposit.id].deposit.renewed == 0
    days(bank, 1)
    renewed = bank.read(lambda tx: store.find(tx, [done.deposit.id]))[done.deposit.id].deposit
    assert (renewed.renewed, renewed.since_on, renewed.balance) == (1, first, yuan("10046.25"))
    bank.run(deposits.withdraw, Withdraw(done.deposit.id, yuan("1000.00")))
    days(bank, 20)
    closed = bank.run(deposits.close, CloseDeposit(done.deposit.id))
    agreement = Agreement(term=parse_term("3m"), renewal="principal_and_interest")
    events = [
        Event(start, "deposit", yuan("10000.00")),
        Event(first + timedelta(days=1), "withdraw", yuan("1000.00")),
    ]
    expected = quoted(bank, "lump-sum", agreement, events, today(bank))
    assert wallet(bank, party) == yuan("100000.00") + expected
    assert closed.deposit.closed_on == today(bank)
    days(bank, 1)
    totals_agree(bank)
    assert bank.read(lambda tx: ledger.balance(tx, "liabilities:interest-payable:savings:lump-sum")).owed() == yuan("0")


@pytest.mark.long
@pytest.mark.parametrize(
    ("collected", "closed_after"),
    [(1, 4), pytest.param(4, 12, marks=pytest.mark.prove)],  # the second: a year of closes
)
def test_instalments_are_collected_and_a_missed_one_is_noted(bank: Bank, collected: int, closed_after: int) -> None:
    """The wallet holds as much as is collected; two months later two are missed, and then the deposit is closed."""
    party = saver(found(bank), wallet=f"{100 * (collected + 1)}.00")
    start = today(bank)
    done = opened(bank, party, "instalment", "100.00", term="1y", collect=True)
    until(bank, add_months(start, 1) + timedelta(days=1))
    assert wallet(bank, party) == yuan(f"{100 * (collected - 1)}.00")
    until(bank, add_months(start, collected + 3))
    assert wallet(bank, party) == yuan("0.00")
    events = bank.read(lambda tx: store.events(tx, {done.deposit.id: "CNY"}))[done.deposit.id]
    assert [each.what for each in events] == ["open", *["deposit"] * collected, *["instalment_expected"] * 2]
    totals_agree(bank)
    until(bank, add_months(start, closed_after))
    closed = bank.run(deposits.close, CloseDeposit(done.deposit.id))
    story = [Event(start, "deposit", yuan("100.00"))]
    story += [Event(add_months(start, number), "deposit", yuan("100.00")) for number in range(1, collected + 1)]
    assert closed.interest == quoted(bank, "instalment", Agreement(term=parse_term("1y")), story, today(bank))
    days(bank, 1)
    totals_agree(bank)


@pytest.mark.prove  # a year of closes
def test_a_month_that_makes_nothing_up_is_late_when_it_ends(bank: Bank) -> None:
    party = saver(found(bank))
    start = today(bank)
    done = opened(bank, party, "instalment", "100.00", term="1y")
    paid = [start]
    for number in (1, 3):
        until(bank, add_months(start, number))
        bank.run(deposits.pay_in, PayIn(done.deposit.id, yuan("100.00")))
        paid.append(today(bank))
    totals_agree(bank)
    until(bank, add_months(paid[-1].replace(day=1), 1))
    totals_agree(bank)
    days(bank, 1)
    totals_agree(bank)
    assert not bank.read(verify_savings).findings
    until(bank, add_months(start, 12))
    closed = bank.run(deposits.close, CloseDeposit(done.deposit.id))
    story = [Event(day, "deposit", yuan("100.00")) for day in paid]
    assert closed.interest == quoted(bank, "instalment", Agreement(term=parse_term("1y")), story, today(bank))
    days(bank, 1)
    totals_agree(bank)


@pytest.mark.prove  # a year of closes
def test_principal_comes_back_by_instalments_and_interest_at_the_end(bank: Bank) -> None:
    party = saver(found(bank))
    start = today(bank)
    opened(bank, party, "lump-in-instalments-out", "12000.00", term="1y", every="3m")
    until(bank, add_months(start, 3))
    assert wallet(bank, party) == yuan("91000.00")
    until(bank, add_months(start, 12))
    agreement = Agreement(term=parse_term("1y"), every=parse_term("3m"))
    expected = quoted(
        bank, "lump-in-instalments-out", agreement, [Event(start, "deposit", yuan("12000.00"))], today(bank)
    )
    assert wallet(bank, party) == yuan("100000.00") + expected
    (deposit,) = bank.read(lambda tx: store.of_party(tx, party, 10))
    assert deposit.deposit.closed_on == today(bank)
    days(bank, 1)
    totals_agree(bank)


@pytest.mark.long
def test_interest_is_drawn_and_taken_back_where_the_contract_is_broken(bank: Bank) -> None:
    party = saver(found(bank))
    start = today(bank)
    done = opened(bank, party, "interest-drawn", "50000.00", term="1y", every="1m")
    until(bank, add_months(start, 2) + timedelta(days=3))
    assert wallet(bank, party) > yuan("50000.00")
    bank.run(deposits.close, CloseDeposit(done.deposit.id))
    agreement = Agreement(term=parse_term("1y"), every=parse_term("1m"))
    expected = quoted(bank, "interest-drawn", agreement, [Event(start, "deposit", yuan("50000.00"))], today(bank))
    assert wallet(bank, party) == yuan("100000.00") + expected
    days(bank, 1)
    totals_agree(bank)


def test_notice_is_kept_and_lapses(bank: Bank) -> None:
    party = saver(found(bank, "sandbox"))
    start = today(bank)
    done = opened(bank, party, "notice-grassroots", "10000.00", notice="7d")
    days(bank, 20)
    bank.run(deposits.notify, Notify(done.deposit.id, yuan("4000.00")))
    assert refused(bank, deposits.notify, Notify(done.deposit.id, yuan("4000.00"))) == "savings.notice_twice"
    days(bank, 7)
    drawn = bank.run(deposits.withdraw, Withdraw(done.deposit.id, yuan("4000.00")))
    assert [each.rule for each in drawn.payments] == ["notice_kept"]
    bank.run(deposits.notify, Notify(done.deposit.id, yuan("1000.00")))
    days(bank, 9)
    events = bank.read(lambda tx: store.events(tx, {done.deposit.id: "CNY"}))[done.deposit.id]
    assert events[-1].what == "notice_lapsed"
    bank.run(deposits.close, CloseDeposit(done.deposit.id))
    agreement = Agreement(notice=parse_term("7d"))
    story = [
        Event(start, "deposit", yuan("10000.00")),
        Event(start + timedelta(days=20), "notify", yuan("4000.00")),
        Event(start + timedelta(days=27), "withdraw", yuan("4000.00")),
        Event(start + timedelta(days=27), "notify", yuan("1000.00")),
    ]
    assert wallet(bank, party) == yuan("100000.00") + quoted(bank, "notice-grassroots", agreement, story, today(bank))
    days(bank, 1)
    totals_agree(bank)


@pytest.mark.long
@pytest.mark.parametrize(("product", "kept"), [("rolling", 33), ("time-or-demand", 100), ("time-or-demand", 20)])
def test_products_without_a_term(bank: Bank, product: str, kept: int) -> None:
    party = saver(found(bank, "sandbox"))
    start = today(bank)
    done = opened(bank, party, product, "60000.00")
    days(bank, kept)
    totals_agree(bank)
    closed = bank.run(deposits.close, CloseDeposit(done.deposit.id))
    story = [Event(start, "deposit", yuan("60000.00"))]
    assert wallet(bank, party) == yuan("100000.00") + quoted(bank, product, Agreement(), story, today(bank))
    assert closed.deposit.balance == yuan("0.00")
    days(bank, 1)
    totals_agree(bank)


def test_a_tiered_product_is_sold_where_the_law_allows_it(bank: Bank) -> None:
    party = saver(found(bank))
    command = deposits.OpenDeposit(party, "savings-tiered", yuan("1000.00"), term="1y")
    assert refused(bank, deposits.open_deposit, command) == "products.unknown"


@pytest.mark.long
def test_a_tiered_product_in_the_sandbox(bank: Bank) -> None:
    party = saver(found(bank, "sandbox"))
    start = today(bank)
    done = opened(bank, party, "tiered", "10000.00", term="5y")
    until(bank, add_months(start, 6))
    closed = bank.run(deposits.close, CloseDeposit(done.deposit.id))
    assert closed.interest == yuan("102.50")
    assert refused(bank, deposits.pay_in, PayIn(done.deposit.id, yuan("1.00"))) == "savings.closed"


def test_a_product_on_which_only_whole_yuan_earn(bank: Bank) -> None:
    found(bank)
    source = (products.ROOT / "products" / "savings-demand.toml").read_text(encoding="utf-8")
    whole = source.replace('minimum = "1.00"', 'minimum = "1.00"\nearning_unit = "1.00"')
    agreed(bank.kernel, catalogue.publish, Publish("savings-whole", whole))
    party = saver(bank)
    start = today(bank)
    opened(bank, party, "whole", "999.99")
    settled = settlement_after(start)
    until(bank, settled)
    totals_agree(bank)
    kept = bank.read(lambda tx: store.of_party(tx, party, 1))[0].deposit
    interest = Money(half_up(999_00 * (settled - start).days * Fraction(35, 10_000) / 360), "CNY")
    assert kept.balance == yuan("999.99") + interest
    days(bank, 10)
    totals_agree(bank)
    assert not bank.read(verify_savings).findings
