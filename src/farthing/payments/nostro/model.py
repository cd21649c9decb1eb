"""Own ``RailDay``: our account at a rail on one of its days as its statement tells it, against the books and our instructions.

What the two do not tell alike is a ``RailBreak``. It stands until a later statement has its other side, or until our books are
put right by it; what only was given a reason still stands between the two balances. So at the end of each day, to the fen:

    our closing balance + all breaks that stand = the statement's closing balance

A day's report (camt.052) is compared as often as it comes, and the statement (camt.053) once: it ends the day. Tables:
``rail_cut``, ``rail_statement``, ``rail_day``, ``rail_break``. The account itself is ``assets:cash:RAIL``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from farthing.kernel.operation import secret
from farthing.kit.inputs import Base64, Flag, Id, Statement, Word
from farthing.kit.money import Money
from farthing.payments.iso20022.model import Line
from farthing.payments.reconciling.breaks import BreakState
from farthing.payments.reconciling.matching import Kind


@dataclass(frozen=True, slots=True)
class Cut:
    """Up to which version of our account a day of ours goes: fixed when the day is closed."""

    rail: str
    on: date
    until_version: int
    closing: Money


@dataclass(frozen=True, slots=True)
class Item(Line):
    """A line that waits for its other side. ``key`` names it for ever: ours by its entry's reference, theirs by the day of the
    statement and its place there; what the other side calls it may be learned later."""

    key: str = ""


@dataclass(frozen=True, slots=True)
class BringStatement:
    """Take a file of statements (base 64) of our account at a rail, camt.053 or camt.052, whatever it holds that is known."""

    rail: Word
    content: Base64 = secret()


@dataclass(frozen=True, slots=True)
class StatementTold:
    """What a rail tells of our account when it is asked."""

    errand_id: Id
    content: Base64 = secret()


@dataclass(frozen=True, slots=True)
class AskReport:
    """Ask a rail what moved on our account today so far (camt.052)."""

    rail: Word


@dataclass(frozen=True, slots=True)
class ReportAsked:
    """A rail is asked; the errand carries the question."""

    rail: str
    errand_id: str


@dataclass(frozen=True, slots=True)
class RailDay:
    """A day of our account at a rail: ``lines`` in its statement, ``matched`` of all that waited, closing balances of both sides,
    and what stands between them. ``final``: the day is told whole."""

    rail: str
    on: date
    final: bool
    number: int | None
    account: str
    lines: int
    matched: int
    ours: Money
    theirs: Money
    standing: Money
    made_at: datetime
    made_by: str


@dataclass(frozen=True, slots=True)
class RailBreak:
    """A difference: as our books have it, as the rail's statement does. ``on`` is the rail's day of which it was found first,
    ``payment_id`` the movement it is about where it names one. ``difference`` is what the rail has more."""

    id: str
    rail: str
    on: date
    kind: Kind
    reference: str
    payment_id: str
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
    age_days: int = 0
    old: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """A break as it is kept, with the names of its lines: ``cleared_on`` is the rail's day from which it no longer stands."""

    told: RailBreak
    ours_key: str
    theirs_key: str
    cleared_on: date | None = None


@dataclass(frozen=True, slots=True)
class RailReconciled:
    """A day's reconciliation with the breaks that stood at its end, the oldest first."""

    day: RailDay
    breaks: tuple[RailBreak, ...]


@dataclass(frozen=True, slots=True)
class StatementsTaken:
    """What a file came to: the days that it told, in order; ``known`` of them were taken before and changed nothing."""

    rail: str
    days: tuple[RailDay, ...]
    known: int


@dataclass(frozen=True, slots=True)
class RailBreakPage:
    """A page of open breaks, the oldest first; ``next_after`` is the last of them where there are more."""

    breaks: tuple[RailBreak, ...]
    next_after: str | None


@dataclass(frozen=True, slots=True)
class WorkOffRail:
    """Say why a break is none any more. ``correct``: our books are put right by its difference, which two persons must want: what
    came in goes to suspense, anything else against differences."""

    break_id: Id
    reason: Statement
    correct: Flag = False


@dataclass(frozen=True, slots=True)
class RailStanding:
    """A rail as it stands: what our books have there, what is on its way out and what is nobody's yet, how many movements have no
    end, the last day of which a statement was taken, and the breaks that are open, of which ``old`` wait for too long."""

    rail: str
    ours: Money
    in_transit: Money
    in_suspense: Money
    under_way: int
    last_day: RailDay | None
    waits_for: date | None
    open: int
    old: int
    told_by_itself: bool
