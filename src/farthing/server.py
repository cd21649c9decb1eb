"""The web door: the API and the pages in one process, served by uvicorn."""

from __future__ import annotations

import contextlib
import gc
import socket
from collections.abc import AsyncIterator
from typing import Any

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from farthing.api.app import create_app
from farthing.kernel.run import Kernel
from farthing.kernel.settings import Settings
from farthing.town.opening import open_bank
from farthing.web.app import mount

BACKLOG = 2048
"""Connections that may wait to be accepted."""


def application(kernel: Kernel, settings: Settings | None = None) -> FastAPI:
    """The API with the pages mounted beside it."""
    app = create_app(kernel)
    mount(app, kernel, settings)
    return app


def worker() -> FastAPI:
    """The application of one of several serving processes, over its own kernel; the settings say which bank."""
    kernel = open_bank(Settings())
    app = application(kernel)
    inner = app.router.lifespan_context

    @contextlib.asynccontextmanager
    async def living(app: FastAPI) -> AsyncIterator[Any]:
        async with inner(app) as state:
            yield state
        kernel.database.close()  # a process ended by a signal runs no other farewell

    app.router.lifespan_context = living
    _settle()
    return app


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


def serve(kernel: Kernel, settings: Settings, place: socket.socket) -> None:
    """Serve at ``place`` until stopped, in this process or in ``settings.workers`` of them."""
    options: dict[str, Any] = {"log_level": "warning", "server_header": False, "access_log": False}
    if settings.workers > 1:
        several = uvicorn.Config("farthing.server:worker", factory=True, workers=settings.workers, **options)
        Multiprocess(several, sockets=[place]).run()
        return
    app = application(kernel, settings)
    _settle()
    uvicorn.Server(uvicorn.Config(app, **options)).run(sockets=[place])


def _settle() -> None:
    """What was imported lives as long as the process: the collector need not look at it again."""
    gc.collect()
    gc.freeze()
