"""The API as it describes itself: names, examples, who must show a token, and the page that shows it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from pydantic import TypeAdapter

from farthing.api.description import plainly, summary
from farthing.db.server import Database
from farthing.events.catalogue import BY_NAME
from farthing.events.rules import TEST
from farthing.kernel.operation import OPERATIONS
from farthing.kernel.run import Kernel
from farthing.server import application

VERBS = {
    "accept", "answer", "apply", "arrange", "ask", "attend", "bind", "book", "buy", "call", "cancel", "carry", "change", "charge",
    "choose",
    "close", "collect", "compare", "contest",
    "count", "create",
    "decide", "declare", "decline", "disable", "disburse", "disown", "dispute", "draft", "draw", "end", "erase", "find", "form",
    "found", "get",
    "give", "import", "join", "leave", "list", "lower", "make", "move", "offer",
    "open", "pause", "pay", "pledge", "post", "prove", "publish", "redeem", "redeliver", "register",
    "recover", "refund", "release", "renew", "repay", "replay", "request", "reschedule",
    "reset", "resume", "retire", "retry", "reverse", "revoke", "rotate", "seal",
    "send", "set", "settle", "show", "simulate",
    "sign",
    "start", "take", "tell", "test", "top", "value", "verify", "waive", "withdraw", "witness", "write",
}  # fmt: skip


@pytest.fixture(scope="module")
def app() -> Any:
    return application(Kernel(Database("postgresql://nobody@/nothing")))


@pytest.fixture(scope="module")
def schema(app: Any) -> dict[str, Any]:
    found: dict[str, Any] = app.openapi()
    return found


def operations(schema: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in schema["paths"].items():
        for method, told in methods.items():
            yield method, path, told


def walked(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from walked(each)


def test_every_operation_is_called_by_a_verb_and_a_noun(schema: dict[str, Any]) -> None:
    found = [told["operationId"] for _, _, told in operations(schema)]
    assert len(found) > 120
    assert len(found) == len(set(found))
    strange = [each for each in found if not re.fullmatch("[a-z]+(_[a-z]+)+", each) or each.split("_")[0] not in VERBS]
    assert not strange


def test_summaries_are_sentences_and_nothing_keeps_the_marks_of_docstrings(schema: dict[str, Any]) -> None:
    for _, path, told in operations(schema):
        assert re.fullmatch("[A-Z].{8,145}[.]", told["summary"]), f"{path}: {told['summary']}"
        assert "`" not in told["summary"]
    marks = [
        text
        for each in walked(schema)
        if isinstance(text := each.get("description"), str) and re.search("``|:[a-z]+:`", text)
    ]
    assert not marks


def test_tags_are_described_and_all_have_one(schema: dict[str, Any]) -> None:
    described = {each["name"] for each in schema["tags"] if each["description"]}
    assert {tag for _, _, told in operations(schema) for tag in told["tags"]} == described
    assert all(len(told["tags"]) == 1 for _, _, told in operations(schema))


def test_one_schema_a_type_under_a_short_name(schema: dict[str, Any]) -> None:
    schemas = schema["components"]["schemas"]
    assert not [name for name in schemas if not re.fullmatch("[A-Z][A-Za-z]{2,29}", name)]
    assert all(each["title"] == name for name, each in schemas.items())
    assert not [name for name in schemas if name.endswith(("Input", "Output"))]
    assert {each["$ref"].rpartition("/")[2] for each in walked(schema) if isinstance(each.get("$ref"), str)} <= set(
        schemas
    )


def test_every_body_has_an_example_that_the_decoder_takes(schema: dict[str, Any], app: Any) -> None:
    routes = {(each.path_format, tuple(each.methods)): each for each in app.router.routes if isinstance(each, APIRoute)}
    tried = 0
    for method, path, told in operations(schema):
        if "requestBody" not in told:
            continue
        example = told["requestBody"]["content"]["application/json"]["example"]
        if told["x-farthing-runs"] in OPERATIONS and not path.endswith("/batch"):
            OPERATIONS[told["x-farthing-runs"]].decode(example)
        else:
            body = routes[path, (method.upper(),)].endpoint.__annotations__["body"]
            TypeAdapter(_resolved(body, routes[path, (method.upper(),)])).validate_python(example)
        tried += 1
    assert tried > 70


def _resolved(kind: Any, route: APIRoute) -> Any:
    """A body's type, where its annotation is text still."""
    return vars(__import__(route.endpoint.__module__, fromlist=["x"]))[kind] if isinstance(kind, str) else kind


def test_a_token_and_a_key_are_asked_for_where_they_are_needed(schema: dict[str, Any]) -> None:
    told = {each["operationId"]: each for _, _, each in operations(schema)}
    assert schema["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    assert schema["servers"][0]["url"] == "/"
    assert told["make_transfer"]["security"] == [{"bearer": []}]
    for anybody in ("ask_code", "register_person", "open_session", "list_loan_products", "get_checkpoint"):
        assert told[anybody]["security"] == []
    needed = {
        name for name, each in told.items()
        for parameter in each.get("parameters", ()) if parameter["name"] == "Idempotency-Key" and parameter["required"]
    }  # fmt: skip
    assert {"make_transfer", "top_up_wallet", "repay_loan", "close_day", "open_deposit"} <= needed
    assert not needed & {"register_party", "give_consent", "make_transfers"}


def test_where_the_description_says_a_key_is_required_it_is(schema: dict[str, Any], app: Any) -> None:
    with TestClient(app) as client:
        for method, path, told in operations(schema):
            required = any(
                each["name"] == "Idempotency-Key" and each["required"] for each in told.get("parameters", ())
            )
            if method == "post" and required:
                body = told["requestBody"]["content"]["application/json"]["example"]
                answer = client.post(path, json=body)
                assert answer.json()["code"] == "api.idempotency_key_missing", path


def test_every_refusal_is_a_problem(schema: dict[str, Any]) -> None:
    for _, path, told in operations(schema):
        for status, each in told["responses"].items():
            if status[0] in "45":
                kinds = {media: one["schema"]["$ref"].rpartition("/")[2] for media, one in each["content"].items()}
                assert kinds == {"application/problem+json": "Problem"}, path


def test_every_kind_of_event_is_described_as_a_request_that_the_bank_makes(schema: dict[str, Any]) -> None:
    sent = schema["webhooks"]
    assert set(sent) == {*BY_NAME, TEST} and "no webhooks" not in schema["info"]["description"]
    assert set(schema["components"]["schemas"]["Event"]["required"]) == {
        "id", "type", "timestamp", "business_date", "cursor", "leaf_id", "data",
    }  # fmt: skip
    for name, methods in sent.items():
        told = methods["post"]
        content = told["requestBody"]["content"]["application/json"]
        assert content["schema"] == {"$ref": "#/components/schemas/Event"}
        assert content["example"]["type"] == name
        assert set(content["example"]) == set(schema["components"]["schemas"]["Event"]["required"])
        assert {each["name"] for each in told["parameters"]} == {"webhook-id", "webhook-timestamp", "webhook-signature"}


@pytest.mark.parametrize(
    ("text", "plain", "first"),
    [
        ("Do it; refuses ``a.b``.", "Do it; refuses `a.b`.", "Do it."),
        ("As :func:`x.y` does. More.\n\n    Below\n    it.", "As `y` does. More.\n\nBelow it.", "As y does."),
    ],
)
def test_a_docstring_as_markdown(text: str, plain: str, first: str) -> None:
    assert plainly(text) == plain
    assert summary(plain) == first


class Links(HTMLParser):
    """The ids of a page, what it links to, and what it would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: set[str] = set()
        self.fetched: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        assert tag != "script"
        assert not [name for name in found if name == "style" or name.startswith("on")]
        self.ids.add(found.get("id") or "")
        if tag == "link":
            self.fetched.append(found["href"] or "")
        elif tag == "a":
            self.links.add(found["href"] or "")


def test_the_reference_page_is_ours_alone(app: Any, schema: dict[str, Any]) -> None:
    with TestClient(app) as client:
        page, style = client.get("/v1/docs"), client.get("/v1/docs.css")
    for each in (page, style):
        assert each.status_code == 200
        assert "default-src 'none'" in each.headers["content-security-policy"]
    assert "http" not in style.text
    seen = Links()
    seen.feed(page.text)
    assert seen.fetched == ["/v1/docs.css"]
    assert {each["operationId"] for _, _, each in operations(schema)} <= seen.ids
    assert {each[1:] for each in seen.links if each.startswith("#")} <= seen.ids
    assert {each for each in seen.links if not each.startswith("#")} == {"/v1/openapi.json"}
