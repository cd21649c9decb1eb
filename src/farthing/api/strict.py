"""Own how a request is read before anything looks at it: strict JSON, and no NUL in its address.

A route of ``StrictRoute`` answers as any other; its body has been read by :mod:`farthing.kit.strict_json` first, so
that FastAPI, which would take the last of two names and ``NaN`` for a number, finds it read already.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Coroutine, Mapping
from threading import RLock
from typing import Any

from fastapi import Request
from fastapi.responses import Response
from fastapi.routing import APIRoute
from fastapi.utils import create_model_field
from starlette.routing import compile_path

from farthing.kernel.operation import MALFORMED
from farthing.kit import strict_json


def parsed(body: bytes) -> Any:
    """The value of a JSON body; refuses ``request.malformed``."""
    try:
        return strict_json.parse(body)
    except strict_json.Unreadable as error:
        found = [{"field": "body", "problem": str(error), "problem_zh": error.zh}]
        raise MALFORMED(problem=f"body {error}", problem_zh=f"正文{error.zh}", field_errors=found) from None


def is_json(request: Request) -> bool:
    """Whether a body says that it is JSON."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == "application/json" or kind.endswith("+json")


def check_address(request: Request) -> None:
    """Refuse an address that spells NUL: no text that we keep can hold it."""
    address = request.scope.get("raw_path") or b""
    if b"%00" in address or b"%00" in request.scope.get("query_string", b"") or "\0" in request.url.path:
        raise MALFORMED(problem="the address holds the character NUL", problem_zh="地址中含有空字符")


_BUILDING = RLock()
"""Whoever puts a route together, on the loop of the server or where the API is described."""


class DescribedRoute(APIRoute):
    """A route that is put together when somebody first asks for it, and the models of its answers when the API is described:
    no request needs those, and all of it together was two thirds of what a start cost. Such routes are put into the
    application as they are; FastAPI's own inclusion builds each a second time.
    """

    def __init__(
        self, path: str, endpoint: Callable[..., Any], *, responses: Mapping[int | str, dict[str, Any]] | None = None,
        name: str, methods: Collection[str] | None = None, include_in_schema: bool = True, **rest: Any,
    ) -> None:  # fmt: skip
        described = responses or {}
        self._models = {status: each["model"] for status, each in described.items() if "model" in each}
        self._described: dict[int | str, Any] | None = None
        bare = {status: {name: each[name] for name in each if name != "model"} for status, each in described.items()}
        self.path, self.endpoint, self.name = path, endpoint, name
        self.methods = set(methods or ("GET",))
        self.include_in_schema = include_in_schema
        self.path_regex, self.path_format, self.param_convertors = compile_path(path)
        self._rest = {
            "responses": bare, "name": name, "methods": methods, "include_in_schema": include_in_schema, **rest
        }  # fmt: skip

    def __getattr__(self, name: str) -> Any:
        """What finding the route does not need: all of it is there at once, whoever asks first."""
        if name.startswith("__") or "_rest" not in vars(self):
            raise AttributeError(name)
        with _BUILDING:
            if "app" not in vars(self):
                whole = type(self).__new__(type(self))
                APIRoute.__init__(whole, self.path, self.endpoint, **self._rest)
                vars(self).update(vars(whole))
        return object.__getattribute__(self, name)

    @property
    def response_fields(self) -> dict[int | str, Any]:
        """The answers by their status, as FastAPI describes them."""
        if self._described is None:
            self._described = {
                status: create_model_field(f"Response_{status}_{self.unique_id}", type_=model, mode="serialization")
                for status, model in self._models.items()
            }
        return self._described

    @response_fields.setter
    def response_fields(self, _: dict[int | str, Any]) -> None:
        """FastAPI sets what it found at the start: nothing."""


class StrictRoute(DescribedRoute):
    """A route whose JSON is read strictly."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, made once for each route."""
        answer = super().get_route_handler()

        async def handle(request: Request) -> Response:
            check_address(request)
            if is_json(request):
                body = await request.body()
                if body:
                    request._json = parsed(body)  # what request.json() answers from now on
            return await answer(request)

        return handle
