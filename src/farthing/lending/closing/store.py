"""Read which loans a close looks at, and what of them falls due. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.kit.money import Money
from farthing.lending import life_store, store
from farthing.lending.closing.model import Due
from farthing.lending.closing.rules import PLAIN

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
DUE: LiteralString = """
    SELECT * FROM loan_obligation WHERE open AND due_on <= %(on)s AND loan_id = ANY(%(ids)s) ORDER BY loan_id, instalment
"""
STANDS: LiteralString = """
    SELECT loan_id, coalesce(sum(left_minor) FILTER (WHERE component = 'principal'), 0)::bigint AS outstanding,
        bool_or(due_on > %(on)s) AS more
    FROM loan_obligation WHERE open AND loan_id = ANY(%(ids)s) GROUP BY loan_id
"""
TOLD: LiteralString = """
    SELECT loan_id, max(number) AS events, bool_and(kind = ANY(%(plain)s)) AS plain
    FROM loan_event WHERE loan_id = ANY(%(ids)s) GROUP BY loan_id
"""


def late(tx: Tx, on: date, after: tuple[date, str], limit: int) -> list[tuple[date, str]]:
    """What is late on a day, as (due day, loan), the longest first, from the one after a place."""
    found = tx.rows(LATE, {"on": on, "due_on": after[0], "after": after[1], "limit": limit})
    return [(row["due_on"], row["loan_id"]) for row in found]


def today(tx: Tx, on: date, after: str, limit: int) -> list[str]:
    """Loans of which something falls due on a day, in the order of their ids."""
    return [row["loan_id"] for row in tx.rows(TODAY, {"on": on, "after": after, "limit": limit})]


def due(tx: Tx, held: Sequence[Row], on: date) -> list[Due]:
    """Of loans whose rows are held: what is due by a day. Three statements, whatever their number."""
    ids = rows.texts([row["id"] for row in held])
    several: dict[str, list[Row]] = {row["id"]: [] for row in held}
    for row in tx.rows(DUE, {"ids": ids, "on": on}):
        several[row["loan_id"]].append(row)
    stands = {row["loan_id"]: row for row in tx.rows(STANDS, {"ids": ids, "on": on})}
    told = {row["loan_id"]: row for row in tx.rows(TOLD, {"ids": ids, "plain": list(PLAIN)})}
    return [_due(row, several[row["id"]], stands[row["id"]], told[row["id"]]) for row in held if row["id"] in stands]


def _due(row: Row, several: list[Row], stands: Row, told: Row) -> Due:
    loan = store.loan_of(row, life_store.instalments_of(several, row["currency"]))
    outstanding = Money(stands["outstanding"], row["currency"])
    return Due(loan, told["events"], told["plain"], outstanding, stands["more"], row["as_of_on"])
