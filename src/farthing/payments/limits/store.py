"""Read and write ``paid_pair``: when a payer first paid somebody by himself, and what he paid while that was new. Never
decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import LiteralString

from farthing.db import rows
from farthing.db.tx import Tx
from farthing.payments.limits.rules import Pair

FIND: LiteralString = "SELECT payer, payee, first_at, minor FROM paid_pair WHERE id = ANY(%(ids)s::text[])"
KEEP: LiteralString = """
    INSERT INTO paid_pair (id, payer, payee, first_at, minor)
    SELECT payer || ':' || payee, payer, payee, %(now)s, minor
    FROM unnest(%(payers)s::text[], %(payees)s::text[], %(minors)s::bigint[]) AS new (payer, payee, minor) ORDER BY 1
    ON CONFLICT (id) DO UPDATE SET minor = paid_pair.minor + excluded.minor
"""


def firsts(tx: Tx, pairs: Sequence[Pair]) -> dict[Pair, tuple[datetime, int]]:
    """When these payers first paid these payees, and how much since; those that did."""
    found = tx.rows(FIND, {"ids": rows.texts([f"{payer}:{payee}" for payer, payee in pairs])})
    return {(row["payer"], row["payee"]): (row["first_at"], row["minor"]) for row in found}


def keep(tx: Tx, paid: Mapping[Pair, int]) -> None:
    """Add what was paid."""
    if not paid:
        return
    values = {
        "payers": rows.texts([payer for payer, _ in paid]), "payees": rows.texts([payee for _, payee in paid]),
        "minors": rows.int8s(list(paid.values())), "now": tx.now,
    }  # fmt: skip
    tx.execute(KEEP, values)
