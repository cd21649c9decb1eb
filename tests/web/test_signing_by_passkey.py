"""A loan contract is signed by the passkey of whoever has one: over that document, and no other."""

from __future__ import annotations

import html
import json
import re

from farthing.identity import entrance as doors
from farthing.identity.authenticators.model import Site
from farthing.kit.actor import Actor
from tests.identity.devices import Device, as_text, registered
from tests.lending.house import House
from tests.web.test_borrowing import browser, contract_page, house
from tests.web.test_entrance import Browser

__all__ = ("browser", "house")


def herself(browser: Browser, house: House) -> Actor:
    return doors.who_is(house.bank.kernel, browser.client.cookies["farthing_session"]).actor


def device_of(browser: Browser, house: House) -> Device:
    """Her passkey at the address that is served."""
    port = str(browser.client.base_url).rstrip("/").rpartition(":")[2]
    return registered(house.bank, herself(browser, house), Device(Site(f"http://localhost:{port}", "localhost")))


def asked(page: str) -> dict[str, str]:
    """What a page hands to the script."""
    found = re.search('data-passkey="([^"]+)"', page)
    assert found, page
    told: dict[str, str] = json.loads(html.unescape(found[1]))
    return told


def test_a_contract_is_signed_by_the_passkey_over_that_document(browser: Browser, house: House) -> None:
    contract = contract_page(browser, house)
    loan_id = contract.split("/")[2]
    device = device_of(browser, house)
    digest = re.findall('name="digest" value="([0-9a-f]{64})"', browser.go(contract).text)[0]
    page = browser.send(contract, digest=digest)
    assert page.status_code == 200, (page.headers, house.loan(loan_id).state)
    assert "script-src 'self'" in page.headers["content-security-policy"]
    assert digest in page.text and 'src="/static/passkeys.' in page.text
    told = asked(page.text)
    answer = as_text(device.sign(told["challenge_id"], told["challenge"]))
    other = browser.send(contract, digest="0" * 64, assertion=answer)
    assert other.status_code >= 400 and house.loan(loan_id).state == "funded"
    browser.go(contract)
    signed = browser.send(contract, digest=digest, assertion=answer)
    assert signed.headers["location"] == f"/loans/{loan_id}", signed.text
    assert house.loan(loan_id).state == "active"
    plain = browser.go(contract)
    assert "script-src" not in plain.headers["content-security-policy"] and "<script" not in plain.text
