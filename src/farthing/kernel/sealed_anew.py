"""Seal anew what a package keeps sealed in a table of its own, once the bank's secret or suite has changed.

Each package says by two statements of its store which of its rows are sealed otherwise, and how they are replaced. Values stay
the same; what was changed meanwhile is left as it became. Never opens what is sealed as it would be now.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, LiteralString

from farthing.db.tx import Tx


def seal_anew(
    tx: Tx, otherwise: LiteralString, anew: LiteralString, about: Mapping[str, bytes], limit: int, **given: Any
) -> int:
    """Seal at most so many rows anew; answers how many.

    ``otherwise`` answers ``id`` and the sealed columns of rows of which one does not begin with ``%(head)s``; ``anew`` takes
    ``%(ids)s``, and of each column the values as they were read and, under its name with ``_anew``, as they are sealed now.
    ``about``: what each column is sealed about.
    """
    vault = tx.ports.peer("vault")
    found = tx.rows(otherwise, {"head": vault.head, "limit": limit, **given})
    if not found:
        return 0
    values: dict[str, Any] = {"ids": [row["id"] for row in found]}
    for column, what in about.items():
        kept = [None if row[column] is None else bytes(row[column]) for row in found]
        values[column] = kept
        values[f"{column}_anew"] = [None if each is None else vault.again(each, what) for each in kept]
    return tx.execute(anew, values)
