"""Read and write the table ``recovery``. Never decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString

from farthing.db.tx import Row, Tx
from farthing.identity.recovery.model import Recovery

BEGIN: LiteralString = """
    INSERT INTO recovery (id, actor_id, way, state, asked_at, due_at, ends_at, word)
    VALUES (%(id)s, %(actor_id)s, %(way)s, 'waiting', %(asked_at)s, %(due_at)s, %(ends_at)s, %(word)s)
    ON CONFLICT (id) DO UPDATE SET state = 'waiting', asked_at = EXCLUDED.asked_at, due_at = EXCLUDED.due_at,
        ends_at = EXCLUDED.ends_at, word = EXCLUDED.word
"""
HOLD: LiteralString = """
    UPDATE recovery SET state = state WHERE id = ANY (%(ids)s) RETURNING way, state, asked_at, due_at, ends_at
"""
FIND: LiteralString = """
    SELECT way, state, asked_at, due_at, ends_at FROM recovery WHERE id = ANY (%(ids)s) ORDER BY way
"""
SET: LiteralString = "UPDATE recovery SET state = %(state)s WHERE id = %(id)s"
STOP: LiteralString = """
    UPDATE recovery SET state = 'stopped', ends_at = %(until)s
    WHERE id = ANY (%(ids)s) AND state IN ('waiting', 'done') AND ends_at > %(now)s
"""
OF_WORD: LiteralString = """
    SELECT actor_id FROM recovery WHERE word = %(word)s AND state = 'waiting' AND ends_at > %(now)s
"""
FORGET: LiteralString = "DELETE FROM recovery WHERE id = ANY (%(ids)s)"
WAYS = ("code", "counter")


def begin(tx: Tx, actor_id: str, found: Recovery, word: bytes) -> None:
    """Keep a recovery that waits, in the place of an earlier one by the same way."""
    values = {
        "id": _id(actor_id, found.way), "actor_id": actor_id, "way": found.way, "asked_at": found.asked_at,
        "due_at": found.due_at, "ends_at": found.ends_at, "word": word,
    }  # fmt: skip
    tx.execute(BEGIN, values)


def hold(tx: Tx, actor_id: str) -> dict[str, Recovery]:
    """An actor's recoveries by way, held until the transaction ends: whoever stops one meanwhile waits."""
    return _by_way(tx.rows(HOLD, {"ids": _ids(actor_id)}))


def find(tx: Tx, actor_id: str) -> dict[str, Recovery]:
    """The same, only read."""
    return _by_way(tx.rows(FIND, {"ids": _ids(actor_id)}))


def set_state(tx: Tx, actor_id: str, way: str, state: str) -> None:
    """Note what became of one."""
    tx.execute(SET, {"id": _id(actor_id, way), "state": state})


def stop(tx: Tx, actor_id: str, until: datetime) -> int:
    """Stop what waits or could be finished; answers how many."""
    return tx.execute(STOP, {"ids": _ids(actor_id), "now": tx.now, "until": until})


def of_word(tx: Tx, word: bytes) -> str | None:
    """Whose recovery waits that this word stops, or nobody's."""
    row = tx.maybe(OF_WORD, {"word": word, "now": tx.now})
    return None if row is None else str(row["actor_id"])


def forget(tx: Tx, actor_id: str) -> None:
    """An actor is erased."""
    tx.execute(FORGET, {"ids": _ids(actor_id)})


def _id(actor_id: str, way: str) -> str:
    return f"{actor_id} {way}"


def _ids(actor_id: str) -> list[str]:
    return [_id(actor_id, way) for way in WAYS]


def _by_way(found: Sequence[Row]) -> dict[str, Recovery]:
    return {row["way"]: Recovery(**row) for row in found}
