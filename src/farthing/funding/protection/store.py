"""Read and write ``market_claim``. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.funding.holdings.model import Covered

WAITS: LiteralString = """
    INSERT INTO market_claim (loan_id, currency)
    SELECT new.loan_id, new.currency FROM unnest(%(ids)s::text[], %(currencies)s::text[]) AS new (loan_id, currency)
    ON CONFLICT (loan_id) DO NOTHING
"""
WAITING: LiteralString = "SELECT loan_id FROM market_claim WHERE paid_minor IS NULL ORDER BY loan_id"
PAID: LiteralString = """
    UPDATE market_claim SET claimed_minor = %(claimed)s, paid_minor = %(paid)s, after_flow = %(after)s, paid_on = %(on)s
    WHERE loan_id = %(loan_id)s AND paid_minor IS NULL
"""
COVERED: LiteralString = """
    SELECT loan_id, paid_minor, after_flow, paid_on FROM market_claim WHERE loan_id = ANY(%(ids)s) AND paid_minor > 0
"""
CLAIMS: LiteralString = "SELECT * FROM market_claim WHERE loan_id > %(after)s ORDER BY loan_id LIMIT %(limit)s"
SUMS: LiteralString = """
    SELECT count(*) AS claims, CAST(coalesce(sum(claimed_minor), 0) AS bigint) AS claimed,
        CAST(coalesce(sum(paid_minor), 0) AS bigint) AS paid, count(*) FILTER (WHERE paid_minor IS NULL) AS waiting
    FROM market_claim WHERE currency = %(currency)s
"""

PAID_BY_MONTH: LiteralString = """
    SELECT CAST(date_trunc('month', CAST(paid_on AS timestamp)) AS date) AS month, CAST(sum(paid_minor) AS bigint) AS minor
    FROM market_claim WHERE currency = %(currency)s AND paid_on >= %(since)s
    GROUP BY date_trunc('month', CAST(paid_on AS timestamp))
"""


def wait(tx: Tx, ids: Sequence[str], currencies: Sequence[str]) -> None:
    """Let lenders of loans that were given up wait for what the fund pays; once a loan."""
    tx.execute(WAITS, {"ids": rows.texts(ids), "currencies": rows.texts(currencies)})


def waiting(tx: Tx) -> list[str]:
    """The loans whose lenders wait, by id."""
    return [str(row[0]) for row in tx.tuples(WAITING)]


def paid(tx: Tx, loan_id: str, claimed: int, minor: int, after: int, on: date) -> int:
    """Keep what was paid of what was claimed; answers whether it was not before."""
    return tx.execute(PAID, {"loan_id": loan_id, "claimed": claimed, "paid": minor, "after": after, "on": on})


def covered(tx: Tx, ids: Sequence[str]) -> dict[str, Covered]:
    """What was paid on these loans, those on which anything was."""
    found = tx.tuples(COVERED, {"ids": rows.texts(ids)}) if ids else []
    return {loan_id: Covered(minor, after, on) for loan_id, minor, after, on in found}


def claims(tx: Tx, after: str, limit: int) -> list[Row]:
    """All claims, by the ids of their loans."""
    return tx.rows(CLAIMS, {"after": after, "limit": limit})


def paid_by_month(tx: Tx, currency: str, since: date) -> dict[date, int]:
    """What was paid in each month (its first day) from a day on, in minor units."""
    return {row["month"]: row["minor"] for row in tx.rows(PAID_BY_MONTH, {"currency": currency, "since": since})}


def sums(tx: Tx, currency: str) -> Row:
    """How many claims there were, for how much, and what was paid."""
    return tx.one(SUMS, {"currency": currency})
