"""Run what an erasure asks of lending: which loans are open with a person, when the last one ended, and to forget what was typed.

The loans stay, with every amount, of an id that ties to nobody. Never decides whether somebody is erased.
"""

from __future__ import annotations

from datetime import date

from farthing.db.tx import Tx
from farthing.kit.words import Words
from farthing.lending import store
from farthing.lending.backing import service as backing
from farthing.lending.collections import service as collections

OVER = frozenset({"closed", "cancelled"})


def standing(tx: Tx, party_id: str) -> list[Words]:
    """What is open: loans that are not over, and guarantees that are asked for or given."""
    loans = [each["id"] for each in store.ends_of(tx, party_id) if each["state"] not in OVER]
    given = [each.guarantee for each in backing.guaranteed(tx, party_id, 200)]
    return [
        *(Words(f"loan {each}", f"贷款 {each}") for each in loans),
        *(Words(f"guarantee {each.id}", f"保证 {each.id}") for each in given if each.state in ("asked", "given")),
    ]


def last_of(tx: Tx, party_id: str) -> date | None:
    """The day on which the last loan of a person ended; none where there never was one."""
    days = [each["closed_on"] for each in store.ends_of(tx, party_id) if each["closed_on"] is not None]
    return max(days, default=None)


def forget(tx: Tx, party_id: str) -> None:
    """Empty what was typed about a borrower who is erased."""
    collections.forget(tx, party_id)
