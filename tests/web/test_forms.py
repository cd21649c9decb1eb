"""What people may type into a form, or leave out: always a page with a sentence, never an incident."""

from __future__ import annotations

import html
import random
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from farthing.credit.bills.sample import graduate_bill
from farthing.credit.catalogue.read import catalogue
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.parties import service as parties
from farthing.parties.model import VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.model import OpenWallet
from farthing.web.forms import amount_of, whole
from farthing.web.refusing import without_ids
from farthing.web.told import FIELDS
from tests.conftest import Bank
from tests.doors import serving
from tests.hands import city
from tests.identity.people import PASSWORD, Person, codes, enrolled, staff
from tests.web.test_entrance import Browser


@pytest.fixture
def visitor(bank: Bank) -> Iterator[Browser]:
    city(bank)
    done = enrolled(bank, Person())
    bank.run(payments.open_wallet, OpenWallet(done.party.id))
    bank.run(parties.verify_identity, VerifyIdentity(done.party.id))
    with serving(bank) as base:
        browser = Browser(base)
        browser.sign_in(done.party.phone, PASSWORD)
        browser.go("/pay")
        yield browser


def test_every_form_answers_with_a_sentence(visitor: Browser) -> None:
    typed = {
        "/apply": [{}, {"instalments": "abc"}, {"instalments": "9" * 30}, {"amount": "100", "instalments": "-1"},
                   {"amount": "100", "instalments": "6", "product": "rainy-day-loan", "purpose": "a\nb"},
                   {"amount": "100", "instalments": "6", "product": "rainy-day-loan", "purpose": "👓"}],
        "/pay": [{}, {"amount": "-1"}, {"amount": "0"}, {"amount": "1", "confirmed": "1", "payee": "a\0b"},
                 {"amount": "1" * 4000}, {"amount": "1", "confirmed": "1", "payee": "x" * 100_000}],
        "/decisions/dec_1/reviews": [{}, {"words": "x" * 501}],
        "/decisions/dec_1/disputes": [{}, {"datum": "a\0b", "statement": "c"}],
        "/savings/open": [{}, {"product": "\0"}, {"product": "savings-demand", "amount": "-5"}],
        "/savings/fund": [{}, {"step": "buy", "amount": "-1"}],
        "/savings/dep_1": [{}, {"step": "cancel_notice"}, {"step": "withdraw", "amount": "abc"}],
        "/register": [{}, {"name": "a\0b"}, {"name": "x" * 100_000}],
        "/login": [{}, {"name": "\0", "password": "x"}],
    }  # fmt: skip
    for path, forms in typed.items():
        for fields in forms:
            answer = visitor.send(path, key="k", **fields)
            assert 400 <= answer.status_code < 500, (path, fields, answer.status_code, answer.text[-300:])
            assert answer.headers["content-type"].startswith("text/html"), (path, fields, answer.text[:300])
            assert "None" not in answer.text, (path, fields)
    told = {
        "web.not_a_count": (
            "/apply",
            {"amount": "100", "instalments": "abc", "product": "rainy-day-loan", "purpose": "rent"},
        ),
        "web.field_not_readable": ("/pay", {"amount": "1", "confirmed": "1", "payee": "a\0b"}),
        "money.not_positive": ("/pay", {"amount": "-1"}),
    }
    for code, (path, fields) in told.items():
        assert code in visitor.send(path, **fields).text
    for path in ("/offers/a%00b", "/loans/a%00b", "/savings/a%00b", "/savings?amount=a%00"):
        answer = visitor.go(path)
        assert 400 <= answer.status_code < 500, (path, answer.status_code)


def test_an_address_without_a_page_is_answered_by_one(visitor: Browser) -> None:
    for path, status, code in (("/nope", 404, "web.no_such_page"), ("/consents/revocations", 405, "web.not_this_way")):
        answer = visitor.go(path)
        assert answer.status_code == status
        assert answer.headers["content-type"].startswith("text/html")
        assert code in answer.text and 'href="/"' in answer.text
    api = visitor.go("/v1/nope")
    assert (api.status_code, api.headers["content-type"]) == (404, "application/problem+json")


def test_a_refusal_says_which_earlier_steps_stand(bank: Bank) -> None:
    """The wallet is opened, the deposit is refused: the page must not say that nothing was changed."""
    city(bank)
    person = enrolled(bank, Person()).party
    assert person is not None
    with serving(bank) as base:
        staff(bank, "li", "teller")
        desk = Browser(base)
        desk.sign_in("li", PASSWORD)
        desk.go("/counter")
        here = f"/counter/customers/{person.id}"
        proof = desk.send(f"{here}/presence", step="ask").headers["location"].rpartition("proof=")[2]
        desk.send(f"{here}/presence", step="code", proof=proof, code=codes(bank, person.phone)[-1])
        said = desk.send(f"{here}/open", product="savings-demand", amount="", key="k").text
        assert "Open a wallet" in said
        assert "web.amount_missing" in said
        assert "Nothing was changed." not in said
        assert "Nothing was changed." in desk.send("/counter/drawer", step="dance").text


def test_a_refused_bill_leaves_no_consent(visitor: Browser, bank: Bank) -> None:
    """One consent, given with the import that succeeded; the next bill uses the one in force."""
    for _ in range(3):
        refused = visitor.send("/history", key="k").text
        assert "Nothing was changed." in refused
        assert 'name="bill"' in refused, "the form is there to try again"
    assert "consent_id" not in visitor.go("/consents").text
    until = bank.kernel.clock().business_date - timedelta(days=1)
    for seed in (7, 8):
        content = graduate_bill(random.Random(seed), until, "林美")
        brought = visitor.send_file("/history", "bill", content, key=str(seed), agree="1")
        assert brought.headers["location"].startswith("/history?bill=import_")
        assert visitor.go("/consents").text.count("consent_id") == 1
        assert "payment_history" not in visitor.go("/consents").text


def test_what_may_be_computed_about_one_stands_on_a_page_for_anybody(visitor: Browser) -> None:
    """Every figure of the catalogue, with its meaning, days and law; linked from what one allows."""
    assert 'href="/features"' in visitor.go("/consents").text
    page = html.unescape(visitor.go("/features").text)
    for each in catalogue().values():
        for words in (each.called, each.meaning, each.window.words, each.law):
            assert words.en in page, (each.name, words.en)
        assert each.meaning.zh not in page
    assert page.count("Only if you allow it in writing") == 1, "what an account holds, and nothing else"


def test_a_page_takes_no_parameter_that_it_does_not_know(visitor: Browser) -> None:
    for path in ("/home?utm_source=mail", "/pay?doen=1", "/?x=1", "/savings?amuont=1"):
        answer = visitor.go(path)
        assert answer.status_code == 400, path
        assert "web.unknown_parameter" in answer.text
        assert answer.headers["content-type"].startswith("text/html")
    assert visitor.go("/history?bill=").status_code == 200


def test_no_link_shows_a_payment_that_never_was(visitor: Browser) -> None:
    assert "EVIL" not in visitor.go("/pay?done=EVIL+100").text
    assert "最近一笔" not in visitor.go("/pay?done=true").text


def test_a_consent_is_taken_back_on_the_page(visitor: Browser, bank: Bank) -> None:
    until = bank.kernel.clock().business_date - timedelta(days=1)
    visitor.send_file("/history", "bill", graduate_bill(random.Random(7), until, "林美"), key="k", agree="1")
    page = visitor.go("/consents").text
    consent_id = re.search('name="consent_id" value="([^"]+)"', page)
    assert consent_id
    visitor.send("/consents/revocations", key="r", consent_id=consent_id[1])
    assert "consent_id" not in visitor.go("/consents").text


@pytest.mark.parametrize("typed", ["8000", "8,000", "８０００", "¥8000", "￥8,000.00", "8000元", " 8 000 ", "CNY 8000"])
def test_amounts_are_read_as_people_type_them(typed: str) -> None:
    assert amount_of(typed, "CNY") == Money(800_000, "CNY")


def test_counts_are_read_by_any_keyboard() -> None:
    assert [whole(each) for each in ("12", "１２", " 12 ", "१२")] == [12] * 4
    for wrong in ("-1", "1.5", "abc", ""):
        with pytest.raises(Refusal) as caught:
            whole(wrong)
        assert caught.value.code == "web.not_a_count"
        assert "is not a whole number" not in caught.value.detail


def test_a_card_is_typed_as_it_is_printed(visitor: Browser) -> None:
    confirm = visitor.send("/top-up", card="6222 0212 3456 7890", amount="１００")
    assert confirm.status_code == 200
    assert "****7890" in confirm.text and "one hundred yuan" in confirm.text
    visitor.confirm("/top-up", card="6222 0212 3456 7890", amount="１００", key="top-up")
    assert "CNY 100.00" in visitor.go("/home").text


@pytest.mark.parametrize("card", ["12", "", "six thousand"])
def test_a_card_that_is_none_is_told_beside_its_field(visitor: Browser, card: str) -> None:
    refused = visitor.send("/top-up", card=card, amount="100")
    assert refused.status_code == 422 and 'href="#f-card"' in refused.text
    beside = refused.text[refused.text.index('for="f-card"') : refused.text.index('id="f-card"')]
    assert 'class="wrong"' in beside and 'value="100"' in refused.text
    assert f'value="{card}"' in refused.text or not card


def test_a_refused_form_comes_back_as_it_was_filled_in(visitor: Browser) -> None:
    kept = visitor.send("/pay/payee", phone="139 1234 0999")
    assert kept.status_code == 404 and "payments.nobody_answers" in kept.text and 'value="139 1234 0999"' in kept.text
    assert "The try was counted" in kept.text
    own = visitor.send("/pay/payee", phone=Person().phone)
    assert own.status_code == 422 and "payments.same_wallet" in own.text and 'href="#f-phone"' in own.text
    visitor.send("/collect")
    found = re.search("collect_[0-9a-z]+", visitor.go("/collect").text)
    assert found
    own = found[0]
    kept = visitor.send("/pay", payee=own, amount="9.5", memo="午饭")
    assert kept.status_code == 422, "what cannot be paid is told before anything is confirmed"
    for value in (f'value="{own}"', 'value="9.5"', 'value="午饭"', "payments.same_wallet"):
        assert value in kept.text
    kept = visitor.send("/savings/open", product="savings-lump-sum", term="1y", amount="49")
    assert "savings.below_minimum" in kept.text and 'value="49"' in kept.text
    stranger = Browser(str(visitor.client.base_url))
    stranger.go("/")
    kept = stranger.send("/register", name="林美", number="123", phone="138 0013 8000")
    assert kept.status_code == 422 and 'value="123"' in kept.text and 'value="138 0013 8000"' in kept.text
    kept = stranger.send("/login", name="138 0013 8000", password="wrong wrong wrong")
    assert kept.status_code == 403 and 'value="138 0013 8000"' in kept.text and "wrong wrong" not in kept.text
    assert "The try was counted" in kept.text


def test_larger_text_never_leads_to_an_address_that_only_takes_forms(visitor: Browser) -> None:
    base = str(visitor.client.base_url).rstrip("/")
    visitor.client.follow_redirects = False
    for before, after in (("/pay", "/pay"), ("/consents/revocations", "/consents"), ("/nope", "/")):
        answer = visitor.send("/look", headers={"referer": f"{base}{before}"}, key="k")
        assert answer.headers["location"] == after, before


def test_back_leads_to_the_page_one_came_from(visitor: Browser) -> None:
    base = str(visitor.client.base_url).rstrip("/")
    refused = visitor.client.get("/ops", headers={"referer": f"{base}/savings?amount=5"})
    assert 'href="/savings?amount=5"' in refused.text
    for elsewhere in ("https://evil.example/x", f"{base}//evil.example", f"{base}/ops"):
        refused = visitor.client.get("/ops", headers={"referer": elsewhere})
        assert "To the front page" in refused.text and "evil.example" not in refused.text


def test_a_person_meets_no_id_and_no_permission(visitor: Browser) -> None:
    for path in ("/ops", "/counter", "/ops/entries"):
        said = visitor.go(path)
        assert (said.status_code, "kernel.forbidden" in said.text) == (403, True)
        assert not re.search(r"party_[0-9a-z]{20}|customer:|[a-z]+:(read|post)", said.text), path
    first = visitor.go("/apply").text
    assert "Your bills come first" in first and 'href="/history"' in first
    asked = visitor.send("/apply", product="rainy-day-loan", amount="8000", instalments="6", purpose="母亲住院")
    assert "credit.consent_missing" in asked.text and "Bring your bill" in asked.text
    assert not re.search("party_[0-9a-z]{20}|payment_history|loan_application", asked.text)
    named = visitor.send("/apply", product="rainy-day-loan", amount="100", instalments="6", purpose="👓")
    assert 'href="#f-purpose"' in named.text and "Value error" not in named.text


def test_an_id_is_left_out_of_a_sentence() -> None:
    loan = "loan_" + "0" * 26
    assert without_ids(f"There is no loan {loan}.") == "There is no loan."
    assert without_ids(f"没有贷款 {loan}。") == "没有贷款。"
    assert without_ids(f"贷款 {loan} 状态为已结清。") == "贷款状态为已结清。"
    assert without_ids(f"Loan {loan} is closed.") == "Loan is closed."
    assert without_ids(f"分录 rail:sandbox:rail_{'0' * 26} 归 payments 所有。") == "分录归 payments 所有。"
    assert without_ids(f"Entry loan:{'0' * 26}:accrual:2026-03-31 belongs to lending.") == "Entry belongs to lending."
    assert without_ids(f"The wallet of party_{'0' * 26} has CNY 1.00.") == "The wallet has CNY 1.00."
    assert without_ids(f"客户 party_{'0' * 26} 的钱包可用 1.00 元。") == "客户的钱包可用 1.00 元。"


def test_every_field_has_words_in_both_languages() -> None:
    for name, words in FIELDS.items():
        assert words.en and words.zh and not words.zh.isascii(), name
        assert "_" not in words.en + words.zh
