"""Own ``Reconciled``: a partner's own file of a day against our statement, and what becomes of each ``Break`` between them.

A break is worked off with a reason; where our books are put right for it, two persons agree. A file that comes in the place of
another ends the breaks that it does not have. Tables: ``funding_partner_file``, ``funding_reconciliation``, ``funding_break``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from farthing.kernel.operation import secret
from farthing.kit.inputs import AnyId, Base64, Day, Flag, Id, Statement
from farthing.kit.money import Money
from farthing.payments.reconciling.breaks import BreakState
from farthing.payments.reconciling.matching import Kind


@dataclass(frozen=True, slots=True)
class Reconcile:
    """Compare a partner's own file (base 64) with our statement of the day that it is of. ``partner`` and ``on``, where they are
    named, are what it must be of."""

    content: Base64 = secret()
    partner: AnyId = ""
    on: Day | None = None


@dataclass(frozen=True, slots=True)
class Break:
    """A difference: as our books have it, as the partner does. ``difference`` is what the partner's account is more by in the
    partner's file; ``corrected``: our books were put right by it."""

    id: str
    partner: str
    on: date
    kind: Kind
    reference: str
    loan: str
    what: str
    ours: Money | None
    ours_on: date | None
    theirs: Money | None
    theirs_on: date | None
    difference: Money
    state: BreakState
    found_at: datetime
    reason: str = ""
    corrected: bool = False
    ended_at: datetime | None = None
    ended_by: str | None = None


@dataclass(frozen=True, slots=True)
class DayReconciled:
    """A day whose file came: ``lines`` in it, ``matched`` of them told alike; closing balances; by what the openings differ."""

    partner: str
    on: date
    digest: str
    lines: int
    matched: int
    ours: Money
    theirs: Money
    opening: Money
    made_at: datetime
    made_by: str


@dataclass(frozen=True, slots=True)
class Reconciled:
    """A day's reconciliation with its breaks, in the order of the partner's file."""

    day: DayReconciled
    breaks: tuple[Break, ...]


@dataclass(frozen=True, slots=True)
class BreakPage:
    """A page of open breaks, the oldest first; ``next_after`` is the last of them where there are more."""

    breaks: tuple[Break, ...]
    next_after: str | None


@dataclass(frozen=True, slots=True)
class WorkOff:
    """Say why a break is none any more. ``correct``: our books are put right by its difference, which two persons must want."""

    break_id: Id
    reason: Statement
    correct: Flag = False
