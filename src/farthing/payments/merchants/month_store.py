"""Read what a merchant's tills did in a period, by day, and what each is owed at its end. Never writes, never decides."""

from __future__ import annotations

from datetime import date
from typing import LiteralString

from farthing.db.tx import Tx
from farthing.payments.merchants.month import Piece

CAPTURED: LiteralString = """
    SELECT taken_on AS on_day, till_id, count(*) AS payments, sum(amount_minor)::bigint AS captured,
           sum(fee_minor)::bigint AS fee, sum(held_minor)::bigint AS added
    FROM merchant_payment WHERE merchant_id = %(merchant_id)s AND taken_on BETWEEN %(since)s AND %(until)s
    GROUP BY taken_on, till_id
"""
HELD_ONCE: LiteralString = """
    SELECT p.taken_on AS on_day, p.till_id, sum(r.escrow_minor)::bigint AS added
    FROM merchant_payment AS p JOIN merchant_refund AS r ON r.merchant_id = p.merchant_id AND r.payment_id = p.id
    WHERE p.merchant_id = %(merchant_id)s AND p.taken_on BETWEEN %(since)s AND %(until)s
    GROUP BY p.taken_on, p.till_id
"""
"""What refunds, whenever they were made, took out of what payments of these days had added."""
GIVEN_BACK: LiteralString = """
    SELECT r.refunded_on AS on_day, p.till_id, count(*) AS refunds, sum(r.amount_minor)::bigint AS given_back,
           sum(r.fee_minor)::bigint AS fee_back, sum(r.escrow_minor)::bigint AS out_of_owed
    FROM merchant_refund AS r JOIN merchant_payment AS p ON p.merchant_id = r.merchant_id AND p.id = r.payment_id
    WHERE r.merchant_id = %(merchant_id)s AND r.refunded_on BETWEEN %(since)s AND %(until)s
    GROUP BY r.refunded_on, p.till_id
"""
PAID_OUT: LiteralString = """
    SELECT s.settled_on AS on_day, p.till_id, sum(p.held_minor)::bigint AS paid_out
    FROM merchant_settlement AS s JOIN merchant_payment AS p ON p.merchant_id = s.merchant_id AND p.settlement_id = s.id
    WHERE s.merchant_id = %(merchant_id)s AND s.settled_on BETWEEN %(since)s AND %(until)s
    GROUP BY s.settled_on, p.till_id
"""
WAITS: LiteralString = """
    SELECT till_id, sum(held_minor)::bigint AS owed FROM merchant_payment
    WHERE merchant_id = %(merchant_id)s AND settlement_id IS NULL AND taken_on <= %(until)s GROUP BY till_id
"""
PAID_SINCE: LiteralString = """
    SELECT p.till_id, sum(p.held_minor)::bigint AS owed
    FROM merchant_settlement AS s JOIN merchant_payment AS p ON p.merchant_id = s.merchant_id AND p.settlement_id = s.id
    WHERE s.merchant_id = %(merchant_id)s AND s.settled_on > %(until)s AND p.taken_on <= %(until)s GROUP BY p.till_id
"""
BACK_SINCE: LiteralString = """
    SELECT p.till_id, sum(r.escrow_minor)::bigint AS owed
    FROM merchant_refund AS r JOIN merchant_payment AS p ON p.merchant_id = r.merchant_id AND p.id = r.payment_id
    WHERE r.merchant_id = %(merchant_id)s AND r.refunded_on > %(until)s AND p.taken_on <= %(until)s GROUP BY p.till_id
"""
"""What was owed at the end of a day: what waits today of payments up to it, with what was paid out or given back since."""


def pieces(tx: Tx, merchant_id: str, since: date, until: date) -> list[Piece]:
    """What each till did on each day of a period, by day and till."""
    asked = {"merchant_id": merchant_id, "since": since, "until": until}
    found: dict[tuple[date, str], dict[str, int]] = {}
    for statement in (CAPTURED, HELD_ONCE, GIVEN_BACK, PAID_OUT):
        for row in tx.rows(statement, asked):
            sums = found.setdefault((row.pop("on_day"), row.pop("till_id")), {})
            for name, much in row.items():
                sums[name] = sums.get(name, 0) + much
    return [Piece(on, till_id, **found[on, till_id]) for on, till_id in sorted(found)]


def owed(tx: Tx, merchant_id: str, until: date) -> dict[str, int]:
    """What a merchant is owed at the end of a day, by the till that took it."""
    asked, found = {"merchant_id": merchant_id, "until": until}, dict[str, int]()
    for statement in (WAITS, PAID_SINCE, BACK_SINCE):
        for row in tx.rows(statement, asked):
            found[row["till_id"]] = found.get(row["till_id"], 0) + row["owed"]
    return found
