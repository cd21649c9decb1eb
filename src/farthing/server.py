"""The web door: the API and the pages in one process, served by uvicorn."""

from __future__ import annotations

import gc
from typing import Any

import uvicorn
from fastapi import FastAPI

from farthing.api.app import create_app
from farthing.kernel.run import Kernel
from farthing.kernel.settings import Settings
from farthing.town.opening import open_bank
from farthing.web.app import mount


def application(kernel: Kernel) -> FastAPI:
    """The API with the pages mounted beside it."""
    app = create_app(kernel)
    mount(app, kernel)
    return app


def worker() -> FastAPI:
    """The application of one of several serving processes, over its own kernel; the settings say which bank."""
    app = application(open_bank(Settings()))
    _settle()
    return app


def serve(kernel: Kernel, settings: Settings) -> None:
    """Serve until stopped, in this process or in ``settings.workers`` of them."""
    options: dict[str, Any] = {
        "host": settings.host, "port": settings.port, "log_level": "warning", "server_header": False,
        "access_log": False,
    }  # fmt: skip
    if settings.workers > 1:
        uvicorn.run("farthing.server:worker", factory=True, workers=settings.workers, **options)
        return
    app = application(kernel)
    _settle()
    uvicorn.run(app, **options)


def _settle() -> None:
    """What was imported lives as long as the process: the collector need not look at it again."""
    gc.collect()
    gc.freeze()
