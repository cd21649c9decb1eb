"""Pages say how often a loan is repaid and what is not as usual of it, in both languages and on a small screen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser as Chromium

from farthing.bank.founding import agreed
from farthing.lending.shelf import service as loan_shelf
from farthing.products.model import Publish
from tests.doors import serving
from tests.identity.people import PASSWORD, enrolled
from tests.lending.house import House
from tests.lending.test_product_kinds import KINDS, published
from tests.web.eyes import browser, faults, pytestmark  # noqa: F401
from tests.web.test_borrowing import BORROWER
from tests.web.test_entrance import Browser


@pytest.fixture(name="house")
def a_house(database_url: str) -> House:
    return House(database_url)


@pytest.fixture(name="base")
def a_base(house: House) -> Iterator[str]:
    enrolled(house.bank, BORROWER)
    with serving(house.bank) as base:
        yield base


@pytest.mark.long
def test_how_often_a_loan_is_repaid_is_said(browser: Chromium, house: House, base: str) -> None:  # noqa: F811
    for name in KINDS:
        published(house, name)
    source = house.source("rainy-day-loan").replace('origination = "0"', 'origination = "0", early_repayment = "0.01"')
    agreed(house.bank.kernel, loan_shelf.publish, Publish("rainy-day-loan", source))
    said = {
        "en": {"loan-fortnightly": "You pay every 2 weeks", "loan-planting": "At most every month", "loan-bullet": "Once",
               "loan-flat": ">19.", "loan-scooter": "Down payment, kept back",
               "loan-harvest": "At most at a time",
               "rainy-day-loan": "A fee of 1.00% is charged"},
        "zh": {"loan-fortnightly": "每 2 周还", "loan-planting": "每月最多还", "loan-bullet": "一次", "loan-flat": ">19.",
               "loan-scooter": "首付款（当场扣回", "loan-harvest": "每次最多还",
               "rainy-day-loan": "按 1.00% 收取费用"},
    }  # fmt: skip
    of_all = {
        "en": (
            "3 to 8 instalments, every 10 days",
            "25% after 3 months, 60% after 8 months",
            "10 days. The rate is of what was first lent",
        ),
        "zh": ("3 至 8 期，每 10 天一期", "3 个月后还 25%，8 个月后还 60%", "一期。利率按初始本金计算"),
    }
    for language, sentences in said.items():
        person = Browser(base, language)
        person.sign_in(BORROWER.phone, PASSWORD)
        shelf = person.go("/apply").text
        assert all(sentence in shelf for sentence in of_all[language])
        found = faults(browser, base, "/apply", language, cookies=person.kept())
        for name, sentence in sentences.items():
            offer = house.apply("1000", 4, name).offer
            page = f"/offers/{offer.id}"
            assert sentence in person.go(page).text
            found += faults(browser, base, page, language, cookies=person.kept(), axe=False)
        assert found == []


def test_staff_read_what_a_product_says_of_its_instalments(browser: Chromium, house: House, base: str) -> None:  # noqa: F811
    said = (
        'method = "equal_instalment"\nschedule = {every = "2m", multiple = "5.00", balloon = "0.30", grace_principal = 2,'
        ' grace_interest = 1, first_after_days = 20, first_on_day = 10, shift = "next_in_month", improved = true}'
    )
    source = house.source("rainy-day-loan").replace('method = "equal_instalment"', said)
    source = source.replace("min = 1, max = 12", "min = 3, max = 12").replace(
        'annual = "0.18"', 'annual = "0.18", on = "principal"'
    )
    source = source.replace("grace_days = 3", 'grace_days = 3, tolerance = "20.00"')
    agreed(house.bank.kernel, loan_shelf.publish, Publish("loan-of-all-sorts", source))
    operator = Browser(base)
    operator.sign_in()
    version = house.terms("loan-of-all-sorts").version
    page = f"/ops/products/loan-of-all-sorts/{version}"
    text = operator.go(page).text
    for sentence in (
        "every 2 months", "rounded to CNY 5.00", "30.00% of the principal is due with the last one",
        "Nothing falls due the first time",
        "The first 2 instalments repay no principal", "It falls due on day 10 of a month, at least 20 days after",
        "does on the next day that is none, in the same month", "the overdue principal alone", "CNY 20.00",
    ):  # fmt: skip
        assert sentence in text
    found = [
        fault
        for language in ("en", "zh")
        for fault in faults(browser, base, page, language, cookies=operator.kept(), axe=False)
    ]
    assert found == []
