"""Own how the API describes itself: OpenAPI 3.1 that people read and that generators of clients take as it is.

FastAPI knows types and paths; what it cannot know is put in here, when the description is first asked for: names that a
person would choose, one schema a type under a short name, sentences instead of docstrings' marks, who must show a token,
which header is required, an example a body. Served from memory, with the reference page, and never by the event loop.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Lock
from typing import Any

from fastapi import FastAPI
from fastapi.responses import Response
from fastapi.routing import APIRoute

from farthing.api import names, reference
from farthing.api.ground import current_actor
from farthing.api.problems import Problem
from farthing.events.page import kinds_sent
from farthing.identity.rules import ANONYMOUS

BEARER = "bearer"
EXAMPLES = Path(__file__).with_name("examples.json")
REFERENCES = "#/components/schemas/"
ABOUT = """\
Money is integer minor units and a currency: `{"minor": 1050, "currency": "CNY"}` is 10.50 yuan.

Every POST that moves money takes an `Idempotency-Key`: the same request under the same key is done once and answered \
alike, with `Idempotent-Replayed: true`. With `?dry_run=true` the same decision and the same refusals are answered, and \
nothing is kept.

Where a second person must agree, the answer is 202 with a draft, which `decide_approval` settles.

Whoever acts for another names the power in the header `Farthing-Power` (`list_powers_held`): the request is made for \
the other, within that power, and refused with `acting.*` beyond it.

Refusals are RFC 9457 problems with a stable `code`; `Accept-Language: zh` says them in Chinese.

What happens is listed by `list_events` and sent to webhooks, each event by a signed POST (Standard Webhooks); \
`webhooks` names every kind with an example."""
SIGNED = {
    "webhook-id": "The event's id, the same at each attempt.",
    "webhook-timestamp": "When this attempt was made, in seconds since 1970.",
    "webhook-signature": "`v1,` and the HMAC-SHA256 in base64; two, with a blank between, while a secret is changed.",
}
"""The headers of a delivery."""

_ROLE = re.compile(r":\w+:`~?([^`]+)`")
_CODE = re.compile(r"`([a-z]+\.[a-z_]+)`")
_SENTENCE = re.compile(r"(.+?[.!?])(?:\s|$)")
LONG = 110
"""Characters beyond which a summary leaves out what is in brackets, and ends at its first colon or semicolon."""


def plainly(text: str) -> str:
    """A docstring as Markdown: references by their last word, code between single marks, paragraphs kept."""
    paragraphs = [" ".join(each.split()) for each in text.split("\n\n")]
    marked = _ROLE.sub(lambda found: f"`{found[1].rpartition('.')[2]}`", "\n\n".join(paragraphs))
    return marked.replace("``", "`").strip()


def summary(text: str) -> str:
    """The first sentence of a description, without marks and without what is refused."""
    first = text.partition("\n\n")[0]
    found = _SENTENCE.match(first)
    said = (found[1] if found else first).replace("`", "")
    said = re.split(r"; refuses ", said)[0]
    if len(said) > LONG:
        said = re.split(r"[:;] ", re.sub(r" \([^)]*\)", "", said))[0]
    return said.rstrip(".") + "."


def describe(app: FastAPI, described: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The whole description."""
    schema = described()
    schema["info"]["description"] = ABOUT
    schema["servers"] = [{"url": "/", "description": "The server that answers this."}]
    schemas = schema["components"].setdefault("schemas", {})
    schemas.setdefault("Problem", Problem.model_json_schema())
    examples = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    for told, route in _routes(app, schema):
        _operation(told, route, examples)
    schema["components"]["securitySchemes"] = {
        BEARER: {"type": "http", "scheme": "bearer", "description": "The token of a session, or an API key."}
    }
    schema["webhooks"] = {name: {"post": _sent(name, when, text)} for name, when, text in kinds_sent()}
    used = {tag for told, _ in _routes(app, schema) for tag in told["tags"]}
    schema["tags"] = [{"name": name, "description": text} for name, text in names.TAGS.items() if name in used]
    return _renamed(schema)


def _routes(app: FastAPI, schema: dict[str, Any]) -> Iterator[tuple[dict[str, Any], APIRoute]]:
    """Each described operation with the route that answers it."""
    for route in app.router.routes:
        if isinstance(route, APIRoute) and route.include_in_schema:
            for method in sorted(route.methods or ()):
                yield schema["paths"][route.path_format][method.lower()], route


def _operation(told: dict[str, Any], route: APIRoute, examples: dict[str, Any]) -> None:
    """Put into one operation what only we know."""
    declared = getattr(route.endpoint, "operation", None) or getattr(route.endpoint, "question", None)
    told["operationId"] = names.operation_id(route.name)
    told["x-farthing-runs"] = declared.name if declared else route.name
    text = plainly(route.description)
    told["summary"], told["description"] = summary(text), text
    codes = sorted(set(_CODE.findall(text)) - {told["x-farthing-runs"]})
    if codes and "efuses" in text:
        told["x-refusals"] = codes
    asks = any(each.call is current_actor for each in route.dependant.dependencies)
    public = declared is not None and ANONYMOUS.may(declared.permission)
    told["security"] = [{BEARER: []}] if asks and not public else []
    for parameter in told.get("parameters", ()):
        if parameter["name"] == "Idempotency-Key":
            _key(parameter, needed=getattr(route.endpoint, "money", False))
    body = told.get("requestBody")
    if body and told["operationId"] in examples:
        body["content"]["application/json"]["example"] = examples[told["operationId"]]


def _sent(name: str, when: str, example: str) -> dict[str, Any]:
    """An event as its receiver meets it: a request that the bank makes."""
    return {
        "operationId": f"receive_{name.replace('.', '_')}",
        "tags": ["events"],
        "summary": when,
        "security": [],
        "parameters": [
            {"name": header, "in": "header", "required": True, "description": text, "schema": {"type": "string"}}
            for header, text in SIGNED.items()
        ],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": f"{REFERENCES}Event"}, "example": json.loads(example)}},
        },
        "responses": {
            "2XX": {"description": "Taken."},
            "410": {"description": "It will never take anything again: the webhook is given up."},
            "default": {"description": "Not taken: it is tried again for about a day."},
        },
    }


def _key(parameter: dict[str, Any], *, needed: bool) -> None:
    """A key is text of a bounded length; where money moves it is required (a dry run passes it by)."""
    parameter["schema"] = {"type": "string", "minLength": 1, "maxLength": 200}
    parameter["required"] = needed
    parameter["description"] = "Makes repeating the request harmless: a fresh value for each new request."
    parameter["example"] = "2c6f1e0a-0001"


def _renamed(schema: dict[str, Any]) -> dict[str, Any]:
    """Every schema under its short name, which is its title too; descriptions without docstrings' marks."""
    schemas: dict[str, Any] = schema["components"]["schemas"]
    short = {name: names.SCHEMAS.get(name, name) for name in schemas}
    schema["components"]["schemas"] = {short[name]: {**each, "title": short[name]} for name, each in schemas.items()}
    found = {f"{REFERENCES}{name}": f"{REFERENCES}{now}" for name, now in short.items()}

    def walked(value: Any) -> Any:
        if isinstance(value, list):
            return [walked(each) for each in value]
        if not isinstance(value, dict):
            return value
        done = {name: walked(each) for name, each in value.items()}
        if isinstance(done.get("$ref"), str):
            done["$ref"] = found.get(done["$ref"], done["$ref"])
        if isinstance(done.get("description"), str):
            done["description"] = plainly(done["description"])
        return done

    return {name: walked(each) for name, each in schema.items()}


def install(app: FastAPI) -> None:
    """Serve the description at ``/v1/openapi.json`` and the page that shows it at ``/v1/docs``."""
    described, lock = app.openapi, Lock()
    made: dict[str, Any] = {}

    def openapi() -> dict[str, Any]:
        with lock:
            if not made:
                made["schema"] = describe(app, described)
        schema: dict[str, Any] = made["schema"]
        return schema

    app.openapi = openapi  # type: ignore[method-assign]

    @app.get("/v1/openapi.json", include_in_schema=False)
    def description() -> Response:
        text = made.get("json") or json.dumps(openapi(), ensure_ascii=False)
        made["json"] = text
        return Response(text, media_type="application/json")

    @app.get("/v1/docs", include_in_schema=False)
    def page() -> Response:
        made["page"] = text = made.get("page") or reference.page(openapi())
        return Response(text, media_type="text/html", headers=reference.HEADERS)

    @app.get("/v1/docs.css", include_in_schema=False)
    def style() -> Response:
        return Response(reference.STYLE, media_type="text/css", headers=reference.HEADERS)
