"""Read and write ``rate_edition`` and ``bank_holiday``. Never decides."""

from __future__ import annotations

from datetime import date
from typing import LiteralString

from psycopg.types.json import Jsonb

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.savings.shelf.model import Declared, DeclareHolidays

INSERT_EDITION: LiteralString = """
    INSERT INTO rate_edition (id, board, effective_on, until_on, rates, published_at, published_by)
    VALUES (%(id)s, %(board)s, %(effective_on)s, %(until_on)s, %(rates)s, %(published_at)s, %(published_by)s)
    ON CONFLICT (id) DO NOTHING
"""
LIST_EDITIONS: LiteralString = """
    SELECT effective_on, until_on, rates FROM rate_edition WHERE board = %(board)s ORDER BY effective_on
"""
LIST_BOARDS: LiteralString = "SELECT DISTINCT board FROM rate_edition ORDER BY board"
INSERT_HOLIDAYS: LiteralString = """
    INSERT INTO bank_holiday (id, day, declared_on, closed, name, declared_by)
    SELECT new.id, new.day, %(declared_on)s, %(closed)s, %(name)s, %(declared_by)s
    FROM unnest(%(ids)s::text[], %(days)s::date[]) AS new (id, day)
    ON CONFLICT (id) DO UPDATE SET closed = excluded.closed, name = excluded.name, declared_by = excluded.declared_by
"""
LIST_HOLIDAYS: LiteralString = "SELECT day, closed, declared_on FROM bank_holiday ORDER BY declared_on, day"


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


def insert_holidays(tx: Tx, command: DeclareHolidays) -> None:
    """Keep a declaration; another of the same day about the same days takes its place."""
    days = sorted(set(command.days))
    tx.execute(
        INSERT_HOLIDAYS,
        {
            "ids": [f"{day}@{tx.business_date}" for day in days],
            "days": rows.dates(days),
            "declared_on": tx.business_date,
            "closed": command.closed,
            "name": command.name,
            "declared_by": tx.actor.id,
        },
    )


def declared(tx: Tx) -> list[Declared]:
    """Every declaration, in the order in which they were made."""
    return [Declared(*row) for row in tx.tuples(LIST_HOLIDAYS)]
