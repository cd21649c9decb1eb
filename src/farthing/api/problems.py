"""Own the mapping of refusals to HTTP: RFC 9457 ``application/problem+json`` with a stable ``code``.

The only place where an exception becomes a status. A broken invariant is an incident with an id and no details.
"""

from __future__ import annotations

import logging
import secrets
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from farthing.db.server import Unavailable
from farthing.kernel.incidents import recorded
from farthing.kernel.lanes import Busy
from farthing.kernel.operation import unreadable
from farthing.kit.canonical import plain
from farthing.kit.chinese import told
from farthing.kit.errors import Refusal

MEDIA_TYPE = "application/problem+json"
LOG = logging.getLogger("farthing.api")


class Problem(BaseModel):
    """RFC 9457 problem details, with the refusal's code, its facts and the fields that are wrong."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    trace_id: str
    facts: dict[str, Any] = {}
    field_errors: list[dict[str, str]] = []


TITLES = {
    400: "Malformed request",
    401: "Not signed in",
    403: "Forbidden",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    413: "Too large",
    415: "Unsupported media type",
    422: "Declined",
    500: "Incident",
    503: "Try again later",
}
RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"description": title, "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    for status, title in TITLES.items()
}
"""Documented on every route: any of them may be answered by the ground (size, type, permission, database). By name and
not as a model, since a model would be built anew for each of a thousand answers at every start."""
NOT_SIGNED_IN = "identity.not_signed_in"


def _document(
    request: Request, status: int, code: str, detail: str, facts: dict[str, Any] | None,
    field_errors: list[dict[str, str]] | None,
) -> dict[str, Any]:  # fmt: skip
    return {
        "type": f"https://farthing.example/problems/{code}",
        "title": TITLES.get(status, "Problem"),
        "status": status,
        "detail": detail,
        "instance": request.url.path,
        "code": code,
        "trace_id": secrets.token_hex(8),
        "facts": facts or {},
        "field_errors": field_errors or [],
    }


def problem(
    request: Request, status: int, code: str, detail: str, *, facts: dict[str, Any] | None = None,
    field_errors: list[dict[str, str]] | None = None, headers: dict[str, str] | None = None,
) -> JSONResponse:  # fmt: skip
    """One problem document."""
    body = _document(request, status, code, detail, facts, field_errors)
    return JSONResponse(body, status, headers=headers, media_type=MEDIA_TYPE)


def document(request: Request, refusal: Refusal) -> dict[str, Any]:
    """A refusal in the reader's language, as a problem document."""
    chinese = request.headers.get("accept-language", "").lower().startswith("zh")
    facts = told(plain({name: _shown(value) for name, value in refusal.facts.items()}))
    field_errors = facts.pop("field_errors", [])
    status = 401 if refusal.code == NOT_SIGNED_IN else refusal.status
    detail = refusal.detail_zh if chinese else refusal.detail
    return _document(request, status, refusal.code, detail, facts, field_errors)


def refused(request: Request, refusal: Refusal) -> JSONResponse:
    """A refusal as an answer."""
    body = document(request, refusal)
    headers = {"WWW-Authenticate": "Bearer"} if body["status"] == 401 else None
    return JSONResponse(body, body["status"], headers=headers, media_type=MEDIA_TYPE)


def incident(request: Request, error: Exception) -> dict[str, Any]:
    """Our own fault as a problem document: an id for the log, and nothing about the inside."""
    detail = f"Our fault; incident {recorded(error)} was recorded."
    return _document(request, 500, "kernel.incident", detail, None, None)


def _shown(value: object) -> object:
    return value if isinstance(value, str | int | bool | list | dict | tuple) or value is None else str(value)


def install(app: FastAPI) -> None:
    """Answer every exception as a problem."""

    @app.exception_handler(Refusal)
    async def on_refusal(request: Request, error: Refusal) -> JSONResponse:
        return refused(request, error)

    @app.exception_handler(RequestValidationError)
    async def on_validation(request: Request, error: RequestValidationError) -> JSONResponse:
        return refused(request, unreadable(error.errors()))

    @app.exception_handler(HTTPException)
    async def on_http(request: Request, error: HTTPException) -> JSONResponse:
        code = {404: "request.no_such_path", 405: "request.method_not_allowed"}.get(
            error.status_code, "request.malformed"
        )
        headers = dict(error.headers) if error.headers else None
        return problem(request, error.status_code, code, str(error.detail), headers=headers)

    @app.exception_handler(Unavailable)
    async def on_unavailable(request: Request, error: Unavailable) -> JSONResponse:
        LOG.warning("unavailable: %s", error)
        if isinstance(error, Busy):
            detail = "Too many requests wait; nothing was done. Try again in a moment with the same Idempotency-Key."
            return problem(request, 503, "kernel.busy", detail, headers={"Retry-After": "1"})
        detail = "The bank cannot answer now; nothing was lost. Try again with the same Idempotency-Key."
        return problem(request, 503, "kernel.unavailable", detail, headers={"Retry-After": "2"})

    @app.exception_handler(Exception)
    async def on_incident(request: Request, error: Exception) -> JSONResponse:
        return JSONResponse(incident(request, error), 500, media_type=MEDIA_TYPE)
