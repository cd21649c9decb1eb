"""Who borrows sees what each length of the loan costs on the first of the three screens, and picks one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser as Chromium

from tests.doors import serving
from tests.identity.people import PASSWORD, enrolled
from tests.lending.house import House
from tests.web.eyes import browser, faults, pytestmark  # noqa: F401
from tests.web.test_borrowing import BORROWER
from tests.web.test_entrance import Browser

ASKED = {"product": "rainy-day-loan", "amount": "8,000", "instalments": "5", "purpose": "a roof"}


@pytest.fixture(name="house")
def a_house(database_url: str) -> House:
    return House(database_url)


@pytest.fixture(name="base")
def a_base(house: House) -> Iterator[str]:
    enrolled(house.bank, BORROWER)
    with serving(house.bank) as base:
        yield base


@pytest.mark.parametrize(("language", "said"), [("en", "each"), ("zh", "每期 ¥")])
def test_lengths_are_laid_side_by_side_and_the_one_that_is_picked_is_asked_for(
    browser: Chromium,  # noqa: F811
    base: str,
    language: str,
    said: str,
) -> None:
    person = Browser(base, language)
    person.sign_in(BORROWER.phone, PASSWORD)
    person.go("/apply")
    compared = person.go(person.send("/apply", compare="1", **ASKED).headers["location"])
    assert said in compared.text and compared.text.count('name="instalments"') == 4
    assert 'value="a roof"' in compared.text and 'value="8000.00"' in compared.text
    page = "/apply?product=rainy-day-loan&amount=8000.00&instalments=5&purpose=a%20roof"
    assert faults(browser, base, page, language, cookies=person.kept()) == []
    offered = person.send("/apply", key="k", agree="1", **{**ASKED, "instalments": "12"}).headers["location"]
    assert offered.startswith("/offers/") and person.go(offered).text.count("<td") >= 12 * 5


def test_what_no_product_lends_is_said_at_the_form(base: str) -> None:
    person = Browser(base, "en")
    person.sign_in(BORROWER.phone, PASSWORD)
    person.go("/apply")
    refused = person.send("/apply", compare="1", **{**ASKED, "amount": "8"})
    assert refused.status_code == 422 and "a roof" in refused.text
    missing = person.send("/apply", compare="1", **{**ASKED, "product": ""})
    assert missing.status_code == 422 and "Choose one of the loans" in missing.text


@pytest.mark.parametrize("field", ["amount", "purpose"])
def test_enter_shows_what_lengths_cost_and_asks_for_nothing(
    browser: Chromium,  # noqa: F811
    base: str,
    house: House,
    field: str,
) -> None:
    person = Browser(base, "en")
    person.sign_in(BORROWER.phone, PASSWORD)
    with closing(browser.new_context(locale="en-GB")) as context:
        context.add_cookies(person.kept())  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{base}/apply")
        page.check('input[name="product"][value="rainy-day-loan"]')
        page.fill('input[name="amount"]', "8,000")
        page.fill('input[name="purpose"]', "a roof")
        page.press(f'input[name="{field}"]', "Enter")
        page.wait_for_url("**/apply?*")
        assert page.input_value('input[name="purpose"]') == "a roof"
        assert page.locator('input[name="instalments"][type="radio"]').count() >= 3
        assert _decisions(house) == 0, "nothing was asked of a bureau, and nothing decided"
        page.press('button:has-text("See the answer")', "Enter")
        page.wait_for_url(re.compile("/offers/"))
        assert _decisions(house) == 1


def _decisions(house: House) -> int:
    with house.bank.superuser() as connection:
        found = connection.execute("SELECT count(*) FROM credit_decision").fetchone()
    assert found is not None
    return int(found[0])
