"""Own how our own fault is answered inside an application, so that the connection it came on is kept for the next request."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Answer = Callable[[Request, Exception], Awaitable[Response]]
"""What an exception is answered by: an incident of the API, or a page."""


class Rescue:
    """Pass a request on; an exception becomes an answer, unless one has begun already."""

    def __init__(self, app: ASGIApp, answer: Answer) -> None:
        self.app, self.answer = app, answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and answer its exception."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def noticed(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, noticed)
        except Exception as error:
            if begun:
                raise
            answered = await self.answer(Request(scope), error)
            await answered(scope, receive, send)
