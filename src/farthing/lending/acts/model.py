"""Own what a bank can do to a loan that was paid out, and what it comes to.

Each act is told of a day, today where none is said, in the words of whoever does it. Table: ``loan_event``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from farthing.kit.inputs import Amount, Day, Id, Instalments, Rate, Statement, Word
from farthing.kit.money import Money
from farthing.ledger.model import JournalEntry
from farthing.lending.model import Move, Settlement, State
from farthing.lending.owed import StandingInstalment

CHARGED = ("fee", "penalty")
WAIVED = ("fee", "penalty", "interest")
"""What may be forgiven while the loan stands: principal is given up by a write-off alone."""
RESCHEDULES = ("move_due", "add_instalments", "re_age", "re_amortise")
SURPLUS: dict[str, Literal["last", "re_amortise"]] = {"shorter": "last", "smaller": "re_amortise"}
"""What money does that nothing asks for yet: the loan ends earlier, or its instalments are smaller."""


@dataclass(frozen=True, slots=True)
class Charge:
    """Charge a fee or a penalty; ``due_on``: when it is to be paid, else today, also where it is told of an earlier day."""

    loan_id: Id
    component: Word
    amount: Amount
    words: Statement
    due_on: Day | None = None
    on: Day | None = None


@dataclass(frozen=True, slots=True)
class Waive:
    """Forgive a fee, a penalty or interest, of the oldest first, or of the instalment that falls due on a day."""

    loan_id: Id
    component: Word
    amount: Amount
    words: Statement
    due_on: Day | None = None
    on: Day | None = None


@dataclass(frozen=True, slots=True)
class PauseInterest:
    """Let a loan bear nothing up to a day, with it; instalments stay, and the last one is smaller."""

    loan_id: Id
    until: Day
    words: Statement
    on: Day | None = None


@dataclass(frozen=True, slots=True)
class LowerRate:
    """Agree a lower rate a year from a day on."""

    loan_id: Id
    annual: Rate
    words: Statement
    on: Day | None = None


@dataclass(frozen=True, slots=True)
class Reschedule:
    """Change when a loan is repaid: ``move_due`` (the instalment of ``due_on`` and all after it, to ``until`` and on from
    there), ``add_instalments`` (``count`` more at the end), ``re_age`` (all that is owed in ``count`` new instalments from
    ``due_on`` on), ``re_amortise`` (what is late over the instalments to come)."""

    loan_id: Id
    how: Word
    words: Statement
    due_on: Day | None = None
    until: Day | None = None
    count: Instalments | None = None
    on: Day | None = None


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Charge a loan off, whose borrower goes on owing it, or write it off, whose borrower owes nothing any more."""

    loan_id: Id
    words: Statement
    on: Day | None = None


@dataclass(frozen=True, slots=True)
class Recover:
    """Pay from the borrower's wallet what was written off."""

    loan_id: Id
    amount: Amount


@dataclass(frozen=True, slots=True)
class GiveMoney:
    """Give back what was paid too much, or pay a part of what is owed as the bank: goodwill."""

    loan_id: Id
    amount: Amount
    words: Statement
    on: Day | None = None


@dataclass(frozen=True, slots=True)
class RepayAsOf:
    """Take a repayment from the wallet today that counts from an earlier day: it came then, and was not told."""

    loan_id: Id
    amount: Amount
    on: Day
    words: Statement


@dataclass(frozen=True, slots=True)
class TakeRecovery:
    """Take from the borrower's wallet what came in for a loan that was given up: what was written off, or, of one that was
    charged off, what is still owed."""

    loan_id: Id
    amount: Amount
    words: Statement


@dataclass(frozen=True, slots=True)
class ReverseEvent:
    """Take back an event, from its own day on; what was paid goes back to the wallet."""

    loan_id: Id
    event_id: Id
    words: Statement


@dataclass(frozen=True, slots=True)
class ChooseSurplus:
    """Choose what money does that comes before anything asks for it: ``shorter`` or ``smaller``. From then on it may come."""

    loan_id: Id
    surplus: Word


Act = (
    Charge | Waive | PauseInterest | LowerRate | Reschedule | GiveUp | Recover | GiveMoney | RepayAsOf | ReverseEvent
    | TakeRecovery | ChooseSurplus
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Happened:
    """One event of a loan's life. ``on``: the day that it is of, ``told_on`` when it was told; ``words`` why. ``moves``: what
    it did to each obligation, in minor units. ``of``: the event that it takes back; ``reversed``: whether a later one took it
    back. ``other``: the loan that this one paid off, or was paid off by, with ``between`` of the new loan's money."""

    loan_id: str
    number: int
    id: str
    kind: str
    on: date
    told_on: date
    amount: Money
    words: str
    of: str
    reversed: bool
    moves: tuple[Move, ...]
    outstanding: Money
    loan_state: State
    other: str = ""
    between: Money | None = None


@dataclass(frozen=True, slots=True)
class Recoverable:
    """What a write-off gave up of a loan, what came in for it since, and what may still be recovered. ``written_off_on``: none
    of a loan that was not written off, of which nothing may."""

    loan_id: str
    written_off_on: date | None
    written_off: Money
    recovered: Money
    left: Money


@dataclass(frozen=True, slots=True)
class Figures:
    """A loan on a day, in the figures that a change is judged by. ``due``: what falls due by then; ``settlement``: what pays it
    off; ``cost``: interest, fees and penalties over its whole life, forgiven ones left out; ``ends_on``: the last day on
    which anything falls due."""

    instalments: tuple[StandingInstalment, ...]
    outstanding: Money
    due: Money
    settlement: Money
    cost: Money
    ends_on: date
    state: State


@dataclass(frozen=True, slots=True)
class Trial:
    """What an act would come to: the loan before and after it, by how much its whole cost changes, and what would be posted."""

    event: Happened
    before: Figures
    after: Figures
    cost_change: Money
    entries: tuple[JournalEntry, ...]


@dataclass(frozen=True, slots=True)
class Ahead:
    """What a borrower may do: pay an amount today, which makes the loan ``shorter`` or ``smaller`` (none where nothing would be
    left of it, or nothing is asked); settle it; or pay nothing up to ``late_until``, which costs ``late_costs``."""

    now: Figures
    settlement: Settlement
    shorter: Figures | None
    smaller: Figures | None
    late_until: date
    late_costs: Money
