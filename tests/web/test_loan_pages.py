"""A loan's pages say what is true of it: an offer is found again, what was given up is dead, what ends is confirmed."""

from __future__ import annotations

import io
import random
import re
import typing
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser as Chromium

from farthing.credit import model as credit
from farthing.credit import movements
from farthing.credit.bills import model as bills
from farthing.credit.bills.sample import graduate_bill
from farthing.credit.bureau import model as bureau
from farthing.credit.review import model as review
from farthing.kernel.day import close_day
from farthing.lending import model as lending
from farthing.lending.agreement import service as contracts
from farthing.lending.agreement.wording import COMPONENTS
from farthing.signing import service as signing
from farthing.signing.custody import service as custody
from farthing.web.names import NAMES, named
from farthing.web.speech import speaking
from tests.conftest import Bank
from tests.doors import serving
from tests.hands import city
from tests.identity.people import PASSWORD
from tests.payments.customers import customer
from tests.web.eyes import browser, faults  # noqa: F401
from tests.web.test_agreements import aside
from tests.web.test_entrance import Browser, seen


@pytest.fixture
def borrower(bank: Bank) -> Iterator[Browser]:
    """Somebody with a bill that nobody vouches for: it carries less than she asks for."""
    with brought(bank) as her:
        yield her


@contextmanager
def brought(bank: Bank) -> Iterator[Browser]:
    """A customer who is signed in and has brought her bill."""
    city(bank)
    party = customer(bank)
    until = bank.kernel.clock().business_date - timedelta(days=1)
    with serving(bank) as base:
        her = Browser(base)
        her.sign_in(party.phone, PASSWORD)
        her.go("/history")
        her.send_file("/history", "bill", graduate_bill(random.Random(7), until, party.name), key="bill", agree="1")
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
    assert "Ask that a person looks" in borrower.go(decision).text
    asked = borrower.send(f"{decision}/reviews", words="我的收入<按月>发放", key="ask")
    assert asked.headers["location"] == decision
    page = borrower.go(decision).text
    assert "我的收入&lt;按月&gt;发放" in page and "Waits for an answer" in page and 'name="words"' not in page
    assert "credit.review_open" in borrower.send(f"{decision}/reviews", words="again", key="again").text


def test_a_dispute_without_a_record_or_a_word_is_asked_for_again(borrower: Browser) -> None:
    decision = re.findall('href="(/decisions/[^"]+)"', borrower.go(offered(borrower)).text)[0]
    borrower.go(decision)
    for typed in ({"datum": "", "statement": "never mine"}, {"datum": "bank of nowhere", "statement": "  "}):
        refused = borrower.send(f"{decision}/disputes", **typed)
        assert refused.status_code == 422 and "web.dispute_empty" in refused.text
    strange = borrower.send(f"{decision}/disputes", datum="bank of nowhere", statement="never mine")
    assert strange.status_code == 404 and "credit.datum_unknown" in strange.text


def test_an_offer_is_found_again_and_says_that_it_is_less_than_asked(borrower: Browser) -> None:
    offer = offered(borrower)
    page = borrower.go(offer).text
    assert "CNY 5,000.00" in page and "Less than the CNY 8,000.00 that you asked for" in page
    for fact in ("You get", "You pay back", "Yearly rate (simple interest)", "12.00%", "In all"):
        assert fact in page, fact
    assert "No, thank you" in page and "give it up at no cost" in page
    home = borrower.go("/home").text
    assert f'href="{offer}"' in home and "up to CNY 5,000.00" in home
    decision = re.findall('href="(/decisions/[^"]+)"', home)[0]
    page = borrower.go(decision).text
    assert f'href="{offer}"' in page
    assert "a loan of at least 90 days repaid here on time, you could borrow up to CNY" in page
    assert "Each was tried" not in page, "what evidence bounds is changed by better evidence"
    for line in (
        "What its price is made of",
        "what is expected to be lost of loans like it",
        "2.50%",
        "0.76%",
        "12.00%",
    ):
        assert line in page, line
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
    assert "Principal left" not in page and "given up" in page and "When you pay what" not in page
    assert "A loan given up" in home
    assert not any("cancelled" in each for each in (contract, page, home))
    assert 'href="/apply"' in home, "and she may ask again"


def test_being_paid_is_said_and_settling_is_confirmed(borrower: Browser) -> None:
    loan = signed(borrower)
    page = borrower.go(loan).text
    assert "Paid out: CNY 5,000.00 is in your wallet." in page and "0 of 6 instalments paid" in page
    assert "less than by the plan" in page, "paying it off today costs less"
    assert ">active<" not in page
    assert 'href="/apply"' in borrower.go("/home").text
    asked = borrower.send(loan, settle="1")
    assert asked.status_code == 200 and "CNY 5,000.00" in asked.text
    assert "Principal" in asked.text and ">principal<" not in asked.text
    assert "CNY 5,000.00" in borrower.go("/home").text, "nothing happens before it is confirmed"
    borrower.confirm(loan, settle="1", key="s")
    page = borrower.go(loan).text
    assert "Repaid in full" in page and "6 of 6 instalments paid" in page


def test_the_evidence_package_is_fetched_from_the_loans_page(borrower: Browser) -> None:
    loan = signed(borrower)
    assert f'action="{loan}/evidence"' in borrower.go(loan).text
    package = borrower.send(f"{loan}/evidence")
    assert (package.status_code, package.headers["content-type"]) == (200, "application/zip")
    assert package.content.startswith(b"PK") and "attachment" in package.headers["content-disposition"]
    stranger = Browser(str(borrower.client.base_url))
    stranger.go("/")
    assert stranger.send(f"{loan}/evidence").status_code == 403


def test_an_instalment_is_repaid_as_it_was_shown_and_once(bank: Bank) -> None:
    with brought(bank) as her:
        loan = signed(her)
        assert "lending.nothing_due" in her.send(loan, amount="1", key="early").text
        due_on = date.fromisoformat(re.findall(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", her.go(loan).text)[-6])
        while bank.kernel.clock().business_date < due_on:
            close_day(bank.kernel)
        page = her.go(loan)
        amount = re.findall('name="amount"[^>]* value="([0-9.]+)"', page.text)
        if not amount:  # it was collected by the close of its day
            assert "1 of 6 instalments paid" in page.text and "You repaid" in page.text
            return
        refused = her.send(loan, amount="99,999", key="much")
        assert "lending.more_than_due" in refused.text and 'value="99,999"' in refused.text
        asked = her.send(loan, amount=amount[0], key="pay")
        assert "Interest" in asked.text and "Principal left then" in asked.text
        assert "0 of 6 instalments paid" in her.go(loan).text, "nothing happens before it is confirmed"
        for _ in range(2):  # a second press, or back and again
            done = her.send(loan, amount=amount[0], key="pay", confirmed="1", seen=seen(asked))
            assert done.headers["location"] == loan
        page = her.go(loan)
        assert "1 of 6 instalments paid" in page.text and page.text.count("You repaid") == 1


def test_nothing_of_borrowing_happens_twice(borrower: Browser) -> None:
    """Double clicks, the page of before, and a second tab find what was done, and do it no second time."""
    borrower.go("/apply")
    asked = {"product": "rainy-day-loan", "amount": "8000", "instalments": "6", "purpose": "rent", "key": "once"}
    first, second = (borrower.send("/apply", **asked).headers["location"] for _ in range(2))
    assert first == second
    page = borrower.go(first)
    hidden = dict(re.findall('type="hidden" name="(amount|total_cost)" value="([^"]+)"', page.text))
    contracts = {borrower.send(first, **hidden).headers["location"] for _ in range(2)}
    assert len(contracts) == 1
    contract = contracts.pop()
    assert "You took this offer" in borrower.go(first).text, "the back button finds an offer that is taken"
    digest = re.findall('name="digest" value="([^"]+)"', borrower.go(contract).text)[0]
    loan = contract.removesuffix("/contract")
    assert [borrower.send(contract, digest=digest).headers["location"] for _ in range(3)] == [loan] * 3
    assert borrower.go("/activity").text.count("+CNY 5,000.00") == 1
    stale = borrower.send(first, amount="1", total_cost="0")
    assert stale.status_code == 303, "an offer that was taken is the loan it became"


def test_an_offer_is_not_accepted_as_another_than_it_is(borrower: Browser) -> None:
    offer = offered(borrower)
    borrower.go(offer)
    refused = borrower.send(offer, amount="9000.00", total_cost="1.00")
    assert "lending.offer_changed" in refused.text and "Accept and read the contract" in refused.text


def test_consents_are_seen_and_taken_back_and_the_next_application_asks_again(borrower: Browser) -> None:
    offered(borrower)
    page = borrower.go("/consents").text
    assert "For a loan application" in page and "In force" in page and "Who asked about you" in page
    assert page.count("Credit bureau has no record of you") == 1, "the inquiry of the application stands there"
    consent = re.findall('name="consent_id" value="([^"]+)"', page)[0]
    for _ in range(2):
        assert borrower.send("/consents/revocations", consent_id=consent).headers["location"] == "/consents"
    page = borrower.go("/consents").text
    assert "Taken back" in page and "consent_id" not in page
    page = borrower.go("/apply").text
    assert 'name="agree"' in page and "checked" not in page.split('name="agree"')[1][:80]
    asked = {"product": "rainy-day-loan", "amount": "1000", "instalments": "6", "purpose": "rent"}
    refused = borrower.send("/apply", key="no", **asked)
    assert "web.consent_not_ticked" in refused.text and 'value="1000"' in refused.text
    assert "web.product_missing" in borrower.send("/apply", key="none", amount="1000", agree="1").text
    assert borrower.send("/apply", key="yes", agree="1", **asked).status_code == 303
    assert borrower.go("/consents").text.count("In force") == 1


def test_a_bill_that_cannot_be_read_is_refused_at_its_field(borrower: Browser) -> None:
    """Hostile and mistaken uploads come back with a sentence; none is kept."""
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"0" * 8_000_000)
    before = borrower.go("/history").text.count("/history?bill=")
    for content in (
        b"", b"\x89PNG\r\n\x1a\n", bomb.getvalue(), b"<script>alert(1)</script>,=cmd|' /C calc'!A0\n1,2\n", b"\0" * 5000,
        b"%PDF-1.7",
    ):  # fmt: skip
        refused = borrower.send_file("/history", "bill", content, key="k")
        assert refused.status_code == 422, content[:20]
        assert 'href="#f-bill"' in refused.text and 'id="f-bill"' in refused.text, content[:20]
        assert "<script>" not in refused.text and "Nothing was changed." in refused.text
    refused = borrower.client.post(
        "/history", data={"form_token": borrower.token, "key": "k"},
        files={"bill": ("a.csv", b"x"), "seal": ("s.json", b"{no seal")},
    )  # fmt: skip
    assert 'id="f-seal"' in refused.text and "credit.seal_unreadable" in refused.text
    assert "web.bill_missing" in borrower.send("/history", key="k").text
    assert borrower.go("/history").text.count("/history?bill=") == before


def test_what_was_read_and_set_aside_is_told(borrower: Browser) -> None:
    page = borrower.go(re.findall('href="(/history.bill=[^"]+)"', borrower.go("/history").text)[0]).text
    assert "Rows read" in page and "Set aside" in page and "Nobody vouches for this file" in page


def test_every_code_of_borrowing_has_a_name_in_both_languages() -> None:
    """By the types themselves: whoever adds a state says what pages call it."""
    types = {
        "loan": lending.State, "consent": credit.ConsentState, "data": credit.Kind, "purpose": credit.Purpose,
        "bureau": bureau.BureauState, "dispute": credit.DisputeState, "aside": movements.Aside, "review": review.Outcome,
        "verdict": bills.Verdict, "provider": typing.Literal["alipay", "wechat"],
    }  # fmt: skip
    for kind, told in types.items():
        assert set(NAMES[kind]) == set(typing.get_args(told)), kind
    assert set(NAMES["component"]) == set(COMPONENTS)
    for kind in (*types, "component"):
        for code, name in NAMES[kind].items():
            with speaking("zh"):
                assert re.search("[\u4e00-\u9fff]", named(code, kind)), (kind, code, name)


@pytest.mark.long
def test_she_signs_her_loan_by_a_key_of_her_own_browser(browser: Chromium, bank: Bank) -> None:  # noqa: F811
    with brought(bank) as her:
        loan = accepted(her)
        assert f'href="{loan}/sign"' in her.go(f"{loan}/contract").text
        page = browser.new_context(locale="en-GB").new_page()
        page.context.add_cookies(her.kept())  # type: ignore[arg-type]
        base = str(her.client.base_url).rstrip("/")
        found = faults(browser, base, f"{loan}/sign", "zh", widths=(360, 1280), cookies=her.kept())
        assert not found, found
        page.goto(f"{base}{loan}/sign")
        page.locator("[data-same]").wait_for()
        page.get_by_role("button", name="Sign", exact=True).click()
        page.wait_for_url(f"**{loan}")
        assert her.send(f"{loan}/signature", prepared_id="x", signature="A" * 86).status_code >= 400, "nothing waits"
        told = bank.read(lambda tx: contracts.view(tx, loan.removeprefix("/loans/")))
        keys = {each.role: each.custody for each in bank.read(lambda tx: custody.told(tx, told.id))}
        assert told.sealed and keys["borrower"] == "browser"
        status = aside(lambda: bank.read(lambda tx: signing.status(tx, told.id)))
        assert status.sealed and status.findings == ()


@pytest.mark.long
def test_the_pages_of_borrowing_are_whole(browser: Chromium, bank: Bank) -> None:  # noqa: F811
    """In both languages, light and dark, usual and care: nothing scrolls sideways, splits a word or mixes languages."""
    with brought(bank) as her:
        base = str(her.client.base_url).rstrip("/")
        bill = re.findall('href="(/history.bill=[^"]+)"', her.go("/history").text)[0]
        her.go("/apply")
        asked = {"product": "rainy-day-loan", "instalments": "6", "purpose": "rent"}
        offer = str(her.send("/apply", key="a", amount="8,000", **asked).headers["location"])
        decision = re.findall('href="(/decisions/[^"]+)"', her.go(offer).text)[0]
        walked = ["/apply", offer, decision, "/history", bill, "/consents"]
        cookies = her.kept()
        found = []
        for language, theme, care in (("en", "light", False), ("zh", "dark", True)):
            for path in walked:
                widths = (360,) if not care else (1280,)
                found += faults(browser, base, path, language, theme, care, widths, cookies)
        page = her.go(offer)
        hidden = dict(re.findall('type="hidden" name="(amount|total_cost)" value="([^"]+)"', page.text))
        contract = str(her.send(offer, **hidden).headers["location"])
        found += faults(browser, base, contract, "zh", widths=(360,), cookies=cookies)
        digest = re.findall('name="digest" value="([^"]+)"', her.go(contract).text)[0]
        loan = str(her.send(contract, digest=digest).headers["location"])
        found += faults(browser, base, loan, "zh", "dark", True, (360,), cookies)
        found += faults(browser, base, loan, "en", widths=(320, 1280), cookies=cookies)
        assert not found, "\n".join(found)
