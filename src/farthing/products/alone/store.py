"""Read and write ``staff_alone``: sums of a business day. Never decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import LiteralString

from farthing.db.tx import Tx

COUNT: LiteralString = """
    INSERT INTO staff_alone (id, counted_on, minor)
    SELECT id, counted_on, minor
    FROM unnest(%(ids)s::text[], %(minors)s::bigint[], %(counted)s::date[]) AS told (id, minor, counted_on) ORDER BY id
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


def add(tx: Tx, minors: Mapping[str, int], last: Mapping[str, date] | None = None) -> dict[str, int]:
    """Add to sums of today, or of a time whose ``last`` day is told; answers what they are now."""
    if not minors:
        return {}
    values = {
        "ids": list(minors),
        "minors": list(minors.values()),
        "counted": [(last or {}).get(each, tx.business_date) for each in minors],
    }
    return {row["id"]: int(row["minor"]) for row in tx.rows(COUNT, values)}


def forget(tx: Tx, before: date) -> int:
    """Forget the sums of days before a day; answers how many."""
    return tx.execute(FORGET, {"before": before})
