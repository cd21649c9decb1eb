"""Own the application: ``/v1``, health, readiness, metrics, size limit and the bank's date on every answer."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import TypeVar

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from fastapi.telemetry import TelemetryConfig
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from farthing import __version__
from farthing.api import (
    agents,
    agreements,
    bindings,
    crowdfunding,
    debits,
    delayed,
    description,
    disputes,
    entrance,
    fraud,
    furnishing,
    home,
    market,
    merchants,
    odds,
    openid,
    orders,
    packets,
    passkeys,
    pool,
    powers,
    problems,
    rails,
    reported,
    requests,
    savings,
    settling,
    sharing,
    standing,
    supply,
    tills,
    voice,
)
from farthing.api.hot import open_lanes
from farthing.api.measure import Measured, Meters
from farthing.api.routes import router
from farthing.db.server import Unavailable
from farthing.identity.authenticators.model import Site
from farthing.identity.authenticators.rules import site_of
from farthing.kernel.lanes import Lane
from farthing.kernel.operation import Call
from farthing.kernel.run import Kernel
from farthing.kernel.settings import Settings
from farthing.payments.packets.gateway_service import Gateway

UNTOLD: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False}
"""Requests are measured in :mod:`farthing.api.measure`; FastAPI's own telemetry would look at each whether anybody listens."""
PROBE_WITHIN = 3.0
"""Seconds in which a probe has its answer, whatever hangs: who balances the load asks again in a few."""
Answer = TypeVar("Answer")


def create_app(kernel: Kernel, metrics_token: str | None = None, site: Site | None = None) -> FastAPI:
    """The API over one kernel; ``metrics_token`` opens ``/metrics`` to whoever bears it, else it is for this machine.
    ``site``: the address that passkeys are bound to, else this machine's own."""
    lanes = open_lanes(kernel)
    gateway = Gateway(kernel)
    gathered: Lane[Call] = Lane("packets.gateway", gateway.work)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        for lane in lanes.values():
            await lane.close()
        await gathered.close()

    app = FastAPI(
        lifespan=lifespan,
        title="Farthing",
        version=__version__,
        summary="An open platform for inclusive finance",
        openapi_url=None,
        separate_input_output_schemas=False,
        docs_url=None,
        redoc_url=None,
        telemetry=UNTOLD,
    )
    app.state.kernel = kernel
    app.state.site = site or site_of(None, Settings().port)
    app.state.lanes = lanes
    app.state.gathered = gathered
    app.state.gateway = gateway
    problems.install(app)
    description.install(app)
    parts = (
        agreements, powers, packets, merchants, agents, requests, standing, home, debits, orders, fraud, reported, disputes,
        bindings, delayed, entrance, savings, pool, odds, tills, market, settling, rails, passkeys,
        supply, openid, sharing, furnishing, crowdfunding, voice,
    )  # fmt: skip
    for each in (router, *(part.router for part in parts), openid.standard, sharing.standard):
        app.router.routes += each.routes
    _observe(app, metrics_token)
    _health(app, kernel)
    return app


def _observe(app: FastAPI, token: str | None) -> None:
    registry = CollectorRegistry()
    app.state.meters = Meters(registry)
    app.add_middleware(Measured, meters=app.state.meters)

    @app.get("/metrics", include_in_schema=False)
    async def metrics(request: Request) -> Response:
        if not _may_measure(request, token):
            raise HTTPException(404)
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def _may_measure(request: Request, token: str | None) -> bool:
    """Who bears the token; without one, who asks from this very machine and not through a proxy on it."""
    if token is not None:
        return hmac.compare_digest(request.headers.get("authorization", "").encode(), f"Bearer {token}".encode())
    passed_on = {"x-forwarded-for", "forwarded", "x-real-ip"} & set(request.headers)
    return not passed_on and request.client is not None and request.client.host in ("127.0.0.1", "::1")


def _health(app: FastAPI, kernel: Kernel) -> None:
    asking = ThreadPoolExecutor(1, thread_name_prefix="health")  # of its own: all others may wait for the database
    later = {"Retry-After": "2"}

    async def asked(question: Callable[[], Answer]) -> Answer | None:
        """The answer, or none within ``PROBE_WITHIN``: whoever probes learns of a "no" as promptly as of a "yes"."""
        with contextlib.suppress(Unavailable, TimeoutError):
            answering = asyncio.get_running_loop().run_in_executor(asking, question)
            return await asyncio.wait_for(answering, PROBE_WITHIN)
        return None

    @app.get("/healthz", include_in_schema=False)
    async def healthz() -> PlainTextResponse:
        if await asked(kernel.database.answers):
            return PlainTextResponse("ok")
        return PlainTextResponse("the database does not answer", 503, headers=later)

    @app.get("/readyz", include_in_schema=False)
    async def readyz() -> JSONResponse:
        state = await asked(kernel.ready)
        if state is None:
            return JSONResponse({"ready": False, "problem": "the database does not answer"}, 503, headers=later)
        return JSONResponse({"ready": True, "business_date": state.business_date.isoformat(), "clock": state.mode})
