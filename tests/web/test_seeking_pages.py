"""A borrower whose loan is funded by lenders: accepted, it seeks them; the pages say how far it is, and the contract follows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser as Chromium

from farthing.funding.market import batches_service as batches
from tests.doors import served
from tests.funding.market.listing import mandated, of_loan, published
from tests.funding.market.mixed import asking, mixing
from tests.funding.test_partners import Lender
from tests.identity.people import PASSWORD, enrolled
from tests.lending.house import House
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_borrowing import BORROWER
from tests.web.test_entrance import Browser, seen, signed_in

__all__ = ["browser", "pytestmark"]


@pytest.fixture
def house(database_url: str) -> House:
    return House(database_url, lived=published)


@pytest.fixture
def base(house: House) -> Iterator[str]:
    enrolled(house.bank, BORROWER)
    with served(house.bank) as address:
        yield address


@pytest.fixture
def her(base: str) -> Browser:
    return signed_in(base, BORROWER.phone, PASSWORD)


def accepted(her: Browser, house: House) -> str:
    """Accept an offer on its page; the loan's id."""
    offer = house.offer()
    assert "Accept and seek lenders" in her.go(f"/offers/{offer.id}").text
    sent = her.send(f"/offers/{offer.id}", amount=offer.amount.plain(), total_cost=offer.total_cost.plain())
    assert sent.status_code == 303, sent.text
    return str(sent.headers["location"]).removeprefix("/loans/").removesuffix("/contract")


def test_an_accepted_loan_seeks_lenders_then_its_contract_is_signed(her: Browser, house: House) -> None:
    loan = accepted(her, house)
    assert her.go(f"/loans/{loan}/contract").headers["location"] == f"/loans/{loan}/lenders"
    page = her.go(f"/loans/{loan}/lenders").text
    for said in ("Your loan seeks lenders", "0% of what is sought has lenders", "at least CNY 4,000.00", "5.20%"):
        assert said in page, said
    assert "listing_" not in page
    for number in range(1, 5):
        mandated(house, number, "2000")
    batches.run(house.bank.kernel, "first")
    assert "75% of what is sought has lenders" in her.go(f"/loans/{loan}/lenders").text
    for path in ("/home", "/apply"):
        assert "Seeks lenders: CNY 6,000.00 is there" in her.go(path).text
    assert "CNY 6,000.00 of CNY 8,000.00 is there" in her.go(f"/loans/{loan}").text
    house.wait(of_loan(house, loan).closes_on + timedelta(days=1))
    assert her.go(f"/loans/{loan}/lenders").headers["location"] == f"/loans/{loan}"
    assert "Go on to be paid" in her.go(f"/loans/{loan}").text
    assert her.send(f"/loans/{loan}/contract", again="1").status_code == 303
    assert "Sign and be paid" in her.go(f"/loans/{loan}/contract").text


def test_going_on_with_a_loan_that_seeks_lenders_leads_to_its_page(her: Browser, house: House) -> None:
    loan = accepted(her, house)
    assert her.send(f"/loans/{loan}/contract", again="1").headers["location"] == f"/loans/{loan}/contract"
    assert house.loan(loan).state == "accepted"


def test_it_is_given_up_and_lenders_are_repaid(her: Browser, house: House) -> None:
    loan = accepted(her, house)
    mandated(house, 1, "2000")
    batches.run(house.bank.kernel, "first")
    her.go(f"/loans/{loan}/lenders")
    shown = her.send(f"/loans/{loan}", withdraw="1", key="w")
    assert "Lenders have their CNY 1,500.00 back at once" in shown.text
    done = her.send(f"/loans/{loan}", withdraw="1", key="w", confirmed="1", seen=seen(shown))
    assert done.status_code == 303 and of_loan(house, loan).state == "withdrawn"
    assert "nothing is owed" in her.go(f"/loans/{loan}").text
    assert her.go(f"/loans/{loan}/lenders").status_code == 303


def test_too_few_lenders_are_told(her: Browser, house: House) -> None:
    published(house, '["marketplace"]')
    loan = accepted(her, house)
    assert "nothing is owed" in her.go(f"/loans/{loan}/lenders").text
    house.wait(of_loan(house, loan).closes_on + timedelta(days=1))
    assert house.loan(loan).state == "cancelled"
    assert "Too few lenders came by" in her.go(f"/loans/{loan}").text


def test_where_too_few_lenders_come_the_bank_lends_and_says_so_before(her: Browser, house: House) -> None:
    loan = accepted(her, house)
    assert "the bank lends their part too" in her.go(f"/loans/{loan}/lenders").text
    house.wait(of_loan(house, loan).closes_on + timedelta(days=1))
    assert "Go on to be paid" in her.go(f"/loans/{loan}").text


def test_a_partners_part_of_a_mixed_loan_is_told(her: Browser, house: House) -> None:
    """The borrower, the lender and the bank's staff are each told who lends how much."""
    mixing(house)
    asking(house, Lender())
    loan = accepted(her, house)
    page = her.go(f"/loans/{loan}/lenders").text
    for said in ("Partner lenders lend CNY 2,400.00 beside them", "The bank lends the last CNY 2,400.00 itself"):
        assert said in page, said
    shown = her.go(f"/lend/listings/{of_loan(house, loan).id}").text
    for said in ("Sought from lenders", "CNY 3,200.00", "Partner lenders lend beside them"):
        assert said in shown, said


def test_somebody_elses_is_not_shown(base: str, her: Browser, house: House) -> None:
    loan = accepted(her, house)
    assert signed_in(base, "nobody", PASSWORD).go(f"/loans/{loan}/lenders").status_code in (401, 403)


@pytest.mark.long
def test_these_pages_hold_in_chromium(her: Browser, base: str, house: House, browser: Chromium) -> None:
    loan, found = accepted(her, house), []
    mandated(house, 1, "2000")
    batches.run(house.bank.kernel, "first")
    for language in ("en", "zh"):
        for path in (f"/loans/{loan}/lenders", f"/loans/{loan}"):
            found += faults(browser, base, path, language, widths=(320, 360, 1280), cookies=her.kept())
    found += faults(browser, base, f"/loans/{loan}/lenders", "zh", care=True, widths=(320, 1280), cookies=her.kept())
    assert found == []
