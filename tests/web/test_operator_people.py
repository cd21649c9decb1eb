"""The operator's customers: the search over everything, the list, and everything about one customer in one place, each part
for whoever may see it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser as Chromium

from farthing.kit.masked import masked_number
from farthing.ledger import service as ledger
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits.model import CloseDeposit, OpenDeposit
from farthing.web.operator import people
from tests.doors import served
from tests.identity.people import staff
from tests.lending.house import House, opened, yuan
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_entrance import Browser, reader

__all__ = ["browser", "pytestmark"]


def lived(house: House) -> dict[str, Any]:
    """A customer with a loan and two deposits, one of them closed; and staff in their roles."""
    loan = house.active("5000")
    opened = [
        house.bank.run(deposits.open_deposit, OpenDeposit(house.party.id, "savings-demand", yuan(each))).deposit.id
        for each in ("100.00", "50.00")
    ]
    house.bank.run(deposits.close, CloseDeposit(opened[1]))
    for name in ("operator", "risk", "auditor", "teller", "regulator"):
        staff(house.bank, name, name)
    return {"loan": loan, "deposit": opened[0]}


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    with opened(database_url, lived) as house:
        yield house


@pytest.fixture
def base(house: House) -> Iterator[str]:
    with served(house.bank) as address:
        yield address


def test_what_is_typed_leads_straight_to_the_one_thing(house: House, base: str) -> None:
    operator, loan, party = reader(base), house.made["loan"], house.party
    assert 'action="/ops/search"' in operator.go("/ops/accounts").text, "the box stands in the bar of every page"
    straight = {
        party.id: f"/ops/customers/{party.id}", loan.id: f"/ops/loans/{loan.id}",
        house.made["deposit"]: f"/ops/deposits/{house.made['deposit']}",
        f" {loan.id} ": f"/ops/loans/{loan.id}", "assets:cash:sandbox": "/ops/accounts/assets%3Acash%3Asandbox",
    }  # fmt: skip
    posted = house.bank.kernel.ask(ledger.entries).entries[0]
    straight |= dict.fromkeys((str(posted.id), posted.reference), f"/ops/entries/{posted.id}")
    for typed, place in straight.items():
        found = operator.client.get("/ops/search", params={"q": typed})
        assert (found.status_code, found.headers.get("location")) == (303, place), typed
    assert reader(base, "risk").go(f"/ops/search?q={loan.decision_id}").headers["location"].startswith("/decisions/")
    hidden = operator.go(f"/ops/search?q={loan.decision_id}")
    nothing = operator.go("/ops/search?q=dec_" + "0" * 26)
    for answer in (hidden, nothing):
        assert answer.status_code == 200 and "Nothing is found for that" in answer.text


def test_people_are_found_by_name_phone_and_number_and_accounts_by_their_beginning(house: House, base: str) -> None:
    operator, party = reader(base), house.party
    for typed in (party.name, party.phone, party.phone.removeprefix("+86"), party.number):
        shown = operator.client.get("/ops/search", params={"q": typed}).text
        assert f'href="/ops/customers/{party.id}"' in shown and party.phone in shown, typed
    beginning = operator.client.get("/ops/search", params={"q": party.name[:1]}).text
    assert party.phone not in beginning and "Whole name" in beginning, "a name lies sealed, and is found whole"
    accounts = operator.go("/ops/search?q=assets:cash").text
    assert "Accounts of the books" in accounts and "assets:cash:sandbox" in accounts
    assert "Nothing is found" in operator.go("/ops/search?q=Nobody").text
    assert "What can be found" in operator.go("/ops/search").text
    script = operator.client.get("/ops/search", params={"q": "<script>alert(1)</script>"}).text
    assert "<script" not in script and "&lt;script&gt;" in script


def test_the_list_goes_on_and_is_filtered(house: House, base: str) -> None:
    operator, party = reader(base), house.party
    shown = operator.go("/ops/customers").text
    assert party.name in shown and party.phone in shown and "Number and phone confirmed" in shown
    assert "The first ones" not in shown
    first, last = re.findall("/ops/customers/(party_[0-9a-z]{26})", shown)
    later = operator.go(f"/ops/customers?cursor={first}").text
    assert first not in later and last in later and "The first ones" in later
    beyond = operator.go(f"/ops/customers?cursor={last}").text
    assert "These were all" in beyond and 'href="/ops/customers"' in beyond
    assert "No customer fits" in operator.go("/ops/customers?q=Nobody").text
    assert operator.go("/ops/customers?cursor=x").status_code == 400


def test_everything_about_a_customer_stands_on_one_page(house: House, base: str) -> None:
    party, loan, deposit = house.party, house.made["loan"], house.made["deposit"]
    shown = reader(base).go(f"/ops/customers/{party.id}").text
    for said in (party.name, party.phone, party.number, "Wallets", "Rainy-day", "5,000.00", "1 closed deposit"):
        assert said in shown, said
    for place in (f"/ops/deposits/{deposit}", f"/ops/loans/{loan.id}", "/ops/accounts/liabilities%3Awallets%3A"):
        assert f'href="{place}' in shown, place
    assert "All confirmed" in shown and "Was at no counter yet" in shown
    assert "Credit decisions" not in shown and "Consents" not in shown, "an operator decides no credit"


def test_each_role_sees_its_own_part_and_masked_where_the_customer_is_not_its_own(house: House, base: str) -> None:
    party = house.party
    risk = reader(base, "risk").go(f"/ops/customers/{party.id}").text
    assert "Credit decisions" in risk and "Payment history" in risk and "No complaint" in risk
    assert "Wallets" not in risk and "Deposits" not in risk.split("<main", 1)[1]
    auditor = reader(base, "auditor").go(f"/ops/customers/{party.id}").text
    assert "Credit decisions" in auditor and "Wallets" in auditor
    assert reader(base, "regulator").go("/ops/customers").status_code == 403
    assert reader(base, "regulator").go("/ops/search").status_code == 403
    teller = reader(base, "teller")
    for path in ("/ops/customers", f"/ops/search?q={party.phone.removeprefix('+86')}"):
        shown = teller.go(path).text
        assert f"/counter/customers/{party.id}" in shown
        assert party.phone not in shown and f"<bdi>{party.name}</bdi>" not in shown
    assert teller.go(f"/ops/customers/{party.id}").status_code == 403, "she is not there"


def test_what_is_longer_than_the_page_says_so_and_leads_on(house: House, base: str) -> None:
    party = house.party
    for _ in range(people.LATEST + 1):
        house.apply("1000")
    risk = reader(base, "risk")
    shown = risk.go(f"/ops/customers/{party.id}").text
    assert f"The latest {people.LATEST} are shown" in shown
    (more,) = re.findall(f'href="(/ops/customers/{party.id}[?]decisions=all)"', shown)
    whole = risk.go(more).text
    assert whole.count('href="/decisions/') > shown.count('href="/decisions/') and "are shown" not in whole
    assert risk.go(f"/ops/customers/{party.id}?decisions=few").status_code in (400, 422)


def test_all_loans_of_a_customer_stand_on_a_list_of_their_own(
    house: House, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "LOANS", 0)  # the page is cut after its last loan
    party, operator = house.party, reader(base)
    shown = operator.go(f"/ops/customers/{party.id}").text
    assert f'href="/ops/loans?customer={party.id}"' in shown
    listed = operator.go(f"/ops/loans?customer={party.id}").text
    assert house.made["loan"].id in listed and party.name in listed and "Loans of everybody" in listed
    assert "No loan fits" in operator.go("/ops/loans?customer=party_" + "0" * 26).text
    file = operator.go(f"/ops/loans.csv?customer={party.id}").text
    assert house.made["loan"].id in file and "The end: 1 row" in file


def test_a_customer_sees_none_of_it_and_who_is_unknown_is_said_to_be(house: House, base: str) -> None:
    assert Browser(base).go("/ops/customers").status_code == 403
    answer = reader(base).go("/ops/customers/party_" + "0" * 26)
    assert answer.status_code == 404 and "parties.unknown" in answer.text


def test_a_number_is_masked_but_for_its_end() -> None:
    assert masked_number("110101199003070038") == "**************0038"
    assert masked_number("1234") == "****"


@pytest.mark.long
def test_these_pages_hold_in_chromium(house: House, base: str, browser: Chromium) -> None:
    kept = reader(base).kept()
    found: list[str] = []
    risk = reader(base, "risk").kept()
    found += faults(browser, base, f"/ops/customers/{house.party.id}", "zh", widths=(320, 1280), cookies=risk)
    for path in (
        "/ops/customers",
        f"/ops/customers/{house.party.id}",
        "/ops/search",
        f"/ops/search?q={house.party.name}",
    ):
        found += faults(browser, base, path, "en", widths=(360, 1280), cookies=kept)
        found += faults(browser, base, path, "zh", "dark", True, widths=(320, 1280), cookies=kept)
    assert not found, "\n".join(found)
