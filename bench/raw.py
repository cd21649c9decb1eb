"""The floor of what stores: the very rows that a transfer over HTTP leaves, written again by the shortest raw SQL.

The rows are read from the bank's tables as binary COPY once transfers have been made, and copied into tables of the same
shape beside them; the two accounts of each transfer are updated. Nothing is computed, nothing is checked.
"""

from __future__ import annotations

import time
from typing import Any, LiteralString

import psycopg
from psycopg import sql

Row = tuple[Any, ...]

TABLES: dict[str, tuple[int, LiteralString]] = {
    "entry": (1, "SELECT * FROM entry WHERE kind = 'transfer' ORDER BY id"),
    "posting": (
        2,
        "SELECT p.* FROM posting p JOIN entry e ON e.id = p.entry_id WHERE e.kind = 'transfer' ORDER BY e.id, p.account_id",
    ),
    "evidence_leaf": (1, "SELECT * FROM evidence_leaf WHERE kind = 'payments.transfer' ORDER BY id"),
    "evidence_pending": (
        1,
        "SELECT id, sha256(body) FROM evidence_leaf WHERE kind = 'payments.transfer' ORDER BY id",
    ),
    "idempotency": (1, "SELECT * FROM idempotency WHERE operation = 'payments.transfer' ORDER BY id"),
}
"""How many rows a transfer leaves in a table, and where they are read."""

TOUCH = """
UPDATE raw_account AS a SET balance = a.balance + 1, version = a.version + 1
FROM unnest(%s::bigint[]) AS touched (id) WHERE a.id = touched.id
"""


def batches(owner: psycopg.Connection[Row], size: int, count: int) -> list[tuple[list[Any], dict[str, bytes]]]:
    """Up to ``count`` batches of ``size`` transfers: the accounts they touch, and the rows of each table ready to be
    copied. Makes the tables they go to."""
    for table in ("account", *TABLES):
        name = sql.Identifier(f"raw_{table}")
        owner.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(name))
        owner.execute(sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)").format(name, sql.Identifier(table)))
    owner.execute("INSERT INTO raw_account SELECT * FROM account")
    (there,) = owner.execute("SELECT count(*) FROM entry WHERE kind = 'transfer'").fetchone() or (0,)
    found = []
    for number in range(min(count, there // size)):
        parts = {}
        for table, (each, query) in TABLES.items():
            some = sql.SQL("{} LIMIT {} OFFSET {}").format(sql.SQL(query), size * each, number * size * each)
            with owner.cursor().copy(sql.SQL("COPY ({}) TO STDOUT (FORMAT binary)").format(some)) as copy:
                parts[table] = b"".join(copy)
        some = sql.SQL("{} LIMIT {} OFFSET {}").format(sql.SQL(TABLES["posting"][1]), size * 2, number * size * 2)
        touched = owner.execute(sql.SQL("SELECT DISTINCT account_id FROM ({}) AS chosen ORDER BY 1").format(some))
        found.append(([row[0] for row in touched], parts))
    return found


def written(owner: psycopg.Connection[Row], size: int, count: int = 20) -> float:
    """Transfers a second that their rows alone would allow, ``size`` in a transaction, fsync on."""
    ready = batches(owner, size, count)
    if not ready:
        raise SystemExit(f"there are no {size} transfers whose rows could be written again")
    began = time.perf_counter()
    for touched, parts in ready:
        with owner.transaction():
            owner.execute(TOUCH, [touched])
            for table, rows in parts.items():
                into = sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(sql.Identifier(f"raw_{table}"))
                with owner.cursor().copy(into) as copy:
                    copy.write(rows)
    return len(ready) * size / (time.perf_counter() - began)
