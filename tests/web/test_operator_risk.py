"""The operator's pages of risk and of reports: what each says of a bank with a late loan, and what a file holds."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, timedelta

import httpx
import pytest
from playwright.sync_api import Browser as Chromium

from farthing.credit.review import service as review
from farthing.credit.review.model import AskReview
from farthing.ledger import service as ledger
from farthing.lending.maturity import service as maturity
from farthing.lending.spread import service as spread
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from tests.doors import served
from tests.identity.people import staff
from tests.lending.house import CARD, House, opened, yuan
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_entrance import reader

__all__ = ["browser", "pytestmark"]
FILES = ("limits", "lateness", "complaints", "policy", "products")


def late(house: House) -> None:
    """A loan that is forty days late, and a customer who asks that a person looks at a decision."""
    loan = house.active("5000")
    house.bank.run(payments.pay_out, MoveByRail(house.party.id, yuan("5000"), CARD))
    house.bank.run(review.ask_review, AskReview(loan.decision_id, "请再看一次"))
    house.wait(loan.instalments[0].due_on + timedelta(days=40))


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    with opened(database_url, late) as house:
        yield house


@pytest.fixture
def base(house: House) -> Iterator[str]:
    with served(house.bank) as address:
        for name in ("operator", "risk", "teller"):
            staff(house.bank, name, name)
        yield address


def test_risk_says_its_findings_with_their_figures_and_names_nobody(base: str, house: House) -> None:
    shown = reader(base, "risk").go("/ops/risk").text
    assert "100.0% of what is owed is more than 30 days late" in shown and "31 to 60 days" in shown
    assert "1 of 1 applications of the last 90 days were approved" in shown
    assert "100.0% of the loans are later than they were thirty days ago" in shown
    assert re.search("The oldest waits for [0-9]+ days", shown) and "Wallets and escrow are covered" in shown
    assert shown.count("<figure") == shown.count("The figures</summary>") >= 5
    for private in (house.party.name, house.party.id, "请再看一次"):
        assert private not in shown
    chinese = reader(base, "operator", "zh").go("/ops/risk").text
    assert "贷款余额的 100.0% 逾期超过 30 天" in chinese


def test_risk_shows_what_the_months_said_and_what_is_set_aside(base: str, house: House) -> None:
    risk = reader(base, "risk")
    shown = risk.go("/ops/risk").text
    assert "None of our loans is bad" in shown and "As of the end of 31 Jan 2027" in shown
    assert "Of what was lent in 2026-11 up to 100.0% was more than 30 days late" in shown
    little = "Rainy-day loan: little was seen; mostly by the law&#39;s figures, [0-9.]+% of what is in time may default"
    assert re.search(little, shown)
    page = risk.go("/ops/risk/provisions").text
    assert "Special mention" in page and "Rainy-day loan" in page and "CNY 75.00" in page
    held = sum(house.bank.read(lambda tx: ledger.sum_below(tx, "assets:loan-loss-allowance")).values())
    assert f"{-held / 100:,.2f}" in page and house.party.name not in page
    trial = risk.go("/ops/risk/provisions?trial=1").text
    assert "nothing is posted by it" in trial
    assert held == sum(house.bank.read(lambda tx: ledger.sum_below(tx, "assets:loan-loss-allowance")).values())
    chinese = reader(base, "operator", "zh").go("/ops/risk/provisions").text
    assert "关注" in chinese and "应急贷" in chinese and "监管要求" in chinese


def test_the_ladder_says_what_is_short_and_up_to_when(base: str, house: House) -> None:
    risk = reader(base, "risk")
    assert 'href="/ops/risk/ladder"' in risk.go("/ops/risk").text
    shown = risk.go("/ops/risk/ladder").text
    assert "What comes in covers what may be asked back, up to every rung." in shown and "31 to 90 days" in shown
    kept = risk.go("/ops/risk/ladder?month=1").text
    (found,) = house.bank.kernel.ask(maturity.maturity_ladder, month=date(2027, 1, 31))
    assert all(f"{each.comes_in.minor / 100:,.2f}" in kept for each in found.rungs) and house.party.name not in kept
    assert "期限错配表" in reader(base, "operator", "zh").go("/ops/risk/ladder").text


def test_what_lending_earns_is_told_up_to_the_result_of_the_books(base: str, house: House) -> None:
    risk = reader(base, "risk")
    assert "/ops/risk/spread" in risk.go("/ops/risk").text
    shown = risk.go("/ops/risk/spread?month=2026-12").text
    (found,) = house.bank.kernel.ask(spread.spread, since=date(2026, 12, 1), until=date(2026, 12, 31)).currencies
    (product,) = found.products
    assert product.interest and product.funding, "December had interest, and its money cost something"
    for amount in (product.interest, product.spread, found.profit, found.transferred):
        assert f"{abs(amount.minor) / 100:,.2f}" in shown
    assert "The books say" in shown and "PBOC benchmark" in shown and "six months" in shown and "1.30%" in shown
    assert house.party.name not in shown
    assert "Nothing was earned or spent" not in risk.go("/ops/risk/spread").text, "the month that ended last"
    assert risk.go("/ops/risk/spread?month=2035-01").status_code == 422
    chinese = reader(base, "operator", "zh").go("/ops/risk/spread?month=2026-12").text
    assert "贷款利差" in chinese and "各项合计一致" in chinese and "人民银行" in chinese


def test_each_report_is_a_file_of_this_moment(base: str, house: House) -> None:
    operator = reader(base, "operator")
    shown = operator.go("/ops/reports").text
    for path in set(re.findall('href="(/(?:ops/reports|proof)/[^"]+)"', shown)):
        answer = operator.go(path)
        assert answer.status_code == 200, (path, re.findall("<code>[^<]*|<p>[^<]*", answer.text))
        assert "attachment" in answer.headers["content-disposition"], path
        assert len(answer.text.splitlines()) > 1, path
    for path in ("/ops/deposits.csv", "/ops/loans.csv"):
        assert f'href="{path}"' in shown and operator.go(path).status_code == 200
    rows = list(csv.reader(io.StringIO(operator.go("/ops/reports/lateness.csv").text)))
    assert rows[1][:3] == ["31 to 60 days", "CNY", "1"] and float(rows[1][3]) == 5000
    limits = operator.go("/ops/reports/limits.csv").text
    assert "Fast redemptions keep to their line" in limits and "1000000.00" in limits
    assert house.party.name not in operator.go("/ops/reports/complaints.csv").text


def test_a_trial_balance_is_taken_as_of_a_day(base: str, house: House) -> None:
    operator = reader(base, "operator")
    before = operator.go("/proof/trial-balance.csv?on=2026-11-27")
    assert "2026-11-27" in before.headers["content-disposition"] and len(before.text.splitlines()) == 1
    first = operator.go("/proof/trial-balance.csv?on=2026-11-28").text
    assert "assets:loans" in first and first != operator.go("/proof/trial-balance.csv").text
    assert operator.go("/proof/trial-balance.csv?on=soon").status_code in (400, 422)


def test_only_staff_who_read_reports_see_them(base: str) -> None:
    teller = reader(base, "teller")
    pages = ("/ops/risk", "/ops/risk/provisions", "/ops/risk/spread", "/ops/reports")
    for path in (*pages, *(f"/ops/reports/{name}.csv" for name in FILES)):
        assert teller.go(path).status_code == 403 and httpx.get(f"{base}{path}").status_code == 403, path


@pytest.mark.long
def test_these_pages_hold_in_chromium(base: str, browser: Chromium) -> None:
    operator = reader(base, "operator")
    found = []
    for path in ("/ops/risk", "/ops/risk/provisions", "/ops/risk/spread?month=2026-12", "/ops/reports"):
        found += faults(browser, base, path, "en", widths=(360, 1280), cookies=operator.kept())
        found += faults(browser, base, path, "zh", "dark", True, widths=(320,), cookies=operator.kept())
    assert not found, "\n".join(found)
