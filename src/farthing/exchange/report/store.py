"""Read the records of a subject as they stood at a revision. Never decides."""

from __future__ import annotations

from datetime import datetime
from typing import LiteralString

from farthing.db.tx import Row, Tx

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
