"""Passwords are compared with no transaction open and a few at once: log-ins cannot stop the bank."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from farthing.identity import passwords
from farthing.kernel.lanes import Busy
from tests.conftest import Bank
from tests.doors import serving
from tests.waits import patience

pytestmark = pytest.mark.usefixtures("dear_passwords")

HELD = "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' AND datname = current_database()"


def seconds(base: str) -> float:
    began = time.perf_counter()
    assert httpx.get(f"{base}/v1/products", timeout=60).status_code == 200
    return time.perf_counter() - began


def test_forty_log_ins_at_one_name_do_not_stop_the_bank(bank: Bank) -> None:
    with serving(bank) as base, ThreadPoolExecutor(40) as crowd:
        idle = max(seconds(base) for _ in range(3))
        body = {"name": "nobody at all", "password": "a guess as good as any"}
        guesses = [crowd.submit(httpx.post, f"{base}/v1/sessions", json=body, timeout=60) for _ in range(40)]
        meanwhile = [seconds(base) for _ in range(5)]
        answers = [guess.result() for guess in guesses]
    statuses = {answer.status_code for answer in answers}
    assert statuses <= {403, 503}
    assert all(answer.headers["retry-after"] for answer in answers if answer.status_code == 503)
    assert sorted(meanwhile)[2] < max(patience(1.0), 20 * idle)


def test_who_comes_when_too_many_wait_is_told_to_come_back() -> None:
    places = passwords.AT_ONCE + passwords.MOST_WAITING
    taken = [passwords._PLACES.acquire(blocking=False) for _ in range(places)]
    try:
        with pytest.raises(Busy):
            passwords.hash_password("one too many")
    finally:
        for got in taken:
            if got:
                passwords._PLACES.release()


def test_no_database_session_is_held_while_a_password_is_compared(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    """With all turns taken, as many log-ins as wait hold nothing that another needs."""
    from farthing.identity import entrance
    from farthing.identity.model import LogIn

    held = [passwords._WORK.acquire() for _ in range(passwords.AT_ONCE)]
    waiting = [
        threading.Thread(target=entrance.log_in, args=(bank.kernel, LogIn("nobody", "a guess as good as any")))
        for _ in range(passwords.MOST_WAITING)
    ]
    for each in waiting:
        each.start()
    try:
        assert bank.kernel.clock().mode == "simulated"
        with bank.superuser() as connection:
            until = time.monotonic() + patience(10)  # those that came late are still being looked for
            while (held_open := connection.execute(HELD).fetchone()) != (0,) and time.monotonic() < until:
                pass
        assert held_open == (0,)
    finally:
        for _ in held:
            passwords._WORK.release()
        for each in waiting:
            each.join(30)
