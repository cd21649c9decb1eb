"""The operator's page of the marketplace: what is listed, what batches came to, and the file that anybody clears again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import pytest
from playwright.sync_api import Browser as Chromium

from farthing.funding.clearing.answer import clear_file
from farthing.funding.market import batches_service as batches
from farthing.funding.protection import service as protection
from tests.doors import served
from tests.funding.market.listing import law, listed, mandated, published
from tests.funding.protection.test_protection import paid_back
from tests.identity.people import staff
from tests.lending.house import House
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_counter import seen_by
from tests.web.test_entrance import Browser, reader

__all__ = ["browser", "pytestmark"]


@pytest.fixture
def house(database_url: str) -> House:
    return House(database_url, lived=published)


@pytest.fixture
def base(house: House) -> Iterator[str]:
    with served(house.bank) as address:
        staff(house.bank, "operator", "operator")
        staff(house.bank, "teller", "teller")
        yield address


@pytest.mark.long
def test_listings_and_batches_are_told_with_their_file(base: str, house: House, browser: Chromium) -> None:
    ops = reader(base, "operator")
    assert "Nothing was listed yet." in ops.go("/ops/market").text
    loan, listing = listed(house)
    for number in range(1, 4):
        mandated(house, number, "2000")
    batch = batches.run(house.bank.kernel, "first")
    assert batch is not None
    page = ops.go("/ops/market").text
    assert 'href="/ops/market"' in page and listing.id in page and "seeks lenders" in page
    cells = re.findall(r'data-name="(Sought|Offered|Funded|Gini|Envied)">([^<]+)<', page)
    assert dict(cells) == {
        "Sought": "7,200.00", "Offered": "6,000.00", "Funded": "4,500.00", "Gini": "0.0000", "Envied": "0",
    }  # fmt: skip
    (file,) = re.findall(r'href="(/ops/market/batches/[^"]+)"', page)
    sent = ops.go(file)
    assert sent.headers["content-disposition"].startswith("attachment") and listing.party_id not in sent.text
    assert json.loads(sent.text)["digest"] == batch.digest
    assert clear_file(sent.content, "batch.json")
    its_page, its_story = f"/ops/loans/{loan.id}", f"/ops/loans/{loan.id}/story"
    for path in (its_page, its_story):
        told = ops.go(path).text
        assert "Lent to" not in told and "still owed" not in told and "Borrower" in told
    assert "Nothing is paid out yet, and nothing is owed. Seeks lenders: CNY 4,500.00 is there" in ops.go(its_page).text
    found = []
    for language, path in product(("en", "zh"), ("/ops/market", its_page, its_story)):
        found += faults(browser, base, path, language, widths=(360, 1280), cookies=ops.kept())
    assert found == []
    seen_by(house.bank, house.party.id, "teller")
    desk = reader(base, "teller").go(f"/counter/customers/{house.party.id}").text
    assert "Rainy-day loan" in desk and "Seeks lenders: CNY 4,500.00 is there" in desk and "Being funded" not in desk
    assert reader(base, "teller").go("/ops/market").status_code == 403


@pytest.mark.long
def test_the_protection_fund_is_told_to_everybody_and_its_claims_to_staff(database_url: str, browser: Chromium) -> None:
    with ThreadPoolExecutor(1) as apart:
        house = apart.submit(House, database_url, lived=paid_back).result()
    with served(house.bank) as base:
        staff(house.bank, "operator", "operator")
        ops, nobody = reader(base, "operator"), Browser(base)
        page = nobody.go("/lend/protection").text
        for said in ("no guarantee", "CNY 60.00", "In which order it is paid", "Month by month"):
            assert said in page, said
        months = house.bank.read(protection.fund).months
        assert [(str(each.came), str(each.paid), str(each.balance)) for each in months] == [
            ("CNY 60.00", "CNY 0.00", "CNY 60.00"), ("CNY 60.00", "CNY 60.00", "CNY 0.00"),
        ]  # fmt: skip
        told = ops.go("/ops/market/protection").text
        assert "Had back since" in told and 'href="/ops/loans/' in told
        assert nobody.go("/ops/market/protection").status_code != 200
        law(house, ("protects = false", "protects = false  # again"))
        forbidden = nobody.go("/lend/protection").text
        assert "allows no protection fund" in forbidden and "Notice 57" in forbidden and "Month by month" in forbidden
        found = []
        for language, path in product(("en", "zh"), ("/lend/protection", "/ops/market/protection")):
            found += faults(
                browser, base, path, language, widths=(360, 1280), cookies=ops.kept() if "ops" in path else None
            )
        assert found == []
