"""Read what a customer's shops took, by day and payer. Never writes, never decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import LiteralString

from farthing.credit.receipts import Taking
from farthing.db import rows
from farthing.db.tx import Tx

OWNED: LiteralString = "SELECT id FROM merchant WHERE party_id = %(party_id)s ORDER BY id"
HANDS: LiteralString = "SELECT DISTINCT party_id FROM merchant_cashier WHERE merchant_id = ANY(%(ids)s::text[])"
TAKINGS: LiteralString = """
    SELECT taken_on, payer, sum(amount_minor - refunded_minor - disputed_minor)::bigint AS minor, count(*)::integer AS payments
    FROM merchant_payment
    WHERE merchant_id = ANY(%(ids)s::text[]) AND taken_on BETWEEN %(since)s AND %(until)s
        AND refunded_minor + disputed_minor < amount_minor
    GROUP BY taken_on, payer ORDER BY taken_on, payer
"""


def owned(tx: Tx, party_id: str) -> list[str]:
    """The merchants that a customer is, ended ones too."""
    return [str(row[0]) for row in tx.tuples(OWNED, {"party_id": party_id})]


def hands(tx: Tx, ids: Sequence[str]) -> frozenset[str]:
    """Who takes money for these merchants, or ever did."""
    return frozenset(str(row[0]) for row in tx.tuples(HANDS, {"ids": rows.texts(ids)}))


def takings(tx: Tx, ids: Sequence[str], since: date, until: date) -> tuple[Taking, ...]:
    """What each payer paid these merchants on each day, less refunds and what is disputed or charged back, the oldest first."""
    asked = {"ids": rows.texts(ids), "since": since, "until": until}
    return tuple(Taking(*row) for row in tx.tuples(TAKINGS, asked))
