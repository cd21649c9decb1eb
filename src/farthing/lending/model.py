"""Own ``Loan``: an offer that was accepted, its instalments and who holds the claim.

Tables: ``loan_offer``, ``loan``, ``loan_instalment``, ``loan_repayment`` (and ``loan_flow``). Never holds money: the ledger does;
``farthing verify`` compares the two, and the register of what is owed (:mod:`farthing.lending.audit`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from farthing.kit.inputs import Amount, Code, Few, Id, Instalments, OrganisationName, Purpose
from farthing.kit.money import Money, total
from farthing.lending.schedule import Instalment

State = Literal["accepted", "funded", "active", "closed", "cancelled"]
OWN_BOOK = "own"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has funded a part of a loan: ``own`` or, say, ``partner:<code>``, and that part of the principal.

    Anybody but the own book carries the name and the number by which a contract names it.
    """

    name: Id
    share: Amount
    legal_name: OrganisationName = ""
    credit_code: Code = ""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a loan pins from its product for ever: rate, method, order of allocation, cost of being late, the account path
    that each posting role stands for, and for how many days it may be completed once it is accepted: an agreement that
    says nothing of it, made before products did, does not lapse."""

    product: str
    version: str
    annual: Decimal
    day_count: str
    method: str
    allocation: tuple[str, ...]
    grace_days: int
    penalty_annual: Decimal
    roles: dict[str, str]
    completion_days: int | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """What the bank would lend now: nothing moves until it is accepted, and it lapses after ``expires_on``.

    ``fee`` falls due with the first instalment; ``total_cost`` is interest and fee together.
    """

    id: str
    party_id: str
    decision_id: str
    purpose: str
    amount: Money
    fee: Money
    conditions: Conditions
    schedule: tuple[Instalment, ...]
    total_interest: Money
    total_cost: Money
    annual_percentage_rate: Decimal
    made_on: date
    expires_on: date


@dataclass(frozen=True, slots=True)
class Due:
    """One instalment as it stands. ``late_minor_days``: what was overdue, summed over the days up to ``penalty_as_of`` (minor
    units times days), from which the penalty is reckoned and rounded once."""

    number: int
    due_on: date
    principal: Money
    interest: Money
    fee: Money
    principal_paid: Money
    interest_paid: Money
    fee_paid: Money
    interest_accrued: Money
    interest_waived: Money
    penalty_accrued: Money
    penalty_paid: Money
    penalty_as_of: date
    late_minor_days: int

    @property
    def principal_left(self) -> Money:
        """Principal not yet repaid."""
        return self.principal - self.principal_paid

    @property
    def interest_left(self) -> Money:
        """Interest not yet paid and not waived."""
        return self.interest - self.interest_paid - self.interest_waived

    @property
    def fee_left(self) -> Money:
        """Fee not yet paid."""
        return self.fee - self.fee_paid

    @property
    def left(self) -> Money:
        """Principal, interest and fee still to pay."""
        return self.principal_left + self.interest_left + self.fee_left

    @property
    def settled(self) -> bool:
        """Whether nothing is left of it."""
        return not self.left and self.penalty_accrued == self.penalty_paid


@dataclass(frozen=True, slots=True)
class Loan:
    """A loan and its instalments. ``contract_id`` and ``pays_on`` are set once its contract is drawn: it holds for that day of
    payment and for no other."""

    id: str
    party_id: str
    offer_id: str
    decision_id: str
    purpose: str
    principal: Money
    conditions: Conditions
    state: State
    holders: tuple[Holder, ...]
    contract_id: str | None
    pays_on: date | None
    accepted_at: datetime
    accepted_on: date
    disbursed_on: date | None
    closed_on: date | None
    dues: tuple[Due, ...]

    @property
    def short_id(self) -> str:
        """The id without its prefix, as account paths carry it."""
        return self.id.partition("_")[2]

    @property
    def shared(self) -> bool:
        """Whether anybody but the own book holds a part of it: what moves is then told by flows, and shared out later."""
        return [holder.name for holder in self.holders] != [OWN_BOOK]

    @property
    def outstanding(self) -> Money:
        """Principal not yet repaid."""
        return total([due.principal_left for due in self.dues], self.principal.currency)


@dataclass(frozen=True, slots=True)
class Line:
    """A part of a repayment: what it paid, of which instalment."""

    number: int
    component: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Repayment:
    """A repayment and how it was allocated, in the order it was applied."""

    id: str
    loan_id: str
    amount: Money
    paid_on: date
    lines: tuple[Line, ...]
    outstanding: Money
    loan_state: State


@dataclass(frozen=True, slots=True)
class Settlement:
    """What pays a loan off on a day: everything due, the other principal, and interest up to that day."""

    loan_id: str
    on: date
    principal: Money
    interest: Money
    fee: Money
    penalty: Money

    @property
    def amount(self) -> Money:
        """All of it."""
        return self.principal + self.interest + self.fee + self.penalty


@dataclass(frozen=True, slots=True)
class Apply:
    """Ask for a loan of a product; ``instalments`` is their number."""

    party_id: Id
    product: Id
    amount: Amount
    instalments: Instalments
    purpose: Purpose


@dataclass(frozen=True, slots=True)
class Application:
    """The answer to :class:`Apply`: the decision, and an offer if it was yes."""

    decision_id: str
    approved: bool
    limit: Money
    offer: Offer | None


@dataclass(frozen=True, slots=True)
class AcceptOffer:
    """Take an offer. ``amount`` and ``total_cost`` are what the borrower saw; both must still be true."""

    offer_id: Id
    amount: Amount
    total_cost: Amount


@dataclass(frozen=True, slots=True)
class SetHolders:
    """Say who funds a loan (by ``funding``): the shares sum to the principal."""

    loan_id: Id
    holders: Annotated[tuple[Holder, ...], Few]


@dataclass(frozen=True, slots=True)
class LoanCommand:
    """A command that needs nothing but the loan: draw its contract, disburse it, settle it."""

    loan_id: Id


@dataclass(frozen=True, slots=True)
class Repay:
    """Pay ``amount`` of what is due from the borrower's wallet."""

    loan_id: Id
    amount: Amount
