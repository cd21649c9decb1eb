"""Read and write ``erasure``: what was asked of somebody's data, and how it stands. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import LiteralString

from farthing.assurance.erasure.model import Erasure
from farthing.db.tx import Row, Tx
from farthing.kit.words import Words

KEEP: LiteralString = """
    INSERT INTO erasure (id, state, reason, asked_on, until_on, law_en, law_zh)
    VALUES (%(party_id)s, %(state)s, %(reason)s, %(on)s, %(until)s, %(en)s, %(zh)s)
    ON CONFLICT (id) DO UPDATE SET state = excluded.state, reason = excluded.reason, asked_on = excluded.asked_on,
        until_on = excluded.until_on, law_en = excluded.law_en, law_zh = excluded.law_zh
"""
DESTROYED: LiteralString = "UPDATE erasure SET destroyed_at = %(at)s WHERE id = %(party_id)s AND destroyed_at IS NULL"
FIND: LiteralString = (
    "SELECT id, state, asked_on, until_on, law_en, law_zh, destroyed_at FROM erasure WHERE id = %(party_id)s"
)
DUE: LiteralString = """
    SELECT id, state, asked_on, until_on, law_en, law_zh, destroyed_at FROM erasure
    WHERE state = 'restricted' AND until_on <= %(on)s AND id > %(after)s ORDER BY id LIMIT %(limit)s
"""
ERASED: LiteralString = "SELECT id FROM erasure WHERE state = 'erased' ORDER BY id"


def keep(tx: Tx, party_id: str, state: str, reason: str, until: date | None, law: Words | None) -> None:
    """Keep what was asked; the last word of one person stands."""
    law_en, law_zh = (None, None) if law is None else (law.en, law.zh)
    values = {"party_id": party_id, "state": state, "reason": reason, "on": tx.business_date, "until": until}
    tx.execute(KEEP, {**values, "en": law_en, "zh": law_zh})


def destroyed(tx: Tx, party_id: str, at: datetime) -> None:
    """The keys are destroyed; the first day stands."""
    tx.execute(DESTROYED, {"party_id": party_id, "at": at})


def find(tx: Tx, party_id: str) -> Erasure | None:
    """What was asked of somebody's data, if anything was."""
    row = tx.maybe(FIND, {"party_id": party_id})
    return _erasure(row) if row else None


def due(tx: Tx, after: str, limit: int) -> list[Erasure]:
    """Restrictions whose day has come, in the order of their people's ids."""
    return [_erasure(row) for row in tx.rows(DUE, {"on": tx.business_date, "after": after, "limit": limit})]


def erased(tx: Tx) -> Sequence[str]:
    """Everybody who was erased."""
    return [str(row["id"]) for row in tx.rows(ERASED)]


def _erasure(row: Row) -> Erasure:
    law = None if row["law_en"] is None else Words(row["law_en"], row["law_zh"])
    return Erasure(row["id"], row["state"], row["asked_on"], row["until_on"], law, row["destroyed_at"])
