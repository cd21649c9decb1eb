"""Read and write ``staff_alone``: sums of a business day. Never decides."""

from __future__ import annotations

from datetime import date
from typing import LiteralString

from farthing.db.tx import Tx

HOLD: LiteralString = """
    INSERT INTO staff_alone (id, counted_on, minor) VALUES (%(id)s, %(counted_on)s, 0)
    ON CONFLICT (id) DO UPDATE SET minor = staff_alone.minor
    RETURNING minor
"""
ADD: LiteralString = "UPDATE staff_alone SET minor = minor + %(minor)s WHERE id = %(id)s"
FORGET: LiteralString = "DELETE FROM staff_alone WHERE counted_on < %(before)s"


def hold(tx: Tx, sum_id: str) -> int:
    """A sum of today in minor units, held until the transaction ends, so that ten at once are not each the first."""
    return int(tx.one(HOLD, {"id": sum_id, "counted_on": tx.business_date})["minor"])


def add(tx: Tx, sum_id: str, minor: int) -> None:
    """Add to a sum that is held."""
    tx.execute(ADD, {"id": sum_id, "minor": minor})


def forget(tx: Tx, before: date) -> int:
    """Forget the sums of days before a day; answers how many."""
    return tx.execute(FORGET, {"before": before})
