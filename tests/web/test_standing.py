"""Standing payments on pages: arranged after a review of their days, followed, stopped with one tap."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Browser as Chromium

from farthing.payments.standing import due_service as due
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_entrance import seen
from tests.web.test_paying import Street, street, yuan
from tests.web.test_saving import words

__all__ = ("browser", "pytestmark", "street")


def arranged(street: Street, **fields: str) -> str:
    """Arrange a payment through its review; answers the address of its page."""
    payee, today = street.payee(), street.bank.kernel.clock().business_date
    asked = {"whom": payee, "amount": "10", "first_on": today.isoformat(), "every": "month", "memo": "房租", **fields}
    shown = street.her.send("/standing", **asked)
    assert shown.status_code == 200, shown.text
    for told in ("CNY 10.00", "each month", "房租", "tried again"):
        assert told in shown.text, told
    done = street.her.send("/standing", **asked, confirmed="1", seen=seen(shown), key="k")
    return str(done.headers["location"])


def test_arranged_paid_and_stopped(street: Street) -> None:
    street.her.go("/standing")
    before = street.balance(street.wang)
    address = arranged(street)
    due.watch(street.bank.kernel)
    assert street.balance(street.wang) == before + yuan("10.00")
    page = street.her.go(address)
    assert (
        "in force" in page.text
        and "What became of it" in page.text
        and "**明" in page.text
        and "party_" not in page.text
    )
    stopped = street.her.send("/standing/stops", order=address.rpartition("/")[2])
    page = street.her.go(str(stopped.headers["location"]))
    assert "stopped" in page.text and "Stop it" not in page.text
    assert "stopped" in words(street.her.go("/standing"))


def test_somebody_who_was_never_paid_is_found_by_the_phone(street: Street) -> None:
    street.her.go("/standing")
    found = street.her.send("/standing/people", phone=street.wang.phone)
    assert "**明" in street.her.go(str(found.headers["location"])).text
    refused = street.her.send("/standing/people", phone="139 0000 0000")
    assert refused.status_code >= 400 and "f-phone" in refused.text


def test_what_cannot_be_comes_back_at_its_field(street: Street) -> None:
    payee, today = street.payee(), street.bank.kernel.clock().business_date
    asked = {"whom": payee, "amount": "10", "first_on": (today - timedelta(days=1)).isoformat(), "every": "week"}
    refused = street.her.send("/standing", **asked)
    assert refused.status_code >= 400 and "f-first_on" in refused.text
    refused = street.her.send("/standing", **{**asked, "first_on": today.isoformat(), "total": "5"})
    assert refused.status_code >= 400 and "f-until" in refused.text


@pytest.mark.long
def test_the_pages_at_360_in_both_languages(street: Street, browser: Chromium) -> None:
    address, cookies = arranged(street), street.cookies()
    due.watch(street.bank.kernel)
    found = []
    for path in (address, f"/standing/to/{street.payee()}"):
        found += faults(browser, street.base, path, "en", widths=(360,), cookies=cookies)
        found += faults(browser, street.base, path, "zh", "dark", True, widths=(320,), cookies=cookies)
    assert not found, found
