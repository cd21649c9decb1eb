"""Own the door of hot operations: requests that wait at one moment share a transaction, each is answered for itself.

``POST path`` takes one command, ``POST path/batch`` up to a thousand, each with a key of its own. Who asks is looked
up in the lane as well, one SELECT for all that wait, just before their transaction: a session that was ended is
ended at once. A full lane answers 503 with Retry-After (``kernel.busy``). Decision 0007. Never decides anything.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import HTTPException, RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, create_model

from farthing.api import problems
from farthing.api.ground import (
    ASSERTION,
    POWER,
    SEEN,
    Who,
    answer,
    bearer,
    check_key,
    current_actor,
    known_query,
    post,
    proof_of,
    tried_answer,
)
from farthing.api.problems import RESPONSES, Problem
from farthing.api.strict import DescribedRoute, check_address, is_json, parsed
from farthing.db.server import Unavailable
from farthing.identity import entrance
from farthing.identity import service as identity
from farthing.identity.rules import ANONYMOUS, NOT_SIGNED_IN
from farthing.kernel.acting.service import become
from farthing.kernel.lanes import Answers, Lane
from farthing.kernel.operation import OPERATIONS, Call, Operation, decode, operation_of
from farthing.kernel.run import Kernel, Outcome, Pending
from farthing.kernel.seen import NOT_AS_SEEN
from farthing.kit.actor import Actor
from farthing.kit.canonical import plain
from farthing.kit.errors import Refusal

MOST = 1000
"""Commands in one batch request."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One command as it came through the door: under which token, with which key, confirming what was seen, if anything; and
    under which power, where its person acts for another."""

    command: Any
    token: str | None
    key: str
    seen: str | None = None
    proof: str | None = None
    power: str | None = None


def open_lanes(kernel: Kernel) -> dict[str, Lane[Asked | Call]]:
    """A lane for each operation that is declared hot, by its name; doors that know who asks enter with a ``Call``."""
    return {each.name: Lane(each.name, partial(_work, kernel, each)) for each in OPERATIONS.values() if each.hot}


def _work(kernel: Kernel, operation: Operation, asked: Sequence[Asked | Call]) -> Answers:
    """Find out who asks, then run everybody's commands as one batch."""
    tokens = {each.token for each in asked if isinstance(each, Asked) and each.token is not None}
    sessions = kernel.read(lambda tx: identity.sessions_by_token(tx, tokens)) if tokens else {}
    entrance.renew_all(kernel, sessions)
    actors = {token: session.actor for token, session in sessions.items()}
    calls = [_call(kernel, each, actors) for each in asked]
    known = [call for call in calls if isinstance(call, Call)]
    answers = iter(kernel.execute_batch(operation, known) if known else [])
    return [next(answers) if isinstance(call, Call) else call for call in calls]


def _call(kernel: Kernel, asked: Asked | Call, actors: Mapping[str, Actor]) -> Call | Refusal:
    """What was asked with whoever asks it, and for whom; a refusal where a token stands for nobody, or a power is not his."""
    if isinstance(asked, Call):
        return asked
    actor = ANONYMOUS if asked.token is None else actors.get(asked.token)
    if actor is None:
        return NOT_SIGNED_IN()
    try:
        who = actor if asked.power is None else kernel.read(partial(become, actor=actor, power_id=asked.power))
    except Refusal as refusal:
        return refusal
    return Call(asked.command, who, asked.key, seen=asked.seen, proof=asked.proof)


class HotRoute(DescribedRoute):
    """Answers one command through its lane; documented as any other route."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, made once for each route."""
        operation: Operation = self.endpoint.operation  # type: ignore[attr-defined]
        reader: TypeAdapter[Any] = TypeAdapter(operation.command_type)
        status = self.status_code or 201

        async def handle(request: Request) -> Response:
            known_query(request)
            if _dry_run(request):
                return await run_in_threadpool(_tried, request, operation, _read(reader, await _body(request), "body"))
            key = check_key(request.headers.get("idempotency-key"), needed=True)
            command = _read(reader, await _body(request), "body")
            proof = await run_in_threadpool(_proof, request) if ASSERTION in request.headers else None
            lane: Lane[Asked | Call] = request.app.state.lanes[operation.name]
            outcome = await lane.run(
                Asked(command, bearer(request), key or "", request.headers.get(SEEN), proof, request.headers.get(POWER))
            )
            return told(outcome, status)

        return handle


class HotBatchRoute(DescribedRoute):
    """Answers many commands through their lane, each with its own status, in the order they came."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, made once for each route."""
        operation: Operation = self.endpoint.operation  # type: ignore[attr-defined]
        reader: TypeAdapter[Any] = TypeAdapter(self.endpoint.__annotations__["body"])
        loose: TypeAdapter[list[Any]] = TypeAdapter(Annotated[list[Any], Field(min_length=1, max_length=MOST)])

        async def handle(request: Request) -> Response:
            known_query(request)
            if (
                SEEN in request.headers or ASSERTION in request.headers
            ):  # many commands were never shown as one: what confirms nothing is not passed over
                raise NOT_AS_SEEN(now={})
            token, power, body = bearer(request), request.headers.get(POWER), await _body(request)
            try:
                read: list[Asked | Refusal] = [
                    Asked(item.command, token, _key(item.key), power=power)
                    for item in reader.validate_python(body).items
                ]
            except (ValidationError, Refusal):
                items = body.get("items") if isinstance(body, dict) else None
                read = [_one(operation, token, power, item) for item in _read(loose, items, "body", "items")]
            asked = [each for each in read if isinstance(each, Asked)]
            lane: Lane[Asked | Call] = request.app.state.lanes[operation.name]
            done = iter(await lane.run_together(asked))
            answers = [each if isinstance(each, Refusal) else next(done) for each in read]
            return JSONResponse({"answers": [_told(request, each) for each in answers]}, 200)

        return handle


def told(outcome: Outcome, status: int) -> JSONResponse:
    """What one command came to, as it is answered."""
    headers = {"Idempotent-Replayed": "true"} if outcome.replayed else {}
    return answer(outcome.result, _status(outcome, status), **headers)


def hot(router: APIRouter, path: str, function: Callable[..., Any]) -> None:
    """Serve a hot operation as ``POST path`` and ``POST path/batch``."""
    post(router, path, function, money=True, route_class=HotRoute)
    operation = operation_of(function)
    title = "".join(part.title() for part in operation.name.replace(".", "_").split("_"))
    strict = ConfigDict(extra="forbid")
    item = create_model(
        f"{title}Item", __config__=strict, key=(str, Field(min_length=1, max_length=200)),
        command=(operation.command_type, ...),
    )  # fmt: skip
    batch = create_model(
        f"{title}Batch", __config__=strict,
        items=(Annotated[list[item], Field(min_length=1, max_length=MOST)], ...),
    )  # fmt: skip
    told = create_model(
        f"{title}Answer", status=(int, ...), replayed=(bool, False), result=(operation.result_type | None, None),
        problem=(Problem | None, None),
    )  # fmt: skip
    answers = create_model(f"{title}Answers", answers=(list[told], ...))

    def endpoint(request: Request, body: Any, who: Who) -> Response:
        raise NotImplementedError  # documents the route; HotBatchRoute answers it

    endpoint.__annotations__["body"] = batch
    endpoint.operation = operation  # type: ignore[attr-defined]
    endpoint.__doc__ = (
        f"Run up to {MOST} commands of ``{operation.name}``, each under its own key and with its own answer, in order."
    )
    documented: dict[int | str, dict[str, Any]] = {**RESPONSES, 200: {"model": answers}}
    router.add_api_route(
        f"{path}/batch", endpoint, methods=["POST"], status_code=200, responses=documented,
        name=f"{operation.name}_batch", tags=[operation.name.partition(".")[0]], response_model=None,
        route_class_override=HotBatchRoute,
    )  # fmt: skip


def _dry_run(request: Request) -> bool:
    said = request.query_params.get("dry_run")
    try:
        return said is not None and TypeAdapter(bool).validate_python(said)
    except ValidationError as error:
        found = [{**item, "loc": ("query", "dry_run")} for item in error.errors(include_url=False)]
        raise RequestValidationError(found) from None


def _tried(request: Request, operation: Operation, command: Any) -> Response:
    return tried_answer(request.app.state.kernel.look(operation, command, actor=current_actor(request)))


def _proof(request: Request) -> str | None:
    return proof_of(request, current_actor(request), request.headers.get(ASSERTION))


async def _body(request: Request) -> Any:
    check_address(request)
    if not is_json(request):
        raise HTTPException(415, "Send application/json.")
    return parsed(await request.body())


def _read(reader: TypeAdapter[Any], value: Any, *where: str) -> Any:
    """A command from JSON values, or the same complaint as any other route makes."""
    try:
        return reader.validate_python(value)
    except ValidationError as error:
        found = [{**item, "loc": (*where, *item["loc"])} for item in error.errors(include_url=False)]
        raise RequestValidationError(found) from None


def _key(key: str) -> str:
    return check_key(key, needed=True) or ""


def _one(operation: Operation, token: str | None, power: str | None, item: Any) -> Asked | Refusal:
    """One item of a batch in which something cannot be read: itself, or why not."""
    try:
        read = decode(dict[str, Any], item)
        command = operation.decode(read.get("command"))
        return Asked(command, token, _key(decode(str, read.get("key"))), power=power)
    except Refusal as refusal:
        return refusal


def _status(outcome: Outcome, status: int) -> int:
    return 202 if isinstance(outcome.result, Pending) else status


def _told(request: Request, each: Outcome | Exception) -> dict[str, Any]:
    if isinstance(each, Outcome):
        return {"status": _status(each, 201), "replayed": each.replayed, "result": plain(each.result)}
    if isinstance(each, Refusal):
        body = problems.document(request, each)
        return {"status": body["status"], "replayed": False, "problem": body}
    if isinstance(each, Unavailable):
        raise each
    body = problems.incident(request, each)
    return {"status": 500, "replayed": False, "problem": body}
