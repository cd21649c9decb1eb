"""The short way to a lane: what is plain passes by nothing else, what is not goes the ordinary way, and both answer alike."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from farthing.api.app import create_app
from farthing.api.hot_door import LARGEST, HotDoor
from tests.api.test_hot import Town, fresh, town

__all__ = ["town"]

ORDINARY = {"content-type": "application/json; charset=utf-8"}
"""A header by which a request is not plain any more, and asks for the same."""
BODIES: dict[str, Any] = {
    "a transfer": {},
    "one that the wallet does not bear": {"amount": {"minor": 100_01, "currency": "CNY"}},
    "one of nothing": {"amount": {"minor": 0, "currency": "CNY"}},
    "a fraction": {"amount": {"minor": 1.5, "currency": "CNY"}},
    "a field that nobody knows": {"extra": 1},
    "another's wallet": {"payer": "party_another"},
    "a memo of many characters": {"memo": "memo" * 200},
}
RAW = {
    "no JSON": b"{",
    "nothing": b"",
    "a name twice": b'{"payer": "a", "payer": "b"}',
    "not a number": b'{"amount": NaN}',
    "NUL": b'{"memo": "\\u0000"}',
    "no object": b"[]",
    "not UTF-8": b'{"memo": "\xff"}',
    "large": b'{"memo": "' + b"m" * LARGEST + b'"}',
}


def sent(town: Town, body: bytes, path: str = "/v1/transfers", **headers: str) -> httpx.Response:
    said = {"content-type": "application/json", "authorization": f"Bearer {town.tokens[0]}", "idempotency-key": fresh()}
    kept = {name: value for name, value in {**said, **headers}.items() if value}
    return httpx.post(f"{town.base}{path}", content=body, headers=kept, timeout=20)


def told(answer: httpx.Response) -> tuple[int, dict[str, str], Any]:
    """What an answer says, but for what is new in each."""
    body = answer.json()
    for name in ("trace_id", "id", "transfer_id", "entry_reference", "recorded_at"):
        body.pop(name, None)
    headers = {name: value for name, value in answer.headers.items() if name not in ("date", "content-length")}
    return answer.status_code, headers, body


def both(town: Town, body: bytes, path: str = "/v1/transfers", **headers: str) -> tuple[httpx.Response, ...]:
    return sent(town, body, path, **headers), sent(town, body, path, **{**headers, **ORDINARY})


def test_both_ways_answer_alike(town: Town) -> None:
    for body in [json.dumps({**town.transfer(500), **each}).encode() for each in BODIES.values()] + list(RAW.values()):
        plain, ordinary = both(town, body)
        assert told(plain) == told(ordinary), body[:80]
    assert town.owed(0) == 100_00 - 2 * 500, "one transfer of each way"


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": ""},
        {"authorization": "Bearer fs_nobody"},
        {"authorization": "Basic eA=="},
        {"authorization": "bearer  fk_x_y"},
        {"idempotency-key": ""},
        {"idempotency-key": "k" * 201},
        {"accept-language": "zh-CN", "authorization": "Bearer fs_nobody"},
        {"farthing-seen": "0" * 64},
    ],
)
def test_whoever_asks_and_under_whatever_key_both_ways_answer_alike(town: Town, headers: dict[str, str]) -> None:
    plain, ordinary = both(town, json.dumps(town.transfer(1)).encode(), **headers)
    assert told(plain) == told(ordinary)


@pytest.mark.parametrize(
    "path", ["/v1/transfers?dry_run=true", "/v1/transfers?drry_run=1", "/v1/transfers/", "/v1/%74ransfers"]
)
def test_an_address_that_asks_for_more_is_answered_as_ever(town: Town, path: str) -> None:
    plain, ordinary = both(town, json.dumps(town.transfer(1)).encode(), path)
    assert (plain.status_code, plain.headers.get("content-type")) == (
        ordinary.status_code,
        ordinary.headers.get("content-type"),
    )


def test_a_key_is_one_key_by_both_ways(town: Town) -> None:
    key, body = fresh(), json.dumps(town.transfer(700)).encode()
    first, again = (sent(town, body, **{"idempotency-key": key}, **more) for more in ({}, ORDINARY))
    third = sent(town, body, **{"idempotency-key": key})
    assert first.json() == again.json() == third.json() and town.owed(0) == 93_00
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == third.headers["idempotent-replayed"] == "true"


def test_what_is_plain_passes_by_nothing_else(town: Town) -> None:
    api, passed = create_app(town.bank.kernel), list[bytes]()

    async def others(scope: Scope, receive: Receive, send: Send) -> None:
        passed.append((await receive())["body"] if scope["method"] == "POST" else b"")
        await send({"type": "http.response.start", "status": 299, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    async def ask() -> list[int]:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(HotDoor(others, api)), base_url="http://bank"
        ) as client:
            said = {"authorization": f"Bearer {town.tokens[0]}", "content-type": "application/json"}
            body, found = json.dumps(town.transfer(100)).encode(), []
            for more, content in [({}, body), (ORDINARY, body), ({}, b"{"), ({"farthing-seen": "x"}, body)]:
                headers = {**said, "idempotency-key": fresh(), **more}
                found.append((await client.post("/v1/transfers", content=content, headers=headers)).status_code)
            found.append((await client.get("/v1/transfers")).status_code)
            for lane in api.state.lanes.values():
                await lane.close()
            return found

    assert asyncio.run(ask()) == [201, 299, 299, 299, 299] and town.owed(0) == 99_00
    assert passed[1] == b"{", "what was read goes on as it came"
