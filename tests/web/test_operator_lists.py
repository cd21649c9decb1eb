"""The operator's deposits and loans: lists that are filtered, summed whole and taken along as a file, and one of each."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser as Chromium

from farthing.savings.deposits import roll_service
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits.model import CloseDeposit, OpenDeposit
from farthing.savings.shelf import service as shelf
from farthing.web.sheets import every
from tests.doors import served
from tests.hands import law, sandbox
from tests.identity.people import staff
from tests.lending.house import House, opened, yuan
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_entrance import reader

__all__ = ["browser", "pytestmark"]


def lived(house: House) -> dict[str, Any]:
    """A loan whose first instalment is three days late since all is saved: a deposit on hand, one of a year, a closed one."""
    loan, run, party = house.active("5000"), house.bank.run, house.party.id
    opened = [
        run(deposits.open_deposit, OpenDeposit(party, "savings-demand", yuan(each))).deposit.id for each in ("70", "50")
    ]
    run(deposits.close, CloseDeposit(opened[1]))
    year = run(deposits.open_deposit, OpenDeposit(party, "savings-lump-sum", yuan("4930"), term="1y")).deposit.id
    house.wait(loan.instalments[0].due_on + timedelta(days=3))
    for name in ("operator", "risk", "auditor", "teller"):
        staff(house.bank, name, name)
    return {"loan": loan, "demand": opened[0], "closed": opened[1], "year": year}


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    with opened(database_url, lived) as house:
        yield house


@pytest.fixture
def base(house: House) -> Iterator[str]:
    with served(house.bank) as address:
        yield address


def rows(answer: httpx.Response) -> list[dict[str, str]]:
    """A file as a spreadsheet reads it; its last line says how many rows came before it."""
    assert answer.status_code == 200 and answer.headers["content-disposition"].startswith("attachment")
    *told, end = csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert str(len(told)) in str(next(iter(end.values())))
    return told


def test_deposits_are_filtered_and_summed_and_taken_along(house: House, base: str) -> None:
    operator, made = reader(base), house.made
    shown = operator.go("/ops/deposits").text
    assert "Deposits that fit" in shown and "5,000.00" in shown and house.party.name in shown
    assert f"/ops/deposits/{made['year']}" in shown and f"/ops/deposits/{made['closed']}" not in shown
    closed = operator.go("/ops/deposits?state=closed").text
    assert f"/ops/deposits/{made['closed']}" in closed and f"/ops/deposits/{made['year']}" not in closed
    assert "No deposit fits" in operator.go("/ops/deposits?within=7").text
    within = operator.go("/ops/deposits?within=365&product=savings-lump-sum").text
    assert f"/ops/deposits/{made['year']}" in within and made["demand"] not in within
    assert '<option value="365" selected>' in within, "the filter stays as it was asked"
    assert "within=365" in within and "/ops/deposits.csv?" in within
    beyond = operator.go(f"/ops/deposits?after={made['demand']}").text
    assert "These were all" in beyond and "5,000.00" in beyond, "sums are of all of them on any page"
    file = rows(operator.go("/ops/deposits.csv?state="))
    assert {each["Deposit"] for each in file} == {made["demand"], made["closed"], made["year"]}
    assert {each["Customer"] for each in file} == {house.party.name}
    assert next(each for each in file if each["Deposit"] == made["year"])["Balance"] == "4930.00"
    for wrong in ("/ops/deposits?state=lost", "/ops/deposits?within=8", "/ops/deposits?colour=red"):
        assert operator.go(wrong).status_code in (400, 422), wrong


def test_a_product_that_is_offered_no_more_is_named_by_its_title(house: House, base: str) -> None:
    sandbox(house.bank)
    law(house.bank)
    operator = reader(base)
    assert "savings-rolling" not in {each.product for each in house.bank.read(shelf.on_offer)}
    for path in ("/ops/deposits", "/ops/deposits?product=savings-rolling"):
        choices = dict(re.findall(r'<option value="([^"]*)"(?: selected)?>([^<]*)', operator.go(path).text))
        assert choices["savings-rolling"] == "Smart seven-day rolling deposit", path


def test_one_deposit_tells_what_was_agreed_and_leads_to_its_books(house: House, base: str) -> None:
    operator, made = reader(base), house.made
    shown = operator.go(f"/ops/deposits/{made['year']}").text
    for said in ("Drawn whole today, it pays", "one year", "Passbook", house.party.name, "Not renewed", "4,930.00"):
        assert said in shown, said
    assert f"/ops/customers/{house.party.id}" in shown and "/ops/accounts/liabilities%3Asavings" in shown
    book = operator.go(f"/savings/{made['year']}/statement.pdf")
    assert book.headers["content-type"] == "application/pdf"
    closed = operator.go(f"/ops/deposits/{made['closed']}").text
    assert "Closed on" in closed and "Drawn whole today" not in closed
    assert operator.go("/ops/deposits/dep_" + "0" * 26).status_code == 404


def test_loans_are_filtered_by_days_past_due_and_summed_and_taken_along(house: House, base: str) -> None:
    operator, loan = reader(base), house.made["loan"]
    shown = operator.go("/ops/loans").text
    assert f"/ops/loans/{loan.id}" in shown and "3 days late" in shown and "Loans that fit" in shown
    assert "3 days late" in operator.go("/ops/loans?late=1&state=active").text
    for none in ("/ops/loans?late=31", "/ops/loans?state=closed", "/ops/loans?product=shop-stock-loan"):
        assert "No loan fits" in operator.go(none).text, none
    unknown = operator.go("/ops/loans?product=other")
    assert unknown.status_code == 404 and "products.unknown" in unknown.text
    file = rows(operator.go("/ops/loans.csv"))
    assert [(each["Loan"], each["Days past due"], each["Borrowed"]) for each in file] == [(loan.id, "3", "5000.00")]
    chinese = rows(reader(base, "auditor", "zh").go("/ops/loans.csv?late=1"))
    assert [each["产品"] for each in chinese] == ["应急贷"], (
        "the words of a file that is sent in pieces are the reader's"
    )
    assert operator.go("/ops/loans?late=many").status_code in (400, 422)


def test_one_loan_tells_its_schedule_and_leads_to_its_books(house: House, base: str) -> None:
    loan = house.made["loan"]
    shown = reader(base).go(f"/ops/loans/{loan.id}").text
    for said in (
        "3 days late",
        "instalments paid",
        "<svg",
        "What is to be paid when",
        "hospital",
        "Funded by the bank",
    ):
        assert said in shown, said
    assert "/ops/accounts/assets%3Aloans%3A" in shown and f"/loans/{loan.id}/contract.pdf" in shown
    assert "/decisions/" not in shown, "an operator reads no decisions"
    risk = reader(base, "risk")
    assert f"/decisions/{loan.decision_id}" in risk.go(f"/ops/loans/{loan.id}").text
    decision = risk.go(f"/decisions/{loan.decision_id}").text
    assert f'href="/ops/customers/{house.party.id}"' in decision and 'href="/ops/loans"' in decision, (
        "the reader's own door"
    )
    assert 'href="/pay"' not in decision and 'href="/apply"' not in decision
    assert 'href="/proof"' in reader(base, "auditor").go(f"/decisions/{loan.decision_id}").text
    assert risk.go("/ops/deposits").status_code == 403 and '"/ops/deposits"' not in risk.go("/ops/loans").text


def test_who_serves_customers_that_are_there_has_no_lists(base: str) -> None:
    teller = reader(base, "teller")
    for path in ("/ops/deposits", "/ops/deposits.csv", "/ops/loans", "/ops/loans.csv"):
        assert teller.go(path).status_code == 403, path


def test_a_file_goes_on_where_a_page_ends(house: House) -> None:
    def some(after: str) -> tuple[list[tuple[str]], str | None]:
        found = house.bank.kernel.ask(roll_service.roll, after=after, limit=1)
        return [(each.id,) for each in found.deposits], found.next_after

    told = [name for page in every(some) for (name,) in page]
    assert sorted(told) == sorted([house.made["demand"], house.made["closed"], house.made["year"]])


@pytest.mark.long
def test_these_pages_hold_in_chromium(house: House, base: str, browser: Chromium) -> None:
    kept, made = reader(base).kept(), house.made
    found: list[str] = []
    for path in ("/ops/deposits", f"/ops/deposits/{made['year']}", "/ops/loans", f"/ops/loans/{made['loan'].id}"):
        found += faults(browser, base, path, "en", widths=(360, 1280), cookies=kept)
        found += faults(browser, base, path, "zh", "dark", True, widths=(320, 1280), cookies=kept)
    assert not found, "\n".join(found)
