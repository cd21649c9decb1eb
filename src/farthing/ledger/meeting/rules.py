"""Own how a leaf's data is read for the entries that it names. Pure."""

from __future__ import annotations

import binascii
from collections.abc import Iterator
from typing import Any

Name = tuple[bytes, str, str]
"""An entry as a leaf names it: its id, its digest, and the leaf."""


def names(leaf: str, value: Any) -> Iterator[Name]:
    """Every ``{id, digest}`` under a key ``journal_entries``, at any depth."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key == "journal_entries" and isinstance(item, list):
                yield from (name for each in item if (name := _name(leaf, each)) is not None)
            elif isinstance(item, dict | list):
                yield from names(leaf, item)
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, dict | list):
                yield from names(leaf, item)


def _name(leaf: str, value: Any) -> Name | None:
    """What is written otherwise names nothing; then its entry is found to be named by no leaf."""
    try:
        ident = binascii.unhexlify(value["id"].replace("-", ""))
        return (ident, value["digest"], leaf) if len(ident) == 16 else None
    except (TypeError, KeyError, AttributeError, ValueError):
        return None
