"""Files of payment orders on pages: brought, looked at, agreed to once, followed to their end, answered for as a file."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser as Chromium

from farthing.kernel import errands
from farthing.payments.iso20022 import initiation
from farthing.payments.iso20022.schema import tree_of
from farthing.payments.orders import making_service as making
from tests.payments.life.house import DECLINES
from tests.payments.orders.files import Order, said, written
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_entrance import seen
from tests.web.test_paying import WANG, Street, street, yuan
from tests.web.test_saving import words

__all__ = ("browser", "pytestmark", "street")


def brought(street: Street, *some: Order, message: str = "WAGES-6") -> str:
    """Bring a file; answers the address of its page."""
    content = written(street.lin.id, some, message, on=street.bank.kernel.clock().business_date)
    done = street.her.send_file("/orders", "file", content)
    assert done.status_code == 303, words(done)
    return str(done.headers["location"])


def wages() -> list[Order]:
    return [
        Order("W-1", "10.00", WANG.phone, WANG.name, phone=True), Order("W-2", "3.001"), Order("W-3", "4.00", DECLINES),
        Order("W-4", "5.00"),
    ]  # fmt: skip


def test_brought_looked_at_agreed_to_and_followed(street: Street) -> None:
    street.her.go("/orders")
    address, before = brought(street, *wages()), street.balance(street.wang)
    page = street.her.go(address)
    for told in ("WAGES-6", "CNY 19.00", "In your wallet", "3.001", "the amount has more decimals", "waits"):
        assert told in page.text, told
    name = address.rpartition("/")[2]
    shown = street.her.send("/orders/agreements", file=name)
    assert "Please confirm" in shown.text and "CNY 19.00" in shown.text and street.balance(street.wang) == before
    for _ in range(2):
        done = street.her.send("/orders/agreements", file=name, confirmed="1", seen=seen(shown), key="k")
        assert done.headers["location"] == address
    making.watch(street.bank.kernel)
    errands.sweep(street.bank.kernel, everything=True)
    assert street.balance(street.wang) == before + yuan("10.00")
    page = street.her.go(address)
    assert "too little money on the account" in page.text and "agreed to" in words(street.her.go("/orders"))
    street.her.go(address)
    answer = street.her.go(f"{address}/report.xml")
    root = tree_of(answer.content, initiation.REPORT)[1]
    assert said(root, "GrpSts") == "PART" and "attachment" in answer.headers["content-disposition"]


def test_what_is_wrong_with_a_file_is_told_at_its_field(street: Street) -> None:
    street.her.go("/orders")
    content = written("party_other", [Order("A")])
    for wrong, told in ((b"<a/>", "pain.001.001.09 is read here"), (content, "DbtrAcct")):
        refused = street.her.send_file("/orders", "file", wrong)
        assert refused.status_code >= 400 and told in words(refused), words(refused)


@pytest.mark.long
def test_the_pages_at_360_in_both_languages(street: Street, browser: Chromium) -> None:
    address, cookies = brought(street, *wages()), street.cookies()
    found = []
    for path in ("/orders", address):
        found += faults(browser, street.base, path, "en", widths=(360,), cookies=cookies)
        found += faults(browser, street.base, path, "zh", "dark", True, widths=(320,), cookies=cookies)
    assert not found, found
