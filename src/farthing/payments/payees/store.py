"""Read and write the tables ``payee`` and ``collect_code``. Never decides."""

from __future__ import annotations

from datetime import datetime
from typing import LiteralString

from farthing.db.tx import Row, Tx
from farthing.kit.money import Money
from farthing.payments.payees.model import CollectCode
from farthing.payments.payees.naming import Named

KEEP_PAYEE: LiteralString = """
    INSERT INTO payee (id, payer, party_id, phone_key, found_at, named, named_why)
    VALUES (%(id)s, %(payer)s, %(party_id)s, %(phone_key)s, %(found_at)s, %(named)s, %(why)s)
    ON CONFLICT (id) DO UPDATE SET found_at = EXCLUDED.found_at, named = EXCLUDED.named, named_why = EXCLUDED.named_why
"""
FIND_PAYEE: LiteralString = """
    SELECT id, payer, party_id, phone_key, found_at, paid_at, named, named_why FROM payee WHERE id = %(id)s
"""
PAID_PAYEE: LiteralString = "UPDATE payee SET paid_at = %(at)s WHERE id = %(id)s"
RECENT_PAYEES: LiteralString = """
    SELECT id, party_id, phone_key FROM payee WHERE payer = %(payer)s AND paid_at IS NOT NULL
    ORDER BY paid_at DESC, id LIMIT %(limit)s
"""
FORGET_PAYEES: LiteralString = """
    DELETE FROM payee WHERE payer = %(payer)s AND paid_at IS NULL AND found_at < %(before)s
"""
_CODE: LiteralString = "SELECT id, party_id, currency, amount_minor, note, made_at FROM collect_code "
FIND_CODE: LiteralString = _CODE + "WHERE id = %(id)s AND withdrawn_at IS NULL"
CODES_OF: LiteralString = (
    _CODE + "WHERE party_id = %(party_id)s AND withdrawn_at IS NULL ORDER BY made_at DESC, id LIMIT %(limit)s"
)
INSERT_CODE: LiteralString = """
    INSERT INTO collect_code (id, party_id, currency, amount_minor, note, made_at)
    VALUES (%(id)s, %(party_id)s, %(currency)s, %(amount_minor)s, %(note)s, %(made_at)s)
"""
WITHDRAW_CODE: LiteralString = """
    UPDATE collect_code SET withdrawn_at = %(at)s WHERE id = %(id)s AND withdrawn_at IS NULL
"""


def keep(tx: Tx, payee_id: str, payer: str, party_id: str, phone_key: bytes, at: datetime, named: Named | None) -> None:
    """Keep that a payer found somebody by a phone, and how the name that was typed compared; the name itself is not kept."""
    values = {
        "id": payee_id, "payer": payer, "party_id": party_id, "phone_key": phone_key, "found_at": at,
        "named": named.outcome if named else None, "why": named.why if named else "",
    }  # fmt: skip
    tx.execute(KEEP_PAYEE, values)


def find(tx: Tx, payee_id: str) -> Row | None:
    """Somebody who was looked up, with whom it is the word of."""
    return tx.maybe(FIND_PAYEE, {"id": payee_id})


def paid(tx: Tx, payee_id: str, at: datetime) -> None:
    """Keep that somebody was paid: she is remembered."""
    tx.execute(PAID_PAYEE, {"id": payee_id, "at": at})


def recent(tx: Tx, payer: str, limit: int) -> list[Row]:
    """Whom a payer paid by a phone, the latest first."""
    return tx.rows(RECENT_PAYEES, {"payer": payer, "limit": limit})


def forget(tx: Tx, payer: str, before: datetime) -> int:
    """Forget whom a payer looked up long ago and never paid; answers how many."""
    return tx.execute(FORGET_PAYEES, {"payer": payer, "before": before})


def code(tx: Tx, code_id: str) -> tuple[CollectCode, str] | None:
    """A code that is good, and whose it is."""
    row = tx.maybe(FIND_CODE, {"id": code_id})
    return None if row is None else (_code(row), str(row["party_id"]))


def codes_of(tx: Tx, party_id: str, limit: int) -> list[CollectCode]:
    """A customer's codes that are good, the newest first."""
    return [_code(row) for row in tx.rows(CODES_OF, {"party_id": party_id, "limit": limit})]


def insert_code(tx: Tx, made: CollectCode, party_id: str) -> None:
    """Keep a new code."""
    values = {
        "id": made.id, "party_id": party_id, "currency": made.amount.currency if made.amount else None,
        "amount_minor": made.amount.minor if made.amount else None, "note": made.note, "made_at": made.made_at,
    }  # fmt: skip
    tx.execute(INSERT_CODE, values)


def withdraw_code(tx: Tx, code_id: str, at: datetime) -> bool:
    """A code is no longer good; false where it was not."""
    return tx.execute(WITHDRAW_CODE, {"id": code_id, "at": at}) == 1


def _code(row: Row) -> CollectCode:
    amount = None if row["amount_minor"] is None else Money(row["amount_minor"], row["currency"])
    return CollectCode(row["id"], amount, row["note"], row["made_at"])
