"""Own what every route shares: who asks, keys, running an operation, reading, and how an answer is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import ConfigDict

from farthing.api.problems import RESPONSES
from farthing.db.tx import Tx
from farthing.identity import entrance
from farthing.identity.rules import ANONYMOUS
from farthing.kernel.operation import operation_of
from farthing.kernel.run import NOT_ALLOWED, Kernel, Pending
from farthing.kit.actor import Actor
from farthing.kit.canonical import plain
from farthing.kit.errors import malformed

KEY_MISSING = malformed(
    "api.idempotency_key_missing",
    "This request moves money and needs an Idempotency-Key header; choose a fresh value for each new request.",
    "此请求涉及资金,须带 Idempotency-Key 请求头;每个新请求使用新的值。",
)
KEY_BAD = malformed(
    "api.idempotency_key_bad",
    "An Idempotency-Key is 1 to 200 printable ASCII characters.",
    "Idempotency-Key 须为 1 至 200 个可见 ASCII 字符。",
)

Key = Annotated[str | None, Header(alias="Idempotency-Key", description="Makes repeating the request harmless.")]
DryRun = Annotated[bool, Query(description="Say what would happen, with the same refusals; keep nothing.")]
Limit = Annotated[int, "1 to 100"]


def kernel_of(request: Request) -> Kernel:
    """The kernel this application runs on."""
    kernel: Kernel = request.app.state.kernel
    return kernel


def bearer(request: Request) -> str | None:
    """The bearer token of a request, if it has one."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return (token.strip() or None) if scheme.lower() == "bearer" else None


def current_actor(request: Request) -> Actor:
    """Who asks, by bearer token; nobody in particular without one. Refuses ``identity.not_signed_in``."""
    token = bearer(request)
    return ANONYMOUS if token is None else entrance.who_is(kernel_of(request), token).actor


Who = Annotated[Actor, Depends(current_actor)]


def check_key(key: str | None, *, needed: bool) -> str | None:
    """Refuse a missing key where money moves, and one that cannot be a key."""
    if key is None and needed:
        raise KEY_MISSING()
    if key is not None and not (1 <= len(key) <= 200 and key.isascii() and key.isprintable()):
        raise KEY_BAD()
    return key


def needs(who: Actor, permission: str) -> None:
    """Refuse ``kernel.forbidden`` to whoever lacks a permission."""
    if not who.may(permission):
        raise NOT_ALLOWED(actor=who.id, permission=permission)


def got(model: Any) -> dict[int | str, dict[str, Any]]:
    """The documented answers of a GET."""
    return {**RESPONSES, 200: {"model": model}}


def answer(result: Any, status: int = 200, **headers: str) -> JSONResponse:
    """Any result as JSON."""
    return JSONResponse(plain(result), status, headers=headers or None)


def post(
    router: APIRouter,
    path: str,
    function: Callable[..., Any],
    *,
    money: bool = False,
    status: int = 201,
    route_class: type[APIRoute] | None = None,
) -> None:
    """Serve an operation as ``POST path`` whose body is its command; ``route_class`` may answer it in its own way."""
    found = operation_of(function)
    body_type = found.command_type
    if "__pydantic_config__" not in body_type.__dict__:
        body_type.__pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[attr-defined]

    def endpoint(request: Request, body: Any, who: Who, key: Key = None) -> Response:
        outcome = kernel_of(request).execute(found, body, actor=who, key=check_key(key, needed=money))
        headers = {"Idempotent-Replayed": "true"} if outcome.replayed else {}
        code = 202 if isinstance(outcome.result, Pending) else status
        return answer(outcome.result, code, **headers)

    endpoint.__annotations__["body"] = body_type
    endpoint.__doc__ = function.__doc__
    endpoint.operation = found  # type: ignore[attr-defined]
    documented: dict[int | str, dict[str, Any]] = {**RESPONSES, status: {"model": found.result_type}}
    if found.four_eyes:
        documented[202] = {"description": "Kept as a draft that waits for a second person."}
    router.add_api_route(
        path, endpoint, methods=["POST"], status_code=status, responses=documented, name=found.name,
        operation_id=found.name.replace(".", "_"), tags=[found.name.partition(".")[0]], response_model=None,
        route_class_override=route_class,
    )  # fmt: skip


def tryable(
    router: APIRouter, path: str, function: Callable[..., Any], preview: Callable[[Tx, Any], Any], tried: Any = None,
    *, money: bool = True,
) -> None:  # fmt: skip
    """Serve an operation as ``POST path``, and its preview as ``?dry_run=true``, which needs no key and keeps nothing.

    ``tried``: what the preview answers, where that is something else than the operation's result.
    """
    found = operation_of(function)
    body_type = found.command_type
    body_type.__pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[attr-defined]

    def endpoint(request: Request, body: Any, who: Who, dry_run: DryRun = False, key: Key = None) -> Response:
        if dry_run:
            needs(who, found.permission)
            return read(request, who, lambda tx: preview(tx, body))
        if found.four_eyes and key is None:  # what could not be approved is refused before it waits for anybody
            needs(who, found.permission)
            kernel_of(request).read(lambda tx: preview(tx, body), actor=who)
        outcome = kernel_of(request).execute(found, body, actor=who, key=check_key(key, needed=money))
        code = 202 if isinstance(outcome.result, Pending) else 201
        return answer(outcome.result, code, **({"Idempotent-Replayed": "true"} if outcome.replayed else {}))

    endpoint.__annotations__["body"] = body_type
    endpoint.__doc__ = function.__doc__
    documented: dict[int | str, dict[str, Any]] = {
        **RESPONSES, 201: {"model": found.result_type}, 200: {"model": tried or found.result_type, "description": "A dry run."},
    }  # fmt: skip
    if found.four_eyes:
        documented[202] = {"description": "Kept as a draft that waits for a second person."}
    router.add_api_route(
        path, endpoint, methods=["POST"], status_code=201, responses=documented, name=found.name,
        operation_id=found.name.replace(".", "_"), tags=[found.name.partition(".")[0]], response_model=None,
    )  # fmt: skip


def read(request: Request, who: Actor, query: Callable[[Tx], Any]) -> JSONResponse:
    """Answer a question as the actor."""
    return answer(kernel_of(request).read(query, actor=who))
