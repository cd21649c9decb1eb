"""A loan contract is signed by the passkey of whoever has one: over that document, and no other."""

from __future__ import annotations

import html
import json
import re

from farthing.identity import entrance as doors
from farthing.identity.authenticators import entrance
from farthing.identity.authenticators.model import Assertion, Site
from farthing.kit.actor import Actor
from tests.identity.devices import Device, as_text, registered
from tests.lending.house import House
from tests.web.test_agreements import drawn
from tests.web.test_borrowing import browser, contract_page, house
from tests.web.test_entrance import Browser
from tests.web.test_mandates import proposed, signed
from tests.web.test_paying import Street, street

__all__ = ("browser", "house", "street")


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


def test_each_false_answer_is_told_by_its_code_and_signs_nothing(browser: Browser, house: House) -> None:
    contract = contract_page(browser, house)
    loan_id = contract.split("/")[2]
    device = device_of(browser, house)
    digest = re.findall('name="digest" value="([0-9a-f]{64})"', browser.go(contract).text)[0]

    def answered(other: Device, age: str = "", **said: str) -> str:
        told = asked(browser.send(contract, digest=digest).text)
        answer = other.sign(told["challenge_id"], told["challenge"], **said)
        if age:
            with house.bank.superuser() as connection:
                connection.execute("UPDATE challenge SET expires_at = expires_at - interval '6 minutes'")
        return browser.send(contract, digest=digest, assertion=as_text(answer)).text

    copy = device.copied()
    false = {
        "identity.passkey_foreign": ("open the bank&#39;s own address", lambda: answered(device, origin="https://evil.example")),
        "identity.passkey_other_challenge": ("begin again", lambda: answered(device, challenge="AAAA")),
        "identity.passkey_forged": ("does not belong to this passkey", lambda: answered(_other_key(device))),
        "identity.challenge_not_good": ("more than five minutes old", lambda: answered(device, age="old")),
        "identity.passkey_unknown": ("use another one", lambda: answered(Device(device.site))),
    }  # fmt: skip
    for code, (words, sent) in false.items():
        page = sent()
        assert code in page and words in page, (code, page)
        assert house.loan(loan_id).state == "funded"
        browser.go(contract)
    told = asked(browser.send(contract, digest=digest).text)
    good = device.sign(told["challenge_id"], told["challenge"])
    doors_confirm(house, browser, good)
    page = answered(copy)
    assert "identity.passkey_cloned" in page or "sign in" in page.lower(), page
    assert house.loan(loan_id).state == "funded"


def _other_key(device: Device) -> Device:
    found = Device(device.site)
    found.credential_id = device.credential_id
    found.counter = device.counter
    return found


def doors_confirm(house: House, browser: Browser, good: Assertion) -> None:
    """Her passkey answers once, so that a copy of before is behind."""
    site = Site(f"http://localhost:{str(browser.client.base_url).rstrip('/').rpartition(':')[2]}", "localhost")
    entrance.confirm(house.bank.kernel, site, herself(browser, house), good)


def test_higher_limits_of_a_mandate_and_an_agreement_ask_for_the_passkey_on_a_page(street: Street) -> None:
    her, bank = street.her, street.bank
    mandate, agreement = proposed(street), drawn(street)
    signed(street, mandate)
    actor = doors.who_is(bank.kernel, her.client.cookies["farthing_session"]).actor
    port = str(her.client.base_url).rstrip("/").rpartition(":")[2]
    device = registered(bank, actor, Device(Site(f"http://localhost:{port}", "localhost")))
    more = {"mandate_id": mandate, "change": "1", "each_max": "60", "month_max": "80", "until": ""}
    page = her.send("/mandates", **more)
    assert (
        page.status_code == 200
        and "CNY 60.00" in page.text
        and "script-src 'self'" in page.headers["content-security-policy"]
    )
    told = asked(page.text)
    answer = as_text(device.sign(told["challenge_id"], told["challenge"]))
    higher = her.send("/mandates", **{**more, "each_max": "70"}, assertion=answer)
    assert higher.status_code >= 400 and 'value="50.00"' in her.go(f"/mandates/{mandate}").text
    assert her.send("/mandates", **more, assertion=answer).headers["location"] == f"/mandates/{mandate}"
    assert 'value="60.00"' in her.go(f"/mandates/{mandate}").text
    less = her.send("/mandates", **{**more, "each_max": "10"})
    assert less.headers["location"] == f"/mandates/{mandate}", "less is kept at once"
    path, what = f"/agreements/{agreement.id}", {
        "act": "sign", "digest": agreement.document_digest, "role": "principal", "certificate": "one_time",
    }  # fmt: skip
    assert "signing.other_certificate" in her.send(path, **{**what, "role": "helper"}).text
    page = her.send(path, **what)
    assert page.status_code == 200 and agreement.document_digest in page.text
    told = asked(page.text)
    done = her.send(path, **what, assertion=as_text(device.sign(told["challenge_id"], told["challenge"])))
    assert done.headers["location"] == f"{path}/signed", done.text
    assert "Your signature stands in the document." in her.go(f"{path}/signed").text
