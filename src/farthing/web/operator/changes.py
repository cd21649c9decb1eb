"""Own how two files of terms differ, and on which line of a file something stands. Pure.

A file is compared as it is read, not as it is written: a remark or another order of lines is no change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_HEAD = re.compile(r"\s*\[{1,2}\s*([^\[\]]+?)\s*\]{1,2}")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_AT_LINE = re.compile(r"\(at line ([0-9]+), column [0-9]+\)")


@dataclass(frozen=True, slots=True)
class Change:
    """What one key says before and after; nothing where it is not there."""

    key: str
    before: str
    after: str


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Every key that says something else, in the order of the newer file, then what is gone."""
    old, new = dict(_flat(before)), dict(_flat(after))
    found = [Change(key, old.get(key, ""), value) for key, value in new.items() if old.get(key) != value]
    return found + [Change(key, value, "") for key, value in old.items() if key not in new]


def lines(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[list[str]]:
    """As :func:`changes`, line by line for a table: what it is, what stands, what would be."""
    return [[each.key, each.before or "–", each.after or "–"] for each in changes(before, after)]


def _flat(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each figure under its whole name; tables of tables are walked without recursion, however deep they lie."""
    waiting: list[tuple[str, Any]] = [(str(key), value) for key, value in reversed(list(values.items()))]
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, Mapping) and value:
            waiting += [(f"{name}.{key}", each) for key, each in reversed(list(value.items()))]
        elif isinstance(value, list) and any(isinstance(each, Mapping | list) for each in value):
            waiting += [(f"{name}.{number}", each) for number, each in reversed(list(enumerate(value, 1)))]
        elif isinstance(value, list):
            yield name, ", ".join(map(_shown, value)) or "[]"
        else:
            yield name, _shown(value)


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def line_of(source: str, facts: Mapping[str, Any]) -> int | None:
    """The line that a refusal of a file speaks of, by its facts: what the reader of TOML says, the key, else the value."""
    told = _AT_LINE.search(str(facts.get("problem") or ""))
    if told:
        return int(told[1])
    named = ".".join(str(facts[name]) for name in ("where", "key", "field") if facts.get(name))
    by_key = _line_of_key(source, named.split(".")) if named else None
    return by_key or _line_with(source, facts)


def _line_of_key(source: str, wanted: list[str]) -> int | None:
    """The line whose key is the furthest along a path: ``rate.annual`` may stand within ``rate = {...}``."""
    head: list[str] = []
    best, found = 0, None
    for number, line in enumerate(source.splitlines(), 1):
        opened, key = _HEAD.match(line), _KEY.match(line)
        if opened:
            head = _parts(opened[1])
            here = head
        elif key:
            here = [*head, *_parts(key[1])]
        else:
            continue
        for start in range(len(wanted) - len(here) + 1):
            if wanted[start : start + len(here)] == here and start + len(here) > best:
                best, found = start + len(here), number
    return found


def _parts(name: str) -> list[str]:
    return [part.strip().strip("\"'") for part in name.split(".")]


def _line_with(source: str, facts: Mapping[str, Any]) -> int | None:
    value = str(facts.get("value") or facts.get("text") or "").strip("'\"")
    found = (number for number, line in enumerate(source.splitlines(), 1) if value and value in line)
    return next(found, None)
