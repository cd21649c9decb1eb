"""Read the table ``product``. Never writes."""

from __future__ import annotations

from datetime import datetime
from typing import LiteralString

from farthing.db.tx import Tx

STANDING: LiteralString = "SELECT id, kind, version, since_at FROM product ORDER BY kind, id"


def standing(tx: Tx) -> list[tuple[str, str, str, datetime]]:
    """Everything in force: its name, kind, version and since when."""
    return [(row["id"], row["kind"], row["version"], row["since_at"]) for row in tx.rows(STANDING)]
