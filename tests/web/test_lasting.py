"""What a server outlasts: clients that stall, our own faults, a stuck request when it is told to stop, a dead database."""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from farthing import server as door
from farthing.db import postmaster
from farthing.kernel.settings import Settings
from tests.conftest import MEMORY, Bank

SOURCE = str(Path(__file__).resolve().parents[2] / "src")


@contextlib.contextmanager
def running(app: FastAPI) -> Iterator[int]:
    """An application on a port of its own, set up as ``farthing serve`` sets it up."""
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, **door.options()))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [place]}, daemon=True)
        thread.start()
        until(lambda: server.started)
        yield place.getsockname()[1]
        server.should_exit = True
        thread.join(10)


def until(fact: Callable[[], object], seconds: float = 60) -> float:
    began = time.monotonic()
    while not fact():
        assert time.monotonic() < began + seconds, "it did not come about"
        time.sleep(0.05)
    return time.monotonic() - began


def closed(client: socket.socket, within: float) -> bool:
    """Whether the other side hangs up, perhaps after an answer."""
    client.settimeout(within)
    with contextlib.suppress(TimeoutError):
        while client.recv(4096):
            pass
        return True
    return False


STALLED = {
    "says nothing": b"",
    "half a header": b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ",
    "half a body": b"POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{",
    "half a second request": b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /he",
}


@pytest.mark.parametrize("sent", STALLED.values(), ids=STALLED.keys())
def test_who_stalls_is_hung_up_on(bank: Bank, sent: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "HEADERS_WITHIN", 0.5)
    monkeypatch.setattr(door, "BODY_PAUSE", 0.5)
    with running(door.application(bank.kernel)) as port, socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(sent)
        assert closed(client, within=30)


@pytest.mark.long
def test_a_body_that_comes_slowly_but_comes_is_waited_for(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "BODY_PAUSE", 2.0)
    body = b'{"name": "nobody", "password": "no password at all"}'
    head = f"POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    with running(door.application(bank.kernel)) as port, socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(head.encode())
        for start in range(0, len(body), 8):
            client.sendall(body[start : start + 8])
            time.sleep(0.4)
        client.settimeout(30)
        assert client.recv(4096).startswith((b"HTTP/1.1 401", b"HTTP/1.1 4"))


def test_our_own_fault_does_not_cost_the_connection(bank: Bank) -> None:
    app = door.application(bank.kernel)

    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError("on purpose")

    with running(app) as port:
        client = http.client.HTTPConnection("127.0.0.1", port)
        client.request("GET", "/broken")
        first = client.sock
        answer = client.getresponse()
        assert answer.status == 500
        assert b"on purpose" not in (said := answer.read()) and b'<code class="id">' in said
        client.request("GET", "/healthz")
        assert client.getresponse().read() == b"ok"
        assert client.sock is first


def test_metrics_are_for_this_machine_or_for_whoever_bears_the_token(bank: Bank) -> None:
    with running(door.application(bank.kernel)) as port:
        base = f"http://127.0.0.1:{port}/metrics"
        assert httpx.get(base).status_code == 200
        assert httpx.get(base, headers={"x-forwarded-for": "203.0.113.9"}).status_code == 404
    with running(door.application(bank.kernel, Settings(metrics_token="a token"))) as port:
        base = f"http://127.0.0.1:{port}/metrics"
        assert httpx.get(base).status_code == 404
        assert httpx.get(base, headers={"authorization": "Bearer a token"}).status_code == 200


STUCK = """
import os, sys, time
from farthing import server as door
from farthing.kernel.settings import Settings
made = door.application
def application(kernel, settings=None):
    app = made(kernel, settings)
    @app.get("/stuck")
    def stuck():
        time.sleep(600)
    return app
door.application = application
from farthing.cli import main
sys.argv = ["farthing", "serve"]
main()
"""


@pytest.fixture
def home() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="fth-", dir=MEMORY if MEMORY.is_dir() else None))
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.mark.long
@pytest.mark.timeout(280)
def test_a_server_of_its_own(home: Path) -> None:
    """PostgreSQL is killed under it: it says so, and serves again. Told to stop with a stuck request, it stops."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    surroundings = {**os.environ, "FARTHING_HOME": str(home), "FARTHING_PORT": str(port), "PYTHONPATH": SOURCE}
    serving = subprocess.Popen([sys.executable, "-c", STUCK], env=surroundings, cwd=home, stdout=subprocess.DEVNULL)

    def state(page: str) -> int:
        with contextlib.suppress(httpx.HTTPError):
            return httpx.get(f"{base}/{page}", timeout=20).status_code
        return 0

    try:
        until(lambda: state("readyz") == 200, 120)
        killed = postmaster.living(home / "postgres")
        assert killed is not None
        os.kill(killed.pid, signal.SIGSTOP)  # first it hangs, so that the moment in which it is away can be seen
        assert state("healthz") == 503
        os.kill(killed.pid, signal.SIGKILL)
        until(lambda: state("healthz") == 200)
        until(lambda: state("readyz") == 200)
        held = threading.Thread(target=state, args=("stuck",), daemon=True)
        held.start()
        time.sleep(1)
        serving.send_signal(signal.SIGTERM)
        began = time.monotonic()
        serving.wait(door.STOP_WITHIN + 60)
        print(f"stopped within {time.monotonic() - began:.1f} s")
        assert not postmaster.workers(home / "postgres")
    finally:
        serving.kill()
        serving.wait()
