"""Read and write ``wallet`` and ``rail_payment``. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.kit.money import Money
from farthing.payments.model import RailPayment, RailSum

INSERT_WALLETS: LiteralString = """
    INSERT INTO wallet (id, party_id, currency, opened_at)
    SELECT id, party_id, currency, %(opened_at)s
    FROM unnest(%(ids)s::text[], %(parties)s::text[], %(currencies)s::text[]) AS new (id, party_id, currency)
    ORDER BY id
    ON CONFLICT (id) DO NOTHING
"""
FIND_WALLETS: LiteralString = "SELECT id FROM wallet WHERE id = ANY(%(ids)s)"
LIST_WALLETS: LiteralString = "SELECT id, currency FROM wallet WHERE party_id = %(party_id)s ORDER BY id"
INSERT_RAIL_PAYMENTS: LiteralString = """
    INSERT INTO rail_payment (id, party_id, direction, currency, amount_minor, outside_account, rail, account, state,
                              recorded_at)
    SELECT id, nullif(party_id, ''), direction, currency, amount_minor, outside_account, rail, account, 'asked',
           recorded_at
    FROM unnest(%(ids)s::text[], %(parties)s::text[], %(directions)s::text[], %(currencies)s::text[],
                %(amounts)s::bigint[], %(outside_accounts)s::text[], %(rails)s::text[], %(accounts)s::text[],
                %(recorded)s::timestamptz[])
         AS new (id, party_id, direction, currency, amount_minor, outside_account, rail, account, recorded_at)
"""
FIND_RAIL_PAYMENTS: LiteralString = """
    SELECT id, party_id, direction, currency, amount_minor, outside_account, rail, reference, recorded_at, state, reason,
           account
    FROM rail_payment WHERE id = ANY(%(ids)s::text[])
"""
LIST_RAIL_PAYMENTS: LiteralString = """
    SELECT id, party_id, direction, currency, amount_minor, outside_account, rail, reference, recorded_at, state, reason
    FROM rail_payment
    WHERE (%(direction)s::text = '' OR direction = %(direction)s::text)
        AND (%(state)s::text = '' OR state = %(state)s::text)
        AND (%(before_at)s::timestamptz IS NULL OR (recorded_at, id) < (%(before_at)s::timestamptz, %(before)s::text))
    ORDER BY recorded_at DESC, id DESC LIMIT %(limit)s
"""
SUM_RAIL_PAYMENTS: LiteralString = """
    SELECT direction, state, currency, count(*) AS payments, sum(amount_minor)::bigint AS amount
    FROM rail_payment
    WHERE (%(direction)s::text = '' OR direction = %(direction)s::text)
        AND (%(state)s::text = '' OR state = %(state)s::text)
    GROUP BY direction, state, currency ORDER BY direction, state, currency
"""
ANSWER_RAIL_PAYMENTS: LiteralString = """
    UPDATE rail_payment AS p SET state = n.state, reference = n.reference, reason = n.reason, answered_at = %(now)s
    FROM unnest(%(ids)s::text[], %(states)s::text[], %(references)s::text[], %(reasons)s::text[])
         AS n (id, state, reference, reason)
    WHERE p.id = n.id AND p.state = 'asked'
"""
ASKED_OF_RAIL: LiteralString = """
    SELECT count(*) AS many FROM rail_payment WHERE account = %(account)s AND state = 'asked'
"""


def insert_wallets(tx: Tx, opened: Sequence[tuple[str, str, str]]) -> None:
    """Keep that wallets exist, each (path, party, currency); one that exists stays as it is."""
    tx.execute(
        INSERT_WALLETS,
        {
            "opened_at": tx.now,
            "ids": rows.texts([path for path, _, _ in opened]),
            "parties": rows.texts([party_id for _, party_id, _ in opened]),
            "currencies": rows.texts([currency for _, _, currency in opened]),
        },
    )


def existing(tx: Tx, paths: Sequence[str]) -> frozenset[str]:
    """Which of these wallets exist: one SELECT for a whole batch."""
    return frozenset(str(row[0]) for row in tx.tuples(FIND_WALLETS, {"ids": rows.texts(paths)}))


def wallets_of(tx: Tx, party_id: str) -> list[tuple[str, str]]:
    """A party's wallets: path and currency."""
    return [(row["id"], row["currency"]) for row in tx.rows(LIST_WALLETS, {"party_id": party_id})]


def insert_rail_payments(tx: Tx, asked: Sequence[tuple[RailPayment, str]]) -> None:
    """Keep that rails are asked to move money, each against an account."""
    payments = [payment for payment, _ in asked]
    tx.execute(
        INSERT_RAIL_PAYMENTS,
        {
            "ids": rows.texts([each.id for each in payments]),
            "parties": rows.texts([each.party_id or "" for each in payments]),
            "directions": rows.texts([each.direction for each in payments]),
            "currencies": rows.texts([each.amount.currency for each in payments]),
            "amounts": rows.int8s([each.amount.minor for each in payments]),
            "outside_accounts": rows.texts([each.outside_account for each in payments]),
            "rails": rows.texts([each.rail for each in payments]),
            "accounts": rows.texts([account for _, account in asked]),
            "recorded": rows.instants([each.recorded_at for each in payments]),
        },
    )


def rail_payment(tx: Tx, payment_id: str) -> tuple[RailPayment, str] | None:
    """A movement through a rail, and the account against our cash there."""
    return rail_movements(tx, [payment_id]).get(payment_id)


def rail_movements(tx: Tx, ids: Sequence[str]) -> dict[str, tuple[RailPayment, str]]:
    """Movements through rails by their ids, those that there are, each with the account against our cash there."""
    found = tx.rows(FIND_RAIL_PAYMENTS, {"ids": rows.texts(ids)})
    return {row["id"]: (_rail_payment(row), row["account"]) for row in found}


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


def rail_payments(tx: Tx, direction: str, state: str, before: RailPayment | None, limit: int) -> list[RailPayment]:
    """Movements through rails of a direction and state, the newest first, from before one of them."""
    wanted = {
        "direction": direction, "state": state, "before": before.id if before else "",
        "before_at": before.recorded_at if before else None, "limit": limit,
    }  # fmt: skip
    return [_rail_payment(row) for row in tx.rows(LIST_RAIL_PAYMENTS, wanted)]


def rail_sums(tx: Tx, direction: str, state: str) -> list[RailSum]:
    """What they add up to, by direction, state and currency."""
    return [
        RailSum(row["direction"], row["state"], row["payments"], Money(row["amount"], row["currency"]))
        for row in tx.rows(SUM_RAIL_PAYMENTS, {"direction": direction, "state": state})
    ]


def answer_rail_payments(tx: Tx, ended: Sequence[RailPayment]) -> int:
    """Keep how movements ended; answers how many had not ended before."""
    return tx.execute(
        ANSWER_RAIL_PAYMENTS,
        {
            "now": tx.now,
            "ids": rows.texts([each.id for each in ended]),
            "states": rows.texts([each.state for each in ended]),
            "references": rows.texts([each.reference for each in ended]),
            "reasons": rows.texts([each.reason for each in ended]),
        },
    )


def asked_of_rail(tx: Tx, account: str) -> int:
    """How many movements against an account no rail has answered yet."""
    return int(tx.one(ASKED_OF_RAIL, {"account": account})["many"])
