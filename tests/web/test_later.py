"""Payments that go later on pages: chosen beside the amount, reviewed, taken back; and a limit that says when it ends."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser as Chromium

from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_entrance import seen
from tests.web.test_paying import Street, street, yuan

__all__ = ("browser", "pytestmark", "street")


def paid_later(street: Street, amount: str, when: str) -> None:
    asked = {"payee": street.payee(), "amount": amount, "memo": "rent", "when": when}
    shown = street.her.send("/pay", **asked)
    assert "Goes at" in shown.text and f"CNY {amount}" in shown.text
    street.her.send("/pay", **asked, confirmed="1", seen=seen(shown), key=amount)


def test_paid_later_and_taken_back(street: Street) -> None:
    her, before = street.her, street.balance(street.lin)
    assert "In two hours" in her.go(f"/pay/to/{street.payee()}").text
    paid_later(street, "30.00", "two_hours")
    page = her.go("/later")
    assert "goes later" in page.text and "You can take it back until then" in page.text
    assert street.balance(street.lin) == before
    name = re.findall("later_[0-9a-z]{26}", page.text)[0]
    her.send("/later/take-backs", payment=name)
    assert "taken back" in her.go("/later").text
    again = her.send("/later/take-backs", payment=name)
    assert again.status_code == 409 and "was taken back" in again.text


def test_a_limit_says_when_it_ends(street: Street) -> None:
    over = street.her.send("/pay", payee=street.payee(), amount="200000.01", when="now")
    assert over.status_code == 422 and "f-amount-wrong" in over.text and "CNY 200,000.00" in over.text
    assert yuan("200000.01") > street.balance(street.lin)


@pytest.mark.long
def test_the_page_at_360_in_both_languages(street: Street, browser: Chromium) -> None:
    paid_later(street, "30.00", "next_day")
    cookies, paths = street.cookies(), ("/later", f"/pay/to/{street.payee()}")
    found = []
    for path in paths:
        found += faults(browser, street.base, path, "en", widths=(360,), cookies=cookies)
        found += faults(browser, street.base, path, "zh", "dark", True, widths=(320,), cookies=cookies)
    assert not found, found
