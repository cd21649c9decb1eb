"""Read deposits, their events and waiting flows for the audit, a slice of ids at a time. Never writes."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import LiteralString

from farthing.db.tx import Tx
from farthing.savings.audit.rules import EventRow, Row
from farthing.savings.rules.books import Line

COUNT: LiteralString = "SELECT count(*) AS deposits FROM deposit"
SCAN: LiteralString = """
    SELECT id, number, product, version, board, opened_on - date '0001-01-01' + 1, closed_on - date '0001-01-01' + 1,
           balance_minor, since_on - date '0001-01-01' + 1, as_of_on - date '0001-01-01' + 1, balance_days,
           leap_balance_days, close_on - date '0001-01-01' + 1, party_id, payout, currency,
           rate = 0 AND matures_on IS NULL AND detail IS NULL
    FROM deposit WHERE id > %(after)s ORDER BY id LIMIT %(limit)s
"""
EVENTS: LiteralString = """
    SELECT deposit_id, number, happened_on - date '0001-01-01' + 1, principal_in_minor, principal_out_minor,
           interest_minor, balance_minor
    FROM deposit_event WHERE deposit_id > %(after)s AND (deposit_id <= %(last)s OR %(last)s::text IS NULL)
    ORDER BY deposit_id, number
"""
WAITING: LiteralString = """
    SELECT product, board, line, sum(slope) AS slope, sum(intercept) AS intercept
    FROM savings_flow GROUP BY product, board, line
"""


def count(tx: Tx) -> int:
    """How many deposits there are."""
    return int(tx.one(COUNT)["deposits"])


def scan(tx: Tx, after: str, limit: int) -> list[Row]:
    """Deposits in the order of their ids, a slice."""
    return list(map(Row._make, tx.tuples(SCAN, {"after": after, "limit": limit}, binary=True)))


def events(tx: Tx, after: str, last: str | None) -> dict[str, list[EventRow]]:
    """Events of the deposits after one id up to another (none: all after it), by deposit, oldest first."""
    found = tx.tuples(EVENTS, {"after": after, "last": last}, binary=True)
    return {deposit_id: list(group) for deposit_id, group in groupby(found, key=itemgetter(0))}


def waiting(tx: Tx) -> dict[tuple[str, str, str], Line]:
    """The sums of the flows that no close has taken in, by product, board and line."""
    return {
        (row["product"], row["board"], row["line"]): Line(row["slope"], row["intercept"]) for row in tx.rows(WAITING)
    }
