"""The pages by which a partner asks, and those of logins elsewhere, in chromium: how they look, and where they lead."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from farthing.identity.outside.client import HttpProvider
from farthing.identity.outside.model import Provider
from farthing.kit.words import Words
from tests.conftest import Bank
from tests.doors import serving
from tests.identity.people import PASSWORD, Person, enrolled
from tests.parties.vouching.partners import Program, registered
from tests.web.eyes import browser, faults
from tests.web.eyes import pytestmark as NEEDED

__all__ = ["browser"]
pytestmark = [NEEDED, pytest.mark.long]


@contextlib.contextmanager
def asked(bank: Bank) -> Iterator[tuple[str, Program, list[dict[str, str]]]]:
    """A bank with a partner on this machine and a provider, and somebody who is signed in."""
    with serving(bank) as address:
        base = address.replace("127.0.0.1", "localhost")
        done = enrolled(bank, Person())
        assert done.session is not None
        back = f"{address}/healthz"
        made = registered(bank, back)
        grand = Provider("grand", base, made["id"], Words("Grand Bank", "大通银行"), "secret")
        bank.kernel.ports = bank.kernel.ports.with_peer("openid", "grand", HttpProvider(grand))
        session = {"name": "farthing_session", "value": str(done.session.token), "url": base}
        yield base, Program(base, made["id"], made["secret"], back), [session]


def test_pages_are_readable_in_both_languages_and_widths(bank: Bank, browser: Browser) -> None:
    with asked(bank) as (base, program, cookies):
        path = program.address().removeprefix(base)
        found = []
        for language in ("zh", "en"):
            for care in (False, True):
                for each in (path, "/me/told", "/me/devices", "/me/devices/outside/flow_1", "/"):
                    who = None if each == "/" else cookies
                    found += faults(browser, base, each, language, care=care, cookies=who, widths=(320, 360, 1280))
        assert not found


def test_chromium_follows_a_consent_to_the_partner_and_comes_from_elsewhere(bank: Bank, browser: Browser) -> None:
    with asked(bank) as (base, program, _):
        plain = browser.new_context(locale="en-GB")  # with our policies in force
        page = plain.new_page()
        page.goto(f"{base}/")
        page.get_by_label("Phone or staff name", exact=True).fill(Person().phone)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        with page.expect_navigation():
            page.get_by_role("button", name="Sign in", exact=True).click()
        page.goto(f"{program.back}")  # another site: cookies of ours that are strict do not travel with its links
        page.evaluate("at => { document.body.innerHTML = `<a id=ask>ask</a>`; ask.href = at; }", program.address())
        page.click("#ask")
        page.wait_for_selector("text=tick what it may know")
        page.get_by_label("Your name", exact=True).check()
        page.get_by_role("button", name="Agree", exact=True).click()
        page.wait_for_url(f"{program.back}?*")
        said = program.answered(page.url)
        assert program.userinfo(program.tokens(said["code"]))["name"] == "林美"
        page.goto(f"{base}/me/told")
        assert "Corner Shop" in page.locator("main").inner_text()
        plain.close()
