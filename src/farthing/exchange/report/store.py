"""Read the records of a subject as they stood at a revision, and keep which views were given. Never decides."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, LiteralString

from farthing.db.tx import Row, Tx
from farthing.kit.canonical import canonical

SUBJECT: LiteralString = "SELECT revision FROM exchange_subject WHERE id = %(id)s"
EVENTS: LiteralString = """
    SELECT id, kind, other_id, revision FROM exchange_identity_event
    WHERE subject_id = %(id)s AND revision <= %(revision)s ORDER BY revision, id
"""
LINKS: LiteralString = """
    SELECT kind, value FROM exchange_identity_link WHERE subject_id = %(id)s AND revision <= %(revision)s ORDER BY kind, id
"""
TRADELINES: LiteralString = """
    SELECT id, revision, member_id, reference, class, role, opened_on, currency, original_minor, security, origin
    FROM exchange_tradeline WHERE subject_id = %(id)s AND revision <= %(revision)s ORDER BY id, revision
"""
MONTHS: LiteralString = """
    SELECT tradeline_id, period, revision, limit_minor, balance_minor, due_minor, paid_minor, dpd, status, source_code,
           five_class, first_delinquency_on, closed_on, as_of, supersedes, reason
    FROM exchange_tradeline_month WHERE subject_id = %(id)s AND revision <= %(revision)s ORDER BY tradeline_id, period, revision
"""
PUBLIC: LiteralString = """
    SELECT id, revision, kind, source, filed_on, amount_minor, currency, satisfied_on, withdrawn_on
    FROM exchange_public_record WHERE subject_id = %(id)s AND revision <= %(revision)s ORDER BY id, revision
"""
REVISION_AT: LiteralString = """
    SELECT greatest(
        (SELECT max(revision) FROM exchange_tradeline_month WHERE subject_id = %(id)s AND recorded_at <= %(at)s),
        (SELECT max(revision) FROM exchange_tradeline WHERE subject_id = %(id)s AND recorded_at <= %(at)s),
        (SELECT max(revision) FROM exchange_identity_link WHERE subject_id = %(id)s AND recorded_at <= %(at)s),
        (SELECT max(revision) FROM exchange_identity_event WHERE subject_id = %(id)s AND recorded_at <= %(at)s),
        (SELECT max(revision) FROM exchange_public_record WHERE subject_id = %(id)s AND recorded_at <= %(at)s)
    ) AS revision
"""
KEEP: LiteralString = """
    INSERT INTO exchange_view (subject_id, id, as_of, made_of, format, digest, given_to, recorded_at)
    VALUES (%(subject)s, %(id)s, %(as_of)s, %(made_of)s::jsonb, %(format)s, %(digest)s, %(given_to)s, %(at)s)
"""
VIEW: LiteralString = """
    SELECT subject_id, id, as_of, made_of, format, digest, given_to, recorded_at FROM exchange_view
    WHERE subject_id = %(subject)s AND id = %(id)s
"""


def revision(tx: Tx, subject_id: str) -> int | None:
    """How far the records of a subject stand; none where there are none."""
    row = tx.maybe(SUBJECT, {"id": subject_id})
    return None if row is None else int(row["revision"])


def revision_at(tx: Tx, subject_id: str, at: datetime) -> int:
    """How far the records of a subject stood at an instant; 0 where nothing was recorded yet."""
    return int(tx.one(REVISION_AT, {"id": subject_id, "at": at})["revision"] or 0)


def records(tx: Tx, subject_id: str, until: int) -> dict[str, list[Row]]:
    """What was recorded of a subject up to a revision, by kind."""
    given = {"id": subject_id, "revision": until}
    found = {"links": LINKS, "tradelines": TRADELINES, "months": MONTHS, "public_records": PUBLIC, "events": EVENTS}
    return {name: tx.rows(statement, given) for name, statement in found.items()}


def keep(
    tx: Tx,
    subject_id: str,
    view_id: str,
    as_of: date,
    made_of: Mapping[str, Any],
    form: int,
    digest: bytes,
    given_to: str,
) -> None:
    """Keep that a view was given, and of what it was made."""
    given = {
        "subject": subject_id, "id": view_id, "as_of": as_of, "made_of": canonical(made_of).decode(), "format": form,
        "digest": digest, "given_to": given_to, "at": tx.now,
    }  # fmt: skip
    tx.execute(KEEP, given)


def view(tx: Tx, subject_id: str, view_id: str) -> Row | None:
    """A view that was given."""
    row = tx.maybe(VIEW, {"subject": subject_id, "id": view_id})
    if row is not None and isinstance(row["made_of"], str):
        row["made_of"] = json.loads(row["made_of"])
    return row
