"""The web door: the API and the pages in one process, served by uvicorn."""

from __future__ import annotations

import gc

import uvicorn
from fastapi import FastAPI

from farthing.api.app import create_app
from farthing.kernel.run import Kernel
from farthing.kernel.settings import Settings
from farthing.web.app import mount


def application(kernel: Kernel) -> FastAPI:
    """The API with the pages mounted beside it."""
    app = create_app(kernel)
    mount(app, kernel)
    return app


def serve(kernel: Kernel, settings: Settings) -> None:
    """Serve until stopped."""
    gc.collect()
    gc.freeze()  # what was imported lives as long as the process: the collector need not look at it again
    uvicorn.run(
        application(kernel),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        server_header=False,
        access_log=False,
    )
