"""Read and write ``merchant_payment``, ``merchant_refund`` and ``merchant_settlement``. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.kit.money import Money
from farthing.payments.merchants.model import CodePaid, MerchantPayout, Refunded
from farthing.payments.merchants.refunding import Due, Share, Taken
from farthing.payments.merchants.rules import Wanted, kept

INSERT_PAYMENTS: LiteralString = """
    INSERT INTO merchant_payment (merchant_id, id, till_id, code_id, payer, currency, amount_minor, fee_minor, refunded_minor,
                                  fee_returned_minor, held_minor, taken_at, taken_on, due_on, contract_on)
    SELECT merchant_id, id, till_id, code_id, payer, currency, amount_minor, fee_minor, 0, 0, held_minor, %(at)s, %(on)s,
           %(due_on)s, contract_on
    FROM unnest(%(merchants)s::text[], %(ids)s::text[], %(tills)s::text[], %(codes)s::text[], %(payers)s::text[],
                %(currencies)s::text[], %(amounts)s::bigint[], %(fees)s::bigint[], %(held)s::bigint[],
                %(contracts)s::date[])
         AS new (merchant_id, id, till_id, code_id, payer, currency, amount_minor, fee_minor, held_minor, contract_on)
"""
TAKE_BACK: LiteralString = """
    UPDATE merchant_payment SET refunded_minor = refunded_minor + %(minor)s
    WHERE merchant_id = %(merchant_id)s AND id = %(id)s AND refunded_minor + disputed_minor + %(minor)s <= amount_minor
    RETURNING id, payer, currency, amount_minor, fee_minor, refunded_minor, fee_returned_minor, held_minor, settlement_id,
              contract_on, disputed_minor
"""
"""The one row that whoever gives back of a payment writes first: two at once wait for each other here."""
FIND_PAYMENT: LiteralString = """
    SELECT id, payer, currency, amount_minor, fee_minor, refunded_minor, fee_returned_minor, held_minor, settlement_id,
           contract_on, disputed_minor
    FROM merchant_payment WHERE merchant_id = %(merchant_id)s AND id = %(id)s
"""
DISPUTE: LiteralString = """
    UPDATE merchant_payment SET disputed_minor = disputed_minor + %(minor)s
    WHERE merchant_id = %(merchant_id)s AND id = %(id)s AND refunded_minor + disputed_minor + %(minor)s <= amount_minor
"""
UNDISPUTE: LiteralString = """
    UPDATE merchant_payment AS p SET disputed_minor = p.disputed_minor - n.minor
    FROM unnest(%(merchants)s::text[], %(ids)s::text[], %(minors)s::bigint[]) AS n (merchant_id, id, minor)
    WHERE p.merchant_id = n.merchant_id AND p.id = n.id
"""
KEEP_SHARES: LiteralString = """
    UPDATE merchant_payment SET fee_returned_minor = fee_returned_minor + %(fee)s, held_minor = held_minor - %(escrow)s
    WHERE merchant_id = %(merchant_id)s AND id = %(id)s
"""
INSERT_REFUND: LiteralString = """
    INSERT INTO merchant_refund (merchant_id, id, payment_id, amount_minor, fee_minor, reason, refunded_by, refunded_at,
                                 refunded_on, escrow_minor, settled)
    VALUES (%(merchant_id)s, %(id)s, %(payment_id)s, %(amount)s, %(fee)s, %(reason)s, %(by)s, %(at)s, %(on)s, %(escrow)s,
            %(settled)s)
"""
TAKEN_ON: LiteralString = """
    SELECT id, till_id, payer, currency, amount_minor, fee_minor, refunded_minor, taken_at, due_on, settlement_id
    FROM merchant_payment
    WHERE merchant_id = %(merchant_id)s AND taken_on = %(on)s AND (%(before)s::text = '' OR id < %(before)s::text)
    ORDER BY id DESC LIMIT %(limit)s
"""
SUM_ON: LiteralString = """
    SELECT count(*) AS many, coalesce(sum(amount_minor), 0)::bigint AS amount,
           coalesce(sum(refunded_minor), 0)::bigint AS refunded,
           coalesce(sum(fee_minor - fee_returned_minor), 0)::bigint AS fee
    FROM merchant_payment WHERE merchant_id = %(merchant_id)s AND taken_on = %(on)s
"""
DUE_MERCHANTS: LiteralString = """
    SELECT DISTINCT merchant_id FROM merchant_payment
    WHERE settlement_id IS NULL AND due_on <= %(on)s AND merchant_id > %(after)s ORDER BY merchant_id LIMIT %(limit)s
"""
SETTLE: LiteralString = """
    UPDATE merchant_payment SET settlement_id = %(id)s
    WHERE merchant_id = ANY(%(merchants)s::text[]) AND settlement_id IS NULL AND due_on <= %(on)s
    RETURNING merchant_id, contract_on, held_minor, fee_minor - fee_returned_minor AS fee_minor
"""
INSERT_SETTLEMENTS: LiteralString = """
    INSERT INTO merchant_settlement (merchant_id, id, settled_on, payments, currency, net_minor, fee_minor)
    SELECT merchant_id, %(id)s, %(on)s, payments, currency, net_minor, fee_minor
    FROM unnest(%(merchants)s::text[], %(payments)s::bigint[], %(currencies)s::text[], %(nets)s::bigint[], %(fees)s::bigint[])
         AS new (merchant_id, payments, currency, net_minor, fee_minor)
"""
LINE: LiteralString = """
    SELECT id, till_id, payer, currency, amount_minor, fee_minor, refunded_minor, taken_at, due_on, settlement_id, contract_on
    FROM merchant_payment WHERE merchant_id = %(merchant_id)s AND id = %(id)s
"""
REFUNDS: LiteralString = """
    SELECT r.id, r.payment_id, r.amount_minor, r.fee_minor, r.reason, r.refunded_at, p.currency, p.contract_on
    FROM merchant_refund AS r JOIN merchant_payment AS p ON p.merchant_id = r.merchant_id AND p.id = r.payment_id
    WHERE r.merchant_id = %(merchant_id)s AND (%(payment_id)s::text = '' OR r.payment_id = %(payment_id)s::text)
        AND (%(before)s::text = '' OR r.id < %(before)s::text)
    ORDER BY r.id DESC LIMIT %(limit)s
"""
REFUNDED_BY: LiteralString = "SELECT id, merchant_id, payment_id FROM merchant_refund WHERE id = ANY(%(ids)s::text[])"
SUMS_ON: LiteralString = """
    SELECT merchant_id, count(*) AS many, sum(amount_minor)::bigint AS amount FROM merchant_payment
    WHERE merchant_id = ANY(%(ids)s::text[]) AND taken_on = %(on)s GROUP BY merchant_id
"""
SETTLEMENTS: LiteralString = """
    SELECT id, settled_on, payments, currency, net_minor, fee_minor FROM merchant_settlement
    WHERE merchant_id = %(merchant_id)s AND (%(before)s::text = '' OR id < %(before)s::text) ORDER BY id DESC LIMIT %(limit)s
"""
SETTLED_BETWEEN: LiteralString = """
    SELECT id, settled_on, payments, currency, net_minor, fee_minor FROM merchant_settlement
    WHERE merchant_id = %(merchant_id)s AND settled_on BETWEEN %(since)s AND %(until)s ORDER BY settled_on, id
"""


def insert(tx: Tx, taken: Sequence[tuple[Wanted, CodePaid]]) -> None:
    """Keep payments of one batch."""
    done = [each for _, each in taken]
    values = {
        "at": tx.now, "on": tx.business_date, "due_on": done[0].due_on,
        "merchants": rows.texts([each.merchant_id for each in done]), "ids": rows.texts([each.id for each in done]),
        "tills": rows.texts([each.till_id for each in done]), "codes": rows.texts([each.code.id for each, _ in taken]),
        "payers": rows.texts([each.payer for each, _ in taken]),
        "currencies": rows.texts([each.amount.currency for each in done]),
        "amounts": rows.int8s([each.amount.minor for each in done]), "fees": rows.int8s([each.fee.minor for each in done]),
        "contracts": rows.dates([wanted.merchant.contract_on for wanted, _ in taken]),
        "held": rows.int8s([kept(wanted.merchant.fee, each.amount, each.fee).minor for wanted, each in taken]),
    }  # fmt: skip
    tx.execute(INSERT_PAYMENTS, values)


def take_back(tx: Tx, merchant_id: str, payment_id: str, amount: Money) -> Taken | None:
    """Count a refund of a payment, whose row is ours until we are done; none where so much is not left, or there is none."""
    row = tx.maybe(TAKE_BACK, {"merchant_id": merchant_id, "id": payment_id, "minor": amount.minor})
    return None if row is None else _taken(row)


def find(tx: Tx, merchant_id: str, payment_id: str) -> Taken | None:
    """A payment as it stands."""
    row = tx.maybe(FIND_PAYMENT, {"merchant_id": merchant_id, "id": payment_id})
    return None if row is None else _taken(row)


def dispute(tx: Tx, merchant_id: str, payment_id: str, amount: Money) -> bool:
    """Set a part of a payment aside that is disputed: it is given back no more. Answers whether so much is left."""
    return tx.execute(DISPUTE, {"merchant_id": merchant_id, "id": payment_id, "minor": amount.minor}) == 1


def undispute(tx: Tx, ended: Sequence[tuple[str, str, Money]]) -> int:
    """Parts of payments, by merchant and payment, are disputed no more."""
    values = {
        "merchants": rows.texts([merchant for merchant, _, _ in ended]), "ids": rows.texts([each for _, each, _ in ended]),
        "minors": rows.int8s([amount.minor for _, _, amount in ended]),
    }  # fmt: skip
    return tx.execute(UNDISPUTE, values)


def keep_refund(tx: Tx, taken: Taken, merchant_id: str, made: Refunded, escrow: Money, reason: str, by: str) -> None:
    """Keep a refund, where it came from, and what it left of its payment."""
    tx.execute(
        KEEP_SHARES,
        {"merchant_id": merchant_id, "id": made.payment_id, "fee": made.fee.minor, "escrow": escrow.minor},
    )
    values = {
        "merchant_id": merchant_id, "id": made.id, "payment_id": made.payment_id, "amount": made.amount.minor,
        "fee": made.fee.minor, "reason": reason, "by": by, "at": made.refunded_at, "on": tx.business_date,
        "escrow": escrow.minor, "settled": taken.settled,
    }  # fmt: skip
    tx.execute(INSERT_REFUND, values)


def taken_on(tx: Tx, merchant_id: str, on: date, before: str, limit: int) -> list[Row]:
    """Payments of a merchant's day, the latest first."""
    return tx.rows(TAKEN_ON, {"merchant_id": merchant_id, "on": on, "before": before, "limit": limit})


def sums_on(tx: Tx, merchant_id: str, on: date) -> Row:
    """What a merchant's day comes to."""
    return tx.one(SUM_ON, {"merchant_id": merchant_id, "on": on})


def due_merchants(tx: Tx, on: date, after: str, limit: int) -> list[str]:
    """Merchants some of whose payments are to be paid out by a day."""
    return [str(row[0]) for row in tx.tuples(DUE_MERCHANTS, {"on": on, "after": after, "limit": limit})]


def settle(tx: Tx, merchant_ids: Sequence[str], settlement_id: str, on: date) -> list[Share]:
    """Mark what is due of merchants as paid out, and answer what it comes to, by merchant and contract."""
    asked = {"id": settlement_id, "merchants": rows.texts(merchant_ids), "on": on}
    sums: dict[tuple[str, date], list[int]] = {}
    for row in tx.rows(SETTLE, asked):
        found = sums.setdefault((row["merchant_id"], row["contract_on"]), [0, 0, 0])
        found[0] += 1
        found[1] += row["held_minor"]
        found[2] += row["fee_minor"]
    return [
        Share(merchant_id, contract_on, *sums[merchant_id, contract_on]) for merchant_id, contract_on in sorted(sums)
    ]


def keep_settlements(tx: Tx, settlement_id: str, on: date, due: Sequence[Due]) -> None:
    """Keep what merchants are paid out."""
    values = {
        "id": settlement_id, "on": on, "merchants": rows.texts([each.merchant_id for each in due]),
        "payments": rows.int8s([each.payments for each in due]), "currencies": rows.texts([each.net.currency for each in due]),
        "nets": rows.int8s([each.net.minor for each in due]), "fees": rows.int8s([each.fee.minor for each in due]),
    }  # fmt: skip
    tx.execute(INSERT_SETTLEMENTS, values)


def settlements(tx: Tx, merchant_id: str, before: str, limit: int) -> list[MerchantPayout]:
    """What a merchant was paid out, the latest first."""
    found = tx.rows(SETTLEMENTS, {"merchant_id": merchant_id, "before": before, "limit": limit})
    return [_payout(row) for row in found]


def settled_between(tx: Tx, merchant_id: str, since: date, until: date) -> list[MerchantPayout]:
    """What a merchant was paid out in a period, in order."""
    found = tx.rows(SETTLED_BETWEEN, {"merchant_id": merchant_id, "since": since, "until": until})
    return [_payout(row) for row in found]


def _payout(row: Row) -> MerchantPayout:
    return MerchantPayout(
        row["id"], row["settled_on"], row["payments"], Money(row["net_minor"], row["currency"]),
        Money(row["fee_minor"], row["currency"]),
    )  # fmt: skip


def line(tx: Tx, merchant_id: str, payment_id: str) -> Row | None:
    """A payment as it is listed."""
    return tx.maybe(LINE, {"merchant_id": merchant_id, "id": payment_id})


def refunds(tx: Tx, merchant_id: str, payment_id: str, before: str, limit: int) -> list[Row]:
    """Refunds of a merchant, the latest first: all, or those of one payment."""
    return tx.rows(REFUNDS, {"merchant_id": merchant_id, "payment_id": payment_id, "before": before, "limit": limit})


def refunded_by(tx: Tx, ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Which merchant gave back which payment by these refunds."""
    return {row[0]: (row[1], row[2]) for row in tx.tuples(REFUNDED_BY, {"ids": rows.texts(ids)})}


def sums_of(tx: Tx, ids: Sequence[str], on: date) -> dict[str, Row]:
    """What merchants' days come to, of those who took anything."""
    return {row["merchant_id"]: row for row in tx.rows(SUMS_ON, {"ids": rows.texts(ids), "on": on})}


def _taken(row: Row) -> Taken:
    def money(name: str) -> Money:
        return Money(row[name], row["currency"])

    return Taken(
        row["id"], row["payer"], money("amount_minor"), money("fee_minor"), money("refunded_minor"), money("fee_returned_minor"),
        money("held_minor"), row["settlement_id"] is not None, row["contract_on"], row["disputed_minor"],
    )  # fmt: skip
