"""A saver at her phone and a teller at the counter, in Debian's chromium without JavaScript, checked with axe."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Browser

from farthing.payments.tills import service as tills
from farthing.payments.tills.model import SetUpTill
from farthing.town import people
from tests.conftest import Bank
from tests.doors import serving
from tests.hands import sandbox
from tests.identity.people import staff
from tests.web.test_doors import Visitor, browser, pytestmark, type_the_code

__all__ = ["browser", "pytestmark"]

PHONE = "13912345679"
NUMBER = people.resident_id("陈小满", "web", date(1999, 5, 1), codes=range(100, 200))
TELLER, WITNESS, COUNTER_PASSWORD = "xiao.wang", "lao.zhao", "two people count the drawer"


@pytest.mark.long
def test_a_saver_and_a_teller(browser: Browser, bank: Bank) -> None:
    with serving(bank) as base:
        her = Visitor(browser, base, 360, 780, "saver")
        save(her)
        sandbox(bank)  # where notice may be given of less than 50,000
        for name in (TELLER, WITNESS):
            staff(bank, name, "teller", COUNTER_PASSWORD)
        bank.run(tills.set_up_till, SetUpTill("east-1"))
        serve(Visitor(browser, base, 1280, 900, "teller"), Visitor(browser, base, 1280, 900, "witness"))


def save(her: Visitor) -> None:
    page = her.go("/")
    page.fill("#r-name", "陈小满")
    page.fill("#r-number", NUMBER)
    page.fill("#r-phone", PHONE)
    type_the_code(her)
    her.go("/top-up")
    page.fill("#f-card", "6222021234567890123")
    page.fill("#f-amount", "5000")
    page.locator("form:has(#f-card) button").click()
    page.click("main button:has-text('Top up')")
    her.go("/savings")
    shown = her.look("compare")
    assert "Three months gives CNY" in shown and "CNY 500,000.00" in shown
    page.fill("#f-amount", "1")
    page.fill("#f-days", "365")
    page.click("button:has-text('Compare')")
    shown = her.look("compare-one-yuan")
    assert "Look at the fund" in shown and "+CNY 0.01" not in shown, (
        "a year of one yuan at the rates of today rounds to nothing"
    )
    page.click("a:has-text('Open a deposit')")
    her.look("which")
    page.click("a:has-text('Lump-sum')")
    page.fill("#f-amount", "49")
    page.click("button:has-text('Next')")
    assert "savings.below_minimum" in her.look("below-minimum")
    page.fill("#f-amount", "1000")
    page.click("button:has-text('Next')")
    her.look("terms")
    page.check("[name=term][value='1y']")
    page.click("button:has-text('Next')")
    assert "one thousand yuan" in her.look("confirm")
    page.click("button:has-text('Open it')")
    assert "What happens next" in her.look("receipt")
    page.click("a:has-text('To the deposit')")
    assert "CNY 1,000.00" in her.look("deposit")
    page.click("a:has-text('Draw a part')")
    page.fill("#f-amount", "100")
    page.click("button:has-text('Next')")
    shown = her.look("confirm-withdrawal")
    assert "one hundred yuan" in shown and "CNY 900.00" in shown
    page.click("button:has-text('Confirm')")
    assert "CNY 900.00" in her.look("drawn")
    page.click("a:has-text('To the deposit')")
    printed = page.request.get(f"{page.url}/statement.pdf")
    assert printed.body().startswith(b"%PDF-")
    page.click("button:has-text('Draw all and close')")
    page.click("button:has-text('Confirm')")
    assert "the deposit is closed" in her.look("closed")
    her.go("/savings/open?product=savings-demand")
    page.fill("#f-amount", "20")
    page.click("button:has-text('Next')")
    page.click("button:has-text('Open it')")
    her.go("/savings/fund/savings-baby")
    her.look("fund")
    page.click("a:has-text('Buy')")
    page.fill("#f-amount", "0.01")
    page.click("button:has-text('Next')")
    assert "it is not insured" in her.look("confirm-fund")
    page.click("button:has-text('Confirm')")
    assert "can be taken back" in her.look("fund-order")
    her.go("/home")
    shown = her.look("home")
    assert "Demand" in shown
    assert "Into savings" in shown
    answer = page.request.post(f"{her.base}/savings/fund/savings-baby", form={"form_token": "guess", "step": "buy"})
    assert "web.form_expired" in answer.text()


def sign_in(desk: Visitor, name: str) -> None:
    page = desk.go("/")
    page.fill("#l-name", name)
    page.fill("#l-pass", COUNTER_PASSWORD)
    page.click("button:has-text('Sign in')")
    desk.look("counter")


def see_her_too(desk: Visitor) -> None:
    """The second member of staff sees the customer and the document, which is what makes the document count."""
    sign_in(desk, WITNESS)
    assert "陈小满" in desk.look("awaiting")
    desk.page.fill("#w-1", "居民身份证，照片是本人")
    desk.page.click("text=I saw the customer and the document")
    assert "A second person must see" not in desk.look("witnessed")


def serve(desk: Visitor, other: Visitor) -> None:
    sign_in(desk, TELLER)
    page = desk.page
    page.fill("#f-q", PHONE)
    page.click("button:has-text('Find')")
    assert "Demand" not in desk.look("stranger"), "nobody is served who has not proved to be there"
    page.fill("#f-number", NUMBER)
    page.fill("#f-statement", "居民身份证")
    page.click("text=I compared it with the face")
    assert "Not proved to be here" in desk.look("unwitnessed")
    see_her_too(other)
    page.reload()
    assert "You act for" in desk.look("customer")
    desk.go("/counter/drawer")
    page.fill("[name=n10000]", "0")
    page.click("button:has-text('Open')")
    assert "By the books" in desk.look("drawer") or "In the drawer" in desk.look("drawer")
    page.go_back()
    page.go_back()
    page.click("a:has-text('Open a deposit')")
    page.click("a[href$='product=savings-notice-grassroots']")
    page.fill("#f-amount", "300")
    page.check("[name=notice][value='7d']")
    page.click("text=Show it to the customer")
    assert "Cash that you pay in" in desk.look("confirm")
    page.click("button:has-text('Yes, do it')")
    assert "Passbook" in desk.look("deposit")
    page.click("button:has-text('Give notice')")
    page.click("button:has-text('Yes, do it')")
    assert "Take it back" in desk.look("notice")
    page.click("text=Take it back")
    page.click("button:has-text('Yes, do it')")
    page.fill("#f-out", "100.50")
    page.click("button:has-text('Draw') >> nth=0")
    assert "one hundred" in desk.look("confirm-cash").lower()
    page.click("button:has-text('Yes, do it')")
    assert "199.50" in desk.look("drawn")
    desk.go("/ops")
    assert "kernel.forbidden" in desk.look("no-books")
