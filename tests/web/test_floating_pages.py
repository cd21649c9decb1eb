"""Pages of loans that float, for borrower and officers: what the rate follows, when it is set anew, what a point more costs;
and a new figure of a reference rate, which two persons want."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser as Chromium

from farthing.kernel import approvals
from farthing.products.reference import service as references
from tests.doors import serving
from tests.identity.people import PASSWORD, enrolled
from tests.lending.floating.test_bank import reset
from tests.lending.house import House
from tests.web.eyes import browser, faults, pytestmark  # noqa: F401
from tests.web.test_borrowing import BORROWER
from tests.web.test_entrance import Browser
from tests.web.test_securing_pages import seen


@pytest.fixture(name="house")
def a_house(database_url: str) -> House:
    return House(database_url, lived=reset)


@pytest.fixture(name="base")
def a_base(house: House) -> Iterator[str]:
    enrolled(house.bank, BORROWER)
    with serving(house.bank) as base:
        yield base


SAID = {
    "en": (
        "What your rate follows",
        "one-year loan prime rate (LPR)",
        "3.50% today",
        "9.00% is added",
        "each month",
        "12.50%",
    ),
    "zh": ("您的利率随什么浮动", "一年期贷款市场报价利率（LPR）", "今日 3.50%", "加点 9.00%", "每月重定价", "12.50%"),
}


def test_who_borrows_sees_what_the_rate_follows(base: str, house: House, browser: Chromium) -> None:  # noqa: F811
    found = []
    for language, sentences in SAID.items():
        person = Browser(base, language)
        person.sign_in(BORROWER.phone, PASSWORD)
        page = f"/loans/{house.made}"
        text = person.go(page).text
        assert [each for each in sentences if each not in text] == []
        found += faults(browser, base, page, language, cookies=person.kept())
    assert found == []


def test_officers_see_it_and_draft_a_new_figure(base: str, house: House, browser: Chromium) -> None:  # noqa: F811
    operator, here = Browser(base), "/ops/reference-rates"
    operator.sign_in()
    assert "9.00% is added" in operator.go(f"/ops/loans/{house.made}").text
    shown = operator.go(here).text
    assert "3.50%" in shown and "Set a new figure" in shown
    wanted = {"rate": "lpr-1y", "annual": "3.2", "source": "announcement of the 20th", "key": "k"}
    past = operator.send(here, **wanted, effective_on=str(house.today))
    assert past.status_code == 409 and 'value="3.2"' in past.text
    day = str(house.today + timedelta(days=1))
    look = operator.send(here, **wanted, effective_on=day)
    assert "3.20%" in look.text and "3.50%" in look.text
    drafted = operator.send(here, **wanted, effective_on=day, confirmed="1", seen=seen(look))
    assert drafted.headers["location"] == f"{here}?drafted=true"
    (draft,) = [
        each for each in house.bank.kernel.ask(approvals.waiting) if each.operation == "products.set_reference_rate"
    ]
    assert draft.state == "waiting" and len(house.bank.kernel.ask(references.reference_rates)) == 14
    found = []
    for page in (here, f"/ops/loans/{house.made}"):
        for language in ("en", "zh"):
            found += faults(browser, base, page, language, cookies=operator.kept(), axe=language == "en")
    assert found == []
