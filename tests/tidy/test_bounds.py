"""Whatever a command holds or a question asks is bounded where it is declared.

Text by length, numbers by size, lists by their length.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, get_origin

import pytest
from pydantic import Field, TypeAdapter

from farthing.kernel.operation import OPERATIONS
from farthing.kernel.question import QUESTIONS, Question
from farthing.kernel.whose import NOBODYS
from farthing.kit.inputs import Id, Line
from farthing.kit.money import Money
from tests.tidy.tree import modules, nothing


def unbounded(schema: Any, named: dict[str, Any], path: str, above: tuple[str, ...] = ()) -> Iterator[str]:
    """The places of a JSON schema that let any length or any size through."""
    if reference := schema.get("$ref"):
        name = reference.rpartition("/")[2]
        if name not in above:
            yield from unbounded(named[name], named, path, (*above, name))
    elif "anyOf" in schema or "oneOf" in schema:
        for each in schema.get("anyOf", schema.get("oneOf")):
            yield from unbounded(each, named, path, above)
    elif "const" in schema or "enum" in schema or schema.get("type") in {"boolean", "null"}:
        return
    elif (kind := schema.get("type")) == "string":
        if "maxLength" not in schema and schema.get("format") not in {"date", "date-time"}:
            yield f"{path}: a text of any length"
    elif kind in {"integer", "number"}:
        if not {"maximum", "le"} & set(schema) or not {"minimum", "ge"} & set(schema):
            yield f"{path}: a number of any size"
    elif kind == "array":
        if "maxItems" not in schema:
            yield f"{path}: a list of any length"
        for each in (*schema.get("prefixItems", ()), *([schema["items"]] if "items" in schema else ())):
            yield from unbounded(each, named, f"{path}[]", above)
    elif kind == "object" and "properties" in schema:
        for name, each in schema["properties"].items():
            yield from unbounded(each, named, f"{path}.{name}", above)
    elif kind == "object" and (
        held := [*schema.get("patternProperties", {}).values(), schema.get("additionalProperties")]
    ):
        if "maxProperties" not in schema:
            yield f"{path}: a table of any size"
        for each in held:
            if isinstance(each, dict):
                yield from unbounded(each, named, f"{path}{{}}", above)
    else:
        yield f"{path}: anything at all"


def of(kind: Any) -> list[str]:
    """What is unbounded in a type."""
    schema = TypeAdapter(kind).json_schema()
    return list(unbounded(schema, schema.get("$defs", {}), getattr(kind, "__name__", str(kind))))


def test_every_field_of_every_command_is_bounded() -> None:
    modules()
    ours = {each.command_type for each in OPERATIONS.values() if each.function.__module__.startswith("farthing.")}
    nothing(sorted({line for kind in ours for line in of(kind)}))


def asked(question: Question) -> list[str]:
    """What is unbounded in what a question asks; what is told as it goes (a function) is no value that comes in."""
    return [
        f"{question.name} {name}: {line}"
        for name, parameter in question.parameters.items()
        if get_origin(parameter.annotation) is not Callable
        for line in of(parameter.annotation)
    ]


def test_every_parameter_of_every_question_is_bounded() -> None:
    modules()
    ours = [each for each in QUESTIONS.values() if each.function.__module__.startswith("farthing.")]
    assert len(ours) > 50
    nothing(sorted(line for each in ours for line in asked(each)))


def bare(tx: object, text: str, number: int = 1, bound: Line = "") -> None:
    """A question as it should not be asked."""


def test_a_bare_parameter_is_seen() -> None:
    found = asked(Question("tests.bare", "tests:read", NOBODYS, bare))
    assert [line.split(":")[0] for line in found] == ["tests.bare text", "tests.bare number"]


@dataclass
class Bare:
    """A command as it should not be."""

    text: str
    number: int
    many: tuple[Id, ...]
    data: bytes
    table: dict[str, Any]


@dataclass
class Bound:
    """A command as it should be."""

    text: Line
    number: Annotated[int, Field(ge=0, le=9)] | None
    many: Annotated[tuple[Id, ...], Field(max_length=3)]
    amount: Money


@pytest.mark.parametrize("field", ["text", "number", "many", "data", "table"])
def test_a_bare_field_is_seen(field: str) -> None:
    assert any(line.startswith(f"Bare.{field}") for line in of(Bare))


def test_a_bound_field_is_let_pass() -> None:
    assert of(Bound) == []
