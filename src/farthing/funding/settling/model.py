"""Own ``Cut``: which postings of a partner's settlement account a day's statement tells, fixed when the day is closed.

Amounts are in the partner's favour: more than nothing it is owed, less it owes. The transfer that settles a day is asked for
when the day is cut, and stands in the statement after it. Table: ``funding_statement``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from farthing.funding.shares import COMPONENTS
from farthing.kit.money import Money

SERVICING, COVER = "servicing", "cover"
"""What a partner leaves us of its interest, for arranging and servicing; what of what a cover paid it the cover has back."""
PARTS = (*COMPONENTS, SERVICING, COVER)
"""Of what a repayment to a partner is made; the last two less than nothing, but where a cover pays."""
Form = Literal["csv", "camt.053"]
"""How a statement is written: a table, or ISO 20022 (camt.053.001.08)."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A statement as it is kept: the account's postings after one version and until another, and what it held before and
    after them. ``number`` counts the partner's statements without a gap; ``owner`` is the name it had then."""

    partner: str
    on: date
    number: int
    owner: str
    after_version: int
    until_version: int
    opening: Money
    closing: Money
    made_at: datetime


@dataclass(frozen=True, slots=True)
class DayStated:
    """A day of which a partner has a statement."""

    on: date
    number: int
    opening: Money
    closing: Money


@dataclass(frozen=True, slots=True)
class StatementFile:
    """A partner's statement of a day as a file: its name, and its text as it is sent, in UTF-8."""

    partner: str
    on: date
    number: int
    form: Form
    name: str
    content: str
