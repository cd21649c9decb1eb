"""The pages by which an institution asks to read accounts, in chromium: how they look, and where they lead."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from playwright.sync_api import Browser

from tests.conftest import Bank
from tests.identity.people import PASSWORD, Person
from tests.sharing.institutions import Institution, key_of, registered, visiting
from tests.web.eyes import browser, faults
from tests.web.eyes import pytestmark as NEEDED

__all__ = ["browser"]
pytestmark = [NEEDED, pytest.mark.long]


class Landing(BaseHTTPRequestHandler):
    """An institution's own page, at which people come back."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"you are back")

    def log_message(self, *_: object) -> None:
        """Says nothing."""


def test_pages_are_readable_in_both_languages_and_widths(bank: Bank, browser: Browser) -> None:
    with visiting(bank) as visit:
        asked = visit.institution.address(visit.institution.push()).removeprefix(visit.base)
        visit.institution.read("balances", visit.tokens()["access_token"])
        cookies = [{"name": "farthing_session", "value": visit.browser.cookies["farthing_session"], "url": visit.base}]
        found = []
        for language in ("zh", "en"):
            for care in (False, True):
                for each in (asked, "/me/shared", "/developers", "/developers/preview"):
                    found += faults(browser, visit.base, each, language, care=care, cookies=cookies, widths=(360, 1280))
        assert not found


def test_chromium_follows_a_consent_to_the_institution(bank: Bank, browser: Browser) -> None:
    server = HTTPServer(("127.0.0.1", 0), Landing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    back = f"http://127.0.0.1:{server.server_port}/cb"
    with visiting(bank) as visit:
        key = key_of()
        program = Institution(visit.base, registered(bank, key, back=back), key, back)
        plain = browser.new_context(locale="en-GB")  # with our policies in force
        page = plain.new_page()
        page.goto(program.address(program.push()))
        page.get_by_label("Phone or staff name", exact=True).fill(Person().phone)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_selector("text=asks to read your accounts")
        page.get_by_label("Wallet in CNY", exact=True).check()
        page.get_by_role("button", name="Go on", exact=True).click()
        page.wait_for_selector("text=Please confirm")
        shown = page.locator("main").inner_text()
        assert "Purse" in shown and "Wallet in CNY" in shown and "27 Dec 2026" in shown
        page.get_by_role("button", name="Agree", exact=True).click()
        page.wait_for_url(f"{back}?*")
        tokens = program.redeem(program.answered(page.url)["code"]).json()
        assert program.read("balances", tokens["access_token"]).json()["balances"][0]["balance"]["minor"] == 12_500
        page.goto(f"{visit.base}/me/shared")
        page.get_by_role("button", name="Stop now", exact=True).click()
        page.wait_for_selector("text=Stopped by you")
        assert program.read("balances", tokens["access_token"]).json()["code"] == "sharing.consent_ended"
        plain.close()
    server.shutdown()
