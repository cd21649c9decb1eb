"""Read what is disputed, and count the revision of its person's records up. Never decides."""

from __future__ import annotations

from datetime import date
from typing import LiteralString

from farthing.db.tx import Row, Tx
from farthing.exchange.disputing.model import Given

ITEM: LiteralString = """
    SELECT t.member_id, t.reference, t.role, t.class,
           (SELECT min(m.revision) FROM exchange_tradeline_month AS m
            WHERE m.subject_id = %(subject)s AND m.tradeline_id = %(id)s
              AND (%(period)s::date IS NULL OR m.period = %(period)s::date)) AS first_revision,
           (SELECT max(m.revision) FROM exchange_tradeline_month AS m
            WHERE m.subject_id = %(subject)s AND m.tradeline_id = %(id)s
              AND (%(period)s::date IS NULL OR m.period = %(period)s::date)) AS month_revision
    FROM exchange_tradeline AS t
    WHERE t.subject_id = %(subject)s AND t.id = %(id)s ORDER BY t.revision DESC LIMIT 1
"""
LAST_OF_LINE: LiteralString = """
    SELECT max(revision) AS newest FROM exchange_tradeline WHERE subject_id = %(subject)s AND id = %(id)s
"""
OPEN: LiteralString = """
    INSERT INTO exchange_subject (id, revision, opened_at) VALUES (%(id)s, 1, %(at)s)
    ON CONFLICT (id) DO UPDATE SET revision = exchange_subject.revision + 1
    RETURNING revision
"""
VIEWS: LiteralString = """
    SELECT id, member_id, (revisions ->> %(subject)s)::integer AS revision, kinds, months, as_of
    FROM exchange_inquiry WHERE subject_id = %(subject)s
"""


def item(tx: Tx, subject_id: str, tradeline_id: str, period: date | None) -> Row | None:
    """An account of a person, and at which revision what is disputed of it was changed last."""
    return tx.maybe(ITEM, {"subject": subject_id, "id": tradeline_id, "period": period})


def line_changed(tx: Tx, subject_id: str, tradeline_id: str) -> int | None:
    """At which revision an account's own row was changed last."""
    newest = tx.one(LAST_OF_LINE, {"subject": subject_id, "id": tradeline_id})["newest"]
    return None if newest is None else int(newest)


def next_revision(tx: Tx, subject_id: str) -> int:
    """Count a person's revision up, under her row: what is written next bears it."""
    return int(tx.one(OPEN, {"id": subject_id, "at": tx.now})["revision"])


def views(tx: Tx, subject_id: str) -> list[Given]:
    """Every view that was given of a person: to whom, of which revision, kinds and months."""
    return [
        Given(row["id"], row["member_id"], row["revision"] or 0, tuple(row["kinds"]), row["months"], row["as_of"])
        for row in tx.rows(VIEWS, {"subject": subject_id})
    ]
