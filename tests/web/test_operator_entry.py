"""The operator's journal and one entry: by name, with its evidence, and its reversal, which takes two persons."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pytest
from playwright.sync_api import Browser as Chromium

from farthing.kernel import approvals
from farthing.kernel.approvals import Decide
from farthing.kernel.day import close_day
from farthing.kit.actor import Actor
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.ledger.model import AccountSpec, HandEntry, Posting, entry_id
from farthing.ledger.service import Reverse
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet
from tests.conftest import DAY, Bank
from tests.doors import serving
from tests.identity.people import PASSWORD, Person, enrolled, staff
from tests.ledger.books import work
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_entrance import signed_in

__all__ = ["browser", "pytestmark"]
CARD = "6222021234567890123"
MAKER, CHECKER = Actor("operator:ada", frozenset({"*"})), Actor("operator:bob", frozenset({"*"}))
CAPITAL = f"/ops/entries/{entry_id('bank:capital')}"


@pytest.fixture
def base(bank: Bank) -> Iterator[str]:
    with serving(bank) as address:
        staff(bank, "second", "operator", person="Wang.Fang")
        party = enrolled(bank, Person()).party
        bank.run(payments.open_wallet, OpenWallet(party.id, "CNY"))
        bank.run(payments.top_up, MoveByRail(party.id, Money(810_000, "CNY"), CARD))
        yield address


def balance(bank: Bank) -> int:
    return bank.kernel.read(lambda tx: ledger.balance(tx, "equity:capital")).balance.minor


def test_the_journal_is_read_by_name_and_found_by_day_and_by_reference(bank: Bank, base: str) -> None:
    operator = signed_in(base)
    listed = operator.go("/ops/entries").text
    assert listed.index("Top-up") < listed.index("Capital paid in"), "the newest stand first"
    assert "林美" in listed and "CNY 8,100.00" in listed and "party_" not in listed
    assert "Top-up" in operator.go(f"/ops/entries?on={DAY}").text
    assert "Nothing was recorded on this day" in operator.go(f"/ops/entries?on={DAY - timedelta(days=1)}").text
    assert operator.go("/ops/entries?on=yesterday").status_code in (400, 422)
    found = operator.go("/ops/entries?q=bank:capital")
    assert (found.status_code, found.headers["location"]) == (303, CAPITAL)
    assert "No entry has this reference" in operator.go("/ops/entries?q=bank:capit").text
    statement = operator.go("/ops/accounts/equity:capital").text
    assert CAPITAL in statement, "a line of a statement leads to its entry"


def test_an_entry_of_a_thousand_lines_is_told_by_its_head_and_page_by_page(bank: Bank, base: str) -> None:
    paths = [f"liabilities:payable:hand-{number:03}" for number in range(999)]
    capital = Posting("equity:capital", Money(99_900, "CNY"))
    legs = (capital, *(Posting(path, Money(-100, "CNY")) for path in paths))
    work(bank, lambda tx: ledger.open_accounts(tx, [AccountSpec(path, "CNY") for path in paths]))
    draft = bank.run(ledger.post_by_hand, HandEntry("long", "capital", DAY, legs, "long"), actor=MAKER)
    bank.run(approvals.decide, Decide(draft.approval_id, approve=True), actor=CHECKER)
    operator = signed_in(base)
    listed = operator.go("/ops/entries").text
    assert "CNY 999.00" in listed and "hand-002" in listed and "hand-003" not in listed and "996 lines more" in listed
    long = f"/ops/entries/{entry_id('long')}"
    first, last = operator.go(long).text, operator.go(f"{long}?after=950").text
    assert "Lines 1 to 50 of 1000" in first and "hand-048" in first and "hand-049" not in first
    assert "hand-998" in last and "hand-900" not in last and "after=1000" not in last
    assert operator.go(f"{long}?after=-1").status_code == 400
    assert len(operator.go(f"{long}/entry.txt").text.splitlines()) == 1001, "the whole of it as plain text"


def test_an_entry_says_what_it_moved_who_wanted_it_and_what_proves_it(bank: Bank, base: str) -> None:
    operator = signed_in(base)
    shown = operator.go(CAPITAL).text
    assert "Capital paid in" in shown and "/ops/accounts/equity%3Acapital" in shown
    assert "An entry by hand" in shown and "founder" in shown, "what it was, not that it was decided"
    assert "The log names this very entry" in shown and "not yet" in shown
    assert operator.go(f"{CAPITAL}/evidence.json").status_code == 404, "no checkpoint covers it"
    close_day(bank.kernel, DAY, key="close")
    bank.drain()
    assert "evidence.json" in operator.go(CAPITAL).text
    file = operator.go(f"{CAPITAL}/evidence.json")
    told = json.loads(file.text)
    assert f'"digest":"{told["sha256"]}"' in told["leaf"]["body"] and told["entry"]["reference"] == "bank:capital"
    assert "tlog-proof" in told["tlog_proof"] and "attachment" in file.headers["content-disposition"]
    assert operator.go("/ops/entries/nothing").status_code == 404


def test_a_reversal_that_waits_is_seen_however_many_drafts_wait_before_it(bank: Bank, base: str) -> None:
    legs = (Posting("assets:cash:sandbox", Money(1, "CNY")), Posting("equity:capital", Money(-1, "CNY")))
    for number in range(101):
        bank.run(ledger.post_by_hand, HandEntry(f"hand-{number}", "capital", DAY, legs, "one fen"), actor=MAKER)
    bank.run(ledger.reverse_entry, Reverse("bank:capital", DAY, "by mistake"), actor=MAKER)
    shown = signed_in(base, "second", PASSWORD).go(CAPITAL).text
    assert "/approvals/appr_" in shown, "it leads to the draft, and offers no second one"
    assert 'name="memo"' not in shown


def test_a_reversal_is_asked_for_by_one_approved_by_another_and_done_once(bank: Bank, base: str) -> None:
    operator, second = signed_in(base), signed_in(base, "second", PASSWORD)
    before = balance(bank)
    shown = operator.go(CAPITAL).text
    assert "What it would move" in shown and "Ask for the reversal" in shown
    for _ in range(2):  # a double click
        sent = operator.send(CAPITAL, memo="typed twice", key="once")
        assert (sent.status_code, sent.headers["location"]) == (303, CAPITAL)
    waits = operator.go(CAPITAL).text
    assert "waits for a second person" in waits and "Ask for the reversal" not in waits and balance(bank) == before
    (draft,) = set(re.findall("appr_[0-9a-z]{26}", waits))
    alone = operator.agree(f"/approvals/{draft}", "alone")
    assert alone.status_code == 403 and "approvals.same_person" in alone.text and balance(bank) == before
    assert "waits for a second person" in second.go(CAPITAL).text
    second.agree(f"/approvals/{draft}", "yes")
    assert balance(bank) == 0
    done = second.go(CAPITAL).text
    assert "was taken back" in done and "Ask for the reversal" not in done
    (reversal,) = set(re.findall("/ops/entries/[0-9a-f-]{36}", done)) - {CAPITAL}
    back = second.go(reversal).text
    assert (
        "takes another back" in back and CAPITAL in back and "typed twice" in back and "Wang.Fang · Operations" in back
    )
    again = operator.send(CAPITAL, memo="once more", key="again")
    assert again.status_code == 422 and "ledger.already_reversed" in again.text


def test_what_a_product_owns_says_who_takes_it_back(base: str) -> None:
    operator = signed_in(base)
    listed = operator.go("/ops/entries").text
    (top_up,) = re.findall('href="(/ops/entries/[0-9a-f-]{36})">Top-up', listed)
    shown = operator.go(top_up).text
    assert "Ask for the reversal" not in shown and "Reverse this entry" in shown
    refused = operator.send(top_up, memo="x", key="1")
    assert "ledger.owned_entry" in refused.text


def test_who_only_reads_sees_no_form_and_nobody_else_sees_anything(bank: Bank, base: str) -> None:
    staff(bank, "audrey", "auditor")
    staff(bank, "tess", "teller")
    auditor, teller = signed_in(base, "audrey", PASSWORD), signed_in(base, "tess", PASSWORD)
    assert "Ask for the reversal" not in auditor.go(CAPITAL).text
    assert auditor.send(CAPITAL, memo="x", key="1").status_code == 403
    for path in ("/ops/entries", CAPITAL, f"{CAPITAL}/evidence.json"):
        assert teller.go(path).status_code == 403 and httpx.get(f"{base}{path}").status_code == 403


@pytest.mark.long
def test_these_pages_hold_in_chromium(base: str, browser: Chromium) -> None:
    kept = signed_in(base).kept()
    found: list[str] = []
    for path in ("/ops/entries", CAPITAL):
        found += faults(browser, base, path, "en", widths=(360,), cookies=kept)
        found += faults(browser, base, path, "zh", "dark", True, widths=(1280,), cookies=kept)
    assert not found, "\n".join(found)
