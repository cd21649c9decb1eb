"""Own the close of a day: named steps in order, then the business date moves on. Killed anywhere, it resumes.

A package declares its step as an operation over :class:`CloseStep`; whoever opens the bank gives the kernel all of them
in their order (:mod:`farthing.bank.day`). Each piece of a step runs under the key ``close:<date>:<step>:<piece>``, so what
was done is never done again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence, Sized
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from farthing.db.server import Unavailable
from farthing.db.tx import Tx
from farthing.kernel import errands, store
from farthing.kernel.answers import Outcome, key_id
from farthing.kernel.clock import advanced, is_over
from farthing.kernel.operation import Call, Operation, operation, operation_of
from farthing.kernel.run import NOT_ALLOWED, Kernel, open_clock, purge_keys
from farthing.kernel.whose import STAFF
from farthing.kit.actor import SYSTEM, Actor
from farthing.kit.errors import InvariantBroken, Refusal, conflict
from farthing.kit.inputs import Cursor, Day
from farthing.kit.words import Words

LOG = logging.getLogger("farthing.kernel")

ALREADY_CLOSED = conflict(
    "kernel.day_already_closed",
    "{closing} is not the business date, which is {business_date}; that day is closed or has not begun.",
    "{closing} 不是当前营业日 {business_date}；该日已日终或尚未开始。",
)

NOT_OVER = conflict(
    "kernel.day_not_over",
    "{closing} is not over: the bank's day never runs ahead of the calendar. Close it after midnight.",
    "{closing} 尚未结束：营业日不得早于日历日期推进，请于零点之后办理日终。",
)

CLOSE = "kernel:close_day"
"""The permission to close a day."""
PIECE = 500
"""How many things one transaction of a step handles."""
QUIET = 50
"""How many things several steps handle in one transaction: with more to do each has its own, and locks nothing longer."""


@dataclass(frozen=True, slots=True)
class CloseStep:
    """One piece of a step of closing ``on``; ``after`` is where the last piece ended."""

    on: Day
    after: Cursor = ""


@dataclass(frozen=True, slots=True)
class Stepped:
    """What a piece did; ``next_after`` names where the next piece begins, none when the step is done.

    ``beside``: where further pieces may begin at the same time, each leading a row of its own. They must not touch
    what the first row touches, but for rows that wait for each other in one order.
    """

    handled: int
    next_after: str | None = None
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AdvanceDay:
    """Move the business date on from ``closing``."""

    closing: Day


@dataclass(frozen=True, slots=True)
class DayClosed:
    """A day that is closed, the date that follows, and how many things each step handled."""

    closed: date
    business_date: date
    handled: dict[str, int]


def place_of(day: date, ident: str) -> str:
    """Where a piece ends that goes by day and id; :func:`read_place` reads it."""
    return f"{day}:{ident}"


def read_place(after: str) -> tuple[date, str]:
    """The day and the id after which a piece begins: before all where nothing is said."""
    day, _, last = after.partition(":")
    return (date.fromisoformat(day), last) if day else (date.min, "")


def local_time(tx: Tx) -> datetime:
    """The bank's instant in the bank's own time zone: what a cut-off such as 15:00 is compared with."""
    return tx.now.astimezone(zone_of(tx))


def day_at(tx: Tx, on: date) -> tuple[datetime, datetime]:
    """A day of the calendar where the bank is: its first instant, and that of the day after; the last day there is ends
    with itself."""
    zone, after = zone_of(tx), on + timedelta(days=1) if on < date.max else on
    return datetime.combine(on, time(0), zone), datetime.combine(after, time(0), zone)


def zone_of(tx: Tx) -> ZoneInfo:
    """Where the bank is, as its clock says."""
    return ZoneInfo(open_clock(store.clock(tx.connection)).time_zone)


@operation("kernel.advance_day", title=Words("Close the day", "日终"), permission="kernel:close_day", whose=STAFF)
def advance_day(tx: Tx, command: AdvanceDay) -> DayClosed:
    """Move the bank's clock to the day after ``closing``; refuses ``kernel.day_already_closed``, ``kernel.day_not_over``."""
    before = open_clock(store.clock(tx.connection))
    if not is_over(before, tx.wall_at):
        raise NOT_OVER(closing=command.closing)
    after = advanced(before, tx.now, tx.wall_at)
    if before.business_date != command.closing or not store.move_clock(tx, before, after):
        raise ALREADY_CLOSED(closing=command.closing, business_date=before.business_date)
    return DayClosed(command.closing, after.business_date, {})


@operation(
    "kernel.forget_keys", title=Words("Keys forgotten", "清理幂等键"), permission="kernel:close_day", whose=STAFF
)
def forget_keys(tx: Tx, command: CloseStep) -> Stepped:
    """Forget idempotency keys older than the promise of a week.

    A simulated bank keeps them: its weeks pass in minutes, and a story told again must answer the same.
    """
    return Stepped(0 if is_simulated(tx) else purge_keys(tx))


def is_simulated(tx: Tx) -> bool:
    """Whether the bank's clock is simulated, for ever: a made-up bank, whose customers are nobody."""
    return open_clock(store.clock(tx.connection)).mode == "simulated"


def is_closing(tx: Tx) -> bool:
    """Whether the close of the business date has begun and has not moved the date yet."""
    return bool(tx.steps) and store.answered(tx, key_id(SYSTEM, step_key(tx.steps[0], tx.business_date)))


def close_day(
    kernel: Kernel, closing: date | None = None, *, actor: Actor = SYSTEM, key: str | None = None
) -> DayClosed:
    """Close the business date: every step, piece by piece, then move the clock.

    ``closing`` protects against closing a day too many: the same date again answers the same, and so does the same
    ``key``, under which another date is refused before anything is done. The steps are the bank's
    own, whoever asks for them: what one person began another may end, and nothing is done again.
    """
    if not actor.may(CLOSE) or actor.party_id is not None:
        raise NOT_ALLOWED(actor=actor.id, permission=CLOSE)
    if not kernel.steps:
        raise InvariantBroken("this kernel was made without the steps of a close")
    state = kernel.clock()
    on = closing or state.business_date
    advance, asked_before, key = AdvanceDay(on), key is not None, key or f"close:{on}"
    if asked_before or on != state.business_date:  # a day that is not closed was not closed under its own key
        earlier = kernel.earlier(operation_of(advance_day), advance, actor, key)
        if earlier is not None:
            closed_before: DayClosed = earlier.result
            return closed_before
    handled: dict[str, int] = {}
    if on == state.business_date:
        if not is_over(state, kernel.wall()):
            raise NOT_OVER(closing=on)
        errands.sweep(kernel)  # what a crash left is asked again before the day's figures are made
        handled = _run_steps(kernel, on)
        errands.sweep(kernel)
    closed: DayClosed = kernel.run(advance_day, advance, actor=actor, key=key)
    return DayClosed(closed.closed, closed.business_date, handled)


def catch_up(kernel: Kernel, step: Callable[..., Any], due: Callable[[Tx, date], Sized]) -> None:
    """Run a step while its day is open, where something is ``due`` by the business date: piece by piece to its end. Harmless to
    repeat."""
    on, there = kernel.read(lambda tx: (tx.business_date, bool(due(tx, tx.business_date))))
    after: str | None = "" if there else None
    while after is not None:
        done: Stepped = kernel.run(step, CloseStep(on, after))
        after = done.next_after


def _run_steps(kernel: Kernel, on: date) -> dict[str, int]:
    """Run every step; answers how many things each handled.

    On a quiet day a step finds nothing and its own transaction is all that it costs. So the first pieces of the steps run
    as one row (:mod:`farthing.kernel.row`), each under its own key and with its own leaf, until there is work: then the
    row ends, the work goes on a piece a transaction, and another row follows. The first step is committed alone: from
    then on everybody sees that the day is closing (:func:`is_closing`).
    """
    first, *steps = kernel.steps
    handled = {first.name: _run_step(kernel, first, on)}
    while steps:
        done = _first_pieces(kernel, steps, on)
        for step, piece in zip(steps, done, strict=False):
            handled[step.name] = piece.handled + _run_beside(kernel, step, on, piece)
        steps = steps[len(done) :]
    return handled


def _first_pieces(kernel: Kernel, steps: Sequence[Operation], on: date) -> list[Stepped]:
    """What the first pieces of some of the next steps did, at least of one; raises what the first of them refuses."""
    calls = [(step, Call(CloseStep(on), SYSTEM, step_key(step.name, on))) for step in steps]

    def enough(answers: Sequence[Outcome | Refusal]) -> bool:
        if isinstance(answers[-1], Refusal):
            return True
        last: Stepped = answers[-1].result
        worked = sum(each.result.handled for each in answers if isinstance(each, Outcome))
        return worked > QUIET or last.next_after is not None or bool(last.beside)

    try:
        answers = kernel.execute_row(calls, keep_refusals=False, until=enough)
    except Unavailable:
        raise
    except Exception:
        # Our fault in one of them undid all. Run alone, the ones before it stand, and it says what is wrong.
        LOG.warning("the steps of closing %s failed as a row and are run one by one", on)
        return [kernel.run(steps[0].name, CloseStep(on), key=step_key(steps[0].name, on), keep_refusal=False)]
    done = [answer.result for answer in answers if isinstance(answer, Outcome)]
    if not done:
        raise answers[0] if isinstance(answers[0], Refusal) else InvariantBroken("a row answers its first command")
    return done


def step_key(step: str, on: date, after: str = "") -> str:
    """The key of a piece of a step."""
    return f"close:{on}:{step}:{after}"


def _run_step(kernel: Kernel, step: Operation, on: date, after: str | None = "") -> int:
    """Run a row of pieces from a place to its end, and rows beside it in threads; answers how many were handled."""
    handled = 0
    while after is not None:
        key = step_key(step.name, on, after)
        # A guard may refuse what a quarter pays until there is cash: the day then waits, and closes once there is.
        done: Stepped = kernel.run(step.name, CloseStep(on, after), key=key, keep_refusal=False)
        handled += done.handled
        after = done.next_after
        if done.beside:
            return handled + _run_beside(kernel, step, on, done)
    return handled


def _run_beside(kernel: Kernel, step: Operation, on: date, done: Stepped) -> int:
    """Run what a piece leaves: the pieces after it, and rows beside them in threads; answers how many were handled."""
    if not done.beside:
        return _run_step(kernel, step, on, done.next_after)
    with ThreadPoolExecutor(len(done.beside)) as lanes:
        others = [lanes.submit(_run_step, kernel, step, on, place) for place in done.beside]
        handled = _run_step(kernel, step, on, done.next_after)
        return handled + sum(other.result() for other in others)
