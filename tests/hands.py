"""An operation of the tests that posts any entry at once: what stands in the way of hands is tested where it is ruled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from farthing.db.tx import Tx
from farthing.kernel.operation import OPERATIONS, Call, operation
from farthing.kernel.whose import STAFF
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.ledger.model import JournalEntry, Posted
from farthing.products import service as products
from farthing.town.founding import agreed


def tried(kernel: Any, command: Any, **who: Any) -> Any:
    """What the operation of this command would answer now; nothing is kept."""
    (found,) = (each for each in OPERATIONS.values() if each.command_type is type(command))
    return kernel.preview(found, command, **who)


def law(bank: Any, name: str = "cn") -> None:
    """Put a shipped policy in force: what one member of staff alone may do stands in it."""
    agreed(bank.kernel, products.publish, products.shipped(name)[0])


def _batch(tx: Tx, calls: Sequence[Call]) -> list[Any]:
    return list(ledger.post(tx, [call.command for call in calls]))


@operation("test.give", title=Words("test.give", "试验"), permission="test:give", whose=STAFF, batch=_batch)
def give(tx: Tx, command: JournalEntry) -> Posted:
    """Post an entry."""
    return ledger.post_all(tx, [command])[0]
