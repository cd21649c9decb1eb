"""Deposits on a real database: opened, paid in, drawn, settled and closed, to the fen and in balance."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from farthing.identity.rules import actor_of
from farthing.kernel import approvals, attendance
from farthing.kernel.approvals import Decide
from farthing.kernel.run import Pending
from farthing.kit.calendar import add_months
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.ledger.audit.service import verify
from farthing.parties import service as parties
from farthing.parties.model import RegisterOrganisation, VerifyIdentity
from farthing.payments.tills.audit_service import verify_tills
from farthing.payments.wallets import wallet_path
from farthing.savings.audit.service import verify as verify_savings
from farthing.savings.deposits import passbook_service as passbook
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits.model import CloseDeposit, PayIn, Withdraw
from farthing.savings.deposits.papers import INTEREST_CERTIFICATE, STATEMENT
from tests.conftest import Bank
from tests.hands import by_document
from tests.ledger.books import work
from tests.parties.people import credit_code
from tests.payments.drawers import drawer
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


@pytest.mark.long
def test_demand_savings_earn_by_the_quarter(bank: Bank) -> None:
    found(bank)
    party = saver(bank)
    if (settlement := settlement_after(today(bank))) - today(bank) <= timedelta(days=15):
        until(bank, settlement)
    start = today(bank)
    done = opened(bank, party, "demand", "10000.00")
    deposit = done.deposit.id
    assert wallet(bank, party) == yuan("90000.00")
    days(bank, 10)
    bank.run(deposits.pay_in, PayIn(deposit, yuan("5000.00")))
    days(bank, 5)
    bank.run(deposits.withdraw, Withdraw(deposit, yuan("2000.00")))
    settled = settlement_after(today(bank))
    until(bank, settled)
    kept = (settled - start).days
    balance_days = 10000 * kept + 5000 * (kept - 10) - 2000 * (kept - 15)
    interest = Money(half_up(balance_days * 100 * Fraction(35, 10_000) / 360), "CNY")
    balance = bank.read(lambda tx: ledger.balance(tx, done.deposit.account)).owed()
    assert balance == yuan("13000.00") + interest
    closed = bank.run(deposits.close, CloseDeposit(deposit))
    assert closed.paid_out == balance
    assert wallet(bank, party) == yuan("100000.00") + interest
    assert not bank.read(verify).findings
    assert refused(bank, deposits.pay_in, PayIn(deposit, yuan("1.00"))) == "savings.closed"


@pytest.mark.long
def test_accrual_is_one_entry_a_product_and_meets_what_is_paid(bank: Bank) -> None:
    found(bank)
    first, second = saver(bank, 1), saver(bank, 2)
    opened(bank, first, "demand", "20000.00")
    term = opened(bank, second, "lump-sum", "50000.00", term="3m")
    days(bank, 30)
    payable = bank.read(lambda tx: ledger.balances(tx, "liabilities:interest-payable:savings"))
    owed = {each.path.rpartition(":")[2]: each.owed() for each in payable}
    kept = term.deposit.matures_on - term.deposit.opened_on
    assert owed["lump-sum"] == Money(half_up(5_000_000 * Fraction(185, 10_000) / 4 * 30 / kept.days), "CNY")
    matures_on = term.deposit.matures_on
    assert matures_on is not None
    until(bank, matures_on)
    closed = bank.run(deposits.close, CloseDeposit(term.deposit.id))
    assert closed.interest == yuan("231.25")
    days(bank, 1)
    after = bank.read(lambda tx: ledger.balance(tx, "liabilities:interest-payable:savings:lump-sum")).owed()
    assert after == yuan("0.00")
    expense = bank.read(lambda tx: ledger.balance(tx, "expenses:interest:savings:lump-sum")).owed()
    assert expense == yuan("231.25")
    assert timedelta(0) < matures_on - term.deposit.opened_on


def test_who_may_act_and_read(bank: Bank) -> None:
    found(bank)
    owner, other = saver(bank, 1), saver(bank, 2)
    deposit = opened(bank, owner, "demand", "100.00").deposit.id
    stranger = actor_of("customer:x", "customer", other)
    partner = actor_of("partner:p", "partner", None)
    teller = actor_of("teller:t", "teller", None)
    draw = Withdraw(deposit, yuan("1.00"))
    assert refused(bank, deposits.withdraw, draw, actor=stranger) == "kernel.not_yours"
    for actor in (stranger, partner):
        with pytest.raises(Refusal) as caught:
            bank.read(lambda tx: passbook.worth(tx, deposit), actor=actor)
        assert caught.value.code == "savings.not_yours"
    with pytest.raises(Refusal) as caught:
        bank.kernel.ask(passbook.deposits, owner, actor=teller)
    assert caught.value.code == "kernel.customer_not_there"
    number = bank.read(lambda tx: parties.party(tx, owner)).number
    bank.run(parties.verify_identity, VerifyIdentity(owner))
    by_document(bank, owner, number, teller)
    assert bank.kernel.ask(passbook.deposits, owner, actor=teller)[0].balance == yuan("100.00")
    cash = Withdraw(deposit, yuan("1.00"), "counter")
    mine = actor_of("customer:o", "customer", owner)
    assert refused(bank, deposits.withdraw, cash, actor=mine) == "savings.cash_not_allowed"
    assert refused(bank, deposits.withdraw, cash, actor=teller) == "payments.no_drawer"
    drawer(bank, teller)
    assert refused(bank, deposits.withdraw, cash, actor=teller) == "ledger.insufficient_funds"
    bank.run(deposits.pay_in, PayIn(deposit, yuan("5.00"), "counter"), actor=teller)
    bank.run(deposits.withdraw, cash, actor=teller)
    assert bank.read(lambda tx: ledger.balance(tx, "assets:cash:counter-main")).owed() == yuan("4.00")


def test_a_teller_counts_out_large_cash_only_with_a_second_person(bank: Bank) -> None:
    found(bank)
    owner = saver(bank, 1, wallet="40000.00")
    first, second = (opened(bank, owner, "demand", "20000.00").deposit.id for _ in range(2))
    teller = actor_of("teller:t", "teller", None)
    bank.kernel.tidy(lambda tx: attendance.record(replace(tx, actor=teller), owner, "document"))
    drawer(bank, teller)
    bank.run(deposits.pay_in, PayIn(first, yuan("9000.00"), "counter"), actor=teller)
    bank.run(deposits.withdraw, Withdraw(second, yuan("6000.00"), "counter"), actor=teller)
    draw = Withdraw(first, yuan("6000.00"), "counter")
    for function, command in ((deposits.withdraw, draw), (deposits.close, CloseDeposit(first, "counter"))):
        bank.run(deposits.pay_in, PayIn(second, yuan("30000.00"), "counter"), actor=teller)
        assert isinstance(bank.run(function, command, actor=teller), Pending)
    freed = Withdraw(first, yuan("6000.00"), "wallet")
    assert not isinstance(bank.run(deposits.withdraw, freed, actor=teller), Pending)
    assert isinstance(bank.run(deposits.withdraw, freed, actor=teller), Pending), "into the wallet in pieces, too"


def test_what_a_closed_wallet_could_not_take_is_paid_at_the_counter(bank: Bank) -> None:
    found(bank)
    party = saver(bank, wallet="50000.00")
    deposit = opened(bank, party, "interest-drawn", "50000.00", term="1y", every="1m").deposit.id
    work(bank, lambda tx: ledger.close_account(tx, wallet_path(party, "CNY", "CNY")))
    days(bank, 40)
    teller = actor_of("teller:t", "teller", None)
    drawer(bank, teller, cash=yuan("60000.00"))
    bank.kernel.tidy(lambda tx: attendance.record(replace(tx, actor=teller), party, "document"))
    asked = bank.run(deposits.close, CloseDeposit(deposit, "counter"), actor=teller)
    second = actor_of("teller:u", "teller", None)
    agreed = bank.run(approvals.decide, Decide(asked.approval_id, approve=True), actor=second)
    left = bank.read(lambda tx: ledger.balance(tx, "assets:cash:counter-main")).owed()
    assert yuan("60000.00") - left == Money(json.loads(agreed.result_json)["paid_out"]["minor"], "CNY")
    days(bank, 1)
    assert not bank.read(verify_savings).findings
    assert not bank.read(verify_tills).findings


def test_worth_on_past_and_future_days_and_papers(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    party = saver(found(bank))
    bank.run(parties.appoint_institution, RegisterOrganisation("测试银行", credit_code("400099999"), "021-60000000"))
    start = today(bank)
    deposit = opened(bank, party, "lump-sum", "10000.00", term="1y").deposit.id
    days(bank, 10)
    bank.run(deposits.withdraw, Withdraw(deposit, yuan("4000.00")))
    days(bank, 5)

    def worth(day: date) -> tuple[Money, str]:
        found = bank.read(lambda tx: passbook.worth(tx, deposit, day))
        return found.balance, found.accrued

    assert worth(start) == (yuan("10000.00"), "0")
    before = worth(start + timedelta(days=9))
    assert before[0] == yuan("10000.00")
    matures_on = add_months(start, 12)
    assert worth(matures_on) == (yuan("6000.00"), "135")
    certificate = bank.read(lambda tx: passbook.printed(tx, deposit, INTEREST_CERTIFICATE))
    assert certificate.pdf.startswith(b"%PDF")
    monkeypatch.setattr(passbook, "MOST_LINES", 1)
    with pytest.raises(Refusal) as caught:
        bank.read(lambda tx: passbook.printed(tx, deposit, STATEMENT))
    assert caught.value.code == "savings.paper_long", "a paper of ten thousand movements takes a minute and a gigabyte"
    lines = bank.read(lambda tx: passbook.statement(tx, deposit)).events
    assert [each.what for each in lines] == ["open", "withdraw"]
    assert bank.read(lambda tx: passbook.cover(tx, party)).badge.insured
    given = bank.read(lambda tx: passbook.comparison_for(tx, party, yuan("1000.00"), start + timedelta(days=105)))
    assert given[0].gain >= given[-1].gain
    reckoned = passbook._what_each_gives.cache_info().misses
    until = start + timedelta(days=105)
    nobodys = bank.read(lambda tx: passbook.comparison(tx, yuan("1000.00"), until))
    assert passbook._what_each_gives.cache_info().misses == reckoned, "what a product gives is the same for everybody"
    assert [each.gain for each in nobodys] == [each.gain for each in given]
    left = {each.badge.cover_left for each in given if each.badge.insured} - {None}
    assert left != {each.badge.cover_left for each in nobodys if each.badge.insured} - {None}, "her own cover is hers"
