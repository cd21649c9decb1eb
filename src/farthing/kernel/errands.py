"""Own ``Errand``: something asked of the outside. Written in a transaction, sent with none open, answered by an operation.

An operation that needs a peer writes an errand and answers :class:`farthing.kernel.operation.Asked`. What is sent bears
the errand's id, which was committed before anybody is asked: a collision, a lost COMMIT or a crash cannot ask under a
second id. The kernel then
carries the errand (:func:`carry`): the sender of its kind asks the peer, and the answer is an operation under the key
``errand:<id>``. No answer is a state (``unknown``): it is asked again under the same id, by whoever comes first, the same
request once more, the worker or the close of the day. A second answer, the same or another, changes nothing.

    waiting -> sent -> answered
                  \\-> unknown -> sent ...

A peer that has heard and has nothing final to say is answered for by :class:`NotYet`: the errand stays sent, is asked again in
its turn, and nobody takes the peer for silent.
"""

from __future__ import annotations

import logging
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum
from typing import Any

from farthing.db.server import Unavailable
from farthing.db.tx import Row, Tx
from farthing.kernel import store
from farthing.kernel.operation import Call, operation_of, sole
from farthing.kernel.question import question
from farthing.kernel.senders import IN_LINE, SENDERS, Desk, Errand, NotYet, sender
from farthing.kernel.whose import STAFF
from farthing.kit.actor import SYSTEM
from farthing.kit.canonical import plain
from farthing.kit.errors import InvariantBroken, Refusal, conflict
from farthing.kit.inputs import PageSize

__all__ = [
    "ANSWER",
    "ANSWERED",
    "SENDERS",
    "Desk",
    "Errand",
    "NotYet",
    "Wanted",
    "answer",
    "carry",
    "sender",
    "settle",
    "settle_all",
    "sweep",
    "write",
    "write_all",
]  # fmt: skip
"""What others use of the carrying of errands, with what :mod:`farthing.kernel.senders` owns of it."""
LOG = logging.getLogger("farthing.kernel.errands")

ANSWER = "errands:answer"
"""The permission of an operation that takes an answer: nobody's but the program's own."""
SWEPT = 500
"""Errands that one sweep takes up."""
PATIENCE = 30.0
"""Seconds that one peer may take of a sweep, however many of its errands are due: one that answers each just in time would
keep those of all others waiting."""
AT_ONCE = 8
"""How many peers are asked at the same time for one request."""
WRONG_IN_A_ROW = 5
"""How many errands of one peer may go wrong in a row, each for a reason of its own, before a sweep passes the peer over."""

ANSWERED = conflict(
    "errands.answered",
    "{errand_id} was answered before; another answer changes nothing.",
    "{errand_id} 此前已有答复；另一答复不产生任何效果。",
)


@dataclass(frozen=True, slots=True)
class OpenErrand:
    """An errand that is not answered yet, as an operator looks after it: ``state`` is waiting, sent or unknown, ``problem``
    why the last of its ``attempts`` brought no answer. What is asked may say who a customer is, and is left out."""

    id: str
    kind: str
    peer: str
    subject: str
    state: str
    attempts: int
    problem: str


class Went(Enum):
    """How carrying an errand went: the peer has nothing final to say, said nothing, or something is wrong with this errand
    or its answer."""

    WELL = "well"
    NOT_YET = "not yet"
    SILENT = "silent"
    WRONG = "wrong"


def write(
    tx: Tx,
    errand_id: str,
    kind: str,
    peer: str,
    subject: str,
    request: Any,
    answered_by: Callable[..., Any] | str,
    *,
    waits: bool = True,
) -> str:
    """Write an errand with what needs it; answers its id. The same id again is the same errand.

    ``waits``: whoever asks carries it at once (by answering :class:`farthing.kernel.operation.Asked`); otherwise the next
    sweep does.
    """
    write_all(tx, kind, [Wanted(errand_id, peer, subject, request)], answered_by, waits=waits)
    return errand_id


@dataclass(frozen=True, slots=True)
class Wanted:
    """An errand that is to be written: its id, whom it asks, about what, and what it asks. ``whose``: the parties under whose
    keys it is kept, besides those that it names."""

    id: str
    peer: str
    subject: str
    request: Any
    whose: tuple[str, ...] = ()


def write_all(
    tx: Tx,
    kind: str,
    wanted: Sequence[Wanted],
    answered_by: Callable[..., Any] | str,
    *,
    waits: bool = True,
    after: timedelta = timedelta(0),
) -> None:
    """Write errands of a kind as :func:`write` writes each, in one statement; ``after``: not before so long from now."""
    if kind not in SENDERS:
        raise InvariantBroken(f"nobody carries errands of kind {kind}")
    due_at = tx.wall_at + IN_LINE if waits else tx.wall_at + after
    new = [(each.id, each.peer, each.subject, plain(each.request), each.whose) for each in wanted]
    store.write_errands(tx, kind, operation_of(answered_by).name, due_at, new)


def find(tx: Tx, errand_id: str) -> Errand | None:
    """An errand as it stands."""
    return find_all(tx, [errand_id]).get(errand_id)


def find_all(tx: Tx, errand_ids: Sequence[str]) -> dict[str, Errand]:
    """Errands as they stand, by their ids: those that there are."""
    return {errand_id: _errand(row) for errand_id, row in store.errands(tx, errand_ids).items()}


def open_about(tx: Tx, subject: str) -> list[Errand]:
    """Errands about a subject that are not answered yet, oldest first."""
    return [_errand(row) for row in store.open_errands(tx, subject)]


@question("errands.unanswered", permission="kernel:close_day", whose=STAFF)
def unanswered(tx: Tx, limit: PageSize = 100) -> list[OpenErrand]:
    """Errands that are not answered yet, the oldest first: what somebody may have to look after."""
    return [
        OpenErrand(row["id"], row["kind"], row["peer"], row["subject"], row["state"], row["attempts"], row["problem"])
        for row in store.open_errands(tx, None, limit)
    ]


def settle(tx: Tx, errand_id: str) -> Errand:
    """Take an errand as answered, in the transaction that acts on the answer; refuses ``errands.answered``."""
    return sole(settle_all(tx, [errand_id]))


def settle_all(tx: Tx, errand_ids: Sequence[str]) -> list[Errand | Refusal]:
    """Take errands as answered, as :func:`settle` takes each; answers each errand, or that it was answered before."""
    found, settled = store.errands(tx, errand_ids), store.settle_errands(tx, errand_ids)
    taken: list[Errand | Refusal] = []
    for number, errand_id in enumerate(errand_ids):
        again = errand_id not in settled or errand_id in errand_ids[:number]
        taken.append(ANSWERED(errand_id=errand_id) if again else _errand(found[errand_id]))
    return taken


def carry(desk: Desk, errand_id: str) -> bool:
    """Ask the peer and hand its answer to the operation that takes it; answers whether there was one.

    What goes wrong is noted, never raised. Raises ``Unavailable`` alone, where the bank's own database does not answer.
    """
    return _carried(desk, errand_id) is Went.WELL


def _carried(desk: Desk, errand_id: str) -> Went:
    taken = next(iter(desk.tidy(lambda tx: _take(tx, [errand_id]))), None)
    if taken is None:
        return Went.WELL
    went, problem, command = _sent(desk, taken)
    if command is not None:
        problem = answer(desk, taken, command)
    if not problem:
        return Went.WELL
    _lose(desk, taken, problem, went)
    return went


def _sent(desk: Desk, taken: Errand) -> tuple[Went, str, Any]:
    """Ask the peer: how it went, why there is no answer, and the command that takes the answer if there is one."""
    try:
        command = SENDERS[taken.kind].send(desk, taken)
    except Unavailable:
        raise
    except Refusal as refusal:
        return Went.WRONG, f"{refusal.code}: {refusal}", None
    except OSError as silent:
        return Went.SILENT, repr(silent), None
    except Exception as broken:
        LOG.exception("errand %s could not be sent", taken.id)
        return Went.WRONG, repr(broken), None
    if isinstance(command, NotYet):
        return Went.NOT_YET, command.said, None
    return (Went.SILENT, "no answer", None) if command is None else (Went.WRONG, "", command)


def _lose(desk: Desk, taken: Errand, problem: str, went: Went = Went.WRONG) -> None:
    """Note that an attempt brought no answer: the outcome is unknown, or the peer has heard and has none yet."""
    if went is Went.NOT_YET:
        desk.tidy(lambda tx: store.leave_errand(tx, taken.id, "sent", problem[:500]))
        return
    LOG.warning("errand %s (%s) is not answered: %s", taken.id, taken.kind, problem)

    def unknown(tx: Tx) -> None:
        lost = SENDERS[taken.kind].lost
        if store.leave_errand(tx, taken.id, "unknown", problem[:500]) and lost is not None:
            lost(tx, replace(taken, problem=problem[:500]))

    desk.tidy(unknown)


def carry_all(desk: Desk, errand_ids: Sequence[str]) -> None:
    """Carry errands that somebody waits for, as :func:`carry` carries each, all at once.

    Returns when each was answered or lost; what was settled meanwhile, because the answer of another made it needless, is not
    waited for: whoever was asked ends by its own deadline, and its answer changes nothing. Raises ``Unavailable`` alone.
    """
    if len(errand_ids) < 2:
        for errand_id in errand_ids:
            carry(desk, errand_id)
        return
    pool = ThreadPoolExecutor(min(len(errand_ids), AT_ONCE), "errand")
    try:
        waits = {pool.submit(carry, desk, errand_id): errand_id for errand_id in errand_ids}
        while waits:
            for done in wait(waits, return_when=FIRST_COMPLETED).done:
                del waits[done]
                done.result()
            left = list(waits.values())
            if left and _answered(desk, left):
                return
    finally:
        pool.shutdown(wait=False)


def _answered(desk: Desk, errand_ids: Sequence[str]) -> bool:
    found = desk.read(lambda tx: store.errands(tx, errand_ids))
    return all(row["state"] == "answered" for row in found.values())


def carry_row(desk: Desk, errand_ids: Sequence[str]) -> None:
    """Carry several errands as :func:`carry` carries each: one transaction takes them up, one takes all their answers.

    Each answer is an operation under its own key; one that cannot be taken is noted, and its neighbours stand. Where an
    answering operation has a fault of ours, which undoes the row, each answer is taken in a transaction of its own.
    """
    answered = []
    for taken in desk.tidy(lambda tx: _take(tx, errand_ids)):
        went, problem, command = _sent(desk, taken)
        if command is None:
            _lose(desk, taken, problem, went)
        else:
            answered.append((taken, command))
    calls = [
        (operation_of(taken.answered_by), Call(command, SYSTEM, f"errand:{taken.id}")) for taken, command in answered
    ]
    try:
        row = desk.execute_row(calls, keep_refusals=False)
    except Unavailable:
        raise
    except Exception:
        LOG.exception("answers of %d errands are taken one by one, since one of them could not be taken", len(calls))
        for taken, command in answered:
            if problem := answer(desk, taken, command):
                _lose(desk, taken, problem)
        return
    for (taken, _), told in zip(answered, row, strict=True):
        if isinstance(told, Refusal) and told.code != ANSWERED.name:
            _lose(desk, taken, f"{told.code}: {told}")


def answer(desk: Desk, errand: Errand, command: Any) -> str:
    """Run the operation that takes an answer, once for each errand; answers why it could not be taken, or nothing.

    An answer that differs from the first is left: what was decided on the first stands.
    """
    try:
        desk.execute(
            operation_of(errand.answered_by), command, actor=SYSTEM, key=f"errand:{errand.id}", keep_refusal=False
        )
    except Unavailable:
        raise
    except Refusal as refusal:
        found = desk.read(lambda tx: find(tx, errand.id))
        if found is not None and found.state == "answered":
            LOG.warning("errand %s was answered before; another answer is left", errand.id)
            return ""
        return f"{refusal.code}: {refusal}"
    except Exception as broken:
        LOG.exception("the answer of errand %s could not be taken", errand.id)
        return repr(broken)
    return ""


def sweep(desk: Desk, *, everything: bool = False, limit: int = SWEPT) -> int:
    """Carry errands whose time has come (``everything``: all that wait); answers how many were answered.

    A peer that gives no answer is not asked again in the same sweep: its silence is waited for once. What goes wrong
    with one errand does not keep the others of its peer, until so many in a row went wrong that it may be the peer. Nor does
    one that is slow take more of a sweep than :data:`PATIENCE`, unless everything is wanted.
    """
    due = desk.read(lambda tx: store.due_errands(tx, None if everything else tx.wall_at, limit))
    answered = 0
    wrong: Counter[tuple[str, str]] = Counter()
    spent: defaultdict[tuple[str, str], float] = defaultdict(float)
    for row in due:
        peer = (row["kind"], row["peer"])
        if wrong[peer] >= WRONG_IN_A_ROW or (spent[peer] >= PATIENCE and not everything):
            continue
        began = time.monotonic()
        went = _carried(desk, row["id"])
        spent[peer] += time.monotonic() - began
        if went is Went.WELL:
            answered, wrong[peer] = answered + 1, 0
        elif went is Went.NOT_YET:
            wrong[peer] = 0
        else:
            wrong[peer] += WRONG_IN_A_ROW if went is Went.SILENT else 1
    return answered


def _take(tx: Tx, errand_ids: Sequence[str]) -> list[Errand]:
    """Take up errands, those that are not answered yet, in the order in which they are named."""
    due_at = {}
    for errand_id, found in store.errands(tx, errand_ids).items():
        if found["state"] != "answered":
            due_at[errand_id] = tx.wall_at + SENDERS[found["kind"]].next_after(int(found["attempts"]))
    taken = store.send_errands(tx, due_at) if due_at else {}
    return [_errand(taken[errand_id]) for errand_id in dict.fromkeys(errand_ids) if errand_id in taken]


def _errand(row: Row) -> Errand:
    return Errand(
        row["id"], row["kind"], row["peer"], row["subject"], row["request"], row["answered_by"], row["state"],
        row["attempts"], row["problem"], row["due_at"],
    )  # fmt: skip
