"""Both doors walked in Debian's chromium without JavaScript, with screenshots kept and accessibility checked."""

from __future__ import annotations

import random
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from farthing.credit.bills.sample import graduate_bill
from farthing.kit.canonical import canonical
from farthing.town import people
from tests.conftest import Bank
from tests.doors import OPERATOR_PASSWORD, serving
from tests.web.eyes import browser, pictured, pytestmark, serious

NUMBER = people.resident_id("林美", "web", date(2001, 5, 1), codes=range(100, 200))
PASSWORD = "a sentence that is mine"
__all__ = ["browser", "pytestmark"]


class Visitor:
    """A person at a page: looks, keeps a picture, and has the page checked with axe."""

    def __init__(self, browser: Browser, base: str, width: int, height: int, name: str) -> None:
        view = {"width": width, "height": height}
        self.page = browser.new_context(viewport=view, java_script_enabled=False, locale="en-GB").new_page()
        # The twin is dressed after it is there: a colour that is on its way to its own has no contrast yet.
        self.checked = browser.new_context(viewport=view, locale="en-GB", bypass_csp=True, reduced_motion="reduce")
        self.base, self.name, self.count = base, name, 0

    def go(self, path: str) -> Page:
        self.page.goto(f"{self.base}{path}")
        return self.page

    def look(self, what: str) -> str:
        self.count += 1
        pictured(self.page, f"{self.name}-{self.count:02}-{what}")
        self.checked.add_cookies(self.page.context.cookies())
        twin = self.checked.pages[0] if self.checked.pages else self.checked.new_page()
        twin.set_content(self.page.content().replace('="/static', f'="{self.base}/static'))
        found = serious(twin)
        assert not found, f"{what}: {found}"
        return self.page.inner_text("main")


@pytest.mark.long
def test_a_borrower_is_paid_and_an_operator_sees_it(browser: Browser, bank: Bank, tmp_path: Path) -> None:
    with serving(bank) as base:
        today = bank.kernel.clock().business_date
        bill = tmp_path / "alipay.csv"
        content = graduate_bill(random.Random(7), today - timedelta(days=1), "林美")
        bill.write_bytes(content)
        seal = bank.kernel.ports.peer("channel", "sandbox").seal(content, NUMBER)
        bill.with_suffix(".json").write_bytes(canonical(seal))
        her = Visitor(browser, base, 360, 780, "borrower")
        borrow(her, bill)
        desk = Visitor(browser, base, 1280, 900, "operator")
        operate(desk)


def type_the_code(her: Visitor) -> None:
    """Ask for a code, look it up where the gateway named sandbox shows it, and choose a password."""
    page = her.page
    page.click("button:has-text('Send me a code')")
    her.look("code")
    href = page.get_attribute("a[href^='/sandbox/messages']", "href")
    beside = page.context.new_page()
    beside.goto(f"{her.base}{href}")
    code = re.findall("验证码 ([0-9]{6})", beside.inner_text("main"))[0]
    beside.close()
    page.fill("#c-code", code)
    page.fill("#r-pass", PASSWORD)
    page.click("text=Register and verify")


def borrow(her: Visitor, bill: Path) -> None:
    page = her.go("/")
    her.look("front")
    page.fill("#r-name", "林美")
    page.fill("#r-number", NUMBER)
    page.fill("#r-phone", "13912345678")
    type_the_code(her)
    assert "CNY 0.00" in her.look("home-empty")
    her.go("/history")
    page.set_input_files("#bill", bill)
    page.set_input_files("#seal", bill.with_suffix(".json"))
    page.check("#agree")
    page.click("button:has-text('Import the bill')")
    assert "Your bill was imported." in her.look("history")
    her.go("/apply")
    page.check("input[value='rainy-day-loan']")
    page.fill("#amount", "800,000")
    page.fill("#purpose", "母亲住院")
    page.click("button:has-text('See the answer')")
    assert "lending.outside_product" in her.look("refused")
    assert page.input_value("#amount") == "800,000"
    page.fill("#amount", "8,000")
    her.look("apply")
    page.click("button:has-text('See the answer')")
    offer = her.look("offer")
    assert "CNY 8,000.00" in offer
    assert "12.68%" in offer
    page.click("text=All it rests on")
    assert "Yes, and why" in her.look("decision")
    page.go_back()
    page.click("text=Accept and read the contract")
    her.look("contract")
    page.click("text=Sign and be paid")
    assert "Paid out: CNY 8,000.00 is in your wallet." in her.look("loan")
    her.go("/home")
    assert "CNY 8,000.00" in her.look("home")
    her.go("/top-up")
    page.fill("#f-card", "6222021234567890123")
    page.fill("#f-amount", "100")
    page.locator("form:has(#f-card) button").click()
    assert "one hundred yuan" in her.look("confirm")
    page.click("main button:has-text('Top up')")
    assert "+CNY 100.00" in her.look("topped-up")
    her.go("/home")
    assert "CNY 8,100.00" in her.look("home-topped-up")
    page.click("button:has-text('Large text')")
    her.look("home-large")


def operate(desk: Visitor) -> None:
    page = desk.go("/")
    page.fill("#l-name", "operator")
    page.fill("#l-pass", OPERATOR_PASSWORD)
    page.click("button:has-text('Sign in')")
    assert "Is the bank in order?" in desk.look("overview")
    desk.go("/ops/entries")
    assert "disbursement" in desk.look("entries")
    desk.go("/ops/accounts?prefix=liabilities:wallets")
    desk.look("accounts")
    page.locator("td a.id").first.click()
    assert "8,100.00" in desk.look("statement")
    desk.go("/ops/trial-balance")
    assert "come to the same" in desk.look("trial-balance")
    page = desk.go("/ops/verify")
    page.click("main button")
    assert "and agrees" in desk.look("verify")
    desk.go("/ops/day")
    page.check("[name=looked]")
    page.click("main button:has-text('Close')")
    assert "What closing" in desk.look("closed")


@pytest.mark.long
def test_a_form_from_elsewhere_is_refused(browser: Browser, bank: Bank) -> None:
    with serving(bank) as base:
        visitor = Visitor(browser, base, 800, 600, "forged")
        page = visitor.go("/")
        page.fill("#l-name", "operator")
        page.fill("#l-pass", OPERATOR_PASSWORD)
        page.click("button:has-text('Sign in')")
        visitor.go("/me")
        assert "this one" in visitor.look("me")
        forged = page.request.post(f"{base}/ops/day", form={"form_token": "guess"})
        assert forged.status == 403
        assert "web.form_expired" in forged.text()
