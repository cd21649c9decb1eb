"""Read and write ``funding_programme``. Never decides."""

from __future__ import annotations

from typing import LiteralString

from farthing.db.tx import Row, Tx
from farthing.funding.programmes.model import Programme

PUT: LiteralString = """
    INSERT INTO funding_programme (id, programme, partner, source, set_at, set_by, ended)
    VALUES (%(id)s, %(programme)s, %(partner)s, %(source)s, %(set_at)s, %(set_by)s, false)
    ON CONFLICT (id) DO UPDATE SET set_at = excluded.set_at, set_by = excluded.set_by, ended = false
"""
END: LiteralString = """
    UPDATE funding_programme SET ended = true WHERE id = %(id)s AND NOT ended
"""
LATEST: LiteralString = """
    SELECT DISTINCT ON (programme) id, programme, partner, source, set_at, set_by, ended FROM funding_programme
    ORDER BY programme, set_at DESC, id
"""

EVERY: LiteralString = """
    SELECT id, programme, partner, source, set_at, set_by, ended FROM funding_programme ORDER BY set_at, id
"""


def every(tx: Tx) -> list[Row]:
    """All versions of all programmes, each in the order in which they were set."""
    return tx.rows(EVERY)


def put(tx: Tx, programme: Programme, source: str) -> None:
    """Put a version in force, or again in force."""
    values = {
        "id": f"{programme.code}@{programme.version}", "programme": programme.code, "partner": programme.partner,
        "source": source, "set_at": tx.now, "set_by": tx.actor.id,
    }  # fmt: skip
    tx.execute(PUT, values)


def end(tx: Tx, version_id: str) -> bool:
    """End a version; false where it had ended."""
    return tx.execute(END, {"id": version_id}) == 1


def latest(tx: Tx) -> list[Row]:
    """The latest version of each programme, by its code."""
    return tx.once("programmes", "", lambda: tx.rows(LATEST))
