"""The web door: the API and the pages in one process, served by uvicorn; slow clients and stuck work end in time."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import socket
import threading
from collections.abc import AsyncIterator
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.supervisors import Multiprocess

from farthing.api.app import create_app
from farthing.api.exchange.app import create_exchange
from farthing.api.hot_door import HotDoor
from farthing.api.problems import MEDIA_TYPE, incident
from farthing.bank.exchange import settle
from farthing.bank.opening import open_bank
from farthing.exchange.node_service import Node
from farthing.identity.authenticators.rules import site_of
from farthing.kernel.run import Kernel
from farthing.kernel.settings import Settings
from farthing.town.stage import staged
from farthing.web.app import mount
from farthing.web.exchange.door import mount_node
from farthing.web.rescue import Rescue

BACKLOG = 2048
"""Connections that may wait to be accepted."""
HEADERS_WITHIN = 15.0
"""Seconds from a connection, or from the first byte of a request, until its headers are complete."""
BODY_PAUSE = 20.0
"""Seconds that may pass between two pieces of a body: a bill over a village's line is slow, but it moves."""
BODY_WITHIN = 600.0
"""Seconds for a whole body."""
REQUESTS_END_WITHIN = 5
"""Seconds that requests have to end when the server is told to stop; then they are cancelled."""
WORKER_ANSWERS_WITHIN = 60
"""Seconds in which a serving process must answer its supervisor, which else starts another in its place: on a busy machine
one that only imports takes more than uvicorn's five, and the next one would be no faster."""
STOP_WITHIN = 10.0
"""Seconds after which the process leaves although some work is stuck: a transaction that did not commit did nothing."""


class Patient(HttpToolsProtocol):
    """HTTP with an end to patience: who connects and says nothing, or stops in the middle, is hung up on."""

    _timer: asyncio.TimerHandle | None = None
    _body_ends = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Expect the first request."""
        super().connection_made(transport)
        self._expect(HEADERS_WITHIN)

    def connection_lost(self, exc: Exception | None) -> None:
        """Expect nothing any more."""
        self._expect(None)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """A body that comes on is given its next pause, up to its end."""
        super().data_received(data)
        if self._body_ends:
            self._expect(min(BODY_PAUSE, self._body_ends - self.loop.time()))

    def on_message_begin(self) -> None:
        """A request has begun; its headers are expected."""
        super().on_message_begin()
        self._body_ends = 0.0
        self._expect(HEADERS_WITHIN)

    def on_headers_complete(self) -> None:
        """The headers are here; a body is expected, if one was announced."""
        super().on_headers_complete()
        self._body_ends = self.loop.time() + BODY_WITHIN
        self._expect(BODY_PAUSE)

    def on_message_complete(self) -> None:
        """The request is here; what follows is ours."""
        super().on_message_complete()
        self._body_ends = 0.0
        self._expect(None)

    def _expect(self, seconds: float | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None if seconds is None else self.loop.call_later(max(seconds, 0), self._hang_up)

    def _hang_up(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()


async def _incident(request: Request, error: Exception) -> JSONResponse:
    """The answer of an incident."""
    return JSONResponse(incident(request, error), 500, media_type=MEDIA_TYPE)


class Heads:
    """Answer who asks for the head of a page, as monitors and previews do, by the head of what a GET answers; the server
    itself leaves the body out."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, a HEAD as a GET."""
        head = scope["type"] == "http" and scope["method"] == "HEAD"
        await self.app({**scope, "method": "GET"} if head else scope, receive, send)


def application(kernel: Kernel, settings: Settings | None = None) -> FastAPI:
    """The API with the pages mounted beside it."""
    at = settings or Settings()
    app = create_app(kernel, settings.metrics_token if settings else None, site_of(at.origin, at.port))
    mount(app, kernel)
    app.add_middleware(HotDoor, api=app)
    app.add_middleware(Rescue, answer=_incident)
    app.add_middleware(Heads)
    return app


def worker() -> FastAPI:
    """The application of one of several serving processes, over its own kernel; the settings say which bank."""
    settings = Settings()
    kernel = staged(open_bank(settings), settings)
    app = application(kernel, settings)
    _ends_in_time(app, kernel, close=True)
    _settle()
    return app


def _ends_in_time(app: FastAPI, kernel: Kernel, *, close: bool) -> None:
    """Let the process end within ``STOP_WITHIN`` of the signal that asks for it, whatever is stuck in it."""
    inner = app.router.lifespan_context

    @contextlib.asynccontextmanager
    async def living(app: FastAPI) -> AsyncIterator[Any]:
        for number in (signal.SIGTERM, signal.SIGINT):
            _then(number, kernel)
        async with inner(app) as state:
            yield state
        if close:
            kernel.database.close()  # a process ended by a signal runs no other farewell

    app.router.lifespan_context = living


def _then(number: signal.Signals, kernel: Kernel) -> None:
    """Before what a signal does anyway, set the clock that ends the process."""
    before = signal.getsignal(number)

    def told(number: int, frame: Any) -> None:
        clock = threading.Timer(STOP_WITHIN, _leave, (kernel, number))
        clock.daemon = True
        clock.start()
        if callable(before):
            before(number, frame)

    signal.signal(number, told)


def _leave(kernel: Kernel, number: int) -> None:
    """Leave although some work is stuck, and leave no embedded server behind; its transactions are undone by itself."""
    if kernel.database.embedded is not None:
        kernel.database.embedded.stop()
    os._exit(128 + number)


def bound(settings: Settings) -> socket.socket:
    """A socket at the address that the settings name; raises ``OSError`` where another program has it."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    place = socket.socket(family)
    try:
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        place.bind((settings.host, settings.port))
    except BaseException:
        place.close()
        raise
    place.set_inheritable(True)
    return place


def options() -> dict[str, Any]:
    """How uvicorn is set up."""
    return {
        "log_level": "warning",
        "server_header": False,
        "access_log": False,
        "http": Patient,
        "timeout_graceful_shutdown": REQUESTS_END_WITHIN,
        "timeout_worker_healthcheck": WORKER_ANSWERS_WITHIN,
    }


def serve(kernel: Kernel, settings: Settings, place: socket.socket) -> None:
    """Serve at ``place`` until stopped, in this process or in ``settings.workers`` of them."""
    if settings.workers > 1:
        several = uvicorn.Config("farthing.server:worker", factory=True, workers=settings.workers, **options())
        Multiprocess(several, sockets=[place]).run()
        return
    app = application(kernel, settings)
    _ends_in_time(app, kernel, close=False)
    _settle()
    uvicorn.Server(uvicorn.Config(app, **options())).run(sockets=[place])


def exchange_application(node: Node, settings: Settings | None = None) -> FastAPI:
    """The door of a credit-information node: its API, the pages of its persons, and no page of a bank."""
    app = create_exchange(node)
    mount_node(app, node, settings)
    return app


def serve_exchange(node: Node, place: socket.socket, settings: Settings) -> None:
    """Serve a credit-information node at ``place`` until stopped."""
    app = exchange_application(node, settings)
    app.add_middleware(Rescue, answer=_incident)
    _ends_in_time(app, node.kernel, close=False)
    settle()
    uvicorn.Server(uvicorn.Config(app, **options())).run(sockets=[place])


def _settle() -> None:
    """What was imported lives as long as the process: the collector need not look at it again."""
    gc.collect()
    gc.freeze()
