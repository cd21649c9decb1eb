"""Read ``deposit`` for lists, sums and what falls due. Never decides."""

from __future__ import annotations

from datetime import date
from typing import LiteralString

from farthing.db.tx import Row, Tx

LIST: LiteralString = """
    SELECT id, party_id, product, version, currency, balance_minor, rate, opened_on, matures_on, closed_on
    FROM deposit
    WHERE (%(product)s::text = '' OR product = %(product)s::text)
        AND (%(state)s::text = '' OR (closed_on IS NULL) = (%(state)s::text = 'open'))
        AND (%(until)s::date IS NULL OR matures_on <= %(until)s::date AND closed_on IS NULL)
        AND (%(before)s::text = '' OR id < %(before)s::text)
    ORDER BY id DESC LIMIT %(limit)s
"""
SUMS: LiteralString = """
    SELECT currency, count(*) AS deposits, sum(balance_minor)::bigint AS balance
    FROM deposit
    WHERE (%(product)s::text = '' OR product = %(product)s::text)
        AND (%(state)s::text = '' OR (closed_on IS NULL) = (%(state)s::text = 'open'))
        AND (%(until)s::date IS NULL OR matures_on <= %(until)s::date AND closed_on IS NULL)
    GROUP BY currency ORDER BY currency
"""
MATURING: LiteralString = """
    SELECT matures_on, currency, count(*) AS deposits, sum(balance_minor)::bigint AS balance
    FROM deposit
    WHERE close_on <= %(until)s::date AND matures_on BETWEEN %(on)s::date AND %(until)s::date AND closed_on IS NULL
    GROUP BY matures_on, currency ORDER BY matures_on, currency
"""


def listed(tx: Tx, product: str, state: str, until: date | None, before: str, limit: int) -> list[Row]:
    """Deposits of a product and state, or that mature by a day, the newest first, from before an id."""
    return tx.rows(LIST, {"product": product, "state": state, "until": until, "before": before, "limit": limit})


def sums(tx: Tx, product: str, state: str, until: date | None) -> list[Row]:
    """How many there are of them, and what they hold, by currency."""
    return tx.rows(SUMS, {"product": product, "state": state, "until": until})


def maturing(tx: Tx, on: date, until: date) -> list[Row]:
    """How many deposits mature on each day, and what they hold. The close at which one matures comes before that day."""
    return tx.rows(MATURING, {"on": on, "until": until})
