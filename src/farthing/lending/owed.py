"""Own ``StandingInstalment``: what falls due on one day, component by component, and what became of it. Pure.

Table: ``loan_obligation``, a row a component.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from farthing.kit.money import Money, total

Component = Literal["principal", "interest", "fee", "penalty"]
Progress = Literal["amount", "paid", "waived", "written_off", "recognised", "left"]


@dataclass(frozen=True, slots=True)
class Obligation:
    """One component that falls due once. ``recognised``: interest that the books hold as fallen due, or as paid before it did."""

    component: Component
    amount: Money
    paid: Money
    waived: Money
    written_off: Money
    recognised: Money

    @property
    def left(self) -> Money:
        """What of it is still owed."""
        gone = self.paid.minor + self.waived.minor + self.written_off.minor
        return Money(self.amount.minor - gone, self.amount.currency)


@dataclass(frozen=True, slots=True)
class StandingInstalment:
    """An instalment as it stands: what falls due on one day, and what became of it. A component that was never owed is not in
    ``obligations``; the penalty of being late is as of the day to which the loan was brought."""

    number: int
    due_on: date
    currency: str
    obligations: tuple[Obligation, ...]

    def of(self, component: Component, what: Progress) -> Money:
        """An amount of one component."""
        for each in self.obligations:
            if each.component == component:
                found: Money = getattr(each, what)
                return found
        return Money.zero(self.currency)

    @property
    def principal(self) -> Money:
        """Principal that falls due."""
        return self.of("principal", "amount")

    @property
    def interest(self) -> Money:
        """Interest that falls due."""
        return self.of("interest", "amount")

    @property
    def fee(self) -> Money:
        """Fees that fall due."""
        return self.of("fee", "amount")

    @property
    def penalty(self) -> Money:
        """What being late costs."""
        return self.of("penalty", "amount")

    @property
    def amount(self) -> Money:
        """Principal, interest and fees that fall due together."""
        return self.principal + self.interest + self.fee

    @property
    def principal_left(self) -> Money:
        """Principal still owed."""
        return self.of("principal", "left")

    @property
    def interest_left(self) -> Money:
        """Interest still owed."""
        return self.of("interest", "left")

    @property
    def fee_left(self) -> Money:
        """Fees still owed."""
        return self.of("fee", "left")

    @property
    def penalty_left(self) -> Money:
        """Penalties still owed."""
        return self.of("penalty", "left")

    @property
    def left(self) -> Money:
        """Principal, interest and fees still to pay: the penalty is beside it."""
        return Money(sum(one.left.minor for one in self.obligations if one.component != "penalty"), self.currency)

    @property
    def written_off(self) -> Money:
        """What of it was given up for good."""
        return total([each.written_off for each in self.obligations], self.currency)

    @property
    def settled(self) -> bool:
        """Whether nothing is left of it."""
        return not self.left and not self.penalty_left
