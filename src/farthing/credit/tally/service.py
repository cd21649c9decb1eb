"""Answer how credit was decided in the last ninety days: how many were approved in each band of the score. It names nobody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from farthing.credit.tally import store
from farthing.db.tx import Tx
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF

LATELY = timedelta(days=90)
WIDTH = 50
"""Points of a band."""


@dataclass(frozen=True, slots=True)
class ScoreBand:
    """Decisions whose score is from ``low`` to below ``high``, and how many of them were approved."""

    low: int
    high: int
    decided: int
    approved: int


@question("credit.tally", permission="reports:read", whose=STAFF)
def tally(tx: Tx) -> list[ScoreBand]:
    """Decisions of the last ninety days by bands of fifty points, the lowest first; a band without any is left out."""
    return [
        ScoreBand(row["low"], row["low"] + WIDTH, row["decided"], row["approved"])
        for row in store.tally(tx, tx.now - LATELY, WIDTH)
    ]
