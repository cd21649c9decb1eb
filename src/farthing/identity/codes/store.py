"""Read and write the tables ``login_code`` and ``recovery_code``. Never sees a seed that is not sealed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString

from farthing.db.tx import Row, Tx

BEGIN: LiteralString = """
    INSERT INTO login_code AS kept (id, seed, made_at, last_step) VALUES (%(id)s, %(seed)s, %(at)s, 0)
    ON CONFLICT (id) DO UPDATE SET seed = EXCLUDED.seed, made_at = EXCLUDED.made_at, tries = 0 WHERE kept.kept_at IS NULL
"""
HOLD: LiteralString = """
    UPDATE login_code SET last_step = last_step WHERE id = %(id)s RETURNING seed, kept_at, last_step, made_at, tries
"""
FIND: LiteralString = "SELECT kept_at FROM login_code WHERE id = %(id)s"
USED: LiteralString = """
    UPDATE login_code SET last_step = %(step)s, kept_at = coalesce(kept_at, %(at)s) WHERE id = %(id)s
"""
TRIED: LiteralString = "UPDATE login_code SET tries = tries + 1 WHERE id = %(id)s"
END: LiteralString = "DELETE FROM login_code WHERE id = %(id)s"
KEEP_RECOVERY: LiteralString = """
    INSERT INTO recovery_code (id, actor_id, made_at) SELECT each, %(actor_id)s, %(at)s FROM unnest(%(ids)s::bytea[]) AS each
"""
USE_RECOVERY: LiteralString = """
    UPDATE recovery_code SET used_at = %(at)s WHERE id = %(id)s AND actor_id = %(actor_id)s AND used_at IS NULL
"""
LEFT: LiteralString = "SELECT count(*) AS left FROM recovery_code WHERE actor_id = %(actor_id)s AND used_at IS NULL"
END_RECOVERY: LiteralString = "DELETE FROM recovery_code WHERE actor_id = %(actor_id)s"

OTHERWISE: LiteralString = """
    SELECT id, seed FROM login_code WHERE substring(seed FOR length(%(head)s::bytea)) <> %(head)s ORDER BY id LIMIT %(limit)s
"""
ANEW: LiteralString = """
    UPDATE login_code AS kept SET seed = new.seed_anew
    FROM unnest(%(ids)s::text[], %(seed)s::bytea[], %(seed_anew)s::bytea[]) AS new (id, seed, seed_anew)
    WHERE kept.id = new.id AND kept.seed = new.seed
"""


def begin(tx: Tx, actor_id: str, sealed: bytes, at: datetime) -> bool:
    """Keep a seed that no code has shown yet; false where codes are asked for already."""
    return tx.execute(BEGIN, {"id": actor_id, "seed": sealed, "at": at}) == 1


def hold(tx: Tx, actor_id: str) -> Row | None:
    """An actor's seed and the last step that was used, held until the transaction ends: one code is good once."""
    return tx.maybe(HOLD, {"id": actor_id})


def kept_at(tx: Tx, actor_id: str) -> datetime | None:
    """Since when codes are asked for; none where they are not."""
    row = tx.maybe(FIND, {"id": actor_id})
    return None if row is None else row["kept_at"]


def used(tx: Tx, actor_id: str, step: int, at: datetime) -> None:
    """Note the step whose code was used."""
    tx.execute(USED, {"id": actor_id, "step": step, "at": at})


def tried(tx: Tx, actor_id: str) -> None:
    """One more code was wrong for a seed that was begun."""
    tx.execute(TRIED, {"id": actor_id})


def end(tx: Tx, actor_id: str) -> bool:
    """Forget seed and recovery codes; false where there were none."""
    tx.execute(END_RECOVERY, {"actor_id": actor_id})
    return tx.execute(END, {"id": actor_id}) == 1


def keep_recovery(tx: Tx, actor_id: str, hashes: Sequence[bytes], at: datetime) -> None:
    """Keep the hashes of recovery codes."""
    tx.execute(KEEP_RECOVERY, {"actor_id": actor_id, "ids": list(hashes), "at": at})


def use_recovery(tx: Tx, actor_id: str, hashed: bytes, at: datetime) -> bool:
    """Use a recovery code; false where there is none that is good."""
    return tx.execute(USE_RECOVERY, {"id": hashed, "actor_id": actor_id, "at": at}) == 1


def recovery_left(tx: Tx, actor_id: str) -> int:
    """How many recovery codes an actor has left."""
    return int(tx.one(LEFT, {"actor_id": actor_id})["left"])
