"""Hot operations when the database is slow or gone: 503 with Retry-After, no growth, and nobody's outcome changes."""

from __future__ import annotations

import concurrent.futures
import contextlib
import time
from collections.abc import Iterator

import httpx
import pytest

from farthing.ledger.audit.service import verify
from farthing.payments.wallets import wallet_path
from tests.api.test_hot import Town, fresh, town

__all__ = ["town"]


@contextlib.contextmanager
def stuck(town: Town) -> Iterator[None]:
    """Somebody else holds the payer's account: whatever moves it must wait."""
    with town.bank.superuser() as connection, connection.transaction():
        path = wallet_path(town.parties[0], "CNY", "CNY")
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


@pytest.mark.timeout(120)
def test_probes_are_answered_while_all_sessions_and_threads_are_at_work(town: Town) -> None:
    """Who balances the load must not take a server that is busy for one that is dead."""
    database = town.bank.kernel.database
    patience, database._pool.timeout = database._pool.timeout, 60
    headers = {"authorization": f"Bearer {town.tokens[0]}"}
    try:
        limits = httpx.Limits(max_connections=60)
        with concurrent.futures.ThreadPoolExecutor(60) as threads, httpx.Client(limits=limits) as client:
            with contextlib.ExitStack() as held:
                for _ in range(database._pool.max_size):
                    held.enter_context(database.session())
                wallet = f"{town.base}/v1/parties/{town.parties[0]}/wallets"
                waiting = [threads.submit(client.get, wallet, headers=headers, timeout=90) for _ in range(60)]
                until_waiting(town, 30)
                for probe in ("readyz", "healthz", "metrics"):
                    assert httpx.get(f"{town.base}/{probe}", timeout=30).status_code == 200, probe
                assert not [future for future in waiting if future.done()]
            assert {future.result().status_code for future in waiting} == {200}
    finally:
        database._pool.timeout = patience


def until_waiting(town: Town, callers: int) -> None:
    """Until so many callers wait for a session of the pool."""
    deadline = time.monotonic() + 60
    while len(town.bank.kernel.database._pool._waiting) < callers:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_who_waited_in_vain_for_a_session_is_told_so_once(town: Town) -> None:
    """Not after four times as long: nobody who holds the sessions lets go of them because somebody asks again."""
    database = town.bank.kernel.database
    patience, database._pool.timeout = database._pool.timeout, 1
    try:
        with contextlib.ExitStack() as held:
            for _ in range(database._pool.max_size):
                held.enter_context(database.session())
            before = database._pool.get_stats().get("requests_errors", 0)
            refused = town.post("/v1/transfers", town.transfer(1), town.tokens[0], fresh())
            tried = database._pool.get_stats().get("requests_errors", 0) - before
        assert (refused.status_code, refused.json()["code"], tried) == (503, "kernel.unavailable", 1)
    finally:
        database._pool.timeout = patience


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
