"""Own the short way to a lane: a plain request for a hot operation passes by nothing that it does not need.

What surrounds all other requests (languages, compression, routes tried one after the other, injected parameters) costs more than
a transfer itself. A request that is as plain as programs send them is read, run and answered here; anything unusual about it, and
anything that cannot be read, goes the ordinary way from its first byte, so that there is one set of rules for both (0069).
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.responses import Response
from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from farthing.api import hot, problems
from farthing.api.ground import bearer_in, check_key
from farthing.api.strict import parsed
from farthing.db.server import Unavailable
from farthing.kernel.operation import Operation
from farthing.kit.errors import Refusal

LARGEST = 16 * 1024
"""Bytes of a body that is read here; a single command has some hundreds."""
PIECES = 16
"""Pieces in which such a body comes at most."""
PLAIN = {b"authorization", b"idempotency-key", b"content-type", b"content-length"}
"""Headers that are read here, each named once at most."""
UNUSUAL = {
    b"farthing-seen",
    b"farthing-assertion",
    b"farthing-power",
    b"transfer-encoding",
    b"content-encoding",
    b"expect",
}
"""Headers that ask for something more."""


@dataclass(frozen=True, slots=True)
class Hot:
    """A hot route: what it runs, how a command of it is read, and the status of its answer."""

    operation: Operation
    read: Callable[[Any], Any]
    status: int


class HotDoor:
    """Answers plain requests for hot operations; passes on all others, and whatever is not plain."""

    def __init__(self, app: ASGIApp, api: FastAPI) -> None:
        self.app, self.api = app, api
        self._routes: Mapping[str, hot.HotRoute] = {
            each.path: each for each in api.router.routes if isinstance(each, hot.HotRoute)
        }
        self._known: dict[str, Hot] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a plain request, or pass it on."""
        path = scope["path"] if scope["type"] == "http" and scope["method"] == "POST" else ""
        headers = _plain(scope) if path in self._routes else None
        if headers is None:
            await self.app(scope, receive, send)
            return
        began, came = time.perf_counter(), [await receive()]
        while came[-1].get("more_body") and len(came) < PIECES:
            came.append(await receive())
        asked = self._asked(path, headers, came)
        if asked is None:
            await self.app(scope, _again(came, receive), send)
            return
        answer = await self._answer(scope, self._known[path], asked)
        self.api.state.meters.note(path, answer.status_code, time.perf_counter() - began)
        await answer(scope, receive, send)

    def _asked(self, path: str, headers: Mapping[bytes, bytes], came: Sequence[Message]) -> hot.Asked | None:
        """The command as it came; nothing where the ordinary way has a word to say about it."""
        if came[-1]["type"] != "http.request" or came[-1].get("more_body"):
            return None
        found = self._known.get(path) or self._met(path)
        try:
            key = check_key(headers.get(b"idempotency-key", b"").decode("latin-1"), needed=True)
            command = found.read(parsed(b"".join(each.get("body", b"") for each in came)))
        except (Refusal, ValidationError):
            return None
        return hot.Asked(command, bearer_in(headers.get(b"authorization", b"").decode("latin-1")), key or "")

    def _met(self, path: str) -> Hot:
        route = self._routes[path]
        operation: Operation = route.endpoint.operation  # type: ignore[attr-defined]
        reader: TypeAdapter[Any] = TypeAdapter(operation.command_type)
        return self._known.setdefault(path, Hot(operation, reader.validate_python, route.status_code or 201))

    async def _answer(self, scope: Scope, found: Hot, asked: hot.Asked) -> Response:
        try:
            outcome = await self.api.state.lanes[found.operation.name].run(asked)
        except Refusal as refusal:
            return problems.refused(Request(scope), refusal)
        except Unavailable as error:
            answered: Response = await self.api.exception_handlers[Unavailable](Request(scope), error)  # type: ignore[misc]
            return answered
        return hot.told(outcome, found.status)


def _plain(scope: Scope) -> dict[bytes, bytes] | None:
    """The headers that a plain request has; nothing where it asks for something more."""
    if scope["query_string"]:
        return None
    found: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        if name in UNUSUAL or name in found:
            return None
        if name in PLAIN:
            found[name] = value
    length = found.get(b"content-length", b"")
    small = length.isdigit() and len(length) < 6 and int(length) <= LARGEST
    return found if small and found.get(b"content-type") == b"application/json" else None


def _again(came: Sequence[Message], receive: Receive) -> Receive:
    """What was received already, and then what follows."""
    waiting = deque(came)

    async def received() -> Message:
        return waiting.popleft() if waiting else await receive()

    return received
