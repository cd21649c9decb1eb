"""Own what every route shares: who asks, keys, running an operation, reading, and how an answer is written."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import date
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.responses import JSONResponse, PlainTextResponse
from fastapi.routing import APIRoute
from pydantic import Strict

from farthing.api.problems import RESPONSES
from farthing.api.strict import StrictRoute
from farthing.db.tx import Tx
from farthing.identity import entrance
from farthing.identity.authenticators import entrance as passkeys
from farthing.identity.authenticators.rules import assertion_of
from farthing.identity.rules import ANONYMOUS
from farthing.kernel.acting.service import become
from farthing.kernel.operation import operation_of
from farthing.kernel.question import question_of
from farthing.kernel.run import Kernel, Pending
from farthing.kernel.seen import Looked
from farthing.kit.actor import Actor
from farthing.kit.canonical import plain
from farthing.kit.chinese import told
from farthing.kit.errors import malformed

KEY_MISSING = malformed(
    "api.idempotency_key_missing",
    "This request moves money and needs an Idempotency-Key header; choose a fresh value for each new request.",
    "此请求涉及资金，须带 Idempotency-Key 请求头；每个新请求使用新的值。",
)
UNKNOWN_PARAMETER = malformed(
    "api.unknown_parameter",
    "This path takes no parameter {names}; it takes: {known}.",
    "此路径不接受参数 {names}；可用参数：{known}。",
)
KEY_BAD = malformed(
    "api.idempotency_key_bad",
    "An Idempotency-Key is 1 to 200 printable ASCII characters.",
    "Idempotency-Key 须为 1 至 200 个可见 ASCII 字符。",
)

Key = Annotated[str | None, Header(alias="Idempotency-Key", description="Makes repeating the request harmless.")]
SEEN = "Farthing-Seen"
"""A dry run answers this header, and whoever confirms what it showed sends it back."""
Seen = Annotated[
    str | None,
    Header(
        alias=SEEN,
        description="What the dry run gave: refuse `kernel.not_as_seen` where it would be another thing now.",
    ),
]
ASSERTION = "Farthing-Assertion"
"""What a passkey answered to a challenge over what was shown, as one JSON object (docs/guides/passkeys.md)."""
Asserted = Annotated[
    str | None,
    Header(
        alias=ASSERTION,
        description="A passkey's answer to a challenge of `POST /v1/challenges`, as a JSON object; refused where it confirms "
        "anything else.",
    ),
]
POWER = "Farthing-Power"
"""The power under which a request is made: who asks acts for another, and is asked for nothing else (docs/guides/acting.md)."""
NothingAsserted = Annotated[str | None, Header(alias=ASSERTION, include_in_schema=False)]
NothingSeen = Annotated[str | None, Header(alias=SEEN, include_in_schema=False)]
DryRun = Annotated[bool, Query(description="Say what would happen, with the same refusals; keep nothing.")]
Id = Annotated[str, Path(min_length=1, max_length=100, pattern=r"^[a-z]+_[0-9a-z]+$")]
Day = Annotated[date | None, Query(description="ISO 8601.")]
IN_PATH: dict[str, Any] = {
    "rail": Annotated[str, Path(min_length=1, max_length=60, pattern="^[a-z][a-z0-9-]*$")],
    "rule": Annotated[str, Path(min_length=1, max_length=60, pattern="^[a-z][a-z0-9-]*$")],
    "scenario": Annotated[str, Path(min_length=1, max_length=60, pattern="^[a-z][a-z0-9-]*$")],
    "path": Annotated[str, Path(min_length=1, max_length=200)],
    "reference": Annotated[str, Path(min_length=1, max_length=200)],
    "on": Annotated[date, Path(description="ISO 8601.")],
    "cycle": Annotated[str, Path(pattern="^[0-9]{4}-[0-9]{2}\\.[0-9]{1,2}$")],
    "month": Annotated[str, Path(pattern="^[0-9]{4}-[0-9]{2}$")],
    "quarter": Annotated[str, Path(pattern="^[0-9]{4}-Q[1-4]$")],
    "fund_id": Annotated[str, Path(min_length=1, max_length=60, pattern="^[a-z][a-z0-9-]*$")],
    "partner": Annotated[str, Path(min_length=1, max_length=60, pattern="^[a-z][a-z0-9-]*$")],
    "product": Annotated[str, Path(min_length=1, max_length=60, pattern="^[a-z][a-z0-9-]*$")],
    "topic_id": Annotated[str, Path(min_length=1, max_length=60, pattern="^[a-z][a-z0-9-]*$")],
    "changed_on": Annotated[date, Path(description="ISO 8601.")],
    "version": Annotated[str, Path(pattern="^[0-9a-f]{64}$")],
    "scorecard": Annotated[str, Path(min_length=1, max_length=60, pattern="^[a-z][a-z0-9-]*$")],
}
"""What stands in a path where it is not an id such as ``loan_01jd...``."""
TEXT = "text/plain"
UNKEPT = {"Cache-Control": "no-store"}
PDF: dict[int | str, dict[str, Any]] = {
    **RESPONSES,
    200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}},
}


def kernel_of(request: Request) -> Kernel:
    """The kernel this application runs on."""
    kernel: Kernel = request.app.state.kernel
    return kernel


def bearer(request: Request) -> str | None:
    """The bearer token of a request, if it has one."""
    return bearer_in(request.headers.get("authorization", ""))


def bearer_in(authorization: str) -> str | None:
    """The bearer token that an ``Authorization`` header carries, if it carries one."""
    scheme, _, token = authorization.partition(" ")
    return (token.strip() or None) if scheme.lower() == "bearer" else None


def current_actor(request: Request) -> Actor:
    """Who asks, by bearer token, and for whom, by the power that a header names; nobody in particular without a token. Refuses
    ``identity.not_signed_in``, ``acting.no_power``."""
    token, power_id = bearer(request), request.headers.get(POWER)
    who = ANONYMOUS if token is None else entrance.who_is(kernel_of(request), token).actor
    return who if power_id is None else kernel_of(request).read(lambda tx: become(tx, who, power_id))


Who = Annotated[Actor, Depends(current_actor)]


def proof_of(request: Request, who: Actor, asserted: str | None) -> str | None:
    """The challenge that a passkey's answer confirms, once that was found to be right; none where there is no answer."""
    if asserted is None:
        return None
    answer = assertion_of(asserted)
    return passkeys.confirm(kernel_of(request), request.app.state.site, who.himself(), answer)


def check_key(key: str | None, *, needed: bool) -> str | None:
    """Refuse a missing key where money moves, and one that cannot be a key."""
    if key is None and needed:
        raise KEY_MISSING()
    if key is not None and not (1 <= len(key) <= 200 and key.isascii() and key.isprintable()):
        raise KEY_BAD()
    return key


def known_query(request: Request) -> None:
    """Refuse ``api.unknown_parameter``: a parameter that is misspelt and ignored is a question that was not asked."""
    route = request.scope.get("route")
    if isinstance(route, APIRoute) and request.query_params:
        known = _query_of(route.dependant)
        strange = sorted(set(request.query_params) - known)
        if strange:
            raise UNKNOWN_PARAMETER(
                names=", ".join(name[:40] for name in strange), known=", ".join(sorted(known)) or "-"
            )


def _query_of(dependant: Dependant) -> set[str]:
    """The query parameters that a route and what it depends on know."""
    below = (name for each in dependant.dependencies for name in _query_of(each))
    return {each.alias for each in dependant.query_params}.union(below)


def router_of(prefix: str) -> APIRouter:
    """A router whose routes read strictly and refuse parameters that they do not know."""
    return APIRouter(prefix=prefix, dependencies=[Depends(known_query)], route_class=StrictRoute)


def got(model: Any, *also: str) -> dict[int | str, dict[str, Any]]:
    """The documented answers of a GET; ``also`` are media types that it answers to whoever accepts them."""
    return {**RESPONSES, 200: {"model": model, **({"content": {each: {} for each in also}} if also else {})}}


def accepts_text(request: Request) -> bool:
    """Whether plain text is asked for by name; "anything" gets JSON."""
    return TEXT in {each.partition(";")[0].strip().lower() for each in request.headers.get("accept", "").split(",")}


def answer(result: Any, status: int = 200, **headers: str) -> JSONResponse:
    """Any result as JSON, which no cache keeps."""
    return JSONResponse(told(plain(result)), status, headers={**UNKEPT, **headers})


def tried_answer(looked: Looked) -> JSONResponse:
    """A dry run as JSON, with the header that confirms it where the operation is confirmed."""
    return answer(looked.answer, 200, **({} if looked.seen is None else {SEEN: looked.seen}))


def post(
    router: APIRouter,
    path: str,
    function: Callable[..., Any],
    *,
    money: bool = False,
    status: int = 201,
    route_class: type[APIRoute] | None = None,
    tried: Any = None,
    shown: Callable[[Tx, Any], Any] | None = None,
) -> None:
    """Serve an operation as ``POST path`` whose body is its command; ``route_class`` may answer it in its own way.

    ``?dry_run=true`` runs and undoes it: the same refusals, no key, nothing kept. ``shown`` says what a dry run answers
    (of type ``tried``) where that is not the operation's result, from what would then be there.
    """
    found = operation_of(function)
    body_type = found.command_type

    def endpoint(
        request: Request, body: Any, who: Who, dry_run: DryRun = False, key: Key = None, seen: NothingSeen = None,
        asserted: NothingAsserted = None,
    ) -> Response:  # fmt: skip
        if dry_run:
            return tried_answer(kernel_of(request).look(found, body, actor=who, shown=shown))
        key = check_key(key, needed=money)
        proof = proof_of(request, who, asserted) if found.by_key is not None else None
        outcome = kernel_of(request).execute(found, body, actor=who, key=key, seen=seen, proof=proof)
        code = 202 if isinstance(outcome.result, Pending) else status
        return answer(outcome.result, code, **({"Idempotent-Replayed": "true"} if outcome.replayed else {}))

    endpoint.__annotations__["body"] = body_type
    dry: dict[str, Any] = {"model": tried or found.result_type, "description": "A dry run."}
    if found.confirm is not None:
        endpoint.__annotations__["seen"] = Seen
        dry["headers"] = {
            SEEN: {"schema": {"type": "string"}, "description": "Send it back to confirm what this shows."}
        }
    if found.by_key is not None:
        endpoint.__annotations__["asserted"] = Asserted
    endpoint.__doc__ = function.__doc__
    endpoint.operation = found  # type: ignore[attr-defined]
    endpoint.money = money  # type: ignore[attr-defined]
    documented: dict[int | str, dict[str, Any]] = {
        **RESPONSES, 200: dry, status: {"model": found.result_type},
    }  # fmt: skip
    if found.four_eyes or found.two_for_another:
        documented[202] = {"model": Pending, "description": "Kept as a draft that waits for a second person."}
    router.add_api_route(
        path, endpoint, methods=["POST"], status_code=status, responses=documented, name=found.name,
        tags=[found.name.partition(".")[0]], response_model=None,
        route_class_override=route_class,
    )  # fmt: skip


def in_address(kind: Any) -> Any:
    """A declared type, read from an address, where everything is text: the same bounds, but ``"20"`` is a number."""
    parts = get_args(kind)
    if get_origin(kind) is Annotated:
        bounds = tuple(each for each in parts[1:] if not isinstance(each, Strict))
        return Annotated[(in_address(parts[0]), *bounds)] if bounds else in_address(parts[0])
    if get_origin(kind) in {Union, UnionType}:
        return Union[tuple(in_address(each) for each in parts)]  # noqa: UP007 - made at run time
    return kind


def get(
    router: APIRouter,
    path: str,
    function: Callable[..., Any],
    *query: str,
    pdf: Callable[[Any], bytes] | None = None,
    text: Callable[[Any], str] | None = None,
    **fixed: Any,
) -> None:
    """Serve a question as ``GET path``: what it asks comes from the path and from the ``query`` parameters that are named.

    A parameter may be called otherwise outside: ``"as_of=on"``. ``fixed`` is what this path always asks. ``pdf`` takes
    the document out of the answer; ``text`` its plain text, for whoever accepts that (to save it as a file).
    """
    found = question_of(function)
    asked = found.parameters
    named = {each.rpartition("=")[2]: each.partition("=")[0] for each in query}
    inside = {name for name in asked if f"{{{name}}}" in path}
    parameters = [
        inspect.Parameter("request", inspect.Parameter.KEYWORD_ONLY, annotation=Request),
        inspect.Parameter("who", inspect.Parameter.KEYWORD_ONLY, annotation=Who),
    ]
    for name, parameter in asked.items():
        if name in inside or name in named:
            said = named.get(name, name)
            kind = IN_PATH.get(name, Id) if name in inside else in_address(parameter.annotation)
            parameters.append(parameter.replace(name=said, kind=inspect.Parameter.KEYWORD_ONLY, annotation=kind))
    outer = {named.get(name, name): name for name in asked}

    def endpoint(request: Request, who: Actor, **given: Any) -> Response:
        values = {outer[name]: value for name, value in given.items()}
        result = kernel_of(request).ask(function, actor=who, **values, **fixed)
        if pdf is not None:
            return Response(pdf(result), media_type="application/pdf", headers=UNKEPT)
        if text is not None and accepts_text(request):
            return PlainTextResponse(text(result), headers={**UNKEPT, "Vary": "Accept"})
        return answer(result, 200, **({} if text is None else {"Vary": "Accept"}))

    endpoint.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    endpoint.__doc__ = function.__doc__
    endpoint.question = found  # type: ignore[attr-defined]
    name = found.name if not fixed else f"{found.name}_{path.rpartition('/')[2].partition('.')[0]}"
    router.add_api_route(
        path, endpoint, methods=["GET"], name=name,
        responses=PDF if pdf else got(found.result_type, *(() if text is None else (TEXT,))),
        tags=[found.name.partition(".")[0]], response_model=None,
        response_class=Response if pdf else JSONResponse,
    )  # fmt: skip
