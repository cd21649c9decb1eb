"""A real server on a real port over a test's bank, for tests of the doors."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import uvicorn
from fastapi import APIRouter

from farthing.kernel.settings import Settings
from farthing.server import application
from tests.conftest import Bank
from tests.hands import city
from tests.identity.people import staff

OPERATOR_PASSWORD = "four farthings make a penny"


def _with_an_operator(bank: Bank) -> None:
    city(bank)
    staff(bank, "operator", "operator", OPERATOR_PASSWORD)


@contextlib.contextmanager
def serving(bank: Bank, *more: APIRouter) -> Iterator[str]:
    """Found the bank and serve it, with ``more`` routes beside its own; answers the base address."""
    bank.begin("city with an operator", _with_an_operator)
    with served(bank, *more) as base:
        yield base


@contextlib.contextmanager
def served(bank: Bank, *more: APIRouter) -> Iterator[str]:
    """Serve a bank as it stands."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    app = application(bank.kernel, Settings(port=port))
    for router in more:
        app.router.routes += router.routes
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(5)
