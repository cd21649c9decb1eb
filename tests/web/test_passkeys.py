"""Passkeys as chromium and a virtual authenticator do them: register, sign in, pay and sign; and an attacker in between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from farthing.identity.authenticators import service
from farthing.identity.rules import actor_of
from farthing.parties import service as parties
from farthing.parties.model import VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet
from tests.browsers import Chromium
from tests.conftest import CHROMIUM, Bank
from tests.doors import serving
from tests.identity.people import PASSWORD, Person, enrolled
from tests.parties.people import register_person
from tests.payments.customers import CARD
from tests.payments.packets.people import yuan

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page

pytestmark = [pytest.mark.skipif(CHROMIUM is None, reason="chromium is not here"), pytest.mark.long]


@dataclass
class Phone:
    """A browser with an authenticator of its own, of somebody who has 30,000.00."""

    bank: Bank
    base: str
    page: Page
    cdp: CDPSession
    party_id: str

    def go(self, path: str) -> None:
        self.page.goto(f"{self.base}{path}")

    def press(self, label: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=label, exact=True).click()

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).fill(text)

    def read(self) -> str:
        return self.page.locator("main").inner_text()

    def sign_in(self) -> None:
        self.go("/")
        self.fill("Phone or staff name", Person().phone)
        self.fill("Password", PASSWORD)
        self.press("Sign in")

    def add(self, name: str = "my phone") -> None:
        self.go("/me/devices")
        self.fill("What to call it", name)
        self.press("Add a passkey")
        self.press("Make the passkey")

    def asked_to_pay(self, amount: str) -> None:
        """As far as the page that asks once more."""
        self.go("/pay")
        self.page.locator("input[name=phone]").first.fill("138 1234 5607")
        self.page.locator("form[action='/pay/payee'] button").first.click()
        self.page.wait_for_url("**/pay/to/**")
        self.page.locator("input[name=amount]").first.fill(amount)
        with self.page.expect_navigation():
            self.page.locator("form[action='/pay'] button").first.click()

    def wallet(self) -> str:
        return str(self.bank.read(lambda tx: payments.wallet(tx, self.party_id)).balance)


@pytest.fixture
def phone(bank: Bank, chromium: Chromium) -> Iterator[Phone]:
    with serving(bank) as address, chromium.lent() as browser:
        done = enrolled(bank, Person())
        assert done.party is not None
        for party in (done.party.id, register_person(bank, 7).id):
            bank.run(parties.verify_identity, VerifyIdentity(party))
            bank.run(payments.open_wallet, OpenWallet(party))
        bank.run(payments.top_up, MoveByRail(done.party.id, yuan("30000.00"), CARD))
        page = browser.new_context(locale="en-GB").new_page()
        cdp = page.context.new_cdp_session(page)
        cdp.send("WebAuthn.enable")
        cdp.send("WebAuthn.addVirtualAuthenticator", {"options": {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
            "isUserVerified": True, "automaticPresenceSimulation": True,
        }})  # fmt: skip
        found = Phone(bank, address.replace("127.0.0.1", "localhost"), page, cdp, done.party.id)
        found.sign_in()
        yield found


def test_a_passkey_is_made_signs_in_and_pays_what_was_shown_and_nothing_else(phone: Phone) -> None:
    phone.add()
    assert "my phone" in phone.read() and "not used yet" in phone.read()
    herself = actor_of(f"customer:{phone.party_id[6:]}", "customer", phone.party_id)
    (made,) = phone.bank.kernel.ask(service.own_passkeys, actor=herself)
    assert made.name == "my phone"

    phone.page.context.clear_cookies()
    phone.go("/me/devices")
    phone.press("Sign in by passkey")
    phone.press("Use my passkey")
    assert phone.page.url == f"{phone.base}/me/devices" and "Signed in by passkey" in phone.read()

    phone.asked_to_pay("6000.00")
    assert "your passkey confirms exactly what stands here" in phone.read()
    phone.press("Pay")
    assert "/activity/" in phone.page.url and phone.wallet() == "CNY 24,000.00"


def test_an_attacker_who_changes_amount_or_payee_in_between_gets_nothing(phone: Phone) -> None:
    """He alters what the form sends, after the page was shown and while the device confirms what was shown."""
    phone.add()
    for field, value in (("amount", "9000.00"), ("memo", "for somebody else")):
        phone.asked_to_pay("6000.00")
        phone.page.evaluate(
            "([name, value]) => document.querySelector(`form[data-passkey] [name=${name}]`).value = value",
            [field, value],
        )
        phone.press("Pay")
        assert "changed since you looked" in phone.read() or "differ" in phone.read(), phone.read()
        assert phone.wallet() == "CNY 30,000.00"
    phone.asked_to_pay("6000.00")
    other = phone.page.locator("form[data-passkey]").get_attribute("data-passkey")
    phone.asked_to_pay("9000.00")
    phone.page.evaluate("(asked) => document.querySelector('form[data-passkey]').dataset.passkey = asked", other)
    phone.press("Pay")
    assert "amount, payee or text differ" in phone.read() and phone.wallet() == "CNY 30,000.00"


def test_without_a_script_the_page_says_what_to_do_and_nothing_moves(phone: Phone) -> None:
    phone.add()
    phone.asked_to_pay("6000.00")
    phone.page.evaluate("document.querySelector('form[data-passkey]').submit()")
    phone.page.wait_for_load_state()
    assert "done only with your passkey" in phone.read() and "counter" in phone.read()
    assert phone.wallet() == "CNY 30,000.00"


def test_the_last_passkey_is_removed_by_itself_where_a_password_is_left(phone: Phone) -> None:
    phone.add()
    phone.press("Remove")
    phone.press("Remove")
    assert "You have none yet." in phone.read() and "Removed by you" in phone.read()
