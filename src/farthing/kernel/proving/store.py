"""SQL of the table ``challenge``; nobody else's. Never decides."""

from __future__ import annotations

from datetime import datetime
from typing import Any, LiteralString

from psycopg.types.json import Jsonb

from farthing.db.tx import Row, Tx

WALL: LiteralString = "SELECT clock_timestamp() AS wall"
INSERT: LiteralString = """
    INSERT INTO challenge (id, purpose, actor_id, about, nonce, challenge, made_at, expires_at)
    VALUES (%(id)s, %(purpose)s, %(actor_id)s, %(about)s, %(nonce)s, %(challenge)s, %(at)s, %(expires_at)s)
"""
FIND: LiteralString = """
    SELECT id, purpose, actor_id, about, nonce, challenge, expires_at, assertion, proved_at, spent_at
    FROM challenge WHERE id = %(id)s
"""
PROVE: LiteralString = """
    UPDATE challenge SET proved_at = %(at)s, assertion = %(assertion)s
    WHERE id = %(id)s AND purpose = 'confirm' AND actor_id = %(actor_id)s AND proved_at IS NULL AND spent_at IS NULL
        AND expires_at > %(at)s
"""
TAKE: LiteralString = """
    UPDATE challenge SET spent_at = %(at)s
    WHERE id = %(id)s AND purpose = 'confirm' AND actor_id = %(actor_id)s AND proved_at IS NOT NULL AND spent_at IS NULL
        AND expires_at > %(at)s
    RETURNING nonce, challenge, assertion
"""
SPEND: LiteralString = """
    UPDATE challenge SET spent_at = %(at)s
    WHERE id = %(id)s AND purpose = %(purpose)s AND actor_id IS NOT DISTINCT FROM %(actor_id)s AND spent_at IS NULL
        AND expires_at > %(at)s
"""
VOID: LiteralString = """
    UPDATE challenge SET spent_at = %(at)s
    WHERE purpose = 'confirm' AND spent_at IS NULL AND expires_at > %(at)s AND assertion ->> 'passkey' = ANY (%(keys)s)
"""
FORGET: LiteralString = "DELETE FROM challenge WHERE expires_at < %(before)s"


def wall(tx: Tx) -> datetime:
    """The database's time: challenges grow old by it, whatever the bank's clock does."""
    at: datetime = tx.one(WALL)["wall"]
    return at


def insert(tx: Tx, values: dict[str, Any]) -> None:
    """Keep a challenge that waits for its answer."""
    tx.execute(INSERT, values)


def find(tx: Tx, challenge_id: str) -> Row | None:
    """One challenge as it stands."""
    return tx.maybe(FIND, {"id": challenge_id})


def prove(tx: Tx, challenge_id: str, actor_id: str, assertion: dict[str, Any], at: datetime) -> bool:
    """Keep the answer of a challenge that waits for one; false where none does."""
    values = {"id": challenge_id, "actor_id": actor_id, "assertion": Jsonb(assertion), "at": at}
    return tx.execute(PROVE, values) == 1


def take(tx: Tx, challenge_id: str, actor_id: str, at: datetime) -> Row | None:
    """Use an answered challenge; none where it was used, is too old, or is somebody else's."""
    return tx.maybe(TAKE, {"id": challenge_id, "actor_id": actor_id, "at": at})


def spend(tx: Tx, challenge_id: str, purpose: str, actor_id: str | None, at: datetime) -> bool:
    """Use a challenge of another purpose; false where it was used, is too old, or is somebody else's."""
    values = {"id": challenge_id, "purpose": purpose, "actor_id": actor_id, "at": at}
    return tx.execute(SPEND, values) == 1


def void(tx: Tx, keys: list[str], at: datetime) -> int:
    """Use up what these passkeys answered and nobody has used yet; answers how many."""
    return tx.execute(VOID, {"keys": keys, "at": at})


def forget(tx: Tx, before: datetime) -> int:
    """Forget challenges that ended before an instant; what they proved stands in the log."""
    return tx.execute(FORGET, {"before": before})
