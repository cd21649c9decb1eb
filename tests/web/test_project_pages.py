"""The pages of projects in chromium: how they look in both languages, and a gift from the form to the hold."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from farthing.crowdfunding import service
from farthing.crowdfunding.model import AskRelease
from farthing.kit.money import Money
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet
from tests.conftest import Bank
from tests.crowdfunding.hands import Village
from tests.doors import serving
from tests.identity.people import Person, enrolled
from tests.parties.people import resident_id
from tests.payments.customers import CARD
from tests.web.eyes import browser, dressed, faults
from tests.web.eyes import pytestmark as NEEDED

__all__ = ["browser"]
pytestmark = [NEEDED, pytest.mark.long]


def test_the_pages_and_a_gift(bank: Bank, browser: Browser) -> None:
    village = Village(bank)
    open_one = village.opened()
    village.give(open_one, 0, "1234.56")
    funded = village.opened(minimum="100.00", optimum="200.00")
    village.give(funded, 1, "150.00")
    village.close(3)
    village.propose(title="等候审核的项目")
    village.close(1)
    bank.run(service.ask_release, AskRelease(funded.id, 1, "石料已到"))
    late = village.opened()
    visitor = enrolled(bank, Person("何静", resident_id(order_code="339"), "139 1111 2229"))
    assert visitor.session is not None and visitor.party is not None
    bank.run(payments.open_wallet, OpenWallet(visitor.party.id))
    bank.run(payments.top_up, MoveByRail(visitor.party.id, Money(10_000, "CNY"), CARD))
    with serving(bank) as address:
        base = address.replace("127.0.0.1", "localhost")
        found = []
        cookies = [{"name": "farthing_session", "value": str(visitor.session.token), "url": base}]
        page = dressed(browser, base, "en", "light", False, cookies)
        page.goto(f"{base}/projects/{late.id}")
        page.get_by_label("How much").fill("0.01")
        page.get_by_role("button", name="Go on", exact=True).click()
        assert "CNY 0.01" in page.content()
        page.get_by_role("button", name="Give", exact=True).click()
        page.wait_for_selector("text=Held in your wallet")
        for language in ("zh", "en"):
            for path in ("/projects", f"/projects/{funded.id}", f"/projects/{late.id}"):
                found += faults(browser, base, path, language, cookies=cookies, widths=(360, 1280))
        assert not found
    assert str(village.project(late.id).held) == "CNY 0.01"
