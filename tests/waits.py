"""How long a test waits for another process: longer where the machine has more to do than it has processors."""

from __future__ import annotations

import os
import subprocess
import threading
import time

import httpx
import psycopg

MOST = 6.0
"""A wait has an end all the same."""


def patience(seconds: float) -> float:
    """So many seconds of a machine that has nothing else to do, as this one is now."""
    busy = os.getloadavg()[0] / (os.cpu_count() or 1)
    return seconds * min(max(busy, 1.0), MOST)


def until_blocked(url: str, thread: threading.Thread) -> None:
    """Wait until a thread's session stands before a lock that somebody else holds, or the thread is done."""
    ends = time.monotonic() + patience(5)
    with psycopg.connect(url, autocommit=True) as connection:
        while thread.is_alive() and time.monotonic() < ends:
            found = connection.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            ).fetchone()
            if found and found[0]:
                return
            time.sleep(0.02)


def until_served(
    url: str, serving: subprocess.Popen[bytes] | subprocess.Popen[str], within: float = 120
) -> httpx.Response:
    """What a server that is starting answers, once it answers; asked ten times a second, for whoever asks without a pause
    takes the processor that the server wants to start on."""
    ends = time.monotonic() + patience(within)
    with httpx.Client(timeout=30, follow_redirects=True) as client:
        while time.monotonic() < ends and serving.poll() is None:
            try:
                return client.get(url)
            except httpx.TransportError:
                time.sleep(0.1)
    raise AssertionError(f"{url} did not answer; the server ended with {serving.poll()}")
