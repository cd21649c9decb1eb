"""What a list of loans answers: rows, the sums of all that is filtered, and what falls due day by day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from farthing.kit.ids import bare
from farthing.kit.money import Money
from farthing.lending.model import Standing, State, standing_of


@dataclass(frozen=True, slots=True)
class Asked:
    """Which loans are looked for: of a state, a product, a customer (any, where empty), or with something due by a day that
    is not paid."""

    state: str
    product: str
    party_id: str
    late_by: date | None


@dataclass(frozen=True, slots=True)
class LoanRow:
    """One loan in a list. ``outstanding`` is principal not yet repaid, ``overdue`` everything that was due before today,
    ``days_past_due`` for how long the oldest of it is; all are nothing unless the loan is being repaid. ``given_up_on``: since
    when the books hold no claim for it; ``written_off``: what was given up for good."""

    id: str
    party_id: str
    product: str
    state: State
    principal: Money
    outstanding: Money
    overdue: Money
    days_past_due: int
    next_due_on: date | None
    accepted_on: date
    closed_on: date | None
    given_up_on: date | None
    written_off: Money

    @property
    def standing(self) -> Standing:
        """Its state as people are told it."""
        return standing_of(self.state, self.given_up_on, self.written_off)


@dataclass(frozen=True, slots=True)
class LoanSum:
    """All loans of a currency that are filtered, not only those of the page."""

    loans: int
    principal: Money
    outstanding: Money
    overdue: Money


@dataclass(frozen=True, slots=True)
class LoanPage:
    """A page of loans, the latest first; ``next_after`` is the last of them where there are more."""

    loans: tuple[LoanRow, ...]
    sums: tuple[LoanSum, ...]
    next_after: str | None


@dataclass(frozen=True, slots=True)
class DueDay:
    """What borrowers are to pay on a day in one currency; a day before today stands for all that is late."""

    on: date
    instalments: int
    amount: Money


@dataclass(frozen=True, slots=True)
class HeldLoan:
    """A loan that others fund and that was paid out: what of each kind was paid and shared out so far, and the principal that
    fell due before today and was not paid."""

    id: str
    active: bool
    principal_paid: Money
    principal_late: Money
    interest_paid: Money
    penalty_paid: Money
    fee_paid: Money


@dataclass(frozen=True, slots=True)
class Unpaid:
    """An instalment of a loan that is being repaid, and what is left of it."""

    loan_id: str
    party_id: str
    number: int
    due_on: date
    left: Money


@dataclass(frozen=True, slots=True)
class Lent:
    """A loan that was paid out, as whoever reckons what it earns sees it: its accounts by role, and when it was to end."""

    id: str
    product: str
    currency: str
    roles: Mapping[str, str]
    disbursed_on: date
    last_due_on: date

    @property
    def short_id(self) -> str:
        """The id without its prefix, as account paths and references carry it."""
        return bare(self.id)

    @property
    def principal_account(self) -> str:
        """The own book's claim on the borrower for principal."""
        return f"{self.roles['principal']}:{self.short_id}"

    def role_of(self, path: str) -> str:
        """The role that an account plays for it, empty where it plays none."""
        return next((role for role, named in self.roles.items() if named == path), "")
