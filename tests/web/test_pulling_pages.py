"""The pages by which one brings one's history from another institution, in chromium: two banks, one browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from farthing.bank.founding import agreed
from farthing.kernel import errands
from farthing.parties import service as parties
from farthing.parties.model import VerifyIdentity
from farthing.sharing.pulling import service as pulling
from farthing.sharing.pulling.model import MakeClientKey, RegisterGiver
from tests.banks import Shelf
from tests.conftest import DAY
from tests.doors import served
from tests.identity.people import PASSWORD, Person, enrolled
from tests.sharing.institutions import registered, visiting
from tests.sharing.test_pulling import Published
from tests.web.eyes import browser, faults
from tests.web.eyes import pytestmark as NEEDED

__all__ = ["browser"]
pytestmark = [NEEDED, pytest.mark.long]


def test_chromium_goes_to_the_other_bank_and_comes_back_with_a_history(shelf: Shelf, browser: Browser) -> None:
    with shelf.bank(DAY) as there, shelf.bank(DAY) as here, visiting(there) as visit, served(here) as base:
        back, issuer = f"{base}/pulls/back", f"{visit.base}/open"  # two hosts: cookies do not tell ports apart
        key = here.run(pulling.make_client_key, MakeClientKey()).keys[0]
        client_id = registered(there, Published(key), back=back)
        agreed(here.kernel, pulling.register_giver, RegisterGiver("Elsewhere", "他行", issuer, client_id, back))
        person = Person()
        done = enrolled(here, person)
        assert done.party is not None and done.session is not None
        for bank, party in ((there, visit.person), (here, done.party)):
            bank.run(parties.verify_identity, VerifyIdentity(party.id))
        plain = browser.new_context(locale="en-GB")
        page = plain.new_page()
        page.goto(f"{base}/me/pulls")
        page.get_by_label("Phone or staff name", exact=True).fill(person.phone)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.goto(f"{base}/me/pulls")
        assert "Elsewhere" in page.locator("main").inner_text()
        page.get_by_role("button", name="Go on", exact=True).click()
        page.get_by_role("link", name="Go on there", exact=True).click()
        page.get_by_label("Phone or staff name", exact=True).fill(person.phone)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_selector("text=asks to read your accounts")
        assert "in whose name" in page.locator("main").inner_text()
        page.get_by_label("Wallet in CNY", exact=True).check()
        page.get_by_role("button", name="Go on", exact=True).click()
        page.get_by_role("button", name="Agree", exact=True).click()
        page.wait_for_url(f"{base}/me/pulls")
        assert "Your payments are being fetched" in page.locator("main").inner_text()
        while errands.sweep(here.kernel, everything=True):
            pass
        page.reload()
        told = page.locator("main").inner_text()
        assert "In your name and with your number" in told and "2 new rows" in told and "Running" in told
        page.goto(f"{base}/history")
        assert "Fetched" in page.locator("main").inner_text() and "Elsewhere" in page.locator("main").inner_text()
        cookies = [{"name": each["name"], "value": each["value"], "url": base} for each in plain.cookies(base)]
        cookies = [each for each in cookies if each["name"] == "farthing_session"]
        found = []
        for language in ("zh", "en"):
            for care in (False, True):
                found += faults(browser, base, "/me/pulls", language, care=care, cookies=cookies, widths=(360, 1280))
        assert not found
        page.goto(f"{base}/me/pulls")
        page.get_by_role("button", name="Stop now", exact=True).click()
        page.wait_for_selector("text=Stopped by you")
        plain.close()
