"""Read and write ``merchant``, ``merchant_till``, ``merchant_cashier`` and ``pay_code``. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.kit.money import Money
from farthing.payments.merchants.model import Fee, Merchant, PayTill
from farthing.payments.merchants.rules import Code

INSERT_MERCHANT: LiteralString = """
    INSERT INTO merchant (id, party_id, name, local_name, city, category, currency, fee_rate, fee_by, fee_earned, fee_returned,
                          settles, opened_at)
    VALUES (%(id)s, %(party_id)s, %(name)s, %(local_name)s, %(city)s, %(category)s, %(currency)s, %(fee_rate)s, %(fee_by)s,
            %(fee_earned)s, %(fee_returned)s, %(settles)s, %(opened_at)s)
"""
FIND_MERCHANTS: LiteralString = """
    SELECT id, party_id, name, local_name, city, category, currency, fee_rate, fee_by, fee_earned, fee_returned, settles,
           opened_at
    FROM merchant WHERE id = ANY(%(ids)s::text[])
"""
MERCHANTS_OF: LiteralString = """
    SELECT id FROM merchant WHERE party_id = %(party_id)s ORDER BY id LIMIT %(limit)s
"""
SERVED_BY: LiteralString = """
    SELECT merchant_id FROM merchant_cashier WHERE party_id = %(party_id)s AND may ORDER BY merchant_id LIMIT %(limit)s
"""
INSERT_TILL: LiteralString = """
    INSERT INTO merchant_till (id, merchant_id, store, name) VALUES (%(id)s, %(merchant_id)s, %(store)s, %(name)s)
"""
FIND_TILLS: LiteralString = "SELECT id, merchant_id, store, name FROM merchant_till WHERE id = ANY(%(ids)s::text[])"
TILLS_OF: LiteralString = """
    SELECT id, merchant_id, store, name FROM merchant_till WHERE merchant_id = %(merchant_id)s ORDER BY id LIMIT %(limit)s
"""
SET_CASHIER: LiteralString = """
    INSERT INTO merchant_cashier (merchant_id, party_id, may) VALUES (%(merchant_id)s, %(party_id)s, %(may)s)
    ON CONFLICT (merchant_id, party_id) DO UPDATE SET may = excluded.may
"""
CASHIERS: LiteralString = """
    SELECT merchant_id, party_id FROM merchant_cashier WHERE merchant_id = ANY(%(ids)s::text[]) AND may
"""
INSERT_CODE: LiteralString = """
    INSERT INTO pay_code (id, merchant_id, till_id, party_id, currency, amount_minor, note, key, made_at, expires_at)
    VALUES (%(id)s, %(merchant_id)s, %(till_id)s, %(party_id)s, %(currency)s, %(amount)s, %(note)s, %(key)s, %(made_at)s,
            %(expires_at)s)
"""
FIND_CODES: LiteralString = """
    SELECT id, merchant_id, till_id, party_id, currency, amount_minor, note, key, made_at, expires_at, used_at
    FROM pay_code WHERE id = ANY(%(ids)s::text[])
"""
STATIC_CODE: LiteralString = """
    SELECT id, merchant_id, till_id, party_id, currency, amount_minor, note, key, made_at, expires_at, used_at
    FROM pay_code WHERE till_id = %(till_id)s AND expires_at IS NULL ORDER BY id LIMIT 1
"""
USE_CODES: LiteralString = """
    UPDATE pay_code SET used_at = %(at)s WHERE id = ANY(%(ids)s::text[]) AND used_at IS NULL
"""


def insert(tx: Tx, made: Merchant) -> None:
    """Keep a new merchant."""
    values = {
        "id": made.id, "party_id": made.party_id, "name": made.name, "local_name": made.local_name, "city": made.city,
        "category": made.category, "currency": made.currency, "fee_rate": made.fee.rate, "fee_by": made.fee.by,
        "fee_earned": made.fee.earned, "fee_returned": made.fee.returned, "settles": made.settles, "opened_at": made.opened_at,
    }  # fmt: skip
    tx.execute(INSERT_MERCHANT, values)


def merchants(tx: Tx, ids: Sequence[str]) -> dict[str, Merchant]:
    """Merchants by their ids, those that there are."""
    return {row["id"]: _merchant(row) for row in tx.rows(FIND_MERCHANTS, {"ids": rows.texts(ids)})}


def of_party(tx: Tx, party_id: str, limit: int) -> list[Merchant]:
    """The merchants that somebody is, or takes money for."""
    asked = {"party_id": party_id, "limit": limit}
    ids = {str(row[0]) for sql in (MERCHANTS_OF, SERVED_BY) for row in tx.tuples(sql, asked)}
    found = merchants(tx, sorted(ids))
    return [found[each] for each in sorted(found)]


def insert_till(tx: Tx, made: PayTill) -> None:
    """Keep a new till."""
    tx.execute(INSERT_TILL, {"id": made.id, "merchant_id": made.merchant_id, "store": made.store, "name": made.name})


def tills(tx: Tx, ids: Sequence[str]) -> dict[str, PayTill]:
    """Tills by their ids, those that there are."""
    return {row["id"]: PayTill(**row) for row in tx.rows(FIND_TILLS, {"ids": rows.texts(ids)})}


def tills_of(tx: Tx, merchant_id: str, limit: int) -> list[PayTill]:
    """A merchant's tills."""
    return [PayTill(**row) for row in tx.rows(TILLS_OF, {"merchant_id": merchant_id, "limit": limit})]


def set_cashier(tx: Tx, merchant_id: str, party_id: str, may: bool) -> None:
    """Keep whether somebody takes money for a merchant."""
    tx.execute(SET_CASHIER, {"merchant_id": merchant_id, "party_id": party_id, "may": may})


def cashiers(tx: Tx, merchant_ids: Sequence[str]) -> frozenset[tuple[str, str]]:
    """Who takes money for these merchants, besides themselves: merchant and party."""
    return frozenset((row[0], row[1]) for row in tx.tuples(CASHIERS, {"ids": rows.texts(merchant_ids)}))


def insert_code(tx: Tx, made: Code) -> None:
    """Keep a new code."""
    values = {
        "id": made.id, "merchant_id": made.merchant_id, "till_id": made.till_id, "party_id": made.party_id, "note": made.note,
        "currency": made.amount.currency if made.amount else None, "amount": made.amount.minor if made.amount else None,
        "key": made.key, "made_at": made.made_at, "expires_at": made.expires_at,
    }  # fmt: skip
    tx.execute(INSERT_CODE, values)


def codes(tx: Tx, ids: Sequence[str]) -> dict[str, Code]:
    """Codes by their ids, those that there are."""
    return {row["id"]: _code(row) for row in tx.rows(FIND_CODES, {"ids": rows.texts(ids)})}


def static_code(tx: Tx, till_id: str) -> Code | None:
    """The code that a till shows again and again, if it was made."""
    row = tx.maybe(STATIC_CODE, {"till_id": till_id})
    return None if row is None else _code(row)


def use_codes(tx: Tx, ids: Sequence[str], at: datetime) -> int:
    """Keep that codes were paid; answers how many were not before."""
    return tx.execute(USE_CODES, {"ids": rows.texts(ids), "at": at})


def _merchant(row: Row) -> Merchant:
    fee = Fee(row["fee_rate"], row["fee_by"], row["fee_earned"], row["fee_returned"])
    return Merchant(
        row["id"], row["party_id"], row["name"], row["local_name"], row["city"], row["category"], row["currency"], fee,
        row["settles"], row["opened_at"],
    )  # fmt: skip


def _code(row: Row) -> Code:
    amount = None if row["amount_minor"] is None else Money(row["amount_minor"], row["currency"])
    return Code(
        row["id"], row["merchant_id"], row["till_id"], row["party_id"], amount, row["note"], bytes(row["key"]), row["made_at"],
        row["expires_at"], row["used_at"],
    )  # fmt: skip
