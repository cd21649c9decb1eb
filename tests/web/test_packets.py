"""Red packets as people meet them on pages: sent after a review, shared by a code, opened once, and who got what."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Browser as Chromium

from farthing.kit.money import Money
from farthing.payments.packets import ending_service as ending
from farthing.payments.packets import paper
from tests.hands import law
from tests.identity.people import PASSWORD
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_entrance import Browser, seen
from tests.web.test_paying import Street, street, yuan
from tests.web.test_saving import words

__all__ = ("browser", "pytestmark", "street")
LATER = "UPDATE packet_taken SET ends_at = ends_at - interval '25 hours'"


def sent(street: Street, **fields: str) -> str:
    """Send a packet through its review; answers the address of its page."""
    asked = {"kind": "lucky", "amount": "10", "shares": "2", "greeting": "新年快乐", **fields}
    shown = street.her.send("/packets", **asked)
    assert shown.status_code == 200, shown.text
    done = street.her.send("/packets", **asked, confirmed="1", seen=seen(shown), key=fields.get("greeting", "k"))
    return str(done.headers["location"])


def wang(street: Street) -> Browser:
    him = Browser(street.base)
    him.sign_in(street.wang.phone, PASSWORD)
    return him


def test_a_packet_is_sent_shared_opened_once_and_shown(street: Street) -> None:
    her = street.her
    before = street.balance(street.lin)
    shown = her.send("/packets", kind="lucky", amount="10", shares="2", greeting="新年快乐")
    for told in ("CNY 10.00", "ten yuan", "Lucky red packet", "whoever has the link", "新年快乐", "none"):
        assert told in shown.text, told
    address = sent(street)
    assert street.balance(street.lin) == before - yuan("10.00")
    page = her.go(address)
    assert "svg" in page.text and f'href="{street.base}{address}"' in page.text and "0 of 2 opened" in words(page)
    him = wang(street)
    closed = him.go(address)
    assert "Open the red packet" in closed.text and "CNY" not in words(closed).partition("How it was split")[0]
    opened = him.go(him.send("/packets/openings", packet=address.rpartition("/")[2], key="o").headers["location"])
    assert "It is in your wallet" in opened.text and "Who got what" in opened.text
    held = street.balance(street.wang)
    again = him.send("/packets/openings", packet=address.rpartition("/")[2], key="p")
    assert again.status_code == 303 and street.balance(street.wang) == held, "a second press shows what he has"
    assert "1 of 2 opened" in words(her.go(address)) and "**明" in her.go(address).text
    assert "party_" not in her.go(address).text + opened.text
    with street.bank.superuser() as connection:
        connection.execute(LATER)
    ending.watch(street.bank.kernel)
    over = her.go(address)
    assert "came back to your wallet" in over.text and "time is over" in over.text
    told = him.go(f"{address}/paper")
    checked = paper.check(paper.read(told.text))
    assert not checked.differs and json.loads(told.text)["packet_id"] in told.headers["content-disposition"]
    assert "Red packet" in her.go("/home").text and "Red packet sent" in her.go("/activity").text


def test_a_packet_for_people_one_paid_before(street: Street) -> None:
    payee = street.payee()
    shown = street.her.send("/pay", payee=payee, amount="1")
    street.her.send("/pay", payee=payee, amount="1", confirmed="1", seen=seen(shown), key="pay")
    page = street.her.go("/packets")
    name = re.findall(r'name="(to-payee_[0-9a-z]+)"', page.text)[0]
    address = sent(street, **{name: "1", "shares": "1"})
    assert "Open the red packet" in wang(street).go(address).text


def test_whoever_is_not_signed_in_comes_back_to_the_packet(street: Street) -> None:
    address = sent(street)
    answer = Browser(street.base).go(address)
    assert address.rpartition("/")[2] in answer.text + str(answer.url), "the way back is kept"


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"amount": "0.01"}, "f-shares"), ({"shares": "many"}, "f-shares"), ({"amount": "5000"}, "f-amount"),
     ({"shares": "101", "amount": "200"}, "f-shares"), ({"greeting": "福" * 40}, "f-greeting")],
)  # fmt: skip
def test_what_is_wrong_stands_at_its_field(street: Street, fields: dict[str, str], field: str) -> None:
    law(street.bank)
    answer = street.her.send("/packets", **{"kind": "lucky", "amount": "10", "shares": "2", **fields})
    assert answer.status_code >= 400 and field in answer.text, answer.text[:3000]


@pytest.mark.long
def test_the_pages_at_360_in_both_languages(street: Street, browser: Chromium) -> None:
    address, cookies = sent(street), street.cookies()
    wang(street).send("/packets/openings", packet=address.rpartition("/")[2], key="o")
    found = []
    for path in ("/packets", address):
        found += faults(browser, street.base, path, "en", widths=(360,), cookies=cookies)
        found += faults(browser, street.base, path, "zh", "dark", True, widths=(320,), cookies=cookies)
    assert not found, found
    assert street.balance(street.wang) > Money(0, "CNY")
