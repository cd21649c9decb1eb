"""Where my money went, on pages: brought by consent, one page that says it, her own word, taken back."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import Browser as Chromium

from tests.payments.home.test_home import BANK, BILL
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_paying import Street, street
from tests.web.test_saving import words

__all__ = ("browser", "pytestmark", "street")


def bring(street: Street, content: bytes, **fields: str) -> httpx.Response:
    street.her.go("/money/accounts")
    return street.her.send_file("/money/statements", "bill", content, **{"agreed": "1", **fields})


def test_brought_seen_named_and_taken_back(street: Street) -> None:
    assert "Nothing is known of this month" in street.her.go("/money?month=2026-05").text
    for content in (BILL, BANK):
        brought = bring(street, content)
        assert brought.status_code == 303, brought.text
    page = street.her.go(str(brought.headers["location"]))
    assert "4 rows, 4 of them new" in page.text and "1234" in page.text
    page = street.her.go("/money?month=2026-05")
    text = words(page)
    for told in (
        "Home and rent took most: CNY 500.00",
        "CNY 5,771.00",
        "CNY 628.00",
        "2 payments stand in two statements",
    ):
        assert told in text, told
    listed = street.her.go("/money/movements?month=2026-05&category=groceries")
    row = listed.text.partition("/money/categories?row=")[2].partition('"')[0]
    assert "永辉超市" in street.her.go(f"/money/categories?row={row}").text
    street.her.send("/money/categories", row=row.replace("%3A", ":"), category="shopping", month="2026-05")
    assert "Shopping" in words(street.her.go("/money?month=2026-05"))
    street.her.send("/money/removals", account="")
    assert "Food and drink" not in street.her.go("/money?month=2026-05").text


def test_what_is_refused_comes_back_at_its_field(street: Street) -> None:
    street.her.go("/money/accounts")
    assert "web.statement_missing" in street.her.send("/money/statements", agreed="1").text
    page = bring(street, BANK, agreed="")
    assert page.status_code == 422 and "f-agreed" in page.text
    page = bring(
        street, "交易日期,交易说明,交易币种/金额,入账币种/金额\n2025-01-10,消费 美团,CNY 1.00,CNY 1.00\n".encode()
    )
    assert page.status_code == 422 and "last four digits" in page.text


@pytest.mark.long
def test_the_pages_stand_at_360_pixels_in_both_languages(street: Street, browser: Chromium) -> None:
    for content in (BILL, BANK):
        bring(street, content)
    cookies, found = street.cookies(), []
    for path in ("/money?month=2026-05", "/money/movements?month=2026-05", "/money/accounts"):
        found += faults(browser, street.base, path, "en", widths=(360,), cookies=cookies)
        found += faults(browser, street.base, path, "zh", "dark", True, widths=(320,), cookies=cookies)
    assert not found, found
