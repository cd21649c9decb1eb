"""Read events off the evidence log, in the order of its tree, which never changes and has no gap.

A leaf comes into the tree when it is integrated (:mod:`farthing.events.delivery_service` sees to it every few seconds
while a worker runs), so that whoever goes on from a cursor misses nothing that committed late.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from farthing.db.tx import Tx
from farthing.events import rules
from farthing.events.catalogue import BY_ENTRY, KINDS
from farthing.events.model import Event, EventKind, EventPage
from farthing.evidence import service as evidence
from farthing.evidence.model import Leaf
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit.inputs import Cursor, Day, PageSize, Word
from farthing.ledger.model import Posted
from farthing.ledger.reading import service as books

LEAVES_A_STEP = 200
LEAVES_A_PAGE = 5_000
"""How many leaves a page looks through at most: where few kinds are asked for, it may hold no event and lead on."""

EARLIEST = date(1970, 1, 2)
"""Before it nothing has an id: an id begins with an instant since 1970."""


@question("events.list", permission="events:read", whose=STAFF)
def listed(
    tx: Tx,
    cursor: Cursor | None = None,
    since: Day | None = None,
    kind: Word | None = None,
    limit: PageSize = 50,
) -> EventPage:
    """Events in the order of the log: those of a kind, or of all. Go on with ``next_cursor`` as ``cursor``; ``since`` leaves
    out what happened before a business day. Refuses ``events.bad_cursor``, ``events.unknown_kind``."""
    kinds, place = rules.check_kinds(() if kind is None else (kind,)), rules.read_cursor(cursor)
    if cursor is None and since is not None:
        begins = datetime.combine(max(since, EARLIEST), time(), UTC) - timedelta(days=1)
        place = (evidence.position_since(tx, begins), 0)
    found, place, more = after(tx, place, kinds, limit)
    shown = tuple(each for each in found if since is None or each.business_date >= since)
    return EventPage(shown, rules.write_cursor(place), more)


@question("events.kinds", permission="events:read", whose=STAFF)
def kinds(tx: Tx) -> list[EventKind]:
    """Every kind of event, when it happens and what it tells."""
    return [kind.described for kind in KINDS]


def after(
    tx: Tx, place: tuple[int, int], kinds: frozenset[str], limit: int
) -> tuple[list[Event], tuple[int, int], bool]:
    """Up to ``limit`` events after a place, the place up to which was looked, and whether there is more beyond it."""
    found: list[Event] = []
    of_entries = not kinds.isdisjoint(each.name for each in BY_ENTRY.values())
    for step in _steps(tx, place[0]):
        entries = _entries(tx, step) if of_entries else {}
        for position, leaf in step:
            for event in rules.events_of(position, leaf, entries):
                at = rules.read_cursor(event.cursor)
                if at <= place or event.type not in kinds:
                    continue
                if len(found) == limit:
                    return found, rules.read_cursor(found[-1].cursor), True
                found.append(event)
            place = max(place, (position + 1, 0))
    return found, place, place[0] < evidence.size(tx)


def _steps(tx: Tx, position: int) -> Iterator[list[tuple[int, Leaf]]]:
    """Leaves from a position on, some at a time, as many as a page looks through."""
    for first in range(position, position + LEAVES_A_PAGE, LEAVES_A_STEP):
        step = evidence.leaves_from(tx, first, LEAVES_A_STEP)
        yield step
        if len(step) < LEAVES_A_STEP:
            return


def _entries(tx: Tx, step: Sequence[tuple[int, Leaf]]) -> dict[UUID, Posted]:
    """The entries that some leaves name and that are events, read together."""
    named = [ident for _, leaf in step for ident in rules.entries_of(leaf.content)]
    return {each.id: each for each in books.of_kinds(tx, named, BY_ENTRY)} if named else {}
