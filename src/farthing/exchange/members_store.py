"""Read and write members, their keys, and the messages that they sent. Never decides."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, LiteralString

from farthing.db.server import Collision
from farthing.db.tx import Row, Tx
from farthing.exchange.messages import key_id
from farthing.exchange.model import Admit, Member, MemberKey, Received
from farthing.kit import base64url

MEMBER: LiteralString = """
    SELECT id, name, kind, classes, state, why, since, version FROM exchange_member WHERE id = %(id)s
"""
MEMBERS: LiteralString = """
    SELECT id, name, kind, classes, state, why, since, version FROM exchange_member ORDER BY name, id
"""
ADMIT: LiteralString = """
    INSERT INTO exchange_member (id, name, kind, classes, state, why, since, joined_at, version)
    VALUES (%(id)s, %(name)s, %(kind)s, %(classes)s, 'test', '', %(at)s, %(at)s, 1)
    ON CONFLICT (id) DO NOTHING
"""
SET: LiteralString = """
    UPDATE exchange_member
    SET state = %(state)s, classes = %(classes)s, why = %(why)s,
        since = CASE WHEN state = %(state)s THEN since ELSE %(at)s END, version = version + 1
    WHERE id = %(id)s AND version = %(version)s
"""
KEYS: LiteralString = """
    SELECT member_id, key_id, spki, added_at, ended_at FROM exchange_member_key
    WHERE member_id = ANY(%(members)s::text[]) ORDER BY member_id, added_at, key_id
"""
KEY_OF_OTHERS: LiteralString = """
    SELECT member_id FROM exchange_member_key WHERE key_id = %(key_id)s AND member_id <> %(member)s LIMIT 1
"""
ADD_KEY: LiteralString = """
    INSERT INTO exchange_member_key (member_id, key_id, spki, added_at) VALUES (%(member)s, %(key_id)s, %(spki)s, %(at)s)
    ON CONFLICT (member_id, key_id) DO NOTHING
"""
END_KEY: LiteralString = """
    UPDATE exchange_member_key SET ended_at = %(at)s
    WHERE member_id = %(member)s AND key_id = %(key_id)s AND ended_at IS NULL
"""
MESSAGE: LiteralString = "SELECT digest, answer FROM exchange_message WHERE member_id = %(member)s AND id = %(id)s"
KEEP_MESSAGE: LiteralString = """
    INSERT INTO exchange_message (member_id, id, kind, digest, answer, received_at)
    VALUES (%(member)s, %(id)s, %(kind)s, %(digest)s, %(answer)s, %(at)s)
    ON CONFLICT (member_id, id) DO NOTHING
"""


def member(tx: Tx, member_id: str) -> Member | None:
    """A member, if there is one."""
    row = tx.maybe(MEMBER, {"id": member_id})
    return None if row is None else _member(row)


def members(tx: Tx) -> list[Member]:
    """Every member, by name."""
    return [_member(row) for row in tx.rows(MEMBERS)]


def admit(tx: Tx, command: Admit) -> bool:
    """Add a member; false where it is there."""
    given = {"id": command.member_id, "name": command.name, "kind": command.kind, "classes": list(command.classes)}
    return tx.execute(ADMIT, {**given, "at": tx.now}) == 1


def set_member(tx: Tx, found: Member, state: str, classes: Sequence[str], why: str) -> None:
    """Change a member as it was read."""
    given = {"id": found.id, "version": found.version, "state": state, "classes": list(classes), "why": why}
    if tx.execute(SET, {**given, "at": tx.now}) != 1:
        raise Collision("the member was changed meanwhile")


def keys(tx: Tx, member_ids: Sequence[str]) -> list[MemberKey]:
    """Every key that members ever had, oldest first."""
    found = tx.rows(KEYS, {"members": list(member_ids)})
    return [MemberKey(**{**row, "spki": base64url.encode(row["spki"])}) for row in found]


def has_other_owner(tx: Tx, member_id: str, spki: bytes) -> bool:
    """Whether somebody else signs by a key, or did."""
    return bool(tx.rows(KEY_OF_OTHERS, {"key_id": key_id(spki), "member": member_id}))


def add_key(tx: Tx, member_id: str, spki: bytes) -> str:
    """Add a key; answers its name. One that is there stays as it is."""
    name = key_id(spki)
    tx.execute(ADD_KEY, {"member": member_id, "key_id": name, "spki": spki, "at": tx.now})
    return name


def end_key(tx: Tx, member_id: str, name: str) -> bool:
    """End a key; false where none of that name is in use."""
    return tx.execute(END_KEY, {"member": member_id, "key_id": name, "at": tx.now}) == 1


def answered(tx: Tx, received: Received) -> tuple[str, dict[str, Any]] | None:
    """The digest of a message that came before, and what it was answered."""
    row = tx.maybe(MESSAGE, {"member": received.member_id, "id": received.message_id})
    return None if row is None else (bytes(row["digest"]).hex(), json.loads(row["answer"]))


def keep(tx: Tx, received: Received, answer: str) -> None:
    """Keep what a message was answered."""
    given = {"member": received.member_id, "id": received.message_id, "kind": received.kind, "answer": answer}
    if tx.execute(KEEP_MESSAGE, {**given, "digest": bytes.fromhex(received.digest), "at": tx.now}) != 1:
        raise Collision("the same message was taken meanwhile")


def _member(row: Row) -> Member:
    return Member(**{**row, "classes": tuple(row["classes"])})
