"""Look at the code that came with a password, inside the operation that signs in: which counts what was wrong."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from farthing.db.tx import Tx
from farthing.identity.codes import rules, store

Found = Literal["none", "ok", "needed", "wrong"]


def taken(tx: Tx, actor_id: str, code: str | None, at: datetime) -> Found:
    """What a code is worth that came with the right password: none is asked for, it is good (and used), it is missing, or
    wrong. A recovery code is good in its place, once."""
    if store.kept_at(tx, actor_id) is None:
        return "none"
    if not code:
        return "needed"
    row = store.hold(tx, actor_id)
    if row is None:
        return "none"
    seed = tx.ports.peer("vault").unseal(bytes(row["seed"])).decode()
    step = rules.step_of(seed, code, at, row["last_step"])
    if step is not None:
        store.used(tx, actor_id, step, at)
        return "ok"
    return "ok" if store.use_recovery(tx, actor_id, rules.recovery_hash(actor_id, code), at) else "wrong"
