"""Read everything that is kept of merchants' payments, for a verification. Never writes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Row, Tx

PAYMENTS: LiteralString = """
    SELECT merchant_id, id, till_id, payer, currency, amount_minor, fee_minor, refunded_minor, fee_returned_minor, held_minor,
           taken_at, taken_on, due_on, settlement_id, contract_on
    FROM merchant_payment WHERE (merchant_id, id) > (%(merchant_id)s::text, %(id)s::text)
    ORDER BY merchant_id, id LIMIT %(limit)s
"""
REFUNDS_OF: LiteralString = """
    SELECT merchant_id, id, payment_id, amount_minor, fee_minor, escrow_minor, settled FROM merchant_refund
    WHERE merchant_id = ANY(%(merchants)s::text[]) AND payment_id = ANY(%(payments)s::text[]) ORDER BY id
"""
STRAYS: LiteralString = """
    SELECT r.id FROM merchant_refund AS r
    WHERE NOT EXISTS (SELECT 1 FROM merchant_payment AS p WHERE p.merchant_id = r.merchant_id AND p.id = r.payment_id)
    ORDER BY r.id LIMIT 100
"""
MERCHANTS: LiteralString = "SELECT id FROM merchant WHERE id > %(after)s ORDER BY id LIMIT %(limit)s"
WAITS: LiteralString = """
    SELECT merchant_id, contract_on, sum(held_minor)::bigint AS held, sum(fee_minor - fee_returned_minor)::bigint AS fee
    FROM merchant_payment WHERE merchant_id = ANY(%(ids)s::text[]) AND settlement_id IS NULL GROUP BY merchant_id, contract_on
"""
PAID_OUT: LiteralString = """
    SELECT merchant_id, settlement_id, contract_on, count(*) AS payments, sum(held_minor)::bigint AS held,
           sum(fee_minor - fee_returned_minor)::bigint AS fee
    FROM merchant_payment WHERE merchant_id = ANY(%(ids)s::text[]) AND settlement_id IS NOT NULL
    GROUP BY merchant_id, settlement_id, contract_on ORDER BY merchant_id, settlement_id, contract_on
"""
RETURNED_AFTER: LiteralString = """
    SELECT p.merchant_id, p.settlement_id, p.contract_on, sum(r.fee_minor)::bigint AS fee
    FROM merchant_refund AS r JOIN merchant_payment AS p ON p.merchant_id = r.merchant_id AND p.id = r.payment_id
    WHERE r.merchant_id = ANY(%(ids)s::text[]) AND r.settled GROUP BY p.merchant_id, p.settlement_id, p.contract_on
"""
SETTLEMENTS: LiteralString = """
    SELECT merchant_id, id, settled_on, payments, currency, net_minor, fee_minor FROM merchant_settlement
    WHERE merchant_id = ANY(%(ids)s::text[]) ORDER BY merchant_id, id
"""


def payments(tx: Tx, after: tuple[str, str], limit: int) -> list[Row]:
    """All payments, by merchant and id."""
    return tx.rows(PAYMENTS, {"merchant_id": after[0], "id": after[1], "limit": limit})


def refunds_of(tx: Tx, found: Sequence[Row]) -> dict[str, list[Row]]:
    """The refunds of payments, by payment."""
    asked = {
        "merchants": rows.texts(sorted({each["merchant_id"] for each in found})),
        "payments": rows.texts([each["id"] for each in found]),
    }
    refunds: dict[str, list[Row]] = {}
    for row in tx.rows(REFUNDS_OF, asked):
        refunds.setdefault(row["payment_id"], []).append(row)
    return refunds


def strays(tx: Tx) -> list[str]:
    """Refunds of payments that are not there."""
    return [str(row[0]) for row in tx.tuples(STRAYS)]


def merchants(tx: Tx, after: str, limit: int) -> list[str]:
    """All merchants, by id."""
    return [str(row[0]) for row in tx.tuples(MERCHANTS, {"after": after, "limit": limit})]


def waits(tx: Tx, ids: Sequence[str]) -> list[Row]:
    """What waits of merchants' payments, and of their fees, by contract."""
    return tx.rows(WAITS, {"ids": rows.texts(ids)})


def paid_out(tx: Tx, ids: Sequence[str]) -> list[Row]:
    """What payments come to that were paid out, by settlement and contract: fees as they were then."""
    asked = {"ids": rows.texts(ids)}
    after: dict[tuple[str, str, date], int] = {
        (row["merchant_id"], row["settlement_id"], row["contract_on"]): row["fee"]
        for row in tx.rows(RETURNED_AFTER, asked)
    }
    found = tx.rows(PAID_OUT, asked)
    for row in found:
        row["fee"] += after.get((row["merchant_id"], row["settlement_id"], row["contract_on"]), 0)
    return found


def settlements(tx: Tx, ids: Sequence[str]) -> list[Row]:
    """What merchants were paid out."""
    return tx.rows(SETTLEMENTS, {"ids": rows.texts(ids)})
