"""Read and write ``rate_edition``. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import LiteralString

from psycopg.types.json import Jsonb

from farthing.db.tx import Row, Tx

INSERT_EDITIONS: LiteralString = """
    INSERT INTO rate_edition (id, board, effective_on, until_on, rates, published_at, published_by)
    SELECT id, %(board)s, effective_on, until_on, rates, %(published_at)s, %(published_by)s
    FROM unnest(%(ids)s::text[], %(from)s::date[], %(until)s::date[], %(rates)s::jsonb[])
        AS told (id, effective_on, until_on, rates)
    ORDER BY id
    ON CONFLICT (id) DO NOTHING
"""
LIST_EDITIONS: LiteralString = """
    SELECT effective_on, until_on, rates FROM rate_edition WHERE board = %(board)s ORDER BY effective_on
"""
LIST_BOARDS: LiteralString = "SELECT DISTINCT board FROM rate_edition ORDER BY board"


def insert_editions(tx: Tx, board: str, told: Sequence[tuple[date, date | None, dict[str, object]]]) -> int:
    """Keep editions (in force from, until, rates), all at once; answers how many: fewer where one stands for its day."""
    return tx.execute(
        INSERT_EDITIONS,
        {
            "board": board,
            "ids": [f"{board}@{each[0].isoformat()}" for each in told],
            "from": [each[0] for each in told],
            "until": [each[1] for each in told],
            "rates": [Jsonb(each[2]) for each in told],
            "published_at": tx.now,
            "published_by": tx.actor.id,
        },
    )


def editions(tx: Tx, board: str) -> list[Row]:
    """Every edition of a board, in the order of its dates."""
    return tx.rows(LIST_EDITIONS, {"board": board})


def boards(tx: Tx) -> list[str]:
    """The names of all boards."""
    return [str(row[0]) for row in tx.tuples(LIST_BOARDS)]
