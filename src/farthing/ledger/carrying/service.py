"""Run the reading of what another bank takes over of the books. Never writes."""

from __future__ import annotations

from collections.abc import Sequence

from farthing.db.tx import Tx
from farthing.ledger.carrying import store
from farthing.ledger.carrying.model import Touched
from farthing.ledger.carrying.rules import in_order
from farthing.ledger.model import entry_id
from farthing.ledger.reading.store import found_by_id

AT_ONCE = 10_000


def touching(
    tx: Tx, roots: Sequence[str], references: Sequence[str], beside: Sequence[str], opened: Sequence[str]
) -> Touched:
    """Every entry that touches an account at or below some roots, and those of some references; with the accounts that they
    touch, those at or below the roots, those ``beside``, and those ``opened`` at or below others, moved or not.

    ``tx`` should see one state throughout (``kernel.read(..., snapshot=True)``).
    """
    rooted = [each.spec.path for each in store.accounts(tx, (), roots)]
    moved = store.moved(tx, rooted)
    keys = list(dict.fromkeys([*(entry for _, _, entry in moved), *map(entry_id, references)]))
    found = [
        posted
        for start in range(0, len(keys), AT_ONCE)
        for posted in found_by_id(tx, keys[start : start + AT_ONCE]).values()
    ]
    paths = {line.account for posted in found for line in posted.entry.postings} - {*rooted}
    entries = in_order(found, [*moved, *store.moved(tx, sorted(paths))])
    return Touched(tuple(store.accounts(tx, sorted({*rooted, *paths, *beside}), opened)), tuple(entries))
