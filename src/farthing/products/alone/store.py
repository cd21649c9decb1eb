"""Read and write ``staff_alone``: sums of a business day. Never decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import LiteralString

from farthing.db.tx import Tx

COUNT: LiteralString = """
    INSERT INTO staff_alone (id, counted_on, minor)
    SELECT id, %(counted_on)s::date, minor FROM unnest(%(ids)s::text[], %(minors)s::bigint[]) AS told (id, minor) ORDER BY id
    ON CONFLICT (id) DO UPDATE SET minor = staff_alone.minor + excluded.minor
    RETURNING id, minor
"""
"""Locks each sum in the order of ids, so that two transactions never wait for each other."""
LOOKED: LiteralString = "SELECT minor FROM staff_alone WHERE id = %(id)s"
FORGET: LiteralString = "DELETE FROM staff_alone WHERE counted_on < %(before)s"


def hold(tx: Tx, sum_ids: Sequence[str]) -> dict[str, int]:
    """Sums of today in minor units, held until the transaction ends, so that ten at once are not each the first."""
    return add(tx, dict.fromkeys(sum_ids, 0))


def looked(tx: Tx, sum_id: str) -> int:
    """A sum of today in minor units, as it is seen now."""
    row = tx.maybe(LOOKED, {"id": sum_id})
    return 0 if row is None else int(row["minor"])


def add(tx: Tx, minors: Mapping[str, int]) -> dict[str, int]:
    """Add to sums of today; answers what they are now."""
    if not minors:
        return {}
    values = {"ids": list(minors), "minors": list(minors.values()), "counted_on": tx.business_date}
    return {row["id"]: int(row["minor"]) for row in tx.rows(COUNT, values)}


def forget(tx: Tx, before: date) -> int:
    """Forget the sums of days before a day; answers how many."""
    return tx.execute(FORGET, {"before": before})
