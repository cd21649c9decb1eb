"""Publish how each member furnishes: cycles, rows refused, timeliness; and show a cycle's rows that came back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from farthing.db.tx import Row, Tx
from farthing.exchange import members_service as members
from farthing.exchange.furnish import store
from farthing.exchange.furnish.gate import limits
from farthing.exchange.furnish.model import RULES, FileProblem
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit.calendar import month_end
from farthing.kit.inputs import Count, Id, PageSize
from farthing.kit.words import Words

MOST = 1_000
"""Cycles that the figures of quality are reckoned of."""
PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class CycleShown:
    """A cycle of a member; ``days``: between the period's end and the day on which the cycle was decided."""

    member_id: str
    id: str
    period: date
    state: str
    first_at: datetime
    decided_at: datetime | None
    rows: int
    taken: int
    refused: int
    days: int | None
    file: tuple[FileProblem, ...]


@dataclass(frozen=True, slots=True)
class Came:
    """A row that was refused or warned of: its number in the cycle, the account, and why."""

    number: int
    reference: str
    refused: bool
    codes: tuple[str, ...]
    why: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Quality:
    """How a member furnishes: cycles that were decided, those that came in time, files that were refused, rows, and the share of
    rows that were refused."""

    member_id: str
    name: str
    cycles: int
    in_time: int
    files_refused: int
    rows: int
    rows_refused: int
    refused_share: Decimal


@question("exchange.cycles", permission="exchange:read", whose=STAFF)
def cycles(tx: Tx, member_id: Id | None = None, limit: PageSize = 50) -> list[CycleShown]:
    """Cycles of a member or of all, newest first."""
    return [_shown(row) for row in store.cycles(tx, member_id, limit)]


@question("exchange.cycle_rows", permission="exchange:read", whose=STAFF)
def cycle_rows(tx: Tx, member_id: Id, cycle: Id, after: Count = 0, limit: PageSize = 100) -> list[Came]:
    """Rows of a cycle that were refused or warned of, in their order."""
    return [
        Came(row["number"], row["reference"], row["refused"], tuple(row["codes"]),
             tuple(RULES[code].words for code in row["codes"]))
        for row in store.problems(tx, member_id, cycle, after, limit)
    ]  # fmt: skip


@question("exchange.quality", permission="exchange:read", whose=STAFF)
def quality(tx: Tx) -> list[Quality]:
    """How each member furnishes, by name."""
    found = [_shown(row) for row in store.cycles(tx, None, MOST)]
    return [
        _quality(each.member.id, each.member.name, [one for one in found if one.member_id == each.member.id])
        for each in members.members(tx)
    ]


def _quality(member_id: str, name: str, found: Iterable[CycleShown]) -> Quality:
    decided = [each for each in found if each.decided_at is not None]
    taken = [each for each in decided if each.state != "refused"]
    rows, refused = sum(each.rows for each in taken), sum(each.refused for each in taken)
    return Quality(
        member_id, name, len(decided), sum(each.days is not None and each.days <= limits().deadline_days for each in taken),
        len(decided) - len(taken), rows, refused, (Decimal(refused) / rows).quantize(PLACES) if rows else Decimal(0),
    )  # fmt: skip


def _shown(row: Row) -> CycleShown:
    result: dict[str, Any] = row["result"] or {}
    ended = month_end(row["period"])
    days = None if row["decided_at"] is None else max((row["decided_at"].date() - ended) // timedelta(days=1), 0)
    return CycleShown(
        row["member_id"], row["id"], row["period"], row["state"], row["first_at"], row["decided_at"], result.get("rows", 0),
        result.get("taken", 0), sum(each["refused"] for each in result.get("problems", ())), days,
        tuple(FileProblem(**each) for each in result.get("file", ())),
    )  # fmt: skip
