"""Own what surrounds every request: how long it took, how it ended, and how large it may be. Plain ASGI, no copies."""

from __future__ import annotations

import time

from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from farthing.api.problems import problem

LARGEST_BODY = 24 * 1024 * 1024


class _TooLarge(Exception):
    """The body went on beyond what a request may hold."""


class Meters:
    """How many requests were answered, how, and how long it took, by route."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._requests = Counter(
            "farthing_requests_total", "Requests by route and status", ["route", "status"], registry=registry
        )
        self._seconds = Histogram("farthing_request_seconds", "Time to answer by route", ["route"], registry=registry)
        self._known: dict[tuple[str, int], tuple[Counter, Histogram]] = {}

    def note(self, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        meters = self._known.get((route, status))
        if meters is None:
            meters = self._known[route, status] = self._requests.labels(route, status), self._seconds.labels(route)
        meters[0].inc()
        meters[1].observe(seconds)


class Measured:
    """Counts and times requests by route, and refuses bodies that are too large, announced or not."""

    def __init__(self, app: ASGIApp, meters: Meters) -> None:
        self.app, self.meters = app, meters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 0
        taken = 0

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > LARGEST_BODY:
                raise _TooLarge
            return message

        try:
            if _announced(scope) > LARGEST_BODY:
                raise _TooLarge
            await self.app(scope, counted, noted)
        except _TooLarge:
            if status:
                raise
            answer = problem(Request(scope), 413, "request.too_large", f"A request is at most {LARGEST_BODY} bytes.")
            await answer(scope, receive, noted)
        finally:
            route = getattr(scope.get("route"), "path", "other")
            self.meters.note(route, status, time.perf_counter() - began)


def _announced(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0
