"""Own how a loan stands on a day, as those see it who know loans by nothing else. Pure.

What stands behind loans and who belongs together (:mod:`farthing.lending.backing`, :mod:`farthing.lending.groups`) is built
on this and on lending's operations alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from farthing.kit.money import Money
from farthing.lending.model import State

OPEN = ("accepted", "funded", "active")
"""The states of a loan that is not over: nothing of it is released before."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A loan on a day: ``due`` is what falls due by then, ``settlement`` what pays it off, ``days_late`` days past
    due; ``undrawn`` what is agreed beside ``principal`` and may still be paid out."""

    loan_id: str
    party_id: str
    product: str
    state: State
    principal: Money
    outstanding: Money
    due: Money
    settlement: Money
    days_late: int
    undrawn: Money

    @property
    def open(self) -> bool:
        """Whether it is not over."""
        return self.state in OPEN

    @property
    def owed(self) -> Money:
        """What is owed of it, or may be once all of it is paid out; nothing once it is over."""
        return self.undrawn + (self.principal if self.open and self.state != "active" else self.outstanding)
