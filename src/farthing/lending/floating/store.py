"""Read and write on which day the rate of a loan is set anew. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Tx

DUE: LiteralString = """
    SELECT id FROM loan WHERE resets_on <= %(on)s ORDER BY resets_on, id LIMIT %(limit)s
"""
MOVE: LiteralString = """
    UPDATE loan SET resets_on = new.resets_on
    FROM unnest(%(ids)s::text[], %(days)s::date[]) AS new (id, resets_on)
    WHERE loan.id = new.id
"""


def due(tx: Tx, on: date, limit: int) -> list[str]:
    """Loans whose day of reset has come, the longest ago first; one that was set anew has a later day and is not among them."""
    return [row["id"] for row in tx.rows(DUE, {"on": on, "limit": limit})]


def move(tx: Tx, days: Sequence[tuple[str, date]]) -> None:
    """Keep the next days of reset of loans whose rows are held."""
    if days:
        ids, following = zip(*days, strict=True)
        tx.execute(MOVE, {"ids": rows.texts(ids), "days": rows.dates(following)})
