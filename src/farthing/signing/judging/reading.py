"""Own how a value is taken out of a PDF dictionary or array: followed to the object it names, and nothing where there is none."""

from __future__ import annotations

from typing import Any

from pyhanko.pdf_utils import generic

MOST_SHOWN = 120


def at(held: Any, key: str, default: Any = None) -> Any:
    """The value under ``key``, followed where it is a reference; ``default`` where it is missing or null."""
    if not isinstance(held, generic.DictionaryObject) or key not in held:
        return default
    found = held[key]
    return default if found is None or isinstance(found, generic.NullObject) else found


def listed(held: Any, key: str) -> list[Any]:
    """The parts of an array under ``key``, references as they are; none where there is no array."""
    found = at(held, key)
    return raws(found) if isinstance(found, generic.ArrayObject) else []


def raws(array: Any) -> list[Any]:
    """The parts of an array, references as they are."""
    return [array.raw_get(index) for index in range(len(array))]


def shown(text: Any) -> str:
    """A name out of a stranger's file as a terminal or a page may show it: nothing in it moves or hides what is around it."""
    return "".join(each if each.isprintable() else "\ufffd" for each in str(text))[:MOST_SHOWN]


def followed(raw: Any) -> Any:
    """What a reference names; what is none is itself."""
    return raw.get_object() if isinstance(raw, generic.IndirectObject) else raw
