"""Read and write notices for members. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, LiteralString

from farthing.db.tx import Row, Tx
from farthing.exchange.disputing.model import NoticeSent
from farthing.kit.canonical import canonical

INSERT: LiteralString = """
    INSERT INTO exchange_notice (member_id, id, subject_id, kind, about, body, made_at, due_on, state, told_at)
    SELECT n.member, n.id, %(subject)s, %(kind)s, %(about)s, %(body)s::jsonb, %(at)s, %(due)s, 'waiting', NULL
    FROM unnest(%(members)s::text[], %(ids)s::text[]) AS n (member, id)
    ON CONFLICT (member_id, id) DO NOTHING
"""
WAITING: LiteralString = """
    SELECT member_id, id, subject_id, kind, about, body, made_at, due_on, state, told_at FROM exchange_notice
    WHERE member_id = %(member)s AND state <> 'told' ORDER BY made_at, id LIMIT %(limit)s
"""
ABOUT: LiteralString = """
    SELECT member_id, id, subject_id, kind, about, body, made_at, due_on, state, told_at FROM exchange_notice
    WHERE about = ANY(%(about)s::text[]) ORDER BY about, member_id
"""
SUBJECT: LiteralString = "SELECT subject_id FROM exchange_notice WHERE member_id = %(member)s AND id = %(id)s"
TOLD: LiteralString = """
    UPDATE exchange_notice SET state = 'told', told_at = %(at)s
    WHERE member_id = %(member)s AND id = ANY(%(ids)s::text[]) AND state <> 'told'
    RETURNING member_id, id, subject_id, kind, about, body, made_at, due_on, state, told_at
"""
UNREACHED: LiteralString = """
    UPDATE exchange_notice SET state = 'unreached' WHERE state = 'waiting' AND due_on < %(on)s
    RETURNING member_id, id, subject_id, kind, about, body, made_at, due_on, state, told_at
"""


def insert(
    tx: Tx, members: Sequence[str], ids: Sequence[str], subject_id: str, kind: str, about: str, body: dict[str, Any],
    due_on: date,
) -> None:  # fmt: skip
    """Keep one notice for each of these members; one that is there stays."""
    given = {
        "members": list(members), "ids": list(ids), "subject": subject_id, "kind": kind, "about": about,
        "body": canonical(body).decode(), "at": tx.now, "due": due_on,
    }  # fmt: skip
    tx.execute(INSERT, given)


def waiting(tx: Tx, member_id: str, limit: int) -> list[NoticeSent]:
    """What a member has not said that it heard, oldest first."""
    return [_notice(row) for row in tx.rows(WAITING, {"member": member_id, "limit": limit})]


def about(tx: Tx, what: Sequence[str]) -> list[NoticeSent]:
    """Every notice about disputes or consents."""
    return [_notice(row) for row in tx.rows(ABOUT, {"about": list(what)})]


def subject(tx: Tx, member_id: str, notice_id: str) -> str | None:
    """Of whom a member's notice is."""
    row = tx.maybe(SUBJECT, {"member": member_id, "id": notice_id})
    return None if row is None else str(row["subject_id"])


def tell(tx: Tx, member_id: str, ids: Sequence[str]) -> list[NoticeSent]:
    """Note that a member heard; answers the notices of which that was not known."""
    return [_notice(row) for row in tx.rows(TOLD, {"member": member_id, "ids": list(ids), "at": tx.now})]


def give_up(tx: Tx, on: date) -> list[NoticeSent]:
    """Note those that nobody fetched in time; they wait on."""
    return [_notice(row) for row in tx.rows(UNREACHED, {"on": on})]


def _notice(row: Row) -> NoticeSent:
    return NoticeSent(**row)
