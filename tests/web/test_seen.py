"""A page confirms what it showed: what changed meanwhile is shown again, and nothing has moved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
from fastapi import Request

from farthing.kernel.day import close_day
from farthing.kernel.operation import operation_of
from farthing.kit.calendar import add_months
from farthing.kit.errors import InvariantBroken
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.payments import service as payments
from farthing.payments.model import OpenWallet, Transfer
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits.model import OpenDeposit
from farthing.server import application
from farthing.web import ground
from farthing.web.customer.pool import order_of
from farthing.web.depositing import step_of
from farthing.web.forms import Form
from farthing.web.writing import day
from tests.conftest import Bank
from tests.doors import serving
from tests.hands import city
from tests.identity.people import PASSWORD, Person, enrolled
from tests.parties.people import resident_id
from tests.payments.customers import customer
from tests.web.test_entrance import Browser, seen

SINCE = "This has changed since you looked"


@dataclass
class Saver:
    """A customer with money in her wallet, at her browser."""

    bank: Bank
    browser: Browser
    party: str

    def books(self) -> object:
        """Every account with a balance."""
        return self.bank.read(ledger.trial_balance).lines

    def asked_again(self, path: str, key: str, **fields: str) -> httpx.Response:
        """Look, let the day close, confirm what was shown: it is shown anew and nothing has moved; confirm that."""
        before = self.browser.send(path, **fields)
        assert before.status_code == 200 and SINCE not in before.text
        close_day(self.bank.kernel)
        books = self.books()
        now = self.browser.send(path, confirmed="1", seen=seen(before), key=key, **fields)
        assert (now.status_code, SINCE in now.text) == (409, True)
        assert self.books() == books
        assert re.findall('name="key" value="([^"]*)"', now.text)[-1] == key
        done = self.browser.send(path, confirmed="1", seen=seen(now), key=key, **fields)
        assert done.status_code == 303, done.text
        assert self.books() != books
        return now


@pytest.fixture
def saver(bank: Bank) -> Iterator[Saver]:
    city(bank)
    party = customer(bank, 2_000_000)
    with serving(bank) as base:
        browser = Browser(base)
        browser.sign_in(party.phone, PASSWORD)
        browser.go("/pay")
        yield Saver(bank, browser, party.id)


def test_a_deposit_is_opened_for_the_days_that_were_shown(saver: Saver) -> None:
    terms = {"product": "savings-lump-sum", "term": "1y", "amount": "1000"}
    now = saver.asked_again("/savings/open", "open", **terms)
    today = saver.bank.kernel.clock().business_date
    assert day(add_months(today, 12), "en") in now.text


def test_a_draw_pays_the_interest_that_was_shown(saver: Saver) -> None:
    opening = OpenDeposit(saver.party, "savings-lump-sum", Money(1_000_000, "CNY"), term="1y")
    deposit = saver.bank.run(deposits.open_deposit, opening).deposit.id
    close_day(saver.bank.kernel)
    saver.asked_again(f"/savings/{deposit}", "draw", step="close")


def test_an_order_of_a_fund_is_placed_for_the_trading_day_that_was_shown(saver: Saver) -> None:
    saver.asked_again("/savings/fund/savings-baby", "buy", step="buy", amount="10")


def test_a_payment_is_made_to_whom_and_of_what_was_shown(saver: Saver) -> None:
    payee = enrolled(saver.bank, Person("李雷", resident_id(order_code="004"), "13812345679")).party
    other = enrolled(saver.bank, Person("韩梅", resident_id(order_code="006"), "13812345680")).party
    assert payee is not None and other is not None
    for each in (payee, other):
        saver.bank.run(payments.open_wallet, OpenWallet(each.id))
    first, second = (
        saver.browser.send("/pay/payee", phone=each.phone).headers["location"].removeprefix("/pay/to/")
        for each in (payee, other)
    )
    shown = saver.browser.send("/pay", payee=first, amount="3")
    assert "*雷" in shown.text and payee.id not in shown.text
    books = saver.books()
    for changed in ({"payee": second, "amount": "3"}, {"payee": first, "amount": "300"}):
        again = saver.browser.send("/pay", confirmed="1", seen=seen(shown), key="k", **changed)
        assert (again.status_code, SINCE in again.text, saver.books() == books) == (409, True, True)
    assert saver.browser.send("/pay", confirmed="1", key="k", payee=first, amount="3").status_code == 409, (
        "nothing seen"
    )
    done = saver.browser.send("/pay", confirmed="1", seen=seen(shown), key="k", payee=first, amount="3")
    assert done.headers["location"].startswith("/activity/transfer:")
    after = saver.books()
    saver.browser.send("/pay", confirmed="1", seen=seen(shown), key="k", payee=first, amount="3")
    assert saver.books() == after, "pressed twice, it is paid once"


def test_no_page_runs_unshown_what_must_be_seen(bank: Bank) -> None:
    request = Request({"type": "http", "app": application(bank.kernel), "headers": []})
    command = Transfer("party_a", "party_b", Money(1, "CNY"))
    with pytest.raises(InvariantBroken, match="did not show it first"):
        ground.run(request, payments.transfer, command, actor=bank.system)
    with pytest.raises(InvariantBroken, match="nothing that could be confirmed"):
        ground.once_more(
            request, {}, payments.open_wallet, OpenWallet("party_a"), actor=bank.system,
            show=lambda tried, form: ground.page(request, "pay_confirm.html", bank.system),
            then=lambda done: ground.to("/"),
        )  # fmt: skip


def test_whatever_these_pages_ask_to_confirm_says_what_must_be_seen(bank: Bank) -> None:
    fields = {"amount": "1", "fund": "f", "for_on": "2026-06-10"}
    for step in ("pay_in", "withdraw", "close", "notify", "cancel_notice", "renew"):
        asked, _ = step_of("dep_1", Form({**fields, "step": step}, bank.kernel), "wallet")
        assert operation_of(asked).confirm is not None, step
    for step in ("buy", "redeem", "redeem_now"):
        assert (
            operation_of(order_of("party_a", "f", Form({**fields, "step": step}, bank.kernel))[0]).confirm is not None
        ), step
