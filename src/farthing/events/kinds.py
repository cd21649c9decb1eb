"""Own what a kind of public event is, and how its fields are found in leaves and entries. Pure.

A field is a path into the leaf: of the command or of the result. What is personal or secret there cannot be named, nor
anything that is no id, amount, date, number or word of ours: :func:`told` and :func:`posted` look at the types.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, get_args, get_type_hints

from farthing.events.model import EventField, EventKind
from farthing.kernel.operation import operation_of
from farthing.kit.errors import InvariantBroken
from farthing.kit.money import Money
from farthing.kit.words import Words

FORMS: Mapping[type, str] = {
    str: "text", bool: "true or false", int: "number", Money: "amount", date: "date", datetime: "instant", Decimal: "decimal",
}  # fmt: skip
ENTRY = {"entry_id": "text", "effective_on": "date", "amount": "amount"}
"""The fields of an event that is read from a journal entry; ``amount`` is what it moves, the sum of its debits. Its
reference is left out: that of an entry by hand is whatever a person wrote."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of event. ``sources``: by operation, each field's path in its leaf. ``entry``: the kind of journal entry that
    it is read from instead, ``under`` how the reference of such an entry begins, and ``subject`` what its next part names.
    ``unless``: a path; where the leaf says something there, it is no such event."""

    name: str
    when: Words
    forms: Mapping[str, str]
    sources: Mapping[str, Mapping[str, tuple[str, ...]]]
    entry: str = ""
    subject: str = ""
    under: str = ""
    unless: tuple[str, ...] = ()

    @property
    def described(self) -> EventKind:
        """The kind as the API tells it."""
        found = tuple(EventField(name, form) for name, form in self.forms.items())
        return EventKind(self.name, self.when.en, self.when.zh, found)


def told(name: str, when: Words, /, *functions: Callable[..., Any], **paths: str) -> Kind:
    """A kind that is read from the leaves of operations, the same fields from each."""
    forms: dict[str, str] = {}
    sources = {}
    for function in functions:
        operation = operation_of(function)
        hints = {"command": operation.command_type, "result": get_type_hints(operation.function)["return"]}
        for field, path in paths.items():
            forms[field] = _form(name, hints, path)
        sources[operation.name] = {field: tuple(path.split(".")) for field, path in paths.items()}
    return Kind(name, when, forms, sources)


def but(kind: Kind, unless: str) -> Kind:
    """The same kind, that is not told where the leaf says something at a path."""
    return replace(kind, unless=tuple(unless.split(".")))


def noted(name: str, when: Words, kind: str, shape: type) -> Kind:
    """A kind that is read from leaves which no operation's answer is: ``kind`` of such a leaf, ``shape`` of its data."""
    hints = get_type_hints(shape)
    return Kind(
        name, when, {field: _form(name, hints, field) for field in hints}, {kind: {each: (each,) for each in hints}}
    )


def posted(name: str, when: Words, entry: str, subject: str = "", under: str = "") -> Kind:
    """A kind that is read from journal entries of a kind, whichever operation or step of the day posted them."""
    forms = {**({f"{subject}_id": "text"} if subject else {}), **ENTRY}
    return Kind(name, when, forms, {}, entry, subject, under)


def _form(name: str, hints: Mapping[str, Any], path: str) -> str:
    """Of what form a field is; broken where it is personal, secret, free text in a structure, or not there."""
    first, *rest = path.split(".")
    kind = hints[first]
    for step in rest:
        kind = next((each for each in _parts(kind) if is_dataclass(each)), None)
        item = next((each for each in fields(kind) if each.name == step), None) if kind else None
        if item is None or item.metadata.get("personal") or item.metadata.get("secret"):
            raise InvariantBroken(f"event {name} cannot tell {path}: it is personal, secret, or not there")
        kind = get_type_hints(kind)[step]
    parts = _parts(kind)
    form = next((FORMS[each] for each in parts if each in FORMS), None)
    if form is None and any(isinstance(each, str) for each in parts):
        form = "text"  # one of a few words
    if form is None:
        raise InvariantBroken(f"event {name} cannot tell {path}: it has no plain form")
    return form


def _parts(kind: Any) -> list[Any]:
    """A type and all that it is a union, a choice or an annotation of."""
    return [kind, *(part for each in get_args(kind) for part in _parts(each))]
