"""Bound cards on pages: bound, proved, used after a review, unbound; chromium's eyes on each state."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser as Chromium

from farthing.payments.sandbox_rail import SandboxRail
from tests.payments.bindings.binders import NUMBER
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_entrance import seen
from tests.web.test_paying import Street, street, yuan

__all__ = ("browser", "pytestmark", "street")


def bound_by(street: Street, proof: str, number: str = NUMBER) -> str:
    """Binds a card on the page; answers its path."""
    sent = street.her.send("/cards", card=f"{number[:4]} {number[4:]}", proof=proof, key=number[-6:] + proof)
    assert sent.status_code == 303
    return str(sent.headers["location"])


def test_bound_proved_used_and_unbound(street: Street) -> None:
    her, path = street.her, bound_by(street, "deposit")
    page = her.go(path)
    assert "to be proved" in page.text and "First Sample Bank" in page.text and NUMBER[4:-4] not in page.text
    street.bank.drain()
    rail: SandboxRail = street.bank.kernel.ports.peer("rail")
    first, second = [each.amount.plain() for each in rail.moved().values() if each.direction == "out"][-2:]
    card = path.rpartition("/")[2]
    wrong = her.send("/cards/proofs", binding=card, first="0.00", second="0.00", key="w")
    assert "2 more times" in her.go(wrong.headers["location"]).text
    her.send("/cards/proofs", binding=card, first=second, second=first, key="p")
    page = her.go(path)
    assert "It is new" in page.text and "CNY 1,000.00" in page.text and path in her.go("/top-up").text
    for way, amount in (("in", "50.00"), ("out", "30.00")):
        asked = {"binding": card, "way": way, "amount": amount}
        shown = her.send("/cards/movements", **asked)
        assert f"CNY {amount}" in shown.text and "****0123" in shown.text
        done = her.send("/cards/movements", **asked, confirmed="1", seen=seen(shown), key=f"m{way}")
        assert "/activity/" in done.headers["location"]
    assert street.balance(street.lin) == yuan("920.00")
    over = her.send("/cards/movements", binding=card, way="out", amount="970.01")
    assert over.status_code == 422 and "f-amount-wrong" in over.text
    her.send("/cards/ends", binding=card)
    assert "You unbound it." in her.go(path).text and "Unbind it" not in her.go(path).text
    no = her.send("/cards", card="12", proof="card", key="n")
    assert no.status_code == 422 and "f-card-wrong" in no.text
    assert "under another name" in her.go(bound_by(street, "card", f"{NUMBER[:-4]}0409")).text


@pytest.mark.long
def test_the_pages_at_360_in_both_languages(street: Street, browser: Chromium) -> None:
    proving, bound, cookies = (
        bound_by(street, "deposit"),
        bound_by(street, "card", f"{NUMBER[:-4]}0124"),
        street.cookies(),
    )
    found = []
    for path in ("/cards", proving, bound):
        found += faults(browser, street.base, path, "en", widths=(360,), cookies=cookies)
        found += faults(browser, street.base, path, "zh", "dark", True, widths=(320,), cookies=cookies)
    assert not found, found
