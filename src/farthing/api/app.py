"""Own the application: ``/v1``, health, readiness, metrics, size limit and the bank's date on every answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from farthing import __version__
from farthing.api import entrance, odds, pool, problems, savings
from farthing.api.hot import HOT, open_lanes
from farthing.api.measure import Measured
from farthing.api.routes import router
from farthing.kernel.run import Kernel


def create_app(kernel: Kernel) -> FastAPI:
    """The API over one kernel."""
    lanes = open_lanes(kernel, HOT)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        for lane in lanes.values():
            await lane.close()

    app = FastAPI(
        lifespan=lifespan,
        title="Farthing",
        version=__version__,
        summary="An open platform for inclusive finance",
        description="Money is integer minor units and a currency. Every POST that moves money takes an Idempotency-Key. "
        "Refusals are RFC 9457 problems with stable codes (docs/errors.md).",
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.kernel = kernel
    app.state.lanes = lanes
    problems.install(app)
    app.include_router(router)
    for each in (entrance.router, savings.router, pool.router, odds.router):
        app.include_router(each)
    _observe(app)
    _health(app, kernel)
    return app


def _observe(app: FastAPI) -> None:
    registry = CollectorRegistry()
    app.add_middleware(Measured, registry=registry)

    @app.get("/metrics", include_in_schema=False)
    def metrics() -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def _health(app: FastAPI, kernel: Kernel) -> None:
    @app.get("/healthz", include_in_schema=False)
    def healthz() -> PlainTextResponse:
        return PlainTextResponse("ok")

    @app.get("/readyz", include_in_schema=False)
    def readyz() -> JSONResponse:
        state = kernel.clock()
        return JSONResponse({"ready": True, "business_date": state.business_date.isoformat(), "clock": state.mode})
