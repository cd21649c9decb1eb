"""Read and write ``merchant``, ``merchant_contract``, ``merchant_till``, ``merchant_cashier`` and ``pay_code``. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.kit.money import Money
from farthing.payments.merchants.model import Fee, Merchant, MerchantTerms, PayTill
from farthing.payments.merchants.rules import Code

INSERT_MERCHANT: LiteralString = """
    INSERT INTO merchant (id, party_id, name, local_name, city, category, currency, opened_at)
    VALUES (%(id)s, %(party_id)s, %(name)s, %(local_name)s, %(city)s, %(category)s, %(currency)s, %(opened_at)s)
"""
PUT_CONTRACT: LiteralString = """
    INSERT INTO merchant_contract (merchant_id, from_on, fee_rate, fee_by, fee_earned, fee_returned, settles, agreed_at)
    VALUES (%(merchant_id)s, %(from_on)s, %(fee_rate)s, %(fee_by)s, %(fee_earned)s, %(fee_returned)s, %(settles)s, %(at)s)
    ON CONFLICT (merchant_id, from_on) DO UPDATE SET
        fee_rate = excluded.fee_rate, fee_by = excluded.fee_by, fee_earned = excluded.fee_earned,
        fee_returned = excluded.fee_returned, settles = excluded.settles, agreed_at = excluded.agreed_at
"""
"""A day has one contract: what was agreed last for a day to come."""
CONTRACTS: LiteralString = """
    SELECT merchant_id, from_on, fee_rate, fee_by, fee_earned, fee_returned, settles FROM merchant_contract
    WHERE merchant_id = ANY(%(ids)s::text[]) ORDER BY merchant_id, from_on
"""
FIND_MERCHANTS: LiteralString = """
    SELECT DISTINCT ON (m.id) m.id, m.party_id, m.name, m.local_name, m.city, m.category, m.currency, c.fee_rate, c.fee_by,
           c.fee_earned, c.fee_returned, c.settles, m.opened_at, c.from_on, m.ended_on
    FROM merchant AS m JOIN merchant_contract AS c ON c.merchant_id = m.id
    WHERE m.id = ANY(%(ids)s::text[]) AND c.from_on <= %(on)s
    ORDER BY m.id, c.from_on DESC
"""
END: LiteralString = "UPDATE merchant SET ended_on = %(on)s WHERE id = %(id)s AND ended_on IS NULL"
PAGE: LiteralString = """
    SELECT id FROM merchant WHERE id > %(after)s AND (%(q)s::text = '' OR strpos(lower(name || ' ' || local_name), %(q)s) > 0
                                                      OR id = %(q)s OR party_id = %(q)s)
    ORDER BY id LIMIT %(limit)s
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
    SELECT id, merchant_id, till_id, party_id, currency, amount_minor, note, key, made_at, expires_at, used_at,
           withdrawn_at
    FROM pay_code WHERE id = ANY(%(ids)s::text[])
"""
STATIC_CODE: LiteralString = """
    SELECT id, merchant_id, till_id, party_id, currency, amount_minor, note, key, made_at, expires_at, used_at,
           withdrawn_at
    FROM pay_code WHERE till_id = %(till_id)s AND expires_at IS NULL AND withdrawn_at IS NULL ORDER BY id LIMIT 1
"""
STATIC_CODES: LiteralString = """
    SELECT till_id FROM pay_code
    WHERE till_id = ANY(%(till_ids)s::text[]) AND expires_at IS NULL AND withdrawn_at IS NULL AND party_id = ''
"""
WITHDRAW: LiteralString = """
    UPDATE pay_code SET withdrawn_at = %(at)s WHERE id = %(id)s AND withdrawn_at IS NULL
"""
USE_CODES: LiteralString = """
    UPDATE pay_code SET used_at = %(at)s WHERE id = ANY(%(ids)s::text[]) AND used_at IS NULL
"""


def insert(tx: Tx, made: Merchant) -> None:
    """Keep a new merchant."""
    values = {
        "id": made.id, "party_id": made.party_id, "name": made.name, "local_name": made.local_name, "city": made.city,
        "category": made.category, "currency": made.currency, "opened_at": made.opened_at,
    }  # fmt: skip
    tx.execute(INSERT_MERCHANT, values)
    put_contract(tx, made.id, MerchantTerms(made.contract_on, made.fee, made.settles))


def put_contract(tx: Tx, merchant_id: str, agreed: MerchantTerms) -> None:
    """Keep a contract from a day on, in place of one that was agreed for the same day."""
    values = {
        "merchant_id": merchant_id, "from_on": agreed.from_on, "fee_rate": agreed.fee.rate, "fee_by": agreed.fee.by,
        "fee_earned": agreed.fee.earned, "fee_returned": agreed.fee.returned, "settles": agreed.settles, "at": tx.now,
    }  # fmt: skip
    tx.execute(PUT_CONTRACT, values)


def contracts(tx: Tx, merchant_ids: Sequence[str]) -> dict[str, dict[date, MerchantTerms]]:
    """Every contract of merchants, by the day from which it holds, the first one first."""
    found: dict[str, dict[date, MerchantTerms]] = {}
    for row in tx.rows(CONTRACTS, {"ids": rows.texts(merchant_ids)}):
        found.setdefault(row["merchant_id"], {})[row["from_on"]] = MerchantTerms(
            row["from_on"], _fee(row), row["settles"]
        )
    return found


def end(tx: Tx, merchant_id: str, on: date) -> bool:
    """Keep that a merchant takes no more money; false where he did not before."""
    return tx.execute(END, {"id": merchant_id, "on": on}) == 1


def page(tx: Tx, q: str, after: str, limit: int) -> list[str]:
    """Merchants by id; of those whose name, id or owner is looked for."""
    return [str(row[0]) for row in tx.tuples(PAGE, {"q": q, "after": after, "limit": limit})]


def merchants(tx: Tx, ids: Sequence[str]) -> dict[str, Merchant]:
    """Merchants by their ids, those that there are, with the contract of the business day."""
    asked = {"ids": rows.texts(ids), "on": tx.business_date}
    return {row["id"]: _merchant(row) for row in tx.rows(FIND_MERCHANTS, asked)}


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


def with_static_code(tx: Tx, till_ids: Sequence[str]) -> frozenset[str]:
    """Which of these tills have a code that they show again and again."""
    return frozenset(str(row[0]) for row in tx.tuples(STATIC_CODES, {"till_ids": rows.texts(till_ids)}))


def withdraw(tx: Tx, code_id: str, at: datetime) -> bool:
    """Keep that a code is no longer good; false where it was not before."""
    return tx.execute(WITHDRAW, {"id": code_id, "at": at}) == 1


def use_codes(tx: Tx, ids: Sequence[str], at: datetime) -> int:
    """Keep that codes were paid; answers how many were not before."""
    return tx.execute(USE_CODES, {"ids": rows.texts(ids), "at": at})


def _fee(row: Row) -> Fee:
    return Fee(row["fee_rate"], row["fee_by"], row["fee_earned"], row["fee_returned"])


def _merchant(row: Row) -> Merchant:
    return Merchant(
        row["id"], row["party_id"], row["name"], row["local_name"], row["city"], row["category"], row["currency"], _fee(row),
        row["settles"], row["opened_at"], row["from_on"], row["ended_on"],
    )  # fmt: skip


def _code(row: Row) -> Code:
    amount = None if row["amount_minor"] is None else Money(row["amount_minor"], row["currency"])
    return Code(
        row["id"], row["merchant_id"], row["till_id"], row["party_id"], amount, row["note"], bytes(row["key"]), row["made_at"],
        row["expires_at"], row["used_at"], row["withdrawn_at"],
    )  # fmt: skip
