"""Read and write ``wallet`` and ``rail_payment``. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Tx
from farthing.payments.model import RailPayment

INSERT_WALLET: LiteralString = """
    INSERT INTO wallet (id, party_id, currency, opened_at)
    VALUES (%(id)s, %(party_id)s, %(currency)s, %(opened_at)s) ON CONFLICT (id) DO NOTHING
"""
FIND_WALLETS: LiteralString = "SELECT id FROM wallet WHERE id = ANY(%(ids)s)"
LIST_WALLETS: LiteralString = "SELECT id, currency FROM wallet WHERE party_id = %(party_id)s ORDER BY id"
INSERT_RAIL_PAYMENT: LiteralString = """
    INSERT INTO rail_payment (id, party_id, direction, currency, amount_minor, outside_account, rail, reference,
                              recorded_at)
    VALUES (%(id)s, %(party_id)s, %(direction)s, %(currency)s, %(amount_minor)s, %(outside_account)s, %(rail)s,
            %(reference)s, %(recorded_at)s)
"""


def insert_wallet(tx: Tx, path: str, party_id: str, currency: str) -> None:
    """Keep that a wallet exists."""
    tx.execute(INSERT_WALLET, {"id": path, "party_id": party_id, "currency": currency, "opened_at": tx.now})


def existing(tx: Tx, paths: Sequence[str]) -> frozenset[str]:
    """Which of these wallets exist: one SELECT for a whole batch."""
    return frozenset(str(row[0]) for row in tx.tuples(FIND_WALLETS, {"ids": rows.texts(paths)}))


def wallets_of(tx: Tx, party_id: str) -> list[tuple[str, str]]:
    """A party's wallets: path and currency."""
    return [(row["id"], row["currency"]) for row in tx.rows(LIST_WALLETS, {"party_id": party_id})]


def insert_rail_payment(tx: Tx, payment: RailPayment) -> None:
    """Keep a movement through a rail."""
    tx.execute(
        INSERT_RAIL_PAYMENT,
        {
            "id": payment.id,
            "party_id": payment.party_id,
            "direction": payment.direction,
            "currency": payment.amount.currency,
            "amount_minor": payment.amount.minor,
            "outside_account": payment.outside_account,
            "rail": payment.rail,
            "reference": payment.reference,
            "recorded_at": payment.recorded_at,
        },
    )
