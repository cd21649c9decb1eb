"""Count rows of ``credit_decision``. Never decides."""

from __future__ import annotations

from datetime import datetime
from typing import LiteralString

from farthing.db.tx import Row, Tx

TALLY: LiteralString = """
    SELECT (floor(coalesce(score, (decision ->> 'score')::integer)::numeric / %(width)s::integer)
            * %(width)s::integer)::integer AS low,
        count(*) FILTER (WHERE coalesce(approved, (decision ->> 'approved')::boolean)) AS approved, count(*) AS decided
    FROM credit_decision WHERE decided_at >= %(since)s
    GROUP BY low ORDER BY low
"""
"""A decision is long and lies apart from its row: only one that the release before wrote has to be opened."""


def tally(tx: Tx, since: datetime, width: int) -> list[Row]:
    """Decisions since an instant by bands of the score."""
    return tx.rows(TALLY, {"since": since, "width": width})
