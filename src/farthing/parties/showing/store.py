"""Read and write the table ``shown_code``. Never decides."""

from __future__ import annotations

from datetime import datetime
from typing import LiteralString

from farthing.db.tx import Tx

INSERT_SHOWN: LiteralString = """
    INSERT INTO shown_code (id, party_id, made_at, expires_at)
    VALUES (%(id)s, %(party_id)s, %(made_at)s, %(expires_at)s) ON CONFLICT (id) DO NOTHING
"""
TAKE_SHOWN: LiteralString = """
    DELETE FROM shown_code WHERE id = %(id)s AND expires_at > %(at)s RETURNING party_id
"""
FORGET_SHOWN: LiteralString = "DELETE FROM shown_code WHERE party_id = %(party_id)s OR expires_at <= %(at)s"


def insert(tx: Tx, code_hash: bytes, party_id: str, made_at: datetime, expires_at: datetime) -> bool:
    """Keep a code that is shown; false where somebody else shows the same one."""
    values = {"id": code_hash, "party_id": party_id, "made_at": made_at, "expires_at": expires_at}
    return tx.execute(INSERT_SHOWN, values) == 1


def take(tx: Tx, code_hash: bytes, at: datetime) -> str | None:
    """Whose a code is, and forget it: it is good once."""
    row = tx.maybe(TAKE_SHOWN, {"id": code_hash, "at": at})
    return None if row is None else str(row["party_id"])


def forget(tx: Tx, party_id: str, at: datetime) -> None:
    """Forget what this customer showed before, and whatever is too old."""
    tx.execute(FORGET_SHOWN, {"party_id": party_id, "at": at})
