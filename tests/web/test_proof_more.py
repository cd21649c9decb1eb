"""The rest of the door of proofs: limits with their articles and use, the rules in force, who waits, and files to take along."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import httpx
import pytest
from beancount import loader
from beancount.core.data import Transaction
from playwright.sync_api import Browser as Chromium

from farthing.assurance import service as assurance
from farthing.credit.review import service as review
from farthing.credit.review.model import AskReview
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.ledger.overview import service as overview
from farthing.lending.model import LoanCommand
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from farthing.products.law.rules import TITLES, figures
from farthing.products.policy import Policy
from farthing.products.service import shipped_policy
from farthing.web.proof import downloads
from tests.conftest import Bank
from tests.doors import serving
from tests.identity.people import PASSWORD, staff
from tests.lending.house import CARD, House, yuan
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_entrance import Browser

__all__ = ["browser", "pytestmark"]


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    house = House(database_url)
    yield house
    house.bank.kernel.database.close()


@pytest.fixture
def base(house: House) -> Iterator[str]:
    with serving(house.bank) as address:
        yield address


def signed_in(base: str, bank: Bank, role: str, language: str = "en") -> Browser:
    staff(bank, "wei", role)
    found = Browser(base, language)
    found.sign_in("wei", PASSWORD)
    return found


def test_every_limit_of_a_policy_is_told() -> None:
    """A field that is added to the pack and not here would be a law that nobody reads."""
    assert set(TITLES) == {each.name for each in fields(Policy)} - {
        "product", "version", "name", "currency", "prudence", "conduct", "savings", "marketplace", "packets", "pay_codes",
        "requests", "standing", "rails", "debits", "agents", "fraud", "bindings", "pay_limits", "reported",
        "disputes", "passkeys", "levels", "suites", "sign_in", "log", "receivables", "crowdfunding", "complaints",
        "furnishing", "models",
    }  # fmt: skip
    told = {each.name: each for each in figures(shipped_policy("cn"))}
    assert told["annual_cost_max"].shown == Words("24%", "24%")
    assert told["penalty_multiple_max"].shown == Words("1.5 times", "1.5 倍")
    assert told["person_credit_max"].shown == Words("CNY 200,000.00", "¥200,000.00")
    assert told["insurance"].article is not None and "存款保险条例" in told["insurance"].article.zh
    silent = {each.name: each for each in figures(shipped_policy("eu"))}
    assert silent["annual_cost_max"].shown is None and silent["annual_cost_max"].article is None


def test_a_regulator_reads_limits_and_no_customer(base: str, house: House) -> None:
    house.active()
    regulator = signed_in(base, house.bank, "regulator")
    assert regulator.go("/").headers["location"] == "/proof"
    front = regulator.go("/proof").text
    assert "Customers&#39; money is covered" in front and 'href="/ops/accounts"' not in front
    limits = regulator.go("/proof/limits").text
    assert "200,000.00" in limits and "order 9 of 2020" in limits and "Kept in the same transaction" in limits
    policies = regulator.go("/proof/policies").text
    assert "Automatic rolling of notice deposits" in policies and "15 May 2024" in policies
    assert "Every balance was derived again" in regulator.send("/ops/verify").text
    for path in ("/ops/accounts", "/ops/entries", "/ops/trial-balance", "/proof/decisions", "/approvals"):
        assert regulator.go(path).status_code == 403, path
    for text in (front, limits, policies):
        assert house.party.name not in text and house.party.id not in text


def test_the_use_of_a_limit_is_what_the_accounts_come_to(base: str, house: House) -> None:
    house.active()
    known = {each.name: each for each in house.bank.kernel.read(overview.limits)}
    margins = {each.name: each.margin for each in house.bank.kernel.read(overview.margins)}
    totals = {each.path: each.total for each in house.bank.kernel.read(overview.totals) if each.currency == "CNY"}
    money = known["client-money"]
    assert money.used == totals.get("liabilities:wallets", 0) + totals.get("liabilities:escrow", 0) > 0
    assert money.limit == totals["assets:cash"] and money.limit - money.used == margins["client-money"]
    assert known["fund-liquidity-line"].limit == 100_000_000


def test_who_waits_is_counted_without_words(base: str, house: House) -> None:
    regulator = signed_in(base, house.bank, "regulator")
    assert "Nobody waits." in regulator.go("/proof/complaints").text
    house.bank.run(review.ask_review, AskReview(house.apply().decision_id, "你们算错了我的收入"))
    house.wait(house.today + timedelta(days=2))
    said = regulator.go("/proof/complaints").text
    assert "The oldest waits for 2 days" in said and "算错" not in said and house.party.name not in said
    staff(house.bank, "rita", "risk")
    operator, risk = Browser(base), Browser(base)
    operator.sign_in()
    risk.sign_in("rita", PASSWORD)
    counts = re.compile(
        r'href="/ops/complaints"><span>Customers who wait for an answer.*?<strong class="n">(\d+)<', re.S
    )
    for who in (operator, risk):
        assert counts.findall(who.go("/ops").text) == ["1"]
    said = operator.go("/ops/complaints").text
    assert re.search("Reviews of a decision</dt><dd>1<", said) and "A risk officer answers them" in said
    assert "算错" not in said and "算错" in risk.go("/ops/complaints").text


@pytest.mark.parametrize("at_once", [3, downloads.AT_ONCE])
def test_the_journal_is_sent_in_pages_and_others_reckon_the_same(
    base: str, house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    """No entry is lost or sent twice where one page ends and the next begins; so many at once as are sent."""
    monkeypatch.setattr(downloads, "AT_ONCE", at_once)
    house.active()
    for figure in range(1, 8):
        house.bank.run(payments.top_up, MoveByRail(house.party.id, yuan(f"{figure}.00"), CARD))
    auditor = signed_in(base, house.bank, "auditor")
    journal = house.bank.kernel.read(ledger.journal)
    assert len(journal) > 6
    answer = auditor.go("/proof/journal.beancount")
    assert 'filename="journal-2026-11-28.beancount"' in answer.headers["content-disposition"]
    text = answer.text
    assert text.endswith(f"; the end: {len(journal)} entries\n")
    entries, errors, _ = loader.load_string(text)
    assert not errors
    assert sorted(each.meta["reference"] for each in entries if isinstance(each, Transaction)) == sorted(
        each.entry.reference for each in journal
    )
    said = auditor.go("/proof/journal.hledger").text
    assert said.endswith(f"; the end: {len(journal)} entries\n")
    assert all(said.count(f"({each.id})") == 1 for each in journal)
    if shutil.which("hledger") is not None:
        (tmp_path / "books.journal").write_text(said)
        subprocess.run(["hledger", "-f", tmp_path / "books.journal", "check"], check=True, capture_output=True)
    assert "hledger" in auditor.go("/proof/downloads").text
    rows = list(csv.reader(auditor.go("/proof/trial-balance.csv").text.splitlines()))[1:]
    assert sum(Decimal(row[2] or 0) - Decimal(row[3] or 0) for row in rows) == 0 and len(rows) > 3


def test_a_journal_is_asked_for_in_pages_that_the_books_give(base: str, house: House) -> None:
    auditor = signed_in(base, house.bank, "auditor")
    for name in ("hledger", "beancount"):
        assert "; the end: " in auditor.go(f"/proof/journal.{name}").text


def test_a_regulator_takes_sums_along_and_no_journal(base: str, house: House) -> None:
    house.active()
    regulator = signed_in(base, house.bank, "regulator")
    offered = regulator.go("/proof/downloads").text
    assert "/proof/totals.csv" in offered and "journal" not in offered and "trial-balance" not in offered
    for path in ("/proof/journal.hledger", "/proof/journal.beancount", "/proof/trial-balance.csv"):
        assert regulator.go(path).status_code == 403
    rows = list(csv.reader(regulator.go("/proof/totals.csv").text.splitlines()))[1:]
    assert sum(int(row[2] or 0) - int(row[3] or 0) for row in rows) == 0 and len(rows) > 3
    assert "party" not in "".join(map(",".join, rows))


def test_the_checker_that_is_handed_out_checks_a_package(base: str, house: House, tmp_path: Path) -> None:
    """By itself, in a folder with nothing of the program; and anybody may have it."""
    loan = house.active()
    made = house.bank.run(assurance.package_loan, LoanCommand(loan.id), key="p")
    (tmp_path / "package.zip").write_bytes(base64.b64decode(made.content_base64))
    handed = httpx.get(f"{base}/proof/checker.zip").content
    assert hashlib.sha256(handed).hexdigest() in signed_in(base, house.bank, "auditor").go("/proof/downloads").text
    zipfile.ZipFile(io.BytesIO(handed)).extractall(tmp_path)
    asked = [sys.executable, "-P", "-m", "checker", "package.zip", "--json"]
    alone = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, env=alone, check=False)
    statuses = {each["status"] for each in json.loads(done.stdout)["findings"]}
    assert "passed" in statuses and "failed" not in statuses, done.stderr


@pytest.mark.long
def test_the_rest_of_the_door_in_two_dresses(browser: Chromium, base: str, house: House) -> None:
    house.bank.run(payments.top_up, MoveByRail(house.party.id, yuan("900.00"), CARD))
    house.bank.run(review.ask_review, AskReview(house.apply().decision_id, "你们算错了我的收入"))
    auditor = signed_in(base, house.bank, "auditor")
    cookies = auditor.kept()
    found: list[str] = []
    for path in ("/proof/limits", "/proof/policies", "/proof/complaints", "/proof/downloads"):
        found += faults(browser, base, path, "en", widths=(360,), cookies=cookies)
        found += faults(browser, base, path, "zh", "dark", True, widths=(1280,), cookies=cookies)
    assert not found, "\n".join(found)
