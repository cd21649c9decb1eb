"""A saver at her phone and a teller at the counter, in Debian's chromium without JavaScript, checked with axe."""

from __future__ import annotations

from datetime import date

from playwright.sync_api import Browser

from farthing.town import people
from tests.conftest import Bank
from tests.doors import serving
from tests.identity.people import staff
from tests.web.test_doors import Visitor, browser, pytestmark, type_the_code

__all__ = ["browser", "pytestmark"]

PHONE = "13912345679"
NUMBER = people.resident_id("陈小满", "web", date(1999, 5, 1), codes=range(100, 200))
TELLER, WITNESS, COUNTER_PASSWORD = "xiao.wang", "lao.zhao", "two people count the drawer"


def test_a_saver_and_a_teller(browser: Browser, bank: Bank) -> None:
    with serving(bank) as base:
        her = Visitor(browser, base, 360, 780, "saver")
        save(her)
        for name in (TELLER, WITNESS):
            staff(bank, name, "teller", COUNTER_PASSWORD)
        serve(Visitor(browser, base, 1280, 900, "teller"), Visitor(browser, base, 1280, 900, "witness"))


def save(her: Visitor) -> None:
    page = her.go("/")
    page.fill("#r-name", "陈小满")
    page.fill("#r-number", NUMBER)
    page.fill("#r-phone", PHONE)
    type_the_code(her)
    her.go("/pay")
    page.fill("#card", "6222021234567890123")
    page.fill("#t-amount", "5000")
    page.locator("form:has(#card) button").click()
    page.click("button:has-text('Confirm')")
    her.go("/savings")
    shown = her.look("compare")
    assert "+CNY 3.3" in shown
    assert "存款保险 insured" in shown
    assert "CNY 500,000.00" in shown
    page.fill("#c-amount", "1")
    page.fill("#c-days", "365")
    page.click("text=比较 Compare")
    assert "+CNY 0.01" in her.look("compare-one-yuan")
    her.go("/savings/open?product=savings-lump-sum")
    page.fill("#amount", "49")
    page.click("text=下一步 Next")
    assert "savings.below_minimum" in her.look("below-minimum")
    her.go("/savings/open?product=savings-lump-sum&amount=1000&term=1y")
    her.look("open")
    page.click("text=下一步 Next")
    shown = her.look("confirm")
    assert "壹仟元整" in shown
    page.click("button:has-text('Confirm')")
    assert "CNY 1,000.00" in her.look("deposit")
    page.fill("#a-withdraw", "100")
    page.click("text=支取 Draw")
    assert "提前支取" in her.look("confirm-withdrawal")
    page.click("button:has-text('Confirm')")
    assert "CNY 900.00" in page.inner_text("main")
    printed = page.request.get(f"{page.url}/statement.pdf")
    assert printed.body().startswith(b"%PDF-")
    page.click("text=全部支取并销户 Close")
    page.click("button:has-text('Confirm')")
    assert "已于" in her.look("closed")
    her.go("/savings/open?product=savings-demand&amount=20")
    page.click("text=下一步 Next")
    page.click("button:has-text('Confirm')")
    her.go("/savings")
    page.fill("#f-savings-baby", "0.01")
    page.click("text=申购 Buy")
    assert "不受存款保险保障" in her.look("confirm-fund")
    page.click("button:has-text('Confirm')")
    assert "申购确认中" in her.look("fund")
    her.go("/home")
    shown = her.look("home")
    assert "Demand" in shown
    assert "Into savings" in shown
    answer = page.request.post(
        page.url.replace("/home", "/savings/dep_x"),
        form={"form_token": page.locator("[name=form_token]").first.get_attribute("value") or "", "step": "dance"},
    )
    assert "web.unknown_step" in answer.text()
    answer = page.request.post(page.url.replace("/home", "/savings/fund"), form={"form_token": "guess", "step": "buy"})
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
    assert "待另一名员工见证" not in desk.look("witnessed")


def serve(desk: Visitor, other: Visitor) -> None:
    sign_in(desk, TELLER)
    page = desk.page
    page.fill("#customer", PHONE)
    page.click("text=查找 Find")
    assert "活期储蓄" not in desk.look("stranger"), "nobody is served who has not proved to be there"
    page.fill("#a-number", NUMBER)
    page.fill("#a-statement", "居民身份证")
    page.click("text=By the document")
    shown = desk.look("unwitnessed")
    assert "待另一名员工见证" in shown and "活期储蓄" not in shown
    assert page.input_value("#customer").startswith("party_")
    see_her_too(other)
    page.reload()
    assert "活期储蓄" in desk.look("customer")
    page.select_option("#product", "savings-notice-grassroots")
    page.fill("#amount", "300")
    assert page.locator("#renewal option").count() == 3
    page.select_option("#notice", "7d")
    page.click("text=下一步 Next")
    assert "收取现金" in desk.look("confirm")
    page.click("button:has-text('Confirm')")
    assert "柜台" in desk.look("deposit")
    page.click("button:has-text('预约支取')")
    page.click("button:has-text('Confirm')")
    assert "Take the notice back" in desk.look("notice")
    page.click("text=Take the notice back")
    page.click("button:has-text('Confirm')")
    page.fill("#a-withdraw", "100.50")
    page.click("text=支取 Draw")
    assert "壹佰元伍角整" in desk.look("confirm-cash")
    page.click("button:has-text('Confirm')")
    assert "CNY 199.50" in desk.look("drawn")
    desk.go("/ops")
    assert "kernel.forbidden" in desk.look("no-books")
