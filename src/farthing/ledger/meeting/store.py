"""Own the reads by which the books meet the log: entries by their ids, and how many there are. Never writes.

Entry and account lie by their own ids, leaves by theirs: each is read alone, and they are compared outside.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, LiteralString

from farthing.db import rows
from farthing.db.tx import Tx

NAMED: LiteralString = """
SELECT id, reference, kind, effective_on, memo, recorded_at, legs, uuid_hash_extended(id, 0) AS mark
FROM entry WHERE id = ANY (%(ids)s)
"""
PATHS: LiteralString = "SELECT id, path, currency FROM account WHERE id = ANY (%(ids)s)"
TOTALS: LiteralString = """
SELECT count(*) AS count, coalesce(sum(uuid_hash_extended(id, 0)::numeric), 0) AS marks FROM entry
"""
SLICE: LiteralString = "SELECT id FROM entry WHERE id BETWEEN %(low)s::uuid AND %(high)s::uuid"


def entries(tx: Tx, ids: Sequence[bytes]) -> list[tuple[Any, ...]]:
    """Entries of these ids as they are stored, each with a 64-bit mark of its id."""
    return tx.tuples(NAMED, {"ids": rows.uuids(ids)}, binary=True)


def paths(tx: Tx, ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Path and currency of accounts by id."""
    found = tx.tuples(PATHS, {"ids": rows.int8s(sorted(ids))}, binary=True)
    return {ident: (path, currency) for ident, path, currency in found}


def totals(tx: Tx) -> tuple[int, int]:
    """How many entries the books hold, and the sum of their marks."""
    row = tx.one(TOTALS)
    return int(row["count"]), int(row["marks"])


def slice_of(tx: Tx, low: str, high: str) -> set[bytes]:
    """The ids from ``low`` to ``high``."""
    return {ident.bytes for (ident,) in tx.tuples(SLICE, {"low": low, "high": high}, binary=True)}
