"""A lender at the pages: what comes before, a mandate, a loan picked by hand, what a batch gave and why, where the money is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from playwright.sync_api import Browser as Chromium

from farthing.funding.market import batches_service as batches
from farthing.funding.market import knowledge
from farthing.funding.market import mandates_service as mandates
from farthing.funding.market.mandates_model import MakeMandate, Terms
from farthing.lending import service as lending
from farthing.parties import service as parties
from farthing.parties.model import VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet
from tests.conftest import Bank
from tests.doors import served
from tests.funding.market.lenders import answers, prepared, yuan
from tests.funding.market.listing import as_lender, listed, mandated, of_loan, published, wallet
from tests.identity.people import PASSWORD, Person, enrolled
from tests.lending.house import CARD, House
from tests.parties.people import resident_id
from tests.web.eyes import browser, faults, pytestmark
from tests.web.test_entrance import Browser, seen, signed_in

__all__ = ["browser", "pytestmark"]
LENDER = Person("王军", resident_id(order_code="031"), "138 1234 7788")
MANDATE = {
    "amount": "3,000", "per_loan": "1,500", "per_borrower": "1500", "grade.A": "1", "grade.B": "1", "annual": "5%",
    "months_min": "1", "months_max": "12", "reinvest": "1",
}  # fmt: skip


@pytest.fixture
def house(database_url: str) -> House:
    return House(database_url, lived=published)


@pytest.fixture
def party(house: House) -> str:
    found = str(enrolled(house.bank, LENDER).party.id)
    house.bank.run(parties.verify_identity, VerifyIdentity(found))
    house.bank.run(payments.open_wallet, OpenWallet(found))
    house.bank.run(payments.top_up, MoveByRail(found, yuan("2000"), CARD))
    return found


@pytest.fixture
def base(house: House, party: str) -> Iterator[str]:
    with served(house.bank) as address:
        yield address


@pytest.fixture
def him(base: str) -> Browser:
    return signed_in(base, LENDER.phone, PASSWORD)


def ready(bank: Bank, party: str) -> None:
    """Let the lender have done all that comes first."""
    prepared(bank, bank.read(lambda tx: parties.party(tx, party)))


def given(him: Browser) -> str:
    """A mandate that was shown and given; its address."""
    him.go("/lend/mandates/new")
    shown = him.send("/lend/mandates/new", key="m", **MANDATE)
    assert shown.status_code == 200, shown.text
    sent = him.send("/lend/mandates/new", key="m", confirmed="1", seen=seen(shown), **MANDATE)
    assert sent.status_code == 303, sent.text
    return str(sent.headers["location"])


def test_what_comes_first_is_done_on_pages(him: Browser) -> None:
    assert 'href="/lend"' in him.go("/savings").text
    assert him.go("/lend").text.count(">to do<") == 3
    him.go("/lend/test")
    short = him.send("/lend/test", key="t0", **{"lose-all": "c"})
    assert short.status_code == 422 and "Answer every question" in short.text
    assert re.search(r'value="c" required checked', short.text)
    asked = knowledge.shipped()
    wrong = {each.question: each.choice for each in answers(wrong=2)}
    marked = him.send("/lend/test", key="t", **wrong).text
    assert "10 of 12 are right" in marked and "That is enough." in marked and marked.count("You chose:") == 2
    assert asked.key["lose-all"][1].en in marked
    assert "No real money moves here" in him.go("/lend/simulation").text, "it stands on every page of a sandbox"
    figures = {
        "amount": "10,000",
        "loans": "25",
        "grade": "C",
        "income": "60000",
        "savings": "0",
        "commitments": "24000",
    }
    refused = him.send("/lend/simulation", key="s0", **{**figures, "income": "much"})
    assert refused.status_code == 422 and 'value="much"' in refused.text
    shown = him.send("/lend/simulation", key="s", **figures).text
    assert (
        "CNY 36,000.00" in shown
        and "You mean to lend more than that" in shown
        and "More loans do not take this away" in shown
    )
    him.go("/lend")
    warning = him.send("/lend/warning", key="w")
    assert "Nobody guarantees principal or interest" in warning.text
    assert him.send("/lend/warning", key="w", confirmed="1", seen=seen(warning)).headers["location"] == "/lend"
    page = him.go("/lend").text
    assert ">to do<" not in page and "Give a mandate" in page and "CNY 7,200.00" in page


def test_a_test_not_passed_says_when_it_may_be_taken_again(him: Browser) -> None:
    him.go("/lend/test")
    wrong = {each.question: each.choice for each in answers(wrong=3)}
    assert "10 are enough" in him.send("/lend/test", key="t", **wrong).text
    again = him.send("/lend/test", key="u", **wrong)
    assert again.status_code == 409 and "market.test_too_soon" in again.text
    assert "may be taken again from 29 Nov 2026 on" in him.go("/lend").text


def test_a_mandate_is_given_changed_and_stopped_and_its_batch_explained(him: Browser, house: House, party: str) -> None:
    ready(house.bank, party)
    him.go("/lend/mandates/new")
    refused = him.send("/lend/mandates/new", key="r", **{**MANDATE, "amount": "90000"})
    assert refused.status_code == 422 and "market.beyond_means" in refused.text
    assert (
        re.search(r'name="grade.A" value="1" checked', refused.text)
        and 'name="use.business" value="1">' in refused.text
    )
    several = him.send("/lend/mandates/new", key="r", **{**MANDATE, "per_loan": "", "months_max": "a year"})
    assert several.text.count('class="wrong"') == 2
    mandate = given(him)
    changed = {**MANDATE, "per_loan": "1000"}
    him.send(mandate, key="c", confirmed="1", seen=seen(him.send(mandate, key="c", **changed)), **changed)
    assert "CNY 1,000.00" in him.go(mandate).text
    loan, _ = listed(house)
    batches.run(house.bank.kernel, "first")
    receipt = re.findall(rf'href="({mandate}/batches/[^"]+)"', him.go(mandate).text)
    page = him.go(receipt[0]).text
    assert "CNY 1,000" in page and "1 loan that sought lenders fits your mandate." in page
    assert wallet(house, party) == ("1000.00", "1000.00")
    assert him.send(mandate, stop="1", key="stop").headers["location"] == mandate
    stopped = him.go(mandate).text
    assert "Nothing more is lent by it" in stopped and "Stop it at once" not in stopped
    house.wait(of_loan(house, loan.id).closes_on + timedelta(days=1))
    assert "given back on" in him.go("/lend").text  # too little was there


def test_what_no_form_asks_of_a_mandate_stands_and_is_shown(him: Browser, house: House, party: str) -> None:
    """Whoever said by a program which provinces and late loans he takes reads it, and changes the rest without losing it."""
    ready(house.bank, party)
    terms = Terms(yuan("1000"), yuan("500"), yuan("500"), grades=("A",), regions=("330000",), late_days=30)
    made = house.bank.run(mandates.make_mandate, MakeMandate(party, terms), actor=as_lender(party))
    page = f"/lend/mandates/{made.id}"
    assert "up to 30 days late" in him.go(page).text and "330000" in him.go(page).text
    changed = {**MANDATE, "amount": "2,000"}
    shown = him.send(page, key="c", **changed)
    assert "up to 30 days late" in shown.text
    him.send(page, key="c", confirmed="1", seen=seen(shown), **changed)
    stands = house.bank.read(lambda tx: mandates.mandate(tx, made.id))[0].terms
    assert (stands.amount, stands.regions, stands.late_days) == (yuan("2000"), ("330000",), 30)


def test_a_loan_is_picked_by_hand_once_it_was_shown(him: Browser, house: House, party: str) -> None:
    _, listing = listed(house)
    here = f"/lend/listings/{listing.id}"
    assert "Something is missing before you may lend." in him.go(here).text
    ready(house.bank, party)
    assert here in him.go("/lend/listings").text
    page = him.go(here).text
    assert "5.20%" in page and "CNY 800.00 may be picked by hand" in page
    for amount, code in (
        ("120", "market.not_whole_notes"),
        ("850", "market.picked_out"),
        ("none", "money.not_a_number"),
    ):
        refused = him.send(here, amount=amount, key="b")
        assert refused.status_code == 422 and code in refused.text and f'value="{amount}"' in refused.text
    shown = him.send(here, amount="400", key="b")
    assert "CNY 400.00" in shown.text and "5.00% of the interest" in shown.text
    assert him.send(here, amount="400", key="b", confirmed="1", seen=seen(shown)).headers["location"] == "/lend"
    assert wallet(house, party) == ("1600.00", "1600.00")
    front = him.go("/lend").text
    assert "What you gave lately" in front and "CNY 400.00" in front and "Take it back" not in front


def lends(house: House, him: Browser, party: str) -> None:
    """The lender's money is in a loan that was paid out, and its borrower has nothing left."""
    ready(house.bank, party)
    given(him)
    loan, listing = listed(house, "2000")
    for number in range(1, 5):
        mandated(house, number, "2000")
    batches.run(house.bank.kernel, "first")
    house.wait(listing.closes_on + timedelta(days=1))
    house.sign(loan.id)
    house.complete(loan.id)
    house.bank.run(payments.pay_out, MoveByRail(house.party.id, loan.principal, CARD))  # nothing is there to pay from
    assert house.loan(loan.id).state == "active"


def test_lent_money_is_told_by_where_it_is_and_losses_as_a_fan(him: Browser, house: House, party: str) -> None:
    lends(house, him, party)
    (loan,) = house.bank.read(lambda tx: lending.loans(tx, house.party.id))
    page = him.go("/lend").text
    assert "in 1 loan" in page and "How late these loans are" in page and "on time" in page
    house.wait(house.loan(loan.id).instalments[0].due_on + timedelta(days=5))
    assert "1 to 30 days late" in him.go("/lend").text
    page = him.go("/lend/portfolio").text
    for said in (
        "in 1 loan",
        "1 to 30 days late",
        "You lost CNY 0.00 so far: no more than the CNY",
        "1 in 20 loses more",
    ):
        assert said in page


@pytest.mark.long
def test_the_fan_holds_in_chromium(him: Browser, base: str, house: House, party: str, browser: Chromium) -> None:
    with ThreadPoolExecutor(1) as apart:  # away from the loop that drives chromium: signing has one of its own
        apart.submit(lends, house, him, party).result()
        apart.submit(house.wait, house.today + timedelta(days=40)).result()
    found = []
    for language in ("en", "zh"):
        found += faults(browser, base, "/lend/portfolio", language, widths=(360, 1280), cookies=him.kept())
    assert found == []


def notes_of(house: House, party: str) -> str:
    """The lender holds a note of a loan that was paid out two weeks ago; its listing."""
    terms = Terms(yuan("1000"), yuan("1000"), yuan("1000"), grades=("A",))
    house.bank.run(mandates.make_mandate, MakeMandate(party, terms), actor=as_lender(party))
    loan, listing = listed(house, "2000")
    for number in range(1, 5):
        mandated(house, number, "2000")
    batches.run(house.bank.kernel, "first")
    house.wait(listing.closes_on + timedelta(days=1))
    house.sign(loan.id)
    house.complete(loan.id)
    house.bank.drain()
    house.wait(house.today + timedelta(days=14))
    return listing.id


@pytest.mark.long
def test_a_note_is_offered_sold_and_its_price_told_to_both(
    him: Browser, base: str, house: House, party: str, browser: Chromium
) -> None:
    """The whole way: what he holds, the price and the wait before, an offer taken back, and one that is sold."""
    with ThreadPoolExecutor(1) as apart:
        ready(house.bank, party)
        listing = apart.submit(notes_of, house, party).result()
        here = f"/lend/sales/{listing}"
        assert here in him.go("/lend/sales").text and 'href="/lend/sales"' in him.go("/lend").text
        him.go(here)
        refused = him.send(here, amount="9,000", key="s")
        assert (
            refused.status_code == 422 and "market.sale_beyond_held" in refused.text and 'value="9,000"' in refused.text
        )
        shown = him.send(here, amount="100", key="s")
        for said in (
            "CNY 100.00",
            "on time, worth 100.00% of a loan on time",
            "unknown yet: nothing was sold in 30 days",
        ):
            assert said in shown.text, said
        for key, amount in (("s", "100"), ("t", "50")):
            seen_now = seen(him.send(here, amount=amount, key=key))
            sent = him.send(here, amount=amount, key=key, confirmed="1", seen=seen_now)
            assert sent.headers["location"] == "/lend/sales"
        page = him.go("/lend/sales").text
        assert page.count(">Take it back<") == 2 and "unknown yet" in page
        stopped = re.findall(r'name="sale_id" value="([^"]+)"', page)[0]
        assert him.send("/lend/sales/stops", key="x", sale_id=stopped).headers["location"] == "/lend/sales"
        assert him.go("/lend/sales").text.count(">Take it back<") == 1
        apart.submit(mandated, house, 9, "1000").result()  # those who lent already have all that one lender gets of it
        apart.submit(house.wait, house.today + timedelta(days=1)).result()
    page = him.go("/lend/sales").text
    assert "Sold: CNY 100.00" in page and "worth 100.00% of a loan on time" in page and "interest until then" in page
    found = []
    for language in ("en", "zh"):
        for path in ("/lend/sales", here):
            found += faults(browser, base, path, language, widths=(360, 1280), cookies=him.kept())
    assert found == []


def test_anybody_reads_how_fair_the_marketplace_is(base: str, house: House, browser: Chromium) -> None:
    nobody = Browser(base)
    assert "No batch has cleared since" in nobody.go("/lend/fairness").text
    listed(house)
    mandated(house, 1, "2000")
    batches.run(house.bank.kernel, "first")
    page = nobody.go("/lend/fairness").text
    assert "In no batch would a lender" in page and "all 36" in page
    found = []
    for language in ("en", "zh"):
        found += faults(browser, base, "/lend/fairness", language, widths=(360, 1280))
    assert found == []


def test_nobody_sees_what_another_lender_has(base: str, him: Browser, house: House, party: str) -> None:
    ready(house.bank, party)
    mandate = given(him)
    other = Person("李红", resident_id(order_code="041"), "138 1234 7799")
    enrolled(house.bank, other)
    assert signed_in(base, other.phone, PASSWORD).go(mandate).status_code in (403, 404)
    assert Browser(base).go("/lend").status_code == 303


@pytest.mark.long
def test_these_pages_hold_in_chromium(him: Browser, base: str, house: House, party: str, browser: Chromium) -> None:
    found = []
    for language in ("en", "zh"):
        for path in ("/lend", "/lend/test", "/lend/simulation"):
            found += faults(browser, base, path, language, cookies=him.kept())
    ready(house.bank, party)
    mandate = given(him)
    _, listing = listed(house)
    batches.run(house.bank.kernel, "first")
    receipt = re.findall(rf'href="({mandate}/batches/[^"]+)"', him.go(mandate).text)[0]
    for language in ("en", "zh"):
        for path in (
            "/lend",
            mandate,
            "/lend/mandates/new",
            receipt,
            "/lend/listings",
            f"/lend/listings/{listing.id}",
            "/savings",
        ):
            found += faults(browser, base, path, language, cookies=him.kept())
    for path in ("/lend", receipt, f"/lend/listings/{listing.id}"):
        found += faults(browser, base, path, "zh", care=True, widths=(320, 1280), cookies=him.kept())
    assert found == []
