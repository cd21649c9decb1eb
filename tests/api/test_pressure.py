"""Hot operations when the database is slow or gone: 503 with Retry-After, no growth, and nobody's outcome changes."""

from __future__ import annotations

import concurrent.futures
import contextlib
import time
from collections.abc import Iterator

import httpx
import pytest

from farthing.ledger.audit.service import verify
from farthing.ledger.chart import wallet_path
from tests.api.test_hot import Town, fresh, town

__all__ = ["town"]


@contextlib.contextmanager
def stuck(town: Town) -> Iterator[None]:
    """Somebody else holds the payer's account: whatever moves it must wait."""
    with town.bank.superuser() as connection, connection.transaction():
        path = wallet_path(town.parties[0], "CNY")
        connection.execute("UPDATE account SET version = version WHERE path = %s", (path,))
        yield


def until_stuck(town: Town, sessions: int = 1) -> None:
    """Until so many sessions of the bank wait for a lock."""
    deadline = time.monotonic() + 10
    with town.bank.superuser() as connection:
        query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        while connection.execute(query).fetchone() != (sessions,):
            assert time.monotonic() < deadline
            time.sleep(0.01)


def probe(town: Town, key: str) -> httpx.Response | None:
    """The answer to a transfer if there is one at once."""
    try:
        return httpx.post(
            f"{town.base}/v1/transfers", json=town.transfer(1), timeout=0.5,
            headers={"authorization": f"Bearer {town.tokens[0]}", "idempotency-key": key},
        )  # fmt: skip
    except httpx.TimeoutException:
        return None


@pytest.mark.timeout(120)
def test_a_full_lane_answers_503_and_recovers(town: Town) -> None:
    def many(size: int) -> httpx.Response:
        items = [{"key": fresh(), "command": town.transfer(1)} for _ in range(size)]
        return town.post("/v1/transfers/batch", {"items": items}, town.tokens[0])

    with concurrent.futures.ThreadPoolExecutor(12) as threads:
        with stuck(town):
            first = threads.submit(many, 1)
            until_stuck(town)
            waiting = [threads.submit(many, 1000) for _ in range(11)]  # ten thousand may wait
            done, _ = concurrent.futures.wait(waiting, 60, concurrent.futures.FIRST_COMPLETED)
            (refused,) = (future.result() for future in done)
        assert refused.status_code == 503
        assert refused.json()["code"] == "kernel.busy"
        assert int(refused.headers["retry-after"]) >= 1
        statuses = sorted(future.result().status_code for future in (first, *waiting))
        assert statuses == [200] * 11 + [503]
    assert town.post("/v1/transfers", town.transfer(1, payer=1, payee=0), town.tokens[1], fresh()).status_code == 201
    assert not town.bank.read(verify).findings


def test_a_caller_that_goes_away_does_not_change_the_outcome(town: Town) -> None:
    key = fresh()
    with stuck(town):
        assert probe(town, key) is None
        until_stuck(town)
    again = town.post("/v1/transfers", town.transfer(1), town.tokens[0], key)
    assert again.status_code == 201
    assert again.headers["idempotent-replayed"] == "true"
    assert town.owed(0) == 99_99


def test_a_bank_whose_database_is_gone_says_when_to_come_back(town: Town) -> None:
    town.bank.kernel.database._pool.close()
    items = [{"key": fresh(), "command": town.transfer(1)}]
    for path, body in (("/v1/transfers", town.transfer(1)), ("/v1/transfers/batch", {"items": items})):
        gone = town.post(path, body, town.tokens[0], fresh())
        assert (gone.status_code, gone.json()["code"]) == (503, "kernel.unavailable")
        assert int(gone.headers["retry-after"]) >= 1
