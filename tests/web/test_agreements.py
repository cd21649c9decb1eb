"""Agreements on pages: drawn up by a clerk, read and signed by each party in turn, sealed by two, stepped back from."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Browser as Chromium

from farthing.kernel import errands
from farthing.signing.agreements import service as agreements
from farthing.signing.agreements.model import AgreementParty, AgreementTold, DrawAgreement, Filled, SignAgreement
from farthing.signing.contests import service as contests
from tests.identity.people import PASSWORD, staff
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_entrance import Browser
from tests.web.test_paying import Street, street
from tests.web.test_saving import words

__all__ = ("browser", "pytestmark", "street")

FIELDS = (
    Filled("matters", "存钱、取钱"), Filled("most_each", "CNY 500.00"), Filled("most_day", "CNY 2,000.00"),
    Filled("until", "2027-05-31"),
)  # fmt: skip


def drawn(street: Street, name: str = "a1") -> AgreementTold:
    parties = (AgreementParty("principal", street.lin.id), AgreementParty("helper", street.wang.id))
    command = DrawAgreement(name, "power-of-attorney", parties, FIELDS)
    return aside(lambda: street.bank.run(agreements.draw, command))  # type: ignore[no-any-return]


def aside(work: Callable[[], Any]) -> Any:
    """Sign in a thread of its own, as the server does: the library that signs wants no loop of a browser around it."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


def test_one_reads_signs_and_steps_back(street: Street) -> None:
    agreement = drawn(street)
    page = street.her.go("/agreements")
    assert "Power of attorney for a helper" in page.text and "to be signed" in page.text
    page = street.her.go(f"/agreements/{agreement.id}")
    for told in (
        "CNY 500.00",
        "At most in a day",
        "next to sign",
        "He may not borrow in her name",
        agreement.document_digest,
    ):
        assert told in words(page), told
    stale = street.her.send(f"/agreements/{agreement.id}", act="sign", digest="0" * 64)
    assert stale.status_code >= 400 and "Read the current one before signing" in words(stale)
    for _ in range(2):
        done = street.her.send(f"/agreements/{agreement.id}", act="sign", digest=agreement.document_digest, key="s")
        assert done.status_code == 303
    page = street.her.go(f"/agreements/{agreement.id}")
    assert "signed" in words(page) and "Your signature holds" not in words(page)
    pdf = street.her.go(f"/agreements/{agreement.id}/document.pdf")
    assert pdf.content.startswith(b"%PDF") and pdf.headers["cache-control"] == "no-store"
    street.her.send(f"/agreements/{agreement.id}", act="back")
    assert "ended" in words(street.her.go("/agreements"))
    errands.sweep(street.bank.kernel, everything=True)


@pytest.mark.long
def test_the_pages_in_both_languages(street: Street, browser: Chromium) -> None:
    address, cookies = f"/agreements/{drawn(street, 'a2').id}", street.cookies()
    found = []
    for path in ("/agreements", address):
        found += faults(browser, street.base, path, "en", widths=(360,), cookies=cookies)
        found += faults(browser, street.base, path, "zh", "dark", True, widths=(320,), cookies=cookies)
    assert not found, found


@pytest.mark.long
def test_a_clerk_draws_one_up_and_asks_for_the_seal(street: Street, browser: Chromium) -> None:
    staff(street.bank, "ou", "operator")
    clerk = Browser(street.base)
    clerk.sign_in("ou", PASSWORD)
    assert "Draw up an agreement" in clerk.go("/ops/agreements").text
    assert "Crowdfunding subscription" in clerk.go("/ops/agreements/new").text
    form = "/ops/agreements/new/power-of-attorney"
    assert "opens nothing at this bank" in words(clerk.go(form))
    typed = {"role_principal": street.lin.id, "role_helper": street.wang.id}
    typed |= {f"field_{each.name}": each.value for each in FIELDS}
    refused = clerk.send(form, **{**typed, "field_until": "31.5.2027"}, key="k")
    said = words(refused).replace("\u2060", "")
    assert refused.status_code >= 400 and "write a day such as 2026-11-28" in said, said
    done = clerk.send(form, **typed, key="k")
    address = str(done.headers["location"])
    agreement = address.rpartition("/")[2]
    for party in (street.lin, street.wang):
        shown = street.bank.read(lambda tx: agreements.agreement(tx, agreement)).document_digest
        aside(partial(street.bank.run, agreements.sign, SignAgreement(agreement, party.id, shown)))
    page = clerk.go(address)
    assert "the bank's seal" in words(page)
    shown = street.bank.read(lambda tx: agreements.agreement(tx, agreement)).document_digest
    assert clerk.send(address, digest=shown).headers["location"].endswith("drafted=1")
    cookies = [each for each in clerk.kept() if each["name"] in ("farthing_session", "farthing_form")]
    found = []
    for path in ("/ops/agreements", form, address):
        found += faults(browser, street.base, path, "en", widths=(1280,), cookies=cookies)
        found += faults(browser, street.base, path, "zh", widths=(360,), cookies=cookies)
    assert not found, found


@pytest.mark.long
def test_one_contests_it_and_two_of_the_staff_decide(street: Street, browser: Chromium) -> None:
    agreement = drawn(street, "a9")
    page = street.her.go(f"/contests/new?about={agreement.id}")
    assert "nothing about it changes" in words(page)
    wrong = street.her.send("/contests", about=agreement.id, claim="because", said="x")
    assert wrong.status_code in (400, 422)
    for _ in range(2):
        done = street.her.send("/contests", about=agreement.id, claim="pressed", said="他催我快签", key="c")
        assert done.status_code == 303, words(done)
    assert "I was pressed to sign" in words(street.her.go("/contests"))
    again = street.her.send("/contests", about=agreement.id, claim="pressed", said="还是他")
    assert "You contest this contract already" in words(again)
    held = street.her.send(f"/agreements/{agreement.id}", act="back")
    assert "contested since" in words(held)
    clerk = Browser(street.base)
    aside(lambda: staff(street.bank, "c.lin", "operator"))
    clerk.sign_in("c.lin", PASSWORD)
    page = clerk.go("/ops/contests")
    assert "他催我快签" in words(page) and "waits for a decision" in words(page)
    contest = street.bank.read(lambda tx: contests.own_contests(tx, street.lin.id))[0]
    sent = clerk.send("/ops/contests", contest_id=contest.id, outcome="rejected", found="看过录像，神志清楚。")
    assert sent.status_code == 303 and "second member of staff" in words(clerk.go("/ops/contests?drafted=1"))
    found = []
    for path, cookies in (
        ("/contests", street.cookies()), (f"/contests/new?about={agreement.id}", street.cookies()),
        ("/ops/contests", [each for each in clerk.kept() if each["name"] in ("farthing_session", "farthing_form")]),
    ):  # fmt: skip
        found += faults(browser, street.base, path, "en", widths=(360, 1280), cookies=cookies)
        found += faults(browser, street.base, path, "zh", "dark", True, widths=(360, 1280), cookies=cookies)
    assert not found, found
    street.her.send(f"/contests/{contest.id}")
    assert "taken back" in words(street.her.go("/contests"))
