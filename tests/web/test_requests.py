"""Requests to pay and split bills as people meet them on pages: asked after a review, paid once, declined, blocked, split."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser as Chromium

from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_entrance import Browser, seen
from tests.web.test_packets import wang
from tests.web.test_paying import Street, street, yuan
from tests.web.test_saving import words

__all__ = ("browser", "pytestmark", "street")


def asked(street: Street, him: Browser, amount: str = "12.50", reason: str = "面条") -> str:
    """He asks her; answers the address of the request."""
    found = him.send("/requests/people", phone=street.lin.phone)
    payee = str(found.headers["location"]).removeprefix("/requests/of/")
    assert "Ask <bdi>" in him.go(f"/requests/of/{payee}").text
    fields = {"whom": payee, "amount": amount, "reason": reason}
    shown = him.send("/requests", **fields)
    for told in (f"CNY {amount}", reason, "Good until"):
        assert told in shown.text, told
    done = him.send("/requests", **fields, confirmed="1", seen=seen(shown), key=f"ask {amount}")
    return str(done.headers["location"])


def test_asked_seen_paid_once_and_shown_to_both(street: Street) -> None:
    him, her = wang(street), street.her
    him.go("/requests")
    address = asked(street, him)
    request = address.rpartition("/")[2]
    before = street.balance(street.lin)
    page = her.go(address)
    assert "asks you to pay" in words(page) and "面条" in page.text and street.wang.phone not in page.text
    assert "party_" not in page.text and "You are asked" in her.go("/requests").text
    shown = her.send("/requests/payments", request=request)
    assert "CNY 12.50" in shown.text and "at once" in shown.text
    fields = {"request": request, "confirmed": "1", "seen": seen(shown), "key": "k"}
    first, second = her.send("/requests/payments", **fields), her.send("/requests/payments", **fields)
    assert first.headers["location"] == second.headers["location"]
    assert street.balance(street.lin) == before - yuan("12.50")
    assert "Show the payment" in him.go(address).text
    refused = her.send("/requests/refusals", request=request)
    assert refused.status_code >= 400 and "no longer open" in refused.text


def test_declined_with_a_word_reminded_withdrawn_and_blocked(street: Street) -> None:
    him, her = wang(street), street.her
    him.go("/requests")
    first, second = asked(street, him, "1.00"), asked(street, him, "2.00")
    him.send("/requests/reminders", request=first.rpartition("/")[2])
    assert "reminded on" in her.go(first).text
    her.send("/requests/refusals", request=first.rpartition("/")[2], word="in cash")
    assert "in cash" in him.go(first).text
    her.send("/requests/refusals", request=second.rpartition("/")[2], block="1")
    assert "declined" in him.go(second).text
    shown = her.go("/requests")
    assert "Whose requests you do not take" in shown.text
    found = him.send("/requests/people", phone=street.lin.phone)
    payee = str(found.headers["location"]).removeprefix("/requests/of/")
    refused = him.send("/requests", whom=payee, amount="3")
    assert "takes no requests" in refused.text


def test_a_bill_is_split_after_a_review(street: Street) -> None:
    her, payee = street.her, street.payee()
    shown = her.send("/pay", payee=payee, amount="1")
    her.send("/pay", payee=payee, amount="1", confirmed="1", seen=seen(shown), key="pay")
    assert f"with-{payee}" in her.go("/bills").text
    fields = {"amount": "0.03", "reason": "晚饭", "own": "1", f"with-{payee}": "1"}
    shown = her.send("/bills", **fields)
    assert "CNY 0.02" in shown.text and "CNY 0.01" in shown.text, "the maker bears the fen that is left over"
    done = her.send("/bills", **fields, confirmed="1", seen=seen(shown), key="bill")
    page = her.go(str(done.headers["location"]))
    assert "晚饭" in page.text and "Your own part" in page.text and "waits" in page.text
    wrong = her.send("/bills", **{**fields, f"part-{payee}": "5"})
    assert wrong.status_code >= 400 and "f-amount" in wrong.text


def test_a_bill_is_split_with_somebody_whom_the_phone_finds(street: Street) -> None:
    her = street.her
    assert "with-" not in her.go("/bills").text
    refused = her.send("/bills/people", phone="139 0000 0000")
    assert refused.status_code >= 400 and "f-phone" in refused.text
    found = her.send("/bills/people", phone=street.wang.phone)
    page = her.go(str(found.headers["location"]))
    payee = re.findall(r'name="with-(payee_[0-9a-z]+)"', page.text)[0]
    assert "**明" in page.text and f'value="{payee}"' in page.text, "who is looked up next comes beside him"
    fields = {"amount": "0.03", "own": "1", f"with-{payee}": "1"}
    assert "**明" in her.send("/bills", **{**fields, "amount": "many"}).text, "a form that comes back keeps him"
    shown = her.send("/bills", **fields)
    done = her.send("/bills", **fields, confirmed="1", seen=seen(shown), key="bill")
    assert "**明" in her.go(str(done.headers["location"])).text


@pytest.mark.long
def test_the_pages_at_360_in_both_languages(street: Street, browser: Chromium) -> None:
    him, cookies = wang(street), street.cookies()
    him.go("/requests")
    address = asked(street, him)
    found = []
    for path in ("/requests", address):
        found += faults(browser, street.base, path, "en", widths=(360,), cookies=cookies)
        found += faults(browser, street.base, path, "zh", "dark", True, widths=(320,), cookies=cookies)
    assert not found, found
