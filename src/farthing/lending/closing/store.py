"""Read which loans a close looks at. Never decides."""

from __future__ import annotations

from datetime import date
from typing import LiteralString

from farthing.db.tx import Tx

LATE: LiteralString = """
    SELECT DISTINCT due_on, loan_id FROM loan_obligation
    WHERE open AND due_on < %(on)s AND (due_on, loan_id) > (%(due_on)s, %(after)s)
    ORDER BY due_on, loan_id LIMIT %(limit)s
"""
TODAY: LiteralString = """
    SELECT DISTINCT loan_id FROM loan_obligation
    WHERE open AND due_on = %(on)s AND loan_id > %(after)s
    ORDER BY loan_id LIMIT %(limit)s
"""


def late(tx: Tx, on: date, after: tuple[date, str], limit: int) -> list[tuple[date, str]]:
    """What is late on a day, as (due day, loan), the longest first, from the one after a place."""
    found = tx.rows(LATE, {"on": on, "due_on": after[0], "after": after[1], "limit": limit})
    return [(row["due_on"], row["loan_id"]) for row in found]


def today(tx: Tx, on: date, after: str, limit: int) -> list[str]:
    """Loans of which something falls due on a day, in the order of their ids."""
    return [row["loan_id"] for row in tx.rows(TODAY, {"on": on, "after": after, "limit": limit})]
