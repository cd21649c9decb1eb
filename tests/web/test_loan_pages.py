"""A loan's pages say what is true of it: an offer is found again, what was given up is dead, what ends is confirmed."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from farthing.credit.bills.sample import graduate_bill
from farthing.parties import service as parties
from farthing.parties.model import VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.model import OpenWallet
from tests.conftest import Bank
from tests.doors import serving
from tests.hands import city
from tests.identity.people import PASSWORD, Person, enrolled
from tests.web.test_entrance import Browser


@pytest.fixture
def borrower(bank: Bank) -> Iterator[Browser]:
    """Somebody with a bill that nobody vouches for: it carries less than she asks for."""
    city(bank)
    party = enrolled(bank, Person()).party
    assert party is not None
    bank.run(payments.open_wallet, OpenWallet(party.id))
    bank.run(parties.verify_identity, VerifyIdentity(party.id))
    until = bank.kernel.clock().business_date - timedelta(days=1)
    with serving(bank) as base:
        her = Browser(base)
        her.sign_in(party.phone, PASSWORD)
        her.go("/history")
        her.send_file("/history", "bill", graduate_bill(random.Random(7), until, party.name), key="bill")
        yield her


def offered(her: Browser) -> str:
    her.go("/apply")
    asked = {"product": "rainy-day-loan", "amount": "8,000", "instalments": "6"}
    refused = her.send("/apply", purpose=" ", key="no-purpose", **asked)
    assert "web.purpose_missing" in refused.text and 'value="8,000"' in refused.text
    return str(her.send("/apply", purpose="母亲住院", key="apply", **asked).headers["location"])


def accepted(her: Browser) -> str:
    """The loan of the offer that was made; answers its page."""
    page = her.go(offered(her))
    hidden = dict(re.findall('type="hidden" name="(amount|total_cost)" value="([^"]+)"', page.text))
    taken = her.send(page.url.path, key="accept", **hidden).headers["location"]
    return str(taken).removesuffix("/contract")


def signed(her: Browser) -> str:
    loan = accepted(her)
    digest = re.findall('name="digest" value="([^"]+)"', her.go(f"{loan}/contract").text)[0]
    assert her.send(f"{loan}/contract", digest=digest, key="sign").headers["location"] == loan
    return loan


def test_a_person_is_asked_to_look_at_a_decision_and_the_answer_stands_beside_it(borrower: Browser) -> None:
    offered(borrower)
    decision = re.findall('href="(/decisions/[^"]+)"', borrower.go("/home").text)[0]
    assert "申请人工复核" in borrower.go(decision).text
    asked = borrower.send(f"{decision}/reviews", words="我的收入<按月>发放", key="ask")
    assert asked.headers["location"] == decision
    page = borrower.go(decision).text
    assert "我的收入&lt;按月&gt;发放" in page and "等待人工答复" in page and 'name="words"' not in page
    assert "credit.review_open" in borrower.send(f"{decision}/reviews", words="again", key="again").text


def test_an_offer_is_found_again_and_says_that_it_is_less_than_asked(borrower: Browser) -> None:
    offer = offered(borrower)
    page = borrower.go(offer).text
    assert "CNY 5,000.00" in page and "Less than the CNY 8,000.00 that you asked for" in page
    home = borrower.go("/home").text
    assert f'href="{offer}"' in home and "up to CNY 5,000.00" in home
    decision = re.findall('href="(/decisions/[^"]+)"', home)[0]
    page = borrower.go(decision).text
    assert f'href="{offer}"' in page
    for code in ("income_floor", "no_record", "holder,", " closed 1", "protected "):
        assert code not in page, code


def test_a_loan_given_up_is_dead_on_every_page(borrower: Browser) -> None:
    loan = accepted(borrower)
    assert "Sign and be paid" in borrower.go(f"{loan}/contract").text
    asked = borrower.send(loan, withdraw="1")
    assert asked.status_code == 200 and "cannot be undone" in asked.text
    assert "Sign and be paid" in borrower.go(f"{loan}/contract").text, "nothing happens before it is confirmed"
    borrower.confirm(loan, withdraw="1", key="w")
    contract, page, home = (borrower.go(path).text for path in (f"{loan}/contract", loan, "/home"))
    assert "Sign and be paid" not in contract and "given up" in contract
    assert "Principal left" not in page and "given up" in page and "Schedule" not in page
    assert "贷款 Loan" not in home and "A loan given up" in home
    assert not any("cancelled" in each for each in (contract, page, home))
    assert 'href="/apply"' in home, "and she may ask again"


def test_being_paid_is_said_and_settling_is_confirmed(borrower: Browser) -> None:
    loan = signed(borrower)
    page = borrower.go(loan).text
    assert "放款成功：CNY 5,000.00 已进入您的钱包" in page
    assert ">active<" not in page
    assert 'href="/apply"' in borrower.go("/home").text
    asked = borrower.send(loan, settle="1")
    assert asked.status_code == 200 and "CNY 5,000.00" in asked.text
    assert "本金" in asked.text and ">principal " not in asked.text
    assert "CNY 5,000.00" in borrower.go("/home").text, "nothing happens before it is confirmed"
    borrower.confirm(loan, settle="1", key="s")
    page = borrower.go(loan).text
    assert "已结清" in page and "本金" in page


def test_the_evidence_package_is_fetched_from_the_loans_page(borrower: Browser) -> None:
    loan = signed(borrower)
    assert f'action="{loan}/evidence"' in borrower.go(loan).text
    package = borrower.send(f"{loan}/evidence")
    assert (package.status_code, package.headers["content-type"]) == (200, "application/zip")
    assert package.content.startswith(b"PK") and "attachment" in package.headers["content-disposition"]
    stranger = Browser(str(borrower.client.base_url))
    stranger.go("/")
    assert stranger.send(f"{loan}/evidence").status_code == 403
