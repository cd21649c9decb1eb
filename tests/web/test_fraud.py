"""Payments that are looked at, on pages: told before one confirms, followed, taken back, decided by an operator."""

from __future__ import annotations

from playwright.sync_api import Browser as Chromium

from farthing.kernel.day import close_day
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from tests.payments.customers import CARD
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_entrance import Browser, seen
from tests.web.test_paying import Street, street, yuan
from tests.web.test_proof_more import signed_in
from tests.web.test_saving import words

__all__ = ("browser", "pytestmark", "street")


def paid(street: Street, amount: str) -> str:
    """Pay through the page where one confirms; answers where that led."""
    payee = street.payee()
    asked = {"payee": payee, "amount": amount, "memo": "借款"}
    shown = street.her.send("/pay", **asked)
    assert shown.status_code == 200, shown.text
    for told in ("Look once more before you pay", "A very large payment to somebody", "once somebody has looked at it"):
        assert told in shown.text, told
    done = street.her.send("/pay", **asked, confirmed="1", seen=seen(shown), key=f"k{amount}")
    return str(done.headers["location"])


def rich(street: Street) -> None:
    """She has much, and has paid him nothing that counts."""
    with street.bank.superuser() as connection:
        connection.execute("DELETE FROM payment_pair")
    street.bank.run(payments.top_up, MoveByRail(street.lin.id, yuan("500000.00"), CARD))


def test_told_before_followed_taken_back_and_decided(street: Street, browser: Chromium) -> None:
    rich(street)
    before = street.balance(street.wang)
    address = paid(street, "22000")
    page = street.her.go(address)
    assert address.startswith("/held/") and "It has not gone yet" in page.text and "party_" not in page.text
    assert street.balance(street.wang) == before
    one, two = address, paid(street, "26000")
    taken = street.her.send("/held/withdrawals", payment=two.rpartition("/")[2])
    assert "taken back" in street.her.go(str(taken.headers["location"])).text
    assert "being looked at" in words(street.her.go("/held"))
    staff = signed_in(street.base, street.bank, "operator")
    assert "A very large payment" in words(staff.go("/ops/fraud")) and "score 60" in words(staff.go("/ops/fraud"))
    place = f"/ops/fraud/{one.rpartition('/')[2]}"
    page = staff.go(place)
    assert "the first payment to this payee" in page.text and "Let it go" in page.text
    found = eyes(street, browser, staff, one, place)
    assert not found, found
    done = staff.send(place, act="release", note="rang her up", key="r")
    assert done.headers["location"] == place and street.balance(street.wang) == before + yuan("22000.00")
    assert "Show the payment" in street.her.go(one).text
    close_day(street.bank.kernel)  # who has no passkey pays 50,000 in a day by himself, and what was held counts
    third = f"/ops/fraud/{paid(street, '27000').rpartition('/')[2]}"
    refused = staff.send(third, act="refuse", reason=" ", key="n")
    assert refused.status_code >= 400 and "Say why" in refused.text
    staff.send(third, act="refuse", reason="told to by phone", key="m")
    assert "told to by phone" in street.her.go(third.replace("/ops/fraud", "/held")).text
    asked = staff.send(
        "/ops/fraud/pairs", act="let", payer=street.lin.id, payee=street.wang.id, note="grandson", key="p"
    )
    assert "drafted" in asked.headers["location"]


def eyes(street: Street, browser: Chromium, staff: Browser, held: str, case: str) -> list[str]:
    mine, theirs = street.cookies(), [each for each in staff.kept() if each["name"].startswith("farthing_")]
    found = faults(browser, street.base, held, "en", widths=(360,), cookies=mine)
    found += faults(browser, street.base, "/ops/fraud", "zh", "dark", True, widths=(320,), cookies=theirs)
    return found + faults(browser, street.base, case, "en", widths=(360,), cookies=theirs)
