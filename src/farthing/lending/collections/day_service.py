"""Remind borrowers by the close of the day: before an instalment is due, and after it was not paid. A notice is an errand to the
phone on file, written with the close's own key, hence once."""

from __future__ import annotations

from datetime import timedelta

from farthing.db.tx import Tx
from farthing.kernel.day import PIECE, CloseStep, Stepped
from farthing.kernel.operation import operation
from farthing.kernel.whose import STAFF
from farthing.kit.errors import NotFound
from farthing.kit.words import Words
from farthing.lending.collections import rules, store
from farthing.lending.collections.service import conduct
from farthing.lending.roll import service as roll
from farthing.parties import service as parties
from farthing.parties.noticing import service as noticing


@operation(
    "lending.remind", title=Words("Reminders of instalments", "还款提醒"), permission="kernel:close_day", whose=STAFF
)
def remind(tx: Tx, command: CloseStep) -> Stepped:
    """Tell the phones of borrowers what is due in the days that the law says, and what is late since; whoever asked for relief
    is told nothing of being late."""
    try:
        law = conduct(tx)
    except NotFound:  # a bank that has published no policy yet
        return Stepped(0)
    ahead, behind = command.on + timedelta(days=law.remind_before), command.on - timedelta(days=law.late_after)
    due = roll.unpaid(tx, (ahead, behind), command.after, PIECE)
    if not due:
        return Stepped(0)
    borrowers = sorted({row.party_id for row in due})
    people, held = parties.parties(tx, borrowers), store.holds(tx, borrowers, command.on)
    for row in due:
        late = row.due_on < command.on
        if not late or row.party_id not in held:
            said = rules.late_notice(row.left, row.due_on) if late else rules.reminder(row.left, row.due_on)
            noticing.tell(tx, row.party_id, people[row.party_id].phone, said)
    return Stepped(len(due), due[-1].place if len(due) == PIECE else None)
