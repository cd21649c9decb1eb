"""An operation of the tests that posts any entry at once: what stands in the way of hands is tested where it is ruled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from farthing.bank.founding import agreed, found_savings
from farthing.db.tx import Tx
from farthing.identity.rules import actor_of
from farthing.kernel.attendance import Attendance
from farthing.kernel.operation import OPERATIONS, Call, operation
from farthing.kernel.settings import Settings
from farthing.kernel.whose import STAFF
from farthing.kit.actor import Actor
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.ledger.model import JournalEntry, Posted
from farthing.lending.shelf import service as loan_shelf
from farthing.parties.attending import service as attending
from farthing.parties.attending.model import AttendByDocument, WitnessPresence
from farthing.parties.model import Party
from farthing.products import service as products
from farthing.town.founding import found


def tried(kernel: Any, command: Any, **who: Any) -> Any:
    """What the operation of this command would answer now; nothing is kept."""
    (found,) = (each for each in OPERATIONS.values() if each.command_type is type(command))
    return kernel.preview(found, command, **who)


def law(bank: Any, name: str = "cn") -> None:
    """Put a shipped policy in force: what one member of staff alone may do stands in it."""
    bank.begin(f"law {name}", lambda bank: agreed(bank.kernel, loan_shelf.publish, products.shipped(name)[0]))


def sandbox(bank: Any) -> None:
    """Put no country's law in force in a bank that stands, and on its shelf what only that allows."""
    law(bank, "sandbox")
    bank.begin("sandbox's shelf", lambda bank: found_savings(bank.kernel, "sandbox"))


def city(bank: Any) -> Party:
    """Found the bank of the simulated city, with its institution and its owners' capital; answers the institution."""
    institution: Party = bank.begin("city", lambda bank: found(bank.kernel, Settings(_env_file=None)))
    return institution


def by_document(bank: Any, party_id: str, number: str, teller: Actor, other: Actor | None = None) -> Attendance:
    """A customer shows a document at the counter, and a second member of staff sees her too."""
    waits = bank.run(attending.attend_by_document, AttendByDocument(party_id, number, "identity card"), actor=teller)
    other = other or actor_of("teller:witness", "teller", None)
    seen: Attendance = bank.run(
        attending.witness_presence, WitnessPresence(waits.attendance.id, "the picture is hers"), actor=other
    ).attendance
    return seen


def _batch(tx: Tx, calls: Sequence[Call]) -> list[Any]:
    return list(ledger.post(tx, [call.command for call in calls]))


@operation("test.give", title=Words("test.give", "试验"), permission="test:give", whose=STAFF, batch=_batch)
def give(tx: Tx, command: JournalEntry) -> Posted:
    """Post an entry."""
    return ledger.post_all(tx, [command])[0]
