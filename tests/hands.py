"""An operation of the tests that posts any entry at once: what stands in the way of hands is tested where it is ruled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from farthing.db.tx import Tx
from farthing.kernel.operation import Call, operation
from farthing.kernel.whose import STAFF
from farthing.ledger import service as ledger
from farthing.ledger.model import JournalEntry, Posted


def _batch(tx: Tx, calls: Sequence[Call]) -> list[Any]:
    return list(ledger.post(tx, [call.command for call in calls]))


@operation("test.give", permission="test:give", whose=STAFF, batch=_batch)
def give(tx: Tx, command: JournalEntry) -> Posted:
    """Post an entry."""
    return ledger.post_all(tx, [command])[0]
