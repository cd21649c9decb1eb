"""Approvals: a list that leads to one draft a page, which says what it would change and move, and is decided by another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser as Chromium

from farthing.bank.founding import agreed
from farthing.kernel import approvals
from farthing.kernel.answers import Pending
from farthing.kernel.day import close_day
from farthing.kit.actor import Actor
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.ledger.model import HandEntry, Posting
from farthing.savings.shelf import service as shelf
from farthing.savings.shelf.model import PublishRates
from tests.conftest import DAY, Bank
from tests.doors import serving
from tests.identity.people import PASSWORD, staff
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_entrance import seen, signed_in

__all__ = ["browser", "pytestmark"]
MAKER = Actor("operator:operator", frozenset({"*"}))


@pytest.fixture
def base(bank: Bank) -> Iterator[str]:
    with serving(bank) as address:
        staff(bank, "second", "operator", person="Wang.Fang")
        yield address


def moved(bank: Bank, reference: str, minor: int) -> str:
    lines = (Posting("assets:cash:sandbox", Money(minor, "CNY")), Posting("equity:capital", Money(-minor, "CNY")))
    asked = bank.run(
        ledger.post_by_hand, HandEntry(reference, "capital", DAY, lines, "more of the owners"), actor=MAKER
    )
    assert isinstance(asked, Pending)
    return f"/approvals/{asked.approval_id}"


def test_a_draft_says_all_that_is_asked_and_what_it_would_move(bank: Bank, base: str) -> None:
    draft = moved(bank, "more", 1_234_500)
    second, maker = signed_in(base, "second", PASSWORD), signed_in(base)
    listed = second.go("/approvals").text
    assert draft in listed and "An entry by hand" in listed and "operator · Operations" in listed
    assert "operator:operator" not in listed and '<button class="button"' not in listed, "the list only leads"
    shown = second.go(draft).text
    for word in ("CNY 12,345.00", "Capital paid in", "more of the owners", "What it would move", "10 Jun 2026"):
        assert word in shown, word
    assert shown.count('value="approve"') == 1
    own = maker.go(draft).text
    assert 'value="approve"' not in own and "another person must decide it" in own
    alone = maker.agree(draft, "alone")
    assert alone.status_code == 403 and "approvals.same_person" in alone.text
    before = bank.kernel.read(lambda tx: ledger.balance(tx, "equity:capital")).balance.minor
    for _ in range(2):  # a double click
        done = second.agree(draft, "yes", "as agreed")
        assert (done.status_code, done.headers["location"]) == (303, draft)
    after = bank.kernel.read(lambda tx: ledger.balance(tx, "equity:capital")).balance.minor
    assert before - after == 1_234_500
    ended = maker.go(draft).text
    assert "approved, and done" in ended and "Wang.Fang · Operations" in ended and "as agreed" in ended
    assert draft in maker.go("/approvals").text, "what ended today is still listed for who asked"


def test_what_changed_since_it_was_shown_is_shown_anew_and_not_done(bank: Bank, base: str) -> None:
    draft = moved(bank, "more", 1_234_500)
    second = signed_in(base, "second", PASSWORD)
    before = seen(second.go(draft))
    close_day(bank.kernel)
    for _ in range(2):
        late = second.send(draft, decision="approve", key="k", seen=before)
        assert late.status_code == 409 and "This has changed since you looked" in late.text
        assert 'value="approve"' in late.text and 'name="key" value="k"' in late.text
    for nothing in ("", "0" * 64):
        assert second.send(draft, decision="approve", key="k", seen=nothing).status_code == 409
    assert bank.kernel.ask(approvals.draft, draft.rpartition("/")[2]).state == "waiting"
    assert second.send(draft, decision="approve", key="k", seen=seen(late)).headers["location"] == draft
    assert "approved, and done" in second.go(draft).text


def test_a_draft_that_would_be_refused_says_why_before_and_after(bank: Bank, base: str) -> None:
    first, twin = moved(bank, "twice", 100), moved(bank, "twice", 200)
    second = signed_in(base, "second", PASSWORD)
    second.go(first)
    second.agree(first, "1")
    shown = second.go(twin).text
    assert "As things stand it would be refused" in shown and 'value="approve"' not in shown
    told = second.agree(twin, "2")
    assert told.status_code == 200 and "refused when it was to be done" in told.text
    sentence = re.search(r"</strong>.*?</p><p>(.*?)</p>", told.text, re.S)
    assert sentence is not None and "twice" in sentence[1]
    again = signed_in(base, "second", PASSWORD, language="zh").go(twin).text
    assert "Nothing was changed" not in again and re.search("[\u4e00-\u9fff]{4,}", again) and "{" not in again


def test_new_rates_stand_beside_those_in_force_and_are_refused_quietly(bank: Bank, base: str) -> None:
    agreed(bank.kernel, shelf.publish_rates, PublishRates("retail-2", DAY, "0.0010", {"1y": "0.015"}))
    asked = bank.run(
        shelf.publish_rates, PublishRates("retail-2", DAY + timedelta(days=1), "0.0010", {"1y": "0.016"}), actor=MAKER
    )
    draft = f"/approvals/{asked.approval_id}"
    second = signed_in(base, "second", PASSWORD)
    shown = second.go(draft).text
    assert "What would be another" in shown and "1.50%" in shown and "1.60%" in shown and "one year" in shown
    later = bank.run(
        shelf.publish_rates, PublishRates("retail-2", DAY + timedelta(days=9), "0.0010", {"1y": "0.017"}), actor=MAKER
    )
    agreed(
        bank.kernel, shelf.publish_rates, PublishRates("retail-2", DAY + timedelta(days=5), "0.0010", {"1y": "0.0165"})
    )
    beside = second.go(f"/approvals/{later.approval_id}").text
    assert "1.65%" in beside and "1.70%" in beside and "1.50%" not in beside, "beside the edition that it would follow"
    assert second.send(draft, decision="reject", note="not today", key="no").headers["location"] == draft
    ended = second.go(draft).text
    assert "rejected" in ended and "not today" in ended and 'value="approve"' not in ended
    late = second.agree(draft, "late")
    assert late.status_code == 409 and "approvals.settled" in late.text


def test_who_may_not_decide_it_does_not_find_it(bank: Bank, base: str) -> None:
    draft = moved(bank, "hidden", 100)
    staff(bank, "tess", "teller")
    staff(bank, "audrey", "auditor")
    teller, auditor = signed_in(base, "tess", PASSWORD), signed_in(base, "audrey", PASSWORD)
    assert draft not in teller.go("/approvals").text and teller.go(draft).status_code == 404
    assert auditor.go(draft).status_code == 403
    assert teller.agree(draft, "1").status_code == 403
    assert signed_in(base).go("/approvals/appr_nothing").status_code in (400, 404)


@pytest.mark.long
def test_these_pages_hold_in_chromium(bank: Bank, base: str, browser: Chromium) -> None:
    draft = moved(bank, "seen", 1_234_500)
    kept = signed_in(base, "second", PASSWORD).kept()
    found: list[str] = []
    for path in ("/approvals", draft):
        found += faults(browser, base, path, "en", widths=(360,), cookies=kept)
        found += faults(browser, base, path, "zh", "dark", True, widths=(1280,), cookies=kept)
    assert not found, "\n".join(found)
