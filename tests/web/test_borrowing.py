"""A loan whose payment is refused after the borrower signed: what stands, what the page says, and how one goes on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest

from farthing.bank.founding import agreed
from farthing.ledger import service as ledger
from farthing.ledger.guards import Guard
from farthing.lending.shelf import service as loan_shelf
from farthing.products import service as products
from farthing.products.model import Publish
from tests.doors import serving
from tests.identity.people import PASSWORD, Person, enrolled
from tests.lending.house import House
from tests.parties.people import resident_id
from tests.products.published import source_of
from tests.web.test_entrance import Browser

BORROWER = Person("林美", resident_id(order_code="010"), "138 1234 5600")
"""Whom a house knows as its borrower."""


@pytest.fixture
def house(database_url: str) -> House:
    return House(database_url)


@pytest.fixture
def browser(house: House) -> Iterator[Browser]:
    enrolled(house.bank, BORROWER)
    with serving(house.bank) as base:
        opened = Browser(base)
        opened.sign_in(BORROWER.phone, PASSWORD)
        yield opened


def contract_page(browser: Browser, house: House) -> str:
    """Accept an offer on its page; answers the address of the contract."""
    offer = house.offer()
    browser.go(f"/offers/{offer.id}")
    sent = browser.send(f"/offers/{offer.id}", amount=offer.amount.plain(), total_cost=offer.total_cost.plain())
    return str(sent.headers["location"])


def sign(browser: Browser, contract: str) -> tuple[int, str]:
    digest = re.findall('name="digest" value="([0-9a-f]{64})"', browser.go(contract).text)[0]
    sent = browser.send(contract, digest=digest)
    return sent.status_code, sent.text


def guarded(house: House, constant: int) -> None:
    """A guard that lets wallets hold no more than a constant (minor units)."""
    guard = Guard(
        "wallets-most", "Wallets hold no more than they may", "CNY", constant, (("liabilities:wallets:*", -1),)
    )
    agreed(house.bank.kernel, ledger.set_guards, ledger.SetGuards((guard,)))


def limited(house: House, most: str) -> None:
    """The law lets a person owe no more than this."""
    source = house.bank.read(lambda tx: source_of(tx, products.POLICY))
    changed = re.sub(r'(\[person_credit_max\][^\n]*\nvalue = )"[0-9.]+"', rf'\1"{most}"', source)
    assert changed != source
    agreed(house.bank.kernel, loan_shelf.publish, Publish(products.POLICY, changed))


@pytest.mark.parametrize(
    ("forbid", "allow", "code"),
    [
        (lambda house: guarded(house, 100), lambda house: guarded(house, 10**12), "ledger.guard"),
        (lambda house: limited(house, "7999.99"), lambda house: limited(house, "200000.00"), "policy.person_credit"),
    ],
)
def test_a_payment_that_is_refused_after_the_signature(
    browser: Browser, house: House, forbid: Callable[[House], None], allow: Callable[[House], None], code: str
) -> None:
    contract = contract_page(browser, house)
    loan_id = contract.split("/")[2]
    forbid(house)
    status, said = sign(browser, contract)
    assert status == 422 and code in said
    assert "Sign the loan contract" in said and "Nothing was changed." not in said
    assert house.loan(loan_id).state == "funded"
    for _ in range(2):
        page = browser.go(f"/loans/{loan_id}").text
        assert "The money is not paid out yet." in page and f'href="{contract}"' in page
        page = browser.go(contract).text
        assert "You have signed." in page and 'name="digest"' not in page and 'name="complete"' in page
        again = browser.send(contract, complete="1")
        assert again.status_code == 422 and code in again.text and "Nothing was changed." in again.text
    allow(house)
    browser.go(contract)
    assert browser.send(contract, complete="1").headers["location"] == f"/loans/{loan_id}"
    assert house.loan(loan_id).state == "active"
    assert "The money is not paid out yet." not in browser.go(f"/loans/{loan_id}").text
    for path in ("/home", "/activity"):
        said = browser.go(path).text
        assert "Loan paid out" in said and "放款" not in said, "the bank's own memo has both languages, a page one"
    assert 'name="complete"' not in browser.go(contract).text


def test_a_loan_that_was_accepted_and_went_no_further_is_gone_on_with(browser: Browser, house: House) -> None:
    """Between accepting and drawing anything may stop: the loan's page had no way on but to give it up."""
    loan = house.accept(house.offer())
    page = browser.go(f"/loans/{loan.id}").text
    assert "The money is not paid out yet." in page and 'name="again"' in page
    contract = f"/loans/{loan.id}/contract"
    assert browser.send(contract, again="1").headers["location"] == contract
    assert sign(browser, contract)[0] == 303
    assert house.loan(loan.id).state == "active"


def test_nobody_goes_on_with_the_loan_of_another(browser: Browser, house: House) -> None:
    loan = house.accept(house.offer())
    stranger = Person("王小明", resident_id(order_code="016"), "138 1234 9999")
    enrolled(house.bank, stranger)
    browser.go("/")
    browser.send("/logout")
    browser.sign_in(stranger.phone, PASSWORD)
    browser.go("/pay")
    assert browser.send(f"/loans/{loan.id}/contract", again="1").status_code in (403, 404)
    assert house.loan(loan.id).state == "accepted"
