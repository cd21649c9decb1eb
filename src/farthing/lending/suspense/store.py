"""Read and write ``loan_suspension``, and read what ``loan_month`` says of interest. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import LiteralString

from farthing.db.tx import Row, Tx
from farthing.kit.money import Money
from farthing.lending.suspense.model import Place, Suspended

SUMS: LiteralString = """
    SELECT product, currency, count(*) AS loans, sum(suspended_minor)::bigint AS suspended FROM loan_month
    WHERE month = %(month)s AND suspended_minor > 0 GROUP BY product, currency
"""
INSERT: LiteralString = """
    INSERT INTO loan_suspension (id, month, product, currency, loans, suspended_minor, standing_minor)
    SELECT %(month)s::text || ':' || product || ':' || currency, %(month)s::date, product, currency, loans, suspended, standing
    FROM unnest(%(product)s::text[], %(currency)s::text[], %(loans)s::integer[], %(suspended)s::bigint[], %(standing)s::bigint[])
        AS new (product, currency, loans, suspended, standing)
"""
OF_MONTH: LiteralString = "SELECT * FROM loan_suspension WHERE month = %(month)s ORDER BY product, currency"
LATEST: LiteralString = """
    SELECT product, currency FROM loan_suspension WHERE month = (SELECT max(month) FROM loan_suspension WHERE month <= %(month)s)
"""
KNOWN: LiteralString = """
    SELECT loan_id FROM loan_month WHERE month = %(month)s AND suspended_minor IS NOT NULL LIMIT 1
"""


def sums(tx: Tx, month: date) -> dict[Place, tuple[int, int]]:
    """How many loans owe interest that is no income at the end of a month, and how much, by product and currency."""
    return {
        (row["product"], row["currency"]): (row["loans"], row["suspended"])
        for row in tx.rows(SUMS, {"month": month})
    }  # fmt: skip


def insert(tx: Tx, month: date, found: Sequence[Suspended]) -> None:
    """Keep what is suspended at the end of a month."""
    tx.execute(INSERT, {
        "month": month, "product": [each.product for each in found],
        "currency": [each.suspended.currency for each in found], "loans": [each.loans for each in found],
        "suspended": [each.suspended.minor for each in found], "standing": [each.standing.minor for each in found],
    })  # fmt: skip


def of_month(tx: Tx, month: date) -> list[Suspended]:
    """What was suspended at the end of a month."""
    return [_suspended(row) for row in tx.rows(OF_MONTH, {"month": month})]


def latest(tx: Tx, month: date) -> set[Place]:
    """Where something was suspended, or taken back, when it was last done by a month."""
    return {(row["product"], row["currency"]) for row in tx.rows(LATEST, {"month": month})}


def known(tx: Tx, month: date) -> bool:
    """Whether a month was closed by a program that knows of interest that is no income."""
    return tx.maybe(KNOWN, {"month": month}) is not None


def _suspended(row: Row) -> Suspended:
    currency = row["currency"]
    return Suspended(
        row["product"], row["loans"], Money(row["suspended_minor"], currency), Money(row["standing_minor"], currency)
    )
