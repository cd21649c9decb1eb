"""What people may type into a form, or leave out: always a page with a sentence, never an incident."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.conftest import Bank
from tests.doors import serving
from tests.identity.people import PASSWORD, Person, enrolled
from tests.web.test_entrance import Browser


@pytest.fixture
def visitor(bank: Bank) -> Iterator[Browser]:
    done = enrolled(bank, Person())
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
        "/disputes": [{}, {"datum": "a\0b", "statement": "c"}],
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
        "web.not_a_count": ("/apply", {"amount": "100", "instalments": "abc"}),
        "web.field_not_readable": ("/pay", {"amount": "1", "confirmed": "1", "payee": "a\0b"}),
        "money.not_positive": ("/pay", {"amount": "-1"}),
    }
    for code, (path, fields) in told.items():
        assert code in visitor.send(path, **fields).text
    for path in ("/offers/a%00b", "/loans/a%00b", "/savings/a%00b", "/savings?amount=a%00"):
        answer = visitor.go(path)
        assert 400 <= answer.status_code < 500, (path, answer.status_code)


def test_an_address_without_a_page_is_answered_by_one(visitor: Browser) -> None:
    for path, status, code in (("/nope", 404, "web.no_such_page"), ("/disputes", 405, "web.not_this_way")):
        answer = visitor.go(path)
        assert answer.status_code == status
        assert answer.headers["content-type"].startswith("text/html")
        assert code in answer.text and 'href="/"' in answer.text
    api = visitor.go("/v1/nope")
    assert (api.status_code, api.headers["content-type"]) == (404, "application/problem+json")


def test_a_refusal_says_which_earlier_steps_stand(visitor: Browser) -> None:
    """The consent is given, the bill is refused: the page must not say that nothing was changed."""
    said = visitor.send("/history", key="k").text
    assert "Give consent" in said
    assert "授权" in said
    assert "Nothing was changed." not in said
    said = visitor.send("/pay", amount="-1").text
    assert "Nothing was changed." in said
    assert "stand" not in said


def test_a_page_takes_no_parameter_that_it_does_not_know(visitor: Browser) -> None:
    for path in ("/home?utm_source=mail", "/pay?doen=1", "/?x=1", "/savings?amuont=1"):
        answer = visitor.go(path)
        assert answer.status_code == 400, path
        assert "web.unknown_parameter" in answer.text
        assert answer.headers["content-type"].startswith("text/html")
    assert visitor.go("/history?added=1").status_code == 200


def test_no_link_shows_a_payment_that_never_was(visitor: Browser) -> None:
    assert "EVIL" not in visitor.go("/pay?done=EVIL+100").text
    assert "最近一笔" not in visitor.go("/pay?done=true").text


def test_a_consent_is_taken_back_on_the_page(visitor: Browser) -> None:
    visitor.send("/history", key="k")
    page = visitor.go("/history").text
    consent_id = re.search('name="consent_id" value="([^"]+)"', page)
    assert consent_id
    visitor.send("/consents/revocations", key="r", consent_id=consent_id[1])
    assert "consent_id" not in visitor.go("/history").text
