"""Read and write the table ``passkey``. Never sees a private key; there is none here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Row, Tx
from farthing.identity.authenticators.model import Cloned, Credential, Passkey

INSERT: LiteralString = """
    INSERT INTO passkey (id, actor_id, party_id, name, credential, sign_count, made_at)
    VALUES (%(id)s, %(actor_id)s, %(party_id)s, %(name)s, %(credential)s, %(sign_count)s, %(at)s)
    ON CONFLICT (id) DO NOTHING
"""
FIND: LiteralString = """
    SELECT id, actor_id, party_id, credential, sign_count FROM passkey WHERE id = %(id)s AND ended_at IS NULL
"""
HOLD: LiteralString = """
    UPDATE passkey SET used_at = used_at WHERE id = %(id)s AND ended_at IS NULL
    RETURNING id, actor_id, party_id, credential, sign_count
"""
OF_ACTOR: LiteralString = """
    SELECT id, name, made_at, used_at, ended_at, why FROM passkey WHERE actor_id = %(actor_id)s
    ORDER BY ended_at IS NOT NULL, made_at DESC, id LIMIT 100
"""
OPEN: LiteralString = """
    SELECT id, actor_id, party_id, credential, sign_count FROM passkey
    WHERE (actor_id = %(actor_id)s OR party_id = %(party_id)s) AND ended_at IS NULL ORDER BY id
"""
HOLDERS: LiteralString = """
    SELECT DISTINCT party_id FROM passkey WHERE party_id = ANY (%(party_ids)s) AND ended_at IS NULL
"""
USED: LiteralString = "UPDATE passkey SET sign_count = %(sign_count)s, used_at = %(at)s WHERE id = %(id)s"
END: LiteralString = "UPDATE passkey SET ended_at = %(at)s, why = %(why)s WHERE id = %(id)s AND ended_at IS NULL"
END_ALL: LiteralString = """
    UPDATE passkey SET ended_at = %(at)s, why = %(why)s WHERE actor_id = %(actor_id)s AND ended_at IS NULL RETURNING id
"""
FORGET: LiteralString = """
    UPDATE passkey SET name = '', ended_at = coalesce(ended_at, %(at)s), why = coalesce(why, 'removed')
    WHERE actor_id = %(actor_id)s
"""
CLONED: LiteralString = """
    SELECT id AS passkey_id, actor_id, name, ended_at FROM passkey WHERE why = 'cloned'
    ORDER BY ended_at DESC, id LIMIT %(limit)s
"""


def insert(tx: Tx, key: Credential, name: str, at: datetime) -> bool:
    """Keep a new passkey; false where its credential is known already."""
    values = {
        "id": key.id, "actor_id": key.actor_id, "party_id": key.party_id, "name": name, "credential": key.credential,
        "sign_count": key.sign_count, "at": at,
    }  # fmt: skip
    return tx.execute(INSERT, values) == 1


def find(tx: Tx, passkey_id: str) -> Credential | None:
    """A passkey that has not ended."""
    return _credential(tx.maybe(FIND, {"id": passkey_id}))


def hold(tx: Tx, passkey_id: str) -> Credential | None:
    """The same, held until the transaction ends, so that of two uses at once the second sees the counter of the first."""
    return _credential(tx.maybe(HOLD, {"id": passkey_id}))


def of_actor(tx: Tx, actor_id: str) -> list[Passkey]:
    """An actor's passkeys, those that have ended last."""
    return [Passkey(**row) for row in tx.rows(OF_ACTOR, {"actor_id": actor_id})]


def open_of(tx: Tx, actor_id: str, party_id: str | None) -> list[Credential]:
    """The passkeys that confirm for an actor, or for the customer whom it acts for."""
    found = tx.rows(OPEN, {"actor_id": actor_id, "party_id": party_id})
    return [key for key in map(_credential, found) if key is not None]


def holders(tx: Tx, party_ids: Sequence[str]) -> frozenset[str]:
    """Which of these customers have a passkey."""
    return frozenset(row["party_id"] for row in tx.rows(HOLDERS, {"party_ids": rows.texts(party_ids)}))


def used(tx: Tx, passkey_id: str, sign_count: int, at: datetime) -> None:
    """Note that a passkey signed, and its counter."""
    tx.execute(USED, {"id": passkey_id, "sign_count": sign_count, "at": at})


def end(tx: Tx, passkey_id: str, why: str, at: datetime) -> bool:
    """End a passkey; false where it had ended."""
    return tx.execute(END, {"id": passkey_id, "why": why, "at": at}) == 1


def end_all(tx: Tx, actor_id: str, why: str, at: datetime) -> list[str]:
    """End every passkey of an actor; answers which."""
    return [str(row["id"]) for row in tx.rows(END_ALL, {"actor_id": actor_id, "why": why, "at": at})]


def forget(tx: Tx, actor_id: str, at: datetime) -> None:
    """Forget what an actor called its passkeys, and end them."""
    tx.execute(FORGET, {"actor_id": actor_id, "at": at})


def cloned(tx: Tx, limit: int) -> list[Cloned]:
    """Passkeys whose counter went back, the newest first."""
    return [Cloned(**row) for row in tx.rows(CLONED, {"limit": limit})]


def _credential(row: Row | None) -> Credential | None:
    if row is None:
        return None
    return Credential(row["id"], row["actor_id"], row["party_id"], bytes(row["credential"]), int(row["sign_count"]))
