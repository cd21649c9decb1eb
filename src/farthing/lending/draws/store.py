"""Read and write what of loans is agreed and not paid out. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Tx

OVER: LiteralString = """
    SELECT id FROM loan WHERE undrawn_minor > 0 AND undrawn_until <= %(on)s ORDER BY undrawn_until, id LIMIT %(limit)s
"""
END: LiteralString = "UPDATE loan SET undrawn_minor = 0 WHERE id = ANY(%(ids)s)"


def over(tx: Tx, on: date, limit: int) -> list[str]:
    """Loans of which something is not paid out and the last day to ask for it has come."""
    return [row["id"] for row in tx.rows(OVER, {"on": on, "limit": limit})]


def end(tx: Tx, ids: Sequence[str]) -> None:
    """Nothing more of these loans is paid out; their rows are held."""
    tx.execute(END, {"ids": rows.texts(ids)})
