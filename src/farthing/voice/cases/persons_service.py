"""Answer what an erasure needs of somebody's cases, and empty them: which are open, when the last of them was closed."""

from __future__ import annotations

from datetime import date

from farthing.db.tx import Tx
from farthing.voice.cases import store


def open_of(tx: Tx, party_id: str) -> list[str]:
    """The numbers of a person's cases that the bank is to answer."""
    return store.open_of(tx, party_id)


def last_of(tx: Tx, party_id: str) -> date | None:
    """The last day on which something became of a person's cases; none where there is none."""
    return store.last_of(tx, party_id)


def forget(tx: Tx, party_id: str) -> int:
    """Empty what a person said; answers how many lines. What was done of her cases, and their figures, stay."""
    return store.forget(tx, party_id)
