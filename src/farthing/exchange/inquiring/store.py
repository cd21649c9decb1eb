"""Keep and read inquiries, and who was erased. Never decides."""

from __future__ import annotations

from dataclasses import asdict
from typing import LiteralString

from farthing.db.server import Collision
from farthing.db.tx import Tx
from farthing.exchange.inquiring.model import InquirySeen
from farthing.kit.canonical import canonical

ERASED: LiteralString = "SELECT revision FROM exchange_erasure WHERE subject_id = %(subject)s"
ERASE: LiteralString = """
    INSERT INTO exchange_erasure (subject_id, revision, reason, erased_at) VALUES (%(subject)s, %(revision)s, %(reason)s, %(at)s)
    ON CONFLICT (subject_id) DO NOTHING
"""
INSERT: LiteralString = """
    INSERT INTO exchange_inquiry (subject_id, id, member_id, consent_id, purpose, kinds, months, hard, product, law, node, as_of,
                                  revisions, digest, asked_at, position)
    VALUES (%(subject_id)s, %(id)s, %(member_id)s, %(consent_id)s, %(purpose)s, %(kinds)s, %(months)s, %(hard)s, %(product)s,
            %(law)s, %(node)s, %(as_of)s, %(revisions)s::jsonb, %(digest)s, %(asked_at)s, %(position)s)
    ON CONFLICT (subject_id, id) DO NOTHING
"""
INQUIRIES: LiteralString = """
    SELECT subject_id, id, member_id, consent_id, purpose, kinds, months, hard, product, law, node, as_of, revisions, digest,
           asked_at, position
    FROM exchange_inquiry WHERE subject_id = %(subject)s ORDER BY position, id
"""


def erased_at(tx: Tx, subject_id: str) -> int | None:
    """The revision from which nothing of a person is shown; none where she was not erased."""
    row = tx.maybe(ERASED, {"subject": subject_id})
    return None if row is None else int(row["revision"])


def erase(tx: Tx, subject_id: str, at: int, reason: str) -> bool:
    """Show nothing of a person any more; false where that is so already."""
    return tx.execute(ERASE, {"subject": subject_id, "revision": at, "reason": reason, "at": tx.now}) == 1


def insert(tx: Tx, made: InquirySeen) -> None:
    """Keep an inquiry."""
    given = {**asdict(made), "kinds": list(made.kinds), "revisions": canonical(made.revisions).decode()}
    if tx.execute(INSERT, given) != 1:
        raise Collision("the same inquiry was answered meanwhile")


def inquiries(tx: Tx, subject_id: str, before: int | None = None) -> tuple[InquirySeen, ...]:
    """Who asked for a person, herself too, in their order; ``before``: those that stand before a position."""
    found = (
        InquirySeen(**{**row, "kinds": tuple(row["kinds"]), "digest": bytes(row["digest"])})
        for row in tx.rows(INQUIRIES, {"subject": subject_id})
    )
    return tuple(each for each in found if before is None or each.position < before)
