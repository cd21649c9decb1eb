"""Read and write the tables ``login``, ``login_failure``, ``session`` and ``api_key``. Never sees a password."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString

from farthing.db.tx import Row, Tx
from farthing.identity.model import ApiKey, Login

WALL_TIME: LiteralString = "SELECT now() AS wall"
INSERT_LOGIN: LiteralString = """
    INSERT INTO login (id, actor_id, role, party_id, password_hash, created_at, changed_at)
    VALUES (%(name)s, %(actor_id)s, %(role)s, %(party_id)s, %(password_hash)s, now(), now())
    ON CONFLICT (id) DO NOTHING
"""
FIND_LOGIN: LiteralString = """
    SELECT id, actor_id, role, party_id, password_hash, created_at, disabled_at FROM login WHERE id = %(name)s
"""
FIND_LOGINS_OF: LiteralString = """
    SELECT id, actor_id, role, party_id, password_hash, created_at, disabled_at FROM login
    WHERE actor_id = %(actor_id)s ORDER BY id
"""
SET_HASH: LiteralString = """
    UPDATE login SET password_hash = %(password_hash)s, changed_at = now() WHERE id = %(name)s
"""
DISABLE_LOGIN: LiteralString = """
    UPDATE login SET disabled_at = now() WHERE actor_id = %(actor_id)s AND disabled_at IS NULL
"""
LOCK_FAILURES: LiteralString = """
    INSERT INTO login_failure AS held (id, failures, tried_at) VALUES (%(name)s, 0, now())
    ON CONFLICT (id) DO UPDATE SET tried_at = now()
    RETURNING held.failures, held.locked_until
"""
SET_FAILURES: LiteralString = """
    UPDATE login_failure SET failures = %(failures)s, locked_until = %(locked_until)s WHERE id = %(name)s
"""
INSERT_SESSION: LiteralString = """
    INSERT INTO session (id, login_id, created_at, seen_at) VALUES (%(id)s, %(name)s, now(), now())
"""
FIND_SESSION: LiteralString = """
    SELECT session.created_at, session.seen_at, login.actor_id, login.role, login.party_id
    FROM session JOIN login ON login.id = session.login_id
    WHERE session.id = %(id)s AND session.ended_at IS NULL AND login.disabled_at IS NULL
"""
FIND_SESSIONS: LiteralString = """
    SELECT session.id, session.created_at, session.seen_at, login.actor_id, login.role, login.party_id
    FROM session JOIN login ON login.id = session.login_id
    WHERE session.id = ANY (%(ids)s) AND session.ended_at IS NULL AND login.disabled_at IS NULL
"""
RENEW_SESSION: LiteralString = "UPDATE session SET seen_at = now() WHERE id = %(id)s AND ended_at IS NULL"
END_SESSION: LiteralString = "UPDATE session SET ended_at = now() WHERE id = %(id)s AND ended_at IS NULL"
END_SESSIONS: LiteralString = """
    UPDATE session SET ended_at = now() WHERE login_id = %(name)s AND ended_at IS NULL
"""
INSERT_KEY: LiteralString = """
    INSERT INTO api_key (id, label, actor_id, role, party_id, created_at, created_by, expires_at, secret_sha256)
    VALUES (%(id)s, %(label)s, %(actor_id)s, %(role)s, %(party_id)s, now(), %(created_by)s, %(expires_at)s,
            %(secret_sha256)s)
"""
FIND_KEYS: LiteralString = """
    SELECT id, label, actor_id, role, party_id, expires_at, secret_sha256
    FROM api_key WHERE id = ANY (%(ids)s) AND revoked_at IS NULL
"""
REVOKE_KEY: LiteralString = "UPDATE api_key SET revoked_at = now() WHERE id = %(id)s AND revoked_at IS NULL"
REVOKE_KEYS_OF: LiteralString = """
    UPDATE api_key SET revoked_at = now() WHERE actor_id = %(actor_id)s AND revoked_at IS NULL
"""


def wall_time(tx: Tx) -> datetime:
    """The database's time. Locks and sessions run by it: the bank's clock may stand still or leap a day."""
    wall: datetime = tx.one(WALL_TIME)["wall"]
    return wall


def insert_login(tx: Tx, login: Login, password_hash: str) -> bool:
    """Keep a new login; answers false where the name is taken."""
    values = {
        "name": login.name,
        "actor_id": login.actor_id,
        "role": login.role,
        "party_id": login.party_id,
        "password_hash": password_hash,
    }
    return tx.execute(INSERT_LOGIN, values) == 1


def find_login(tx: Tx, name: str) -> tuple[Login, str] | None:
    """A login and its password hash, or none."""
    row = tx.maybe(FIND_LOGIN, {"name": name})
    return (_login(row), row["password_hash"]) if row else None


def logins_of(tx: Tx, actor_id: str) -> list[tuple[Login, str]]:
    """The logins of an actor with their password hashes."""
    return [(_login(row), row["password_hash"]) for row in tx.rows(FIND_LOGINS_OF, {"actor_id": actor_id})]


def set_password(tx: Tx, name: str, password_hash: str) -> None:
    """Replace a password's hash."""
    tx.execute(SET_HASH, {"name": name, "password_hash": password_hash})


def disable(tx: Tx, actor_id: str) -> int:
    """Disable an actor's logins; answers how many were enabled."""
    return tx.execute(DISABLE_LOGIN, {"actor_id": actor_id})


def lock_failures(tx: Tx, name: str) -> tuple[int, datetime | None]:
    """Lock a name's counter until the transaction ends, so that guesses at one name are made one at a time."""
    row = tx.one(LOCK_FAILURES, {"name": name})
    return int(row["failures"]), row["locked_until"]


def set_failures(tx: Tx, name: str, failures: int, locked_until: datetime | None) -> None:
    """Keep a name's wrong passwords in a row, and its lock."""
    tx.execute(SET_FAILURES, {"name": name, "failures": failures, "locked_until": locked_until})


def insert_session(tx: Tx, token_hash: bytes, name: str) -> None:
    """Keep a new session."""
    tx.execute(INSERT_SESSION, {"id": token_hash, "name": name})


def find_session(tx: Tx, token_hash: bytes) -> Row | None:
    """A session that was not ended, with whose it is; its age is not looked at."""
    return tx.maybe(FIND_SESSION, {"id": token_hash})


def find_sessions(tx: Tx, token_hashes: Sequence[bytes]) -> dict[bytes, Row]:
    """The same for many at once, by token hash."""
    return {bytes(row["id"]): row for row in tx.rows(FIND_SESSIONS, {"ids": list(token_hashes)})}


def renew_session(tx: Tx, token_hash: bytes) -> None:
    """Note that a session is in use."""
    tx.execute(RENEW_SESSION, {"id": token_hash})


def end_session(tx: Tx, token_hash: bytes) -> int:
    """End a session; answers 0 where there was none."""
    return tx.execute(END_SESSION, {"id": token_hash})


def end_sessions(tx: Tx, name: str) -> int:
    """End every session of a login; answers how many."""
    return tx.execute(END_SESSIONS, {"name": name})


def insert_key(tx: Tx, key: ApiKey, secret_hash: bytes) -> None:
    """Keep a new API key."""
    values = {
        "id": key.id,
        "label": key.label,
        "actor_id": key.actor_id,
        "role": key.role,
        "party_id": key.party_id,
        "created_by": tx.actor.id,
        "expires_at": key.expires_at,
        "secret_sha256": secret_hash,
    }
    tx.execute(INSERT_KEY, values)


def find_keys(tx: Tx, key_ids: Sequence[str]) -> dict[str, tuple[ApiKey, bytes]]:
    """Keys that were not revoked, with the hashes of their secrets; their age is not looked at."""
    found = tx.rows(FIND_KEYS, {"ids": list(key_ids)})
    hashes = [bytes(row.pop("secret_sha256")) for row in found]
    return {row["id"]: (ApiKey(**row), hashed) for row, hashed in zip(found, hashes, strict=True)}


def revoke_key(tx: Tx, key_id: str) -> int:
    """Revoke a key; answers 0 where there was none."""
    return tx.execute(REVOKE_KEY, {"id": key_id})


def revoke_keys_of(tx: Tx, actor_id: str) -> int:
    """Revoke every key of an actor; answers how many."""
    return tx.execute(REVOKE_KEYS_OF, {"actor_id": actor_id})


def _login(row: Row) -> Login:
    return Login(row["id"], row["actor_id"], row["role"], row["party_id"], row["created_at"], row["disabled_at"])
