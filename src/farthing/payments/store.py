"""Read and write ``wallet``, ``rail_payment`` and ``rail_total``, which keeps what movements come to. Never decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
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
                              recorded_at, send_on)
    SELECT id, nullif(party_id, ''), direction, currency, amount_minor, outside_account, rail, account, 'asked',
           recorded_at, nullif(send_on, '')::date
    FROM unnest(%(ids)s::text[], %(parties)s::text[], %(directions)s::text[], %(currencies)s::text[],
                %(amounts)s::bigint[], %(outside_accounts)s::text[], %(rails)s::text[], %(accounts)s::text[],
                %(recorded)s::timestamptz[], %(send_on)s::text[])
         AS new (id, party_id, direction, currency, amount_minor, outside_account, rail, account, recorded_at, send_on)
"""
FIND_RAIL_PAYMENTS: LiteralString = """
    SELECT id, party_id, direction, currency, amount_minor, outside_account, rail, reference, recorded_at, state, reason,
           reason_code, returned_minor, attention, send_on, account
    FROM rail_payment WHERE id = ANY(%(ids)s::text[])
"""
LIST_RAIL_PAYMENTS: LiteralString = """
    SELECT id, party_id, direction, currency, amount_minor, outside_account, rail, reference, recorded_at, state, reason,
           reason_code, returned_minor, attention, send_on
    FROM rail_payment
    WHERE (%(direction)s::text = '' OR direction = %(direction)s::text)
        AND (%(state)s::text = '' OR state = %(state)s::text)
        AND (%(before_at)s::timestamptz IS NULL OR (recorded_at, id) < (%(before_at)s::timestamptz, %(before)s::text))
    ORDER BY recorded_at DESC, id DESC LIMIT %(limit)s
"""
RAIL_TOTALS: LiteralString = """
    SELECT direction, state, currency, sum(payments)::bigint AS payments, sum(amount_minor)::text AS amount
    FROM rail_total GROUP BY direction, state, currency ORDER BY direction, state, currency
"""
SUM_RAIL_PAYMENTS: LiteralString = """
    SELECT direction, state, currency, count(*) AS payments, sum(amount_minor)::text AS amount
    FROM rail_payment GROUP BY direction, state, currency ORDER BY direction, state, currency
"""
MOVE_TOTALS: LiteralString = """
    INSERT INTO rail_total (id, direction, state, currency, payments, amount_minor)
    SELECT %(id)s, direction, state, currency, payments, amount::numeric
    FROM unnest(%(directions)s::text[], %(states)s::text[], %(currencies)s::text[], %(payments)s::bigint[],
                %(amounts)s::text[]) AS new (direction, state, currency, payments, amount)
"""
FOLDS = "00"
"""How the id ends of a movement with which the totals are folded: about one in a thousand."""
TAKE_TOTALS: LiteralString = """
    DELETE FROM rail_total WHERE id <> 'laid'
    RETURNING id, direction, state, currency, payments, amount_minor::text AS amount
"""
MOVE_ON: LiteralString = """
    UPDATE rail_payment AS p SET state = n.state, reference = n.reference, reason = n.reason, reason_code = n.reason_code,
        returned_minor = n.returned_minor, attention = n.attention,
        answered_at = CASE WHEN n.state IN ('asked', 'unknown') THEN p.answered_at ELSE coalesce(p.answered_at, %(now)s) END
    FROM unnest(%(ids)s::text[], %(befores)s::text[], %(returned_before)s::bigint[], %(states)s::text[],
                %(references)s::text[], %(reasons)s::text[], %(reason_codes)s::text[], %(returned)s::bigint[],
                %(attentions)s::text[])
         AS n (id, before, returned_before, state, reference, reason, reason_code, returned_minor, attention)
    WHERE p.id = n.id AND p.state = n.before AND p.returned_minor = n.returned_before
"""
ASKED_OF_RAIL: LiteralString = """
    SELECT count(*) AS many FROM rail_payment
    WHERE account = %(account)s AND state IN ('asked', 'unknown', 'accepted')
"""
STUCK: LiteralString = """
    SELECT id, party_id, direction, currency, amount_minor, outside_account, rail, reference, recorded_at, state, reason,
           reason_code, returned_minor, attention, send_on
    FROM rail_payment
    WHERE attention <> '' OR (state = 'asked' AND recorded_at < %(asked)s AND (send_on IS NULL OR send_on < %(today)s))
        OR (state = 'unknown' AND recorded_at < %(unknown)s) OR (state = 'accepted' AND recorded_at < %(accepted)s)
    ORDER BY recorded_at, id LIMIT %(limit)s
"""
IN_TRANSIT: LiteralString = """
    SELECT rail, currency, sum(amount_minor)::text AS amount FROM rail_payment
    WHERE direction = 'out' AND state = 'accepted' GROUP BY rail, currency
"""
OPEN_COUNTS: LiteralString = """
    SELECT rail, count(*) AS many FROM rail_payment WHERE state IN ('asked', 'unknown', 'accepted') GROUP BY rail
"""
UNDER_WAY: LiteralString = """
    SELECT id, party_id, direction, currency, amount_minor, outside_account, rail, reference, recorded_at, state, reason,
           reason_code, returned_minor, attention, send_on
    FROM rail_payment
    WHERE party_id = %(party_id)s AND state IN ('asked', 'unknown', 'accepted')
    ORDER BY recorded_at DESC, id DESC LIMIT %(limit)s
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
    """Keep that rails are asked to move money, each against an account; and what all come to."""
    _move_totals(tx, asked[0][0].id, [(payment, 1) for payment, _ in asked])
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
            "send_on": rows.texts([each.send_on.isoformat() if each.send_on else "" for each in payments]),
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
        reason_code=row["reason_code"],
        returned=Money(row["returned_minor"], row["currency"]) if row["returned_minor"] else None,
        attention=row["attention"],
        send_on=row["send_on"],
    )


def rail_payments(tx: Tx, direction: str, state: str, before: RailPayment | None, limit: int) -> list[RailPayment]:
    """Movements through rails of a direction and state, the newest first, from before one of them."""
    wanted = {
        "direction": direction, "state": state, "before": before.id if before else "",
        "before_at": before.recorded_at if before else None, "limit": limit,
    }  # fmt: skip
    return [_rail_payment(row) for row in tx.rows(LIST_RAIL_PAYMENTS, wanted)]


def rail_sums(tx: Tx, direction: str = "", state: str = "") -> list[RailSum]:
    """What they add up to, by direction, state and currency: kept with each, so that asking costs as much however many
    there are. Until the totals are laid (an upgrade that is under way) they are added up."""
    kept = tx.rows(RAIL_TOTALS)
    laid = bool(kept) and kept[0]["direction"] == ""
    return [
        RailSum(row["direction"], row["state"], row["payments"], Money(int(row["amount"]), row["currency"]))
        for row in (kept[1:] if laid else tx.rows(SUM_RAIL_PAYMENTS))
        if row["payments"] and direction in ("", row["direction"]) and state in ("", row["state"])
    ]


def fold_totals(tx: Tx) -> None:
    """Write as one row of each kind what was written beside one another. Two at once are no matter: what one has taken, the
    other does not find."""
    taken, sums = tx.rows(TAKE_TOTALS), dict[_Kind, tuple[int, int]]()
    for row in taken:
        kind = row["direction"], row["state"], row["currency"]
        payments, amount = sums.get(kind, (0, 0))
        sums[kind] = payments + row["payments"], amount + int(row["amount"])
    if sums:
        _write_totals(tx, min(row["id"] for row in taken), sums)


def _move_totals(tx: Tx, change: str, moved: Sequence[tuple[RailPayment, int]]) -> None:
    """Add movements to what those of their kind come to, or take them away (-1)."""
    sums: dict[_Kind, tuple[int, int]] = {}
    for payment, by in moved:
        kind = payment.direction, payment.state, payment.amount.currency
        payments, amount = sums.get(kind, (0, 0))
        sums[kind] = payments + by, amount + by * payment.amount.minor
    _write_totals(tx, change, sums)


_Kind = tuple[str, str, str]
"""Direction, state and currency."""


def _write_totals(tx: Tx, change: str, sums: Mapping[_Kind, tuple[int, int]]) -> None:
    tx.execute(
        MOVE_TOTALS,
        {
            "id": change,
            "directions": rows.texts([direction for direction, _, _ in sums]),
            "states": rows.texts([state for _, state, _ in sums]),
            "currencies": rows.texts([currency for _, _, currency in sums]),
            "payments": rows.int8s([payments for payments, _ in sums.values()]),
            "amounts": rows.texts([str(amount) for _, amount in sums.values()]),
        },
    )


def move_on(tx: Tx, change: str, moved: Sequence[tuple[RailPayment, RailPayment]]) -> int:
    """Keep how movements stand after facts, each as it was and as it is; answers how many still stood as they were. Where
    all did, what all come to is moved as well. ``change`` names these facts and no others."""
    if not moved:
        return 0
    after = [each for _, each in moved]
    done = tx.execute(
        MOVE_ON,
        {
            "now": tx.now,
            "ids": rows.texts([each.id for each in after]),
            "befores": rows.texts([each.state for each, _ in moved]),
            "returned_before": rows.int8s([_returned(each) for each, _ in moved]),
            "states": rows.texts([each.state for each in after]),
            "references": rows.texts([each.reference for each in after]),
            "reasons": rows.texts([each.reason for each in after]),
            "reason_codes": rows.texts([each.reason_code for each in after]),
            "returned": rows.int8s([_returned(each) for each in after]),
            "attentions": rows.texts([each.attention for each in after]),
        },
    )
    changed = [(before, now) for before, now in moved if before.state != now.state]
    if changed and done == len(moved):
        _move_totals(tx, change, [*((each, -1) for each, _ in changed), *((each, 1) for _, each in changed)])
    return done


def _returned(payment: RailPayment) -> int:
    return payment.returned.minor if payment.returned else 0


def asked_of_rail(tx: Tx, account: str) -> int:
    """How many movements against an account no rail has answered yet."""
    return int(tx.one(ASKED_OF_RAIL, {"account": account})["many"])


def stuck(tx: Tx, before: Mapping[str, datetime], limit: int) -> list[RailPayment]:
    """Movements at which somebody must look: open since before an instant for each state (what waits for the day on which it is
    sent is not), or told what cannot be."""
    return [_rail_payment(row) for row in tx.rows(STUCK, {**before, "today": tx.business_date, "limit": limit})]


def under_way(tx: Tx, party_id: str, limit: int) -> list[RailPayment]:
    """A party's movements of which the end is not known, the newest first."""
    return [_rail_payment(row) for row in tx.rows(UNDER_WAY, {"party_id": party_id, "limit": limit})]


def open_counts(tx: Tx) -> dict[str, int]:
    """How many movements of each rail have no end yet."""
    return {row["rail"]: row["many"] for row in tx.rows(OPEN_COUNTS)}


def in_transit(tx: Tx) -> dict[tuple[str, str], int]:
    """What is on its way out by rail and currency: the sum of what was accepted."""
    return {(row["rail"], row["currency"]): int(row["amount"]) for row in tx.rows(IN_TRANSIT)}
