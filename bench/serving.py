"""The server of ``bench/http.py``: ``farthing serve`` with one route more, which is the floor of all others.

``POST /bench/empty`` reads a body of any size, finds out who asks (in a lane, one look-up for all that wait, as hot
routes do) and answers nothing. What a transfer costs beyond it is what the bank does for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from uvicorn.supervisors import Multiprocess

from farthing import server
from farthing.api.ground import bearer
from farthing.identity import service as identity
from farthing.identity.rules import NOT_SIGNED_IN
from farthing.kernel.answers import Outcome
from farthing.kernel.lanes import Answers, Lane
from farthing.kernel.run import Kernel
from farthing.kernel.settings import Settings


def worker() -> FastAPI:
    """The application of a serving process, with the floor's route in front, as hot routes are."""
    app = server.worker()
    kernel: Kernel = app.state.kernel

    def work(tokens: Sequence[str | None]) -> Answers:
        known = kernel.read(lambda tx: identity.sessions_by_token(tx, {token for token in tokens if token}))
        return [Outcome(None, False) if token in known else NOT_SIGNED_IN() for token in tokens]

    lane: Lane[Any] = Lane("bench.empty", work)

    async def empty(request: Request) -> JSONResponse:
        await request.body()
        await lane.run(bearer(request))
        return JSONResponse({}, 201)

    app.router.add_route("/bench/empty", empty, methods=["POST"])
    app.router.routes.insert(0, app.router.routes.pop())
    return app


def main() -> None:
    """Serve until stopped, in as many processes as the settings say, set up as ``farthing serve`` is."""
    settings = Settings()
    place = server.bound(settings)
    if settings.workers > 1:
        several = uvicorn.Config("serving:worker", factory=True, workers=settings.workers, **server.options())
        Multiprocess(several, sockets=[place]).run()
        return
    uvicorn.Server(uvicorn.Config(worker(), **server.options())).run(sockets=[place])
