"""Own ``Power``: that a person acts for another customer, and what for.

Tables: ``power``, ``power_act``, ``acted_entry``, ``joint_act``. Rows are ended, never deleted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from farthing.kit.money import Money

Kind = Literal["helper", "guardian", "representative", "signatory"]
"""helper: by the principal's power of attorney; guardian: by a court or a family document; representative and signatory: of an
organisation, whose legal representative is one person at a time."""
State = Literal["asked", "later", "in_force", "expired", "ended"]


@dataclass(frozen=True, slots=True)
class Power:
    """``helper`` acts for ``principal`` in ``scope`` from ``from_on`` (none: not signed yet) until ``until`` inclusive (none:
    until it is ended). ``most_each`` and ``most_day`` bound what he moves at a time and in a day; ``pays_self``: to himself too.
    ``jointly``: each act takes another signatory. ``spent`` is what he moved on ``spent_on``."""

    id: str
    kind: Kind
    principal: str
    helper: str
    scope: tuple[str, ...]
    most_each: Money | None
    most_day: Money | None
    pays_self: bool
    jointly: bool
    document: str
    agreement_id: str | None
    entered_by: str
    entered_at: datetime
    from_on: date | None
    until: date | None
    ended_on: date | None = None
    ended_by: str | None = None
    spent_on: date | None = None
    spent: int = 0

    def state(self, on: date) -> State:
        """How it stands on a day."""
        if self.ended_on is not None:
            return "ended"
        if self.from_on is None:
            return "asked"
        if on < self.from_on:
            return "later"
        return "expired" if self.until is not None and on > self.until else "in_force"

    def spent_by(self, on: date) -> int:
        """What was moved under it on a day so far, in minor units of its currency."""
        return self.spent if self.spent_on == on else 0


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that is to be done under a power: the operation, and what it moves."""

    name: str
    amount: Money | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What was done under a power, as its principal sees it."""

    id: str
    power_id: str
    principal: str
    helper: str
    operation: str
    amount: Money | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Joint:
    """What one signatory asked for and another has to want too; ``state``: waiting, approved, rejected."""

    id: str
    power_id: str
    principal: str
    operation: str
    command: object
    maker: str
    maker_party: str
    made_at: datetime
    made_on: date
    state: str
