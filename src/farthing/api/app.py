"""Own the application: ``/v1``, health, readiness, metrics, size limit and the bank's date on every answer."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest

from farthing import __version__
from farthing.api import problems
from farthing.api.routes import router
from farthing.kernel.run import Kernel

LARGEST_BODY = 24 * 1024 * 1024
Next = Callable[[Request], Awaitable[Response]]


def create_app(kernel: Kernel) -> FastAPI:
    """The API over one kernel."""
    app = FastAPI(
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
    problems.install(app)
    app.include_router(router)
    _observe(app)
    _health(app, kernel)
    return app


def _observe(app: FastAPI) -> None:
    registry = CollectorRegistry()
    requests = Counter(
        "farthing_requests_total", "Requests by route and status", ["route", "status"], registry=registry
    )
    seconds = Histogram("farthing_request_seconds", "Time to answer by route", ["route"], registry=registry)

    @app.middleware("http")
    async def measure(request: Request, call_next: Next) -> Response:
        began = time.perf_counter()
        if int(request.headers.get("content-length") or 0) > LARGEST_BODY:
            detail = f"A request is at most {LARGEST_BODY} bytes."
            return problems.problem(request, 413, "request.too_large", detail)
        response = await call_next(request)
        route = getattr(request.scope.get("route"), "path", "other")
        requests.labels(route, response.status_code).inc()
        seconds.labels(route).observe(time.perf_counter() - began)
        return response

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
