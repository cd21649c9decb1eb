"""Read and write ``rate_edition``. Never decides."""

from __future__ import annotations

from datetime import date
from typing import LiteralString

from psycopg.types.json import Jsonb

from farthing.db.tx import Row, Tx

INSERT_EDITION: LiteralString = """
    INSERT INTO rate_edition (id, board, effective_on, until_on, rates, published_at, published_by)
    VALUES (%(id)s, %(board)s, %(effective_on)s, %(until_on)s, %(rates)s, %(published_at)s, %(published_by)s)
    ON CONFLICT (id) DO NOTHING
"""
LIST_EDITIONS: LiteralString = """
    SELECT effective_on, until_on, rates FROM rate_edition WHERE board = %(board)s ORDER BY effective_on
"""
LIST_BOARDS: LiteralString = "SELECT DISTINCT board FROM rate_edition ORDER BY board"


def insert_edition(tx: Tx, board: str, days: tuple[date, date | None], rates: dict[str, object]) -> bool:
    """Keep an edition (``days``: in force from, until); false where one stands for that day."""
    inserted = tx.execute(
        INSERT_EDITION,
        {
            "id": f"{board}@{days[0].isoformat()}",
            "board": board,
            "effective_on": days[0],
            "until_on": days[1],
            "rates": Jsonb(rates),
            "published_at": tx.now,
            "published_by": tx.actor.id,
        },
    )
    return inserted == 1


def editions(tx: Tx, board: str) -> list[Row]:
    """Every edition of a board, in the order of its dates."""
    return tx.rows(LIST_EDITIONS, {"board": board})


def boards(tx: Tx) -> list[str]:
    """The names of all boards."""
    return [str(row[0]) for row in tx.tuples(LIST_BOARDS)]
