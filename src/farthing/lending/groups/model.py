"""Own the group of borrowers who answer for each other, its members, its meetings, and the sheet of what was collected.

Tables: ``loan_group``, ``loan_group_member``, ``loan_sheet``, ``loan_sheet_line``. Never holds money: cash is in a drawer,
a repayment is lending's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from farthing.kernel.operation import personal
from farthing.kit.inputs import Amount, Count, Day, Few, Id, Line
from farthing.kit.money import Money

Belongs = Literal["asked", "in", "left"]


@dataclass(frozen=True, slots=True)
class FormGroup:
    """A group is formed, whose officer the actor is. It meets first on ``from_on``, then every so many weeks, at a place."""

    name: Line
    from_on: Day
    every_weeks: Count
    place: Line


@dataclass(frozen=True, slots=True)
class MoveMeeting:
    """A group meets on other days or elsewhere from now on, and the actor is its officer."""

    group_id: Id
    from_on: Day
    every_weeks: Count
    place: Line


@dataclass(frozen=True, slots=True)
class AskMember:
    """A customer is asked to join."""

    group_id: Id
    party_id: Id


@dataclass(frozen=True, slots=True)
class JoinLoanGroup:
    """A customer joins: it answers for what the members owe from now on, and they for what it owes."""

    group_id: Id
    party_id: Id


@dataclass(frozen=True, slots=True)
class LeaveLoanGroup:
    """A member leaves."""

    group_id: Id
    party_id: Id


@dataclass(frozen=True, slots=True)
class CashPaid:
    """So much cash that a member brought, for its own loan or for another member's."""

    payer: Id
    loan_id: Id
    amount: Amount


@dataclass(frozen=True, slots=True)
class CollectSheet:
    """What was collected: ``number`` is the sheet's as it was shown, ``total`` the cash as it was counted."""

    group_id: Id
    number: Count
    total: Amount
    lines: Annotated[tuple[CashPaid, ...], Few]


@dataclass(frozen=True, slots=True)
class Group:
    """A group as it is kept. ``sheets``: how many were collected so far."""

    id: str
    name: str
    officer: str
    from_on: date
    every_weeks: int
    place: str
    sheets: int
    made_on: date


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who was asked, belongs, or left."""

    party_id: str
    group_id: str
    state: Belongs
    asked_on: date
    joined_on: date | None
    left_on: date | None
    name: str = personal("")


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group with its members; ``owed``: what all members together owe, ``late``: how many of their loans are late."""

    group: Group
    meets_on: date
    members: tuple[Member, ...]
    owed: Money
    late: int


@dataclass(frozen=True, slots=True)
class Joined:
    """What joining or leaving came to: the group as its members see it, and what they owe together."""

    group_id: str
    name: str
    members: int
    owed: Money
    state: Belongs


@dataclass(frozen=True, slots=True)
class SheetRow:
    """What a member owes today on one loan; ``settlement`` would pay the loan off."""

    party_id: str
    loan_id: str
    product: str
    due: Money
    settlement: Money
    days_late: int
    name: str = personal("")


@dataclass(frozen=True, slots=True)
class SheetToFill:
    """A sheet before it is filled in: its number, the day, what each loan of a member has due, and who else may pay."""

    group: Group
    number: int
    on: date
    due: Money
    rows: tuple[SheetRow, ...]
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class SheetLine:
    """Who paid how much for whose loan, and the repayment that it became."""

    payer_id: str
    borrower_id: str
    loan_id: str
    amount: Money
    cash_id: str
    repayment_id: str

    @property
    def for_another(self) -> bool:
        """Whether a member paid what another owed."""
        return self.payer_id != self.borrower_id


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that was collected: all of it, in one drawer, on one day."""

    group_id: str
    number: int
    held_on: date
    total: Money
    taken_by: str
    lines: tuple[SheetLine, ...]
