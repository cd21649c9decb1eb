"""A button of a form that moves money, pressed twice at the same instant, sent again by going back, and sent again after what it
was about has changed: it does its work once. What people write to each other stays text wherever it is read."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from farthing.ledger import service as ledger
from tests.identity.people import PASSWORD
from tests.payments.customers import CARD
from tests.web.test_entrance import Browser, seen
from tests.web.test_paying import Street, street, yuan
from tests.web.test_saving import FUND, Saver, saver

__all__ = ("saver", "street")
SCRIPT = "<img src=x onerror=a(1)>"
FORMS = {
    "a red packet": ("/packets", {"kind": "normal", "amount": "7", "shares": "1", "greeting": "hi"}),
    "a top-up": ("/top-up", {"amount": "7", "card": CARD}),
    "a deposit": ("/savings/open", {"product": "savings-demand", "amount": "7"}),
    "a purchase": (FUND, {"step": "buy", "amount": "7"}),
}


def pressed(who: Browser, path: str, fields: dict[str, str]) -> list[httpx.Response]:
    """The same form sent by two presses at one instant, as a browser sends it."""
    body = {"form_token": who.token, **fields}
    with ThreadPoolExecutor(2) as hands:
        return list(
            hands.map(lambda _: httpx.post(f"{who.client.base_url}{path}", data=body, cookies=cookies(who)), "12")
        )


def cookies(who: Browser) -> dict[str, str]:
    return {each.name: str(each.value) for each in who.client.cookies.jar}


def entries(saver: Saver) -> int:
    with saver.bank.superuser() as connection:
        found = connection.execute("SELECT count(*) FROM entry").fetchone()
    assert found is not None
    return int(found[0])


@pytest.mark.parametrize("name", FORMS)
def test_two_presses_at_one_instant_and_the_way_back_do_it_once(saver: Saver, name: str) -> None:
    path, asked = FORMS[name]
    shown = saver.browser.send(path, **asked)
    confirmed = {**asked, "confirmed": "1", "seen": seen(shown), "key": "once"}
    before = entries(saver)
    answers = pressed(saver.browser, path, confirmed)
    assert {each.status_code for each in answers} <= {303, 409}, [each.text[:300] for each in answers]
    done = next(each.headers["location"] for each in answers if each.status_code == 303)
    once = entries(saver)
    assert once > before
    again = saver.browser.send(path, **confirmed)
    assert again.headers["location"] == done and entries(saver) == once, "gone back, and sent again"
    other = saver.browser.send(path, **{**confirmed, "amount": "8"})
    assert other.status_code >= 400 and entries(saver) == once, "another amount under what was confirmed"
    assert saver.bank.read(ledger.trial_balance).lines


def test_what_is_left_of_a_deposit_is_drawn_once_by_two_presses(saver: Saver) -> None:
    deposit = saver.opened("savings-demand", 10_000)
    path, asked = f"/savings/{deposit}", {"step": "withdraw", "amount": "60"}
    confirmed = {**asked, "confirmed": "1", "seen": seen(saver.browser.send(path, **asked)), "key": "draw"}
    answers = pressed(saver.browser, path, confirmed)
    assert {each.status_code for each in answers} <= {303, 409, 422}, "the second may be told that too little is left"
    (left,) = saver.deposits()
    assert left.balance.minor == 4_000
    stale = saver.browser.send(path, **{**confirmed, "key": "another press"})
    assert stale.status_code >= 400 and saver.deposits()[0].balance.minor == 4_000, "what was shown is no longer so"


def test_a_script_in_a_greeting_and_in_a_memo_is_read_as_text_by_both(street: Street) -> None:
    asked = {"kind": "normal", "amount": "5", "shares": "1", "greeting": SCRIPT}
    shown = street.her.send("/packets", **asked)
    sent = street.her.send("/packets", **asked, confirmed="1", seen=seen(shown), key="g").headers["location"]
    payee = street.payee()
    paid = {"payee": payee, "amount": "5", "memo": SCRIPT}
    review = street.her.send("/pay", **paid)
    street.her.send("/pay", **paid, confirmed="1", seen=seen(review), key="m")
    him = Browser(street.base)
    him.sign_in(street.wang.phone, PASSWORD)
    him.go("/packets")
    waiting = him.go(sent)
    him.send("/packets/openings", packet=sent.rpartition("/")[2], key="o")
    pages = [shown, review, street.her.go(sent), waiting, him.go(sent)]
    pages += [who.go(path) for who in (street.her, him) for path in ("/activity", "/home", "/packets")]
    for page in pages:
        assert page.status_code == 200 and "<img src=x" not in page.text, page.url
    assert all("&lt;img src=x" in each.text for each in pages[:5]), "and it is shown"
    assert street.balance(street.wang) == yuan("310.00")
    paper = him.go(f"{sent}/paper")
    assert paper.headers["content-type"].startswith("application/json") and json.loads(paper.text)
    assert re.search("attachment", paper.headers["content-disposition"])
