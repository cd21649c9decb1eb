"""Hot operations over HTTP: one by one or many at once, everybody gets the answer they would have got alone."""

from __future__ import annotations

import concurrent.futures
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from farthing.identity import service as identity
from farthing.identity.model import CreateApiKey, RevokeApiKey
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.ledger.audit.service import verify
from farthing.ledger.model import AccountSpec, JournalEntry, Posting
from farthing.payments import service as payments
from farthing.payments.model import OpenWallet
from farthing.payments.wallets import wallet_path
from tests.conftest import Bank
from tests.doors import serving
from tests.hands import give
from tests.parties.people import register_person

KEYS = itertools.count()


@dataclass
class Town:
    """Two customers with wallets and tokens, over a served bank."""

    bank: Bank
    base: str
    parties: list[str]
    tokens: list[str]
    key_ids: list[str]

    def transfer(self, amount: int, *, payer: int = 0, payee: int = 1, **changes: Any) -> dict[str, Any]:
        command = {
            "payer": self.parties[payer],
            "payee": self.parties[payee],
            "amount": {"minor": amount, "currency": "CNY"},
        }
        return {**command, **changes}

    def post(self, path: str, body: Any, token: str | None, key: str | None = None, **headers: str) -> httpx.Response:
        if token is not None:
            headers["authorization"] = f"Bearer {token}"
        if key is not None:
            headers["idempotency-key"] = key
        return httpx.post(f"{self.base}{path}", json=body, headers=headers, timeout=20)

    def owed(self, party: int) -> int:
        path = wallet_path(self.parties[party], "CNY", "CNY")
        return self.bank.read(lambda tx: ledger.balance(tx, path)).owed().minor


@pytest.fixture
def town(bank: Bank) -> Iterator[Town]:
    with serving(bank) as base:
        parties = [register_person(bank, number).id for number in range(2)]
        keys = []
        for party in parties:
            bank.run(payments.open_wallet, OpenWallet(party, "CNY"))
            keys.append(bank.run(identity.create_api_key, CreateApiKey("test", party, "customer", party, 30)))
        bank.run(ledger.open_account, ledger.OpenAccount(AccountSpec("equity:test", "CNY")))
        for party in parties:
            amount = Money(100_00, "CNY")
            lines = (Posting("equity:test", amount), Posting(wallet_path(party, "CNY", "CNY"), -amount))
            on = bank.kernel.clock().business_date
            bank.run(give, JournalEntry(f"gift:{party}", "gift", on, lines))
        yield Town(bank, base, parties, [key.token for key in keys], [key.id for key in keys])


def fresh() -> str:
    return f"k{next(KEYS)}"


def test_one_transfer_and_its_repetition(town: Town) -> None:
    key = fresh()
    first = town.post("/v1/transfers", town.transfer(500), town.tokens[0], key)
    again = town.post("/v1/transfers", town.transfer(500), town.tokens[0], key)
    other = town.post("/v1/transfers", town.transfer(501), town.tokens[0], key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again.headers["idempotent-replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (409, "idempotency.key_reused")
    assert (town.owed(0), town.owed(1)) == (95_00, 105_00)


@pytest.mark.parametrize(
    ("body", "token", "status", "code"),
    [
        ({}, 1, 403, "kernel.not_yours"),
        ({}, None, 403, "kernel.forbidden"),
        ({}, "fs_nobody", 401, "identity.not_signed_in"),
        ({}, "fk_x_y", 401, "identity.not_signed_in"),
        ({"amount": {"minor": 100_01, "currency": "CNY"}}, 0, 422, "ledger.insufficient_funds"),
        ({"amount": {"minor": 0, "currency": "CNY"}}, 0, 400, "money.not_positive"),
        ({"amount": {"minor": 1.5, "currency": "CNY"}}, 0, 400, "request.malformed"),
        ({"amount": {"minor": 1, "currency": "XXX"}}, 0, 400, "money.unknown_currency"),
        ({"extra": 1}, 0, 400, "request.malformed"),
    ],
)
def test_refusals_are_the_same_alone_and_in_a_batch(
    town: Town, body: dict[str, Any], token: int | str | None, status: int, code: str
) -> None:
    bearer = town.tokens[token] if isinstance(token, int) else token
    command = {**town.transfer(500), **body}
    alone = town.post("/v1/transfers", command, bearer, fresh())
    assert (alone.status_code, alone.json()["code"]) == (status, code)
    batch = town.post("/v1/transfers/batch", {"items": [{"key": fresh(), "command": command}]}, bearer)
    assert batch.status_code == 200
    (told,) = batch.json()["answers"]
    assert (told["status"], told["problem"]["code"]) == (status, code)
    if code != "request.malformed":
        assert told["problem"]["facts"] == alone.json()["facts"]
    assert (town.owed(0), town.owed(1)) == (100_00, 100_00)


def test_a_batch_answers_each_in_order_and_lets_neighbours_stand(town: Town) -> None:
    same = fresh()
    items = [
        {"key": same, "command": town.transfer(1000)},
        {"key": fresh(), "command": town.transfer(9999_00)},
        {"key": "", "command": town.transfer(1)},
        "nonsense",
        {"key": fresh(), "command": {"payer": town.parties[0]}},
        {"key": same, "command": town.transfer(1000)},
        {"key": fresh(), "command": town.transfer(2000)},
    ]
    told = town.post("/v1/transfers/batch", {"items": items}, town.tokens[0]).json()["answers"]
    assert [each["status"] for each in told] == [201, 422, 400, 400, 400, 201, 201]
    assert told[5]["replayed"] and told[5]["result"] == told[0]["result"]
    assert told[4]["problem"]["field_errors"]
    assert (town.owed(0), town.owed(1)) == (70_00, 130_00)


@pytest.mark.parametrize(
    ("body", "status"),
    [({"items": []}, 400), ({}, 400), ([], 400), ({"items": [None] * 1001}, 400), ({"items": {}}, 400)],
)
def test_a_batch_that_is_none_is_refused_whole(town: Town, body: Any, status: int) -> None:
    answer = town.post("/v1/transfers/batch", body, town.tokens[0])
    assert (answer.status_code, answer.json()["code"]) == (status, "request.malformed")


def test_what_is_not_json_and_what_lacks_a_key(town: Town) -> None:
    headers = {"authorization": f"Bearer {town.tokens[0]}", "idempotency-key": fresh()}
    url = f"{town.base}/v1/transfers"
    assert httpx.post(url, content=b"{", headers={**headers, "content-type": "application/json"}).status_code == 400
    assert httpx.post(url, content=b"{}", headers={**headers, "content-type": "text/plain"}).status_code == 415
    answer = town.post("/v1/transfers", town.transfer(1), town.tokens[0])
    assert (answer.status_code, answer.json()["code"]) == (400, "api.idempotency_key_missing")


def test_many_at_once_each_get_their_own_answer(town: Town) -> None:
    """200 threads of both customers and a stranger: exactly what the wallets hold is moved."""

    def one(number: int) -> tuple[int, int]:
        payer = number % 2
        token = town.tokens[payer] if number % 5 else town.tokens[1 - payer]
        body = town.transfer(100 + number, payer=payer, payee=1 - payer)
        answer = town.post("/v1/transfers", body, token, f"crowd-{number}")
        if answer.status_code == 201:
            assert answer.json()["amount"]["minor"] == 100 + number
            assert answer.json()["payer"] == town.parties[payer]
        return number, answer.status_code

    with concurrent.futures.ThreadPoolExecutor(32) as pool:
        done = dict(pool.map(one, range(200)))
    assert all((status == 403) == (number % 5 == 0) for number, status in done.items())
    moved = [100 + number if number % 2 else -100 - number for number, status in done.items() if status == 201]
    assert town.owed(0) == 100_00 + sum(moved)
    assert not town.bank.read(verify).findings


def test_a_revoked_key_ends_at_once(town: Town) -> None:
    assert town.post("/v1/transfers", town.transfer(1), town.tokens[0], fresh()).status_code == 201
    town.bank.run(identity.revoke_api_key, RevokeApiKey(town.key_ids[0]))
    assert town.post("/v1/transfers", town.transfer(1), town.tokens[0], fresh()).status_code == 401
