"""Read and write ``wallet`` and ``rail_payment``. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.kit.money import Money
from farthing.payments.model import RailPayment, RailSum

INSERT_WALLET: LiteralString = """
    INSERT INTO wallet (id, party_id, currency, opened_at)
    VALUES (%(id)s, %(party_id)s, %(currency)s, %(opened_at)s) ON CONFLICT (id) DO NOTHING
"""
FIND_WALLETS: LiteralString = "SELECT id FROM wallet WHERE id = ANY(%(ids)s)"
LIST_WALLETS: LiteralString = "SELECT id, currency FROM wallet WHERE party_id = %(party_id)s ORDER BY id"
INSERT_RAIL_PAYMENT: LiteralString = """
    INSERT INTO rail_payment (id, party_id, direction, currency, amount_minor, outside_account, rail, account, state,
                              recorded_at)
    VALUES (%(id)s, %(party_id)s, %(direction)s, %(currency)s, %(amount_minor)s, %(outside_account)s, %(rail)s,
            %(account)s, 'asked', %(recorded_at)s)
"""
FIND_RAIL_PAYMENT: LiteralString = """
    SELECT id, party_id, direction, currency, amount_minor, outside_account, rail, reference, recorded_at, state, reason,
           account
    FROM rail_payment WHERE id = %(id)s
"""
LIST_RAIL_PAYMENTS: LiteralString = """
    SELECT id, party_id, direction, currency, amount_minor, outside_account, rail, reference, recorded_at, state, reason
    FROM rail_payment
    WHERE (%(direction)s::text = '' OR direction = %(direction)s::text)
        AND (%(state)s::text = '' OR state = %(state)s::text)
        AND (%(before)s::text = '' OR id < %(before)s::text)
    ORDER BY id DESC LIMIT %(limit)s
"""
SUM_RAIL_PAYMENTS: LiteralString = """
    SELECT direction, state, currency, count(*) AS payments, sum(amount_minor)::bigint AS amount
    FROM rail_payment
    WHERE (%(direction)s::text = '' OR direction = %(direction)s::text)
        AND (%(state)s::text = '' OR state = %(state)s::text)
    GROUP BY direction, state, currency ORDER BY direction, state, currency
"""
ANSWER_RAIL_PAYMENT: LiteralString = """
    UPDATE rail_payment SET state = %(state)s, reference = %(reference)s, reason = %(reason)s, answered_at = %(now)s
    WHERE id = %(id)s AND state = 'asked'
"""
ASKED_OF_RAIL: LiteralString = """
    SELECT count(*) AS many FROM rail_payment WHERE account = %(account)s AND state = 'asked'
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


def insert_rail_payment(tx: Tx, payment: RailPayment, account: str) -> None:
    """Keep that a rail is asked to move money against an account."""
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
            "account": account,
            "recorded_at": payment.recorded_at,
        },
    )


def rail_payment(tx: Tx, payment_id: str) -> tuple[RailPayment, str] | None:
    """A movement through a rail, and the account against our cash there."""
    row = tx.maybe(FIND_RAIL_PAYMENT, {"id": payment_id})
    if row is None:
        return None
    return _rail_payment(row), row["account"]


def _rail_payment(row: Row) -> RailPayment:
    return RailPayment(
        id=row["id"],
        party_id=row["party_id"],
        direction=row["direction"],
        amount=Money(row["amount_minor"], row["currency"]),
        outside_account=row["outside_account"],
        rail=row["rail"],
        reference=row["reference"],
        recorded_at=row["recorded_at"],
        state=row["state"],
        reason=row["reason"],
    )


def rail_payments(tx: Tx, direction: str, state: str, before: str, limit: int) -> list[RailPayment]:
    """Movements through rails of a direction and state, the newest first, from before an id."""
    wanted = {"direction": direction, "state": state, "before": before, "limit": limit}
    return [_rail_payment(row) for row in tx.rows(LIST_RAIL_PAYMENTS, wanted)]


def rail_sums(tx: Tx, direction: str, state: str) -> list[RailSum]:
    """What they add up to, by direction, state and currency."""
    return [
        RailSum(row["direction"], row["state"], row["payments"], Money(row["amount"], row["currency"]))
        for row in tx.rows(SUM_RAIL_PAYMENTS, {"direction": direction, "state": state})
    ]


def answer_rail_payment(tx: Tx, payment_id: str, state: str, reference: str, reason: str) -> bool:
    """Keep how a movement ended; false where it had ended before."""
    values = {"id": payment_id, "state": state, "reference": reference, "reason": reason, "now": tx.now}
    return tx.execute(ANSWER_RAIL_PAYMENT, values) == 1


def asked_of_rail(tx: Tx, account: str) -> int:
    """How many movements against an account no rail has answered yet."""
    return int(tx.one(ASKED_OF_RAIL, {"account": account})["many"])
