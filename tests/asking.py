"""An application asked in this process, many thousand times: no socket, and one hop to its loop and back for each request.

Starlette's own test client hops eight times, and begins a loop for each request where nobody holds it open.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator, MutableMapping
from concurrent.futures import Future
from typing import Any

import httpx
from fastapi import FastAPI


class InProcess(httpx.BaseTransport):
    """Hands requests to an application that lives on a loop of its own. What it raises after it began to answer is its log's."""

    def __init__(self, app: FastAPI, loop: asyncio.AbstractEventLoop) -> None:
        self._app, self._loop = app, loop

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return asyncio.run_coroutine_threadsafe(self._answer(request), self._loop).result(300)

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        answered, body, unread = {}, bytearray(), [request.read()]
        done = asyncio.Event()

        async def receive() -> dict[str, Any]:
            if unread:
                return {"type": "http.request", "body": unread.pop(), "more_body": False}
            await done.wait()
            return {"type": "http.disconnect"}

        async def send(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                answered.update(message)
            else:
                body.extend(message.get("body", b""))

        url = request.url
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": request.method,
            "scheme": url.scheme, "path": url.path, "raw_path": url.raw_path.partition(b"?")[0], "query_string": url.query,
            "root_path": "", "headers": [(name.lower(), value) for name, value in request.headers.raw],
            "client": ("asking", 50000), "server": (url.host, 80), "state": {},
        }  # fmt: skip
        try:
            await self._app(scope, receive, send)
        except Exception:
            if not answered:
                raise
        done.set()
        return httpx.Response(answered["status"], headers=answered["headers"], content=bytes(body), request=request)


@contextlib.contextmanager
def asking(app: FastAPI, **chosen: Any) -> Iterator[httpx.Client]:
    """A client of an application, from its start to its end; ``chosen`` is what httpx takes."""
    begun: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def live() -> None:
        ended = asyncio.Event()
        async with app.router.lifespan_context(app):
            begun.set_result((asyncio.get_running_loop(), ended))
            await ended.wait()

    thread = threading.Thread(target=lambda: asyncio.run(live()), daemon=True)
    thread.start()
    loop, ended = begun.result(60)
    try:
        with httpx.Client(transport=InProcess(app, loop), base_url="http://testserver", **chosen) as client:
            yield client
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(10)
