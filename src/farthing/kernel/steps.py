"""Own what is told of a day's close: which of its steps are done and how many things each handled. Never closes anything.

A step's pieces stand under keys (:mod:`farthing.kernel.day`); what is told here is read from their answers, so it is as true
as the close itself, and is gone when a bank with a real clock forgets its keys after a week.
"""

from __future__ import annotations

from dataclasses import dataclass

from farthing.db.tx import Tx
from farthing.kernel import store
from farthing.kernel.answers import key_id
from farthing.kernel.day import CLOSE, Stepped, step_key
from farthing.kernel.operation import operation_of
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit.actor import SYSTEM
from farthing.kit.inputs import Day
from farthing.kit.words import Words


@dataclass(frozen=True, slots=True)
class StepOfDay:
    """A step of a close: ``handled`` things in ``pieces`` transactions; none of either, and not ``begun``, before it ran."""

    name: str
    title: Words
    begun: bool
    handled: int
    pieces: int


@question("kernel.steps_of_day", permission=CLOSE, whose=STAFF)
def steps_of_day(tx: Tx, on: Day) -> list[StepOfDay]:
    """The steps of closing a day, in their order, with what each did so far. One SELECT for the first pieces of all, one
    more for each further round of pieces."""
    handled = dict.fromkeys(tx.steps, 0)
    pieces = dict.fromkeys(tx.steps, 0)
    waiting = [(step, "") for step in tx.steps]
    while waiting:
        ids = {key_id(SYSTEM, step_key(step, on, after)): step for step, after in waiting}
        waiting = []
        for found, row in store.answers(tx, list(ids)).items():
            step = ids[found]
            done = _stepped(step, row["answer"])
            handled[step] += done.handled
            pieces[step] += 1
            waiting += [(step, after) for after in (done.next_after, *done.beside) if after is not None]
    return [
        StepOfDay(step, operation_of(step).title, pieces[step] > 0, handled[step], pieces[step]) for step in tx.steps
    ]


def _stepped(step: str, answer: dict[str, object]) -> Stepped:
    """What a piece did, as it was kept; a refusal of a piece is not kept, and does nothing."""
    done: Stepped = operation_of(step).result_adapter.validate_python(answer["result"])
    return done
