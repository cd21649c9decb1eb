"""Remind borrowers by the close of the day: before an instalment is due, and after it was not paid. A notice is an errand to the
phone on file, written with the close's own key, hence once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from farthing.db.tx import Tx
from farthing.kernel import noticing
from farthing.kernel.day import PIECE, CloseStep, Stepped
from farthing.kernel.operation import operation
from farthing.kernel.whose import STAFF
from farthing.kit.errors import NotFound
from farthing.kit.words import Words
from farthing.lending.collections import rules, store
from farthing.lending.collections.service import conduct
from farthing.lending.roll import service as roll
from farthing.lending.roll.model import Unpaid
from farthing.parties import service as parties


@operation(
    "lending.remind", title=Words("Reminders of instalments", "还款提醒"), permission="kernel:close_day", whose=STAFF
)
def remind(tx: Tx, command: CloseStep) -> Stepped:
    """Tell the phones of borrowers what is due in the days that the law says, and what is late since; whoever asked for relief
    is told nothing of being late. ``after`` is ``<due day>|<loan>`` of the last one."""
    try:
        law = conduct(tx)
    except NotFound:  # a bank that has published no policy yet
        return Stepped(0)
    place, _, after = command.after.partition("|")
    told = 0
    for on in (command.on - timedelta(days=law.late_after), command.on + timedelta(days=law.remind_before)):
        if on.isoformat() < place:
            continue
        due, last = roll.unpaid(tx, on, after if on.isoformat() == place else "", PIECE)
        _tell(tx, due, command.on)
        told += len(due)
        if last is not None:
            return Stepped(told, f"{on}|{last}")
    return Stepped(told)


def _tell(tx: Tx, due: Sequence[Unpaid], today: date) -> None:
    borrowers = sorted({row.party_id for row in due})
    people, held = parties.parties(tx, borrowers), store.holds(tx, borrowers, today)
    noticing.tell_all(tx, [
        (row.party_id, people[row.party_id].phone, (rules.late_notice if late else rules.reminder)(row.left, row.due_on))
        for row in due
        if not (late := row.due_on < today) or row.party_id not in held
    ])  # fmt: skip
