"""Requests are read strictly by every route: one meaning, or a 400 that says why."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from farthing.bank.staff import key_of
from farthing.identity.model import CreateApiKey
from tests.conftest import Bank
from tests.doors import serving

TRANSFER = '{"payer":"a","payee":"b","amount":{"minor":%s,"currency":"CNY"}}'
MINORS = ["true", '"1_000"', '" 1 "', '"1"', "1e2", "1.0", "1.0000000000000000001", "NaN", '1,"minor":2']


@pytest.fixture
def door(bank: Bank) -> Iterator[httpx.Client]:
    with serving(bank) as base:
        token = key_of(bank.kernel, CreateApiKey("tests", "robot", "system")).token
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json", "idempotency-key": "k"}
        with httpx.Client(base_url=base, headers=headers, timeout=30) as client:
            yield client


def test_bodies_with_two_meanings_are_refused(door: httpx.Client) -> None:
    for minor in MINORS:
        command = TRANSFER % minor
        top_up = f'{{"party_id":"a","outside_account":"1","amount":{{"minor":{minor},"currency":"CNY"}}}}'
        batch = f'{{"items":[{{"key":"1","command":{command}}}]}}'
        for path, body in (("/v1/transfers", command), ("/v1/top-ups", top_up)):
            answer = door.post(path, content=body)
            assert (answer.status_code, answer.json()["code"]) == (400, "request.malformed"), (path, minor, answer.text)
        answer = door.post("/v1/transfers/batch", content=batch)
        told = answer.json()
        (status,) = {answer.status_code, *(each["status"] for each in told.get("answers", ()))} - {200}
        assert status == 400, (minor, told)


def test_texts_that_cannot_be_kept_are_refused(door: httpx.Client) -> None:
    for text in ("a\\u0000b", "\\ud800", "a\\nb", "\\u202ecba"):
        body = f'{{"name":"{text}","resident_id":"1","phone":"2"}}'
        answer = door.post("/v1/parties", content=body)
        assert (answer.status_code, answer.json()["code"]) == (400, "request.malformed"), (text, answer.text)
    for path in ("/v1/entries/a%00b", "/v1/accounts?prefix=a%00", "/v1/accounts/assets%3Aa%00b/statement"):
        answer = door.get(path)
        assert (answer.status_code, answer.json()["code"]) == (400, "request.malformed"), (path, answer.text)


def test_counts_without_bound_are_refused_at_once(door: httpx.Client) -> None:
    asked = '{"party_id":"p","product":"rainy-day-loan","amount":{"minor":100000,"currency":"CNY"},"instalments":%s%s}'
    for path, more in (("/v1/decisions", ""), ("/v1/applications", ',"purpose":"x"')):
        answer = door.post(path, content=asked % ("12345678901234567890", more))
        assert answer.status_code == 400
        assert "instalments" in answer.json()["detail"]
    answer = door.post("/v1/entries", content="[" * 100_000)
    assert (answer.status_code, answer.json()["code"]) == (400, "request.malformed")
