"""Own the reference page: the API's description as HTML, made on the server, without a script and without anybody else.

A browser is told to take nothing from anywhere but the one style sheet. Never says what the description does not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "public, max-age=300",
}
STYLE = Path(__file__).with_name("reference.css").read_text(encoding="utf-8")
METHODS = ("get", "post", "put", "patch", "delete")
REFUSALS = "4"
"""Answers whose status begins so are problems; they are told once and not on every operation."""


def page(schema: dict[str, Any]) -> str:
    """The whole page."""
    info = schema["info"]
    return "".join(
        (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f'<title>{escape(info["title"])} API</title><link rel="stylesheet" href="/v1/docs.css"></head><body>',
            f"<header><h1>{escape(info['title'])} API <small>{escape(info['version'])}</small></h1>",
            *(f"<p>{_text(each)}</p>" for each in info["description"].split("\n\n")),
            '<p>For generators of clients: <a href="/v1/openapi.json">/v1/openapi.json</a> (OpenAPI 3.1).</p></header>',
            '<nav aria-label="Contents"><ul>',
            *(f'<li><a href="#tag-{each["name"]}">{each["name"]}</a></li>' for each in schema["tags"]),
            '<li><a href="#schemas">schemas</a></li></ul></nav><main>',
            *_tags(schema),
            '<section id="schemas"><h2>schemas</h2>',
            *(_schema(name, each) for name, each in sorted(schema["components"]["schemas"].items())),
            "</section></main></body></html>",
        )
    )


def _text(markdown: str) -> str:
    """A paragraph: code between single marks is code."""
    return "".join(
        f"<code>{escape(part)}</code>" if number % 2 else escape(part)
        for number, part in enumerate(markdown.split("`"))
    )


def _tags(schema: dict[str, Any]) -> Iterator[str]:
    for tag in schema["tags"]:
        yield f'<section id="tag-{tag["name"]}"><h2>{tag["name"]}</h2><p>{_text(tag["description"])}</p>'
        for path, methods in schema["paths"].items():
            for method in METHODS:
                if tag["name"] in methods.get(method, {}).get("tags", ()):
                    yield _operation(path, method, methods[method])
        yield "</section>"


def _operation(path: str, method: str, told: dict[str, Any]) -> str:
    name = told["operationId"]
    parts = [
        f'<details id="{name}"><summary><b class="{method}">{method.upper()}</b> <code>{escape(path)}</code> '
        f"<span>{escape(told['summary'])}</span></summary>",
        *(f"<p>{_text(each)}</p>" for each in told["description"].split("\n\n")),
        f'<p class="small">Operation <code>{name}</code>; '
        f"{'needs a bearer token' if told['security'] else 'open to everybody'}.</p>",
    ]
    if told.get("parameters"):
        parts += ["<h3>Parameters</h3><table>", *map(_parameter, told["parameters"]), "</table>"]
    body = told.get("requestBody", {}).get("content", {}).get("application/json")
    if body:
        parts.append(f"<h3>Body</h3><p>{_kind(body['schema'])}</p>")
        if "example" in body:
            parts.append(f"<pre>{escape(json.dumps(body['example'], ensure_ascii=False, indent=2))}</pre>")
    parts += ["<h3>Answers</h3><table>"]
    for status, each in told["responses"].items():
        if not status.startswith((REFUSALS, "5")):
            kinds = " or ".join(
                _kind(one["schema"]) if one.get("schema") else escape(media)
                for media, one in each.get("content", {}).items()
            )
            parts.append(
                f'<tr><th scope="row">{status}</th><td>{escape(each["description"])}</td><td>{kinds}</td></tr>'
            )
    parts.append(
        f'<tr><th scope="row">4xx, 5xx</th><td>Refused</td><td>{_kind({"$ref": "/Problem"})}</td></tr></table>'
    )
    return "".join(parts) + "</details>"


def _parameter(each: dict[str, Any]) -> str:
    needed = "required" if each.get("required") else ""
    said = _text(each.get("description", ""))
    return (
        f'<tr><th scope="row"><code>{escape(each["name"])}</code></th><td>{each["in"]} {needed}</td>'
        f"<td>{_kind(each['schema'])}</td><td>{said}</td></tr>"
    )


def _kind(schema: dict[str, Any]) -> str:
    """A type in a few words, with a link where it has a name."""
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        return f'<a href="#schema-{name}">{name}</a>'
    for either in ("anyOf", "oneOf"):
        if either in schema:
            return " or ".join(_kind(each) for each in schema[either])
    if "enum" in schema:
        return " or ".join(f"<code>{escape(str(each))}</code>" for each in schema["enum"])
    if "const" in schema:
        return f"<code>{escape(str(schema['const']))}</code>"
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    return escape(" ".join(str(schema[each]) for each in ("type", "format") if each in schema) or "anything")


def _schema(name: str, schema: dict[str, Any]) -> str:
    needed = set(schema.get("required", ()))
    rows = "".join(
        f'<tr><th scope="row"><code>{escape(field)}</code></th><td>{"required" if field in needed else ""}</td>'
        f"<td>{_kind(each)}</td><td>{_text(each.get('description', ''))}</td></tr>"
        for field, each in schema.get("properties", {}).items()
    )
    said = "".join(f"<p>{_text(each)}</p>" for each in schema.get("description", "").split("\n\n") if each)
    return f'<article id="schema-{escape(name)}"><h3>{escape(name)}</h3>{said}<table>{rows}</table></article>'
