"""Own ``Contact`` and ``Hardship``: what passed between the bank and a borrower who is late, and what was agreed to.

Tables: ``loan_contact``, ``loan_hardship``. Never holds what is owed: that is lending's, and is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from farthing.kernel.operation import personal
from farthing.kit.inputs import Amount, Day, Flag, Id, Instalments, Rate, Statement, Word
from farthing.kit.money import Money
from farthing.lending.acts.model import Happened

CHANNELS = ("call", "message", "letter", "visit")
OUTCOMES = ("reached", "no_answer", "promised", "disputes", "hardship", "wrong_number")
PLANS = ("pause", "reschedule", "smaller_instalments", "penalty_waived", "lower_rate")
"""What can be agreed to with a borrower in difficulty; the events of the loan that carry it out are lending's."""
BORROWER = "borrower"
"""The one person who is ever spoken to about a loan."""
Kept = Literal["open", "kept", "broken"]


@dataclass(frozen=True, slots=True)
class LogContact:
    """Write down a contact, or that one is made now: with whom, by which ``channel``, at which time of today (``14:30``, empty:
    now) and what was said, as a code and in words. A promise names its day and amount."""

    loan_id: Id
    channel: Word
    outcome: Word
    words: Statement = personal()
    person: Word = BORROWER
    at_time: Word = ""
    promised_on: Day | None = None
    promised: Amount | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact as it was written down; ``number`` counts the borrower's. ``kept``: what became of a promise."""

    loan_id: str
    party_id: str
    number: int
    on: date
    at_time: str
    by: str
    channel: str
    outcome: str
    promised_on: date | None
    promised: Money | None
    recorded_at: datetime
    words: str = personal()
    kept: Kept | None = None


@dataclass(frozen=True, slots=True)
class AskHardship:
    """Say that a loan cannot be paid as agreed, and why."""

    loan_id: Id
    words: Statement = personal()


@dataclass(frozen=True, slots=True)
class DecideHardship:
    """Answer it: grant a ``plan`` until a day, by name alone, or decline; the answer is told to the borrower. A plan that is done
    to the loan is :class:`CarryOutRelief`."""

    hardship_id: Id
    granted: Flag
    answer: Statement = personal()
    plan: Word = ""
    until_on: Day | None = None


@dataclass(frozen=True, slots=True)
class CarryOutRelief:
    """Grant a request for relief by a plan that is done to the loan today, and followed until a day. Each part that is given
    becomes an act, under ``words``, which the loan's story tells: a penalty that is ``waived``, a lower rate a year
    (``annual``), interest that is ``paused_until`` a day with it, and ``how`` due days change: ``move_due`` (the instalment of
    ``due_on`` to ``moved_to``), ``add_instalments`` and ``re_age`` (by ``count``), ``re_amortise``."""

    hardship_id: Id
    until_on: Day
    words: Statement
    answer: Statement = personal()
    waived: Amount | None = None
    annual: Rate | None = None
    paused_until: Day | None = None
    how: Word = ""
    due_on: Day | None = None
    moved_to: Day | None = None
    count: Instalments | None = None


@dataclass(frozen=True, slots=True)
class Relieved:
    """A plan that was carried out: the acts on the loan, in their order."""

    hardship_id: str
    loan_id: str
    plan: str
    until_on: date
    events: tuple[Happened, ...]


@dataclass(frozen=True, slots=True)
class Hardship:
    """What a borrower asked for and what was answered. While it waits, and until the day of a plan that was granted, nobody
    speaks to the borrower about being late. ``event``: the acts that carried a
    plan out, apart by blanks; ``followed``: what becomes of it since."""

    id: str
    loan_id: str
    party_id: str
    asked_on: date
    asked_by: str
    state: Literal["asked", "granted", "declined"]
    plan: str
    until_on: date | None
    event: str
    decided_on: date | None
    decided_by: str
    words: str = personal()
    answer: str = personal()
    followed: Kept | None = None

    def holds(self, on: date) -> bool:
        """Whether it keeps collectors away on a day."""
        return self.state == "asked" or (self.state == "granted" and self.until_on is not None and on <= self.until_on)


@dataclass(frozen=True, slots=True)
class Before:
    """What is known of a borrower when a contact is asked for: contacts of the day and of the days that the law counts, and
    what holds."""

    today: int
    lately: int
    hold: Hardship | None


@dataclass(frozen=True, slots=True)
class Work:
    """A late loan on the list of collectors. ``refused``: the code of what forbids a contact at this moment, empty where
    nothing does, and the sentence of it."""

    loan_id: str
    party_id: str
    product: str
    overdue: Money
    days_late: int
    last: Contact | None
    refused: str
    why: str
    why_zh: str


@dataclass(frozen=True, slots=True)
class Worklist:
    """The latest loans that are late; ``next_after`` is the last of them where there are more."""

    works: tuple[Work, ...]
    next_after: str | None
