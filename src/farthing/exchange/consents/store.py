"""Read and write consents, what happened to them, and persons' keys. Never decides."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, LiteralString

from farthing.db.server import Collision
from farthing.db.tx import Row, Tx
from farthing.exchange.consents.model import Artefact, Event, Kept
from farthing.kernel.operation import decode
from farthing.kit.canonical import canonical

INSERT: LiteralString = """
    INSERT INTO exchange_consent (subject_id, id, recipient, jws, artefact, given_at, paused, revoked_at, version)
    VALUES (%(subject)s, %(id)s, %(recipient)s, %(jws)s, %(artefact)s::jsonb, %(at)s, false, NULL, 1)
    ON CONFLICT (subject_id, id) DO NOTHING
"""
FIND: LiteralString = """
    SELECT subject_id, id, jws, artefact, given_at, paused, revoked_at FROM exchange_consent
    WHERE subject_id = %(subject)s AND id = %(id)s
"""
HOLD: LiteralString = """
    UPDATE exchange_consent SET version = version + 1 WHERE subject_id = %(subject)s AND id = %(id)s
    RETURNING subject_id, id, jws, artefact, given_at, paused, revoked_at
"""
OF_SUBJECT: LiteralString = """
    SELECT subject_id, id, jws, artefact, given_at, paused, revoked_at FROM exchange_consent
    WHERE subject_id = %(subject)s ORDER BY given_at DESC, id DESC LIMIT %(limit)s
"""
SET: LiteralString = """
    UPDATE exchange_consent SET paused = %(paused)s, revoked_at = %(revoked)s, version = version + 1
    WHERE subject_id = %(subject)s AND id = %(id)s AND revoked_at IS NULL
"""
SAY: LiteralString = """
    INSERT INTO exchange_consent_event (subject_id, consent_id, id, kind, at, actor, channel)
    VALUES (%(subject)s, %(consent)s, %(id)s, %(kind)s, %(at)s, %(actor)s, %(channel)s)
    ON CONFLICT (subject_id, consent_id, id) DO NOTHING
"""
EVENTS: LiteralString = """
    SELECT consent_id, kind, at, actor, channel FROM exchange_consent_event
    WHERE subject_id = %(subject)s AND consent_id = ANY(%(ids)s::text[]) ORDER BY consent_id, at, id
"""
ADD_KEY: LiteralString = """
    INSERT INTO exchange_person_key (subject_id, kid, jwk, vouched_by, level, added_at, ended_at)
    VALUES (%(subject)s, %(kid)s, %(jwk)s::jsonb, %(by)s, %(level)s, %(at)s, NULL)
    ON CONFLICT (subject_id, kid) DO NOTHING
"""
KEYS: LiteralString = """
    SELECT kid, jwk, vouched_by, level, added_at, ended_at FROM exchange_person_key
    WHERE subject_id = %(subject)s ORDER BY added_at, kid
"""
END_KEY: LiteralString = """
    UPDATE exchange_person_key SET ended_at = %(at)s WHERE subject_id = %(subject)s AND kid = %(kid)s AND ended_at IS NULL
"""


def insert(tx: Tx, subject_id: str, artefact: Artefact, jws: str) -> bool:
    """Keep a consent; false where one of its id is there."""
    given = {
        "subject": subject_id, "id": artefact.id, "recipient": artefact.recipient, "jws": jws,
        "artefact": canonical(artefact).decode(), "at": tx.now,
    }  # fmt: skip
    return tx.execute(INSERT, given) == 1


def find(tx: Tx, subject_id: str, consent_id: str) -> Kept | None:
    """A consent as it stands."""
    row = tx.maybe(FIND, {"subject": subject_id, "id": consent_id})
    return None if row is None else _kept(row)


def hold(tx: Tx, subject_id: str, consent_id: str) -> Kept | None:
    """The same for whoever uses it in this transaction: a withdrawal comes before or after it, and never between."""
    row = tx.maybe(HOLD, {"subject": subject_id, "id": consent_id})
    return None if row is None else _kept(row)


def of_subject(tx: Tx, subject_id: str, limit: int) -> list[Kept]:
    """A person's consents, the newest first."""
    return [_kept(row) for row in tx.rows(OF_SUBJECT, {"subject": subject_id, "limit": limit})]


def change(tx: Tx, kept: Kept, *, paused: bool, revoke: bool) -> None:
    """Pause, resume or end a consent."""
    given = {
        "subject": kept.subject_id,
        "id": kept.artefact.id,
        "paused": paused,
        "revoked": tx.now if revoke else None,
    }
    if tx.execute(SET, given) != 1:
        raise Collision("the consent was taken back meanwhile")


def say(tx: Tx, subject_id: str, consent_id: str, kind: str, channel: str, event_id: str = "") -> None:
    """Note what happened to a consent."""
    given = {
        "subject": subject_id, "consent": consent_id, "id": event_id or tx.new_id("event"), "kind": kind, "at": tx.now,
        "actor": tx.actor.id, "channel": channel,
    }  # fmt: skip
    tx.execute(SAY, given)


def events(tx: Tx, subject_id: str, consent_ids: Sequence[str]) -> dict[str, list[Event]]:
    """What happened to consents, by consent, in its order."""
    found: dict[str, list[Event]] = {each: [] for each in consent_ids}
    for row in tx.rows(EVENTS, {"subject": subject_id, "ids": list(consent_ids)}):
        found[row["consent_id"]].append(Event(row["kind"], row["at"], row["actor"], row["channel"]))
    return found


def add_key(tx: Tx, subject_id: str, kid: str, jwk: Mapping[str, Any], by: str, level: str) -> bool:
    """Add a key of a person; false where it is there."""
    given = {"subject": subject_id, "kid": kid, "jwk": json.dumps(dict(jwk)), "by": by, "level": level, "at": tx.now}
    return tx.execute(ADD_KEY, given) == 1


def keys(tx: Tx, subject_id: str) -> list[Row]:
    """Every key that a person ever had, oldest first."""
    return tx.rows(KEYS, {"subject": subject_id})


def end_key(tx: Tx, subject_id: str, kid: str) -> bool:
    """End a key; false where none of that name is in use."""
    return tx.execute(END_KEY, {"subject": subject_id, "kid": kid, "at": tx.now}) == 1


def _kept(row: Row) -> Kept:
    artefact: Artefact = decode(Artefact, row["artefact"])
    return Kept(artefact, row["jws"], row["subject_id"], row["given_at"], row["paused"], row["revoked_at"])
