"""Signing in three screens in chromium: by a key that the browser made, over what it read; and an attacker in between."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from typing import TYPE_CHECKING

import pytest

from farthing.parties import service as parties
from farthing.parties.model import VerifyIdentity
from farthing.signing import service as signing
from farthing.signing.agreements import service as agreements
from farthing.signing.agreements.model import AgreementParty, DrawAgreement
from farthing.signing.custody import service as custody
from farthing.town.founding import furnish
from tests.conftest import CHROMIUM
from tests.parties.people import register_person
from tests.web.eyes import browser, faults
from tests.web.test_agreements import FIELDS, aside, drawn
from tests.web.test_passkeys import Phone, phone
from tests.web.test_paying import Street, street

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

__all__ = ("browser", "phone", "street")
pytestmark = [pytest.mark.skipif(CHROMIUM is None, reason="chromium is not here"), pytest.mark.long]


def opened(street: Street, page: Page) -> None:
    """Her session in a browser."""
    page.context.add_cookies([{**each, "url": street.base} for each in street.cookies()])


def held(street: Street, agreement_id: str) -> list[str]:
    return [each.custody for each in street.bank.read(lambda tx: custody.told(tx, agreement_id))]


def test_she_reads_confirms_by_the_keyboard_and_is_done(street: Street, browser: Browser) -> None:
    agreement = drawn(street)
    page = browser.new_context(locale="en-GB", viewport={"width": 360, "height": 740}).new_page()
    opened(street, page)
    page.goto(f"{street.base}/agreements/{agreement.id}")
    assert "Step 1 of 3" in page.locator("main").inner_text()
    page.get_by_role("link", name="I have read it; go on").press("Enter")
    page.wait_for_url("**/sign")
    page.locator("[data-same]").wait_for()
    assert page.locator("[data-computed]").inner_text() == agreement.document_digest
    page.get_by_role("button", name="Sign", exact=True).press("Enter")
    page.wait_for_url("**/signed")
    told = page.locator("main").inner_text()
    assert "Your signature stands in the document." in told and "Step 3 of 3" in told
    assert held(street, agreement.id) == ["seal", "browser"]
    status = aside(lambda: street.bank.read(lambda tx: signing.status(tx, agreement.id)))
    assert all(each.intact and each.permitted for each in status.signatures)
    left = page.evaluate(
        "() => new Promise((done) => { const o = indexedDB.open('farthing-signing', 1); o.onsuccess = () => {"
        " const a = o.result.transaction('keys').objectStore('keys').count(); a.onsuccess = () => done(a.result); }; })"
    )
    assert left == 0, "the key is deleted once it has signed"


def test_whatever_an_attacker_exchanges_the_browser_signs_nothing(street: Street, browser: Browser) -> None:
    agreement = drawn(street)
    page = browser.new_context(locale="en-GB").new_page()
    opened(street, page)
    at = f"{street.base}/agreements/{agreement.id}"

    def other_document(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.body().replace(b"/Title", b"/Titel", 1) + b" ")

    page.route("**/document.pdf", other_document)
    page.goto(f"{at}/sign")
    page.locator("[data-problem=document]").wait_for()
    assert page.get_by_role("button", name="Sign", exact=True).is_disabled()
    page.unroute("**/document.pdf")

    def turned(found: str, name: str) -> str:
        """Another certificate, other attributes, or another place for the signature, in what the page hands to the script."""
        said = html.unescape(found)
        if name in ("certificate", "attributes"):
            value = re.search(f'"{name}": "([^"]+)"', said)
            assert value
            middle = len(value[1]) // 2
            letter = "A" if value[1][middle] != "A" else "B"
            said = said.replace(value[1], f"{value[1][:middle]}{letter}{value[1][middle + 1 :]}")
        else:
            said = re.sub(r'"start": (\d+)', lambda each: f'"start": {int(each[1]) - 2}', said)
        return html.escape(said)

    for name in ("certificate", "attributes", "start", "waiting"):

        def between(route: Route, name: str = name) -> None:
            if route.request.method != "POST":
                return route.continue_()
            answer = route.fetch()
            body = re.sub(
                'data-prepared="([^"]+)"', lambda each: f'data-prepared="{turned(each[1], name)}"', answer.text()
            )
            return route.fulfill(response=answer, body=body)

        page.goto(f"{at}/sign")
        if name == "waiting":
            page.route("**/waiting/*", lambda route: route.fulfill(
                response=(answer := route.fetch()), body=answer.body().replace(b"/Reason", b"/Raison") + b"%"
            ))  # fmt: skip
        else:
            page.route("**/sign", between)
        page.locator("[data-same]").wait_for()
        page.get_by_role("button", name="Sign", exact=True).click()
        problem = page.locator("[data-problem]:not([hidden])")
        problem.wait_for()
        assert "Nothing was signed" in problem.inner_text(), (name, problem.inner_text())
        page.unroute("**/sign")
        page.unroute("**/waiting/*")
    assert held(street, agreement.id) == ["seal"]


def forging(street: Street, page: Page, before: bytes, after: bytes) -> None:
    """A server that puts something else into the revision, and makes digest and attributes for it as well."""
    forged: list[bytes] = []

    def between(route: Route) -> None:
        if route.request.method != "POST":
            return route.continue_()
        answer = route.fetch()
        found = re.search('data-prepared="([^"]+)"', answer.text())
        assert found
        said = json.loads(html.unescape(found[1]))
        file = page.request.get(f"{street.base}{said['waiting']}").body()
        head, mark, tail = file.rpartition(before)
        assert mark
        forged.append(head + after + tail)
        digests = [hashlib.sha256(each[: said["start"]] + each[said["stop"] :]).digest() for each in (file, forged[0])]
        put = base64.b64decode(said["attributes"])
        assert digests[0] in put
        said["attributes"] = base64.b64encode(put.replace(*digests)).decode()
        return route.fulfill(response=answer, body=answer.text().replace(found[1], html.escape(json.dumps(said))))

    page.route("**/sign", between)
    page.route("**/waiting/*", lambda route: route.fulfill(response=route.fetch(), body=forged[0]))


@pytest.mark.long
def test_a_revision_that_changes_more_than_her_field_is_not_signed(street: Street, browser: Browser) -> None:
    agreement = drawn(street)
    page = browser.new_context(locale="en-GB").new_page()
    opened(street, page)
    pages, place = b"/Pages 1 0 R", b"/Rect [ 57 "
    for before, after in ((pages, b"/Pages 2 0 R"), (place, b"/Rect [ 07 "), (pages, pages)):
        forging(street, page, before, after)
        page.goto(f"{street.base}/agreements/{agreement.id}/sign")
        page.locator("[data-same]").wait_for()
        page.get_by_role("button", name="Sign", exact=True).click()
        if before == after:
            page.wait_for_url("**/signed")  # what was put together anew without a change is signed
        else:
            page.locator("[data-problem=document]:not([hidden])").wait_for()
            assert held(street, agreement.id) == ["seal"]
        page.unroute("**/sign")
        page.unroute("**/waiting/*")


def test_pages_in_both_languages_and_widths(street: Street, browser: Browser) -> None:
    agreement = drawn(street)
    found = []
    for path in (
        f"/agreements/{agreement.id}",
        f"/agreements/{agreement.id}/sign",
        f"/agreements/{agreement.id}/signed",
    ):
        for tongue in ("en", "zh"):
            found += faults(browser, street.base, path, tongue, widths=(360, 1280), cookies=street.cookies())
    assert not found, found


def test_a_passkey_confirms_the_key_that_the_browser_made_and_no_other(phone: Phone) -> None:
    phone.add()
    furnish(phone.bank.kernel)
    helper = register_person(phone.bank, 8).id
    phone.bank.run(parties.verify_identity, VerifyIdentity(helper))
    both = (AgreementParty("principal", phone.party_id), AgreementParty("helper", helper))
    command = DrawAgreement("by-key", "power-of-attorney", both, FIELDS)
    agreement = aside(lambda: phone.bank.run(agreements.draw, command))

    def asked() -> None:
        phone.go(f"/agreements/{agreement.id}/sign")
        phone.page.locator("[data-same]").wait_for()
        phone.press("Sign")
        assert "Sign by your passkey" in phone.read() and agreement.document_digest in phone.read()

    for name, value in (("digest", "0" * 64), ("public_key", "MFkw"), ("possession", "A" * 86), ("role", "helper")):
        asked()
        phone.page.evaluate(
            "([name, value]) => document.querySelector(`form[data-passkey] [name=${name}]`).value = value",
            [name, value],
        )
        phone.press("Sign")
        said = phone.bank.read(lambda tx: custody.told(tx, agreement.id))
        assert [each.custody for each in said] == ["seal"], name
    asked()
    phone.page.evaluate(
        "() => new Promise((done) => { indexedDB.deleteDatabase('farthing-signing').onsuccess = done; })"
    )
    phone.press("Sign")
    phone.page.locator("[data-problem=key]").wait_for()
    assert "begin again" in phone.read(), "a key that is lost is made anew"
    asked()
    phone.page.get_by_role("button", name="Sign", exact=True).click()
    phone.page.wait_for_url("**/signed")
    assert "Your signature stands in the document." in phone.read()
    said = phone.bank.read(lambda tx: custody.told(tx, agreement.id))
    assert [each.custody for each in said] == ["seal", "browser"]
