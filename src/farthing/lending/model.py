"""Own ``Loan``: an offer that was accepted, its instalments and who holds the claim.

Tables: ``loan_offer``, ``loan``, ``loan_plan``, ``loan_event``, ``loan_obligation`` (and ``loan_flow``). Never holds money: the
ledger does; ``farthing verify`` compares the two, and the register of what is owed (:mod:`farthing.lending.audit`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from farthing.kit.ids import bare
from farthing.kit.inputs import Amount, Code, Few, Id, Instalments, OrganisationName, Purpose
from farthing.kit.money import Money, total
from farthing.lending.owed import Component, StandingInstalment
from farthing.products.model import (
    MONTHLY,
    USUAL_REPAYING,
    Floating,
    InstalmentFee,
    PaymentsOut,
    RateStep,
    Repaying,
    Schedule,
)

State = Literal["accepted", "funded", "active", "closed", "cancelled"]
Standing = Literal["accepted", "funded", "active", "closed", "cancelled", "charged_off", "written_off"]
"""A state as people are told it: what was given up for good is not repaid, and what left the books alone is still owed."""
OWN_BOOK = "own"
MARKETPLACE = "marketplace"
"""The holder that all lenders of the marketplace are together, on a loan and in its contract. Who they are is not lending's."""


@dataclass(frozen=True, slots=True)
class Instalment:
    """One instalment as agreed: what falls due on a day, and the principal left after it."""

    number: int
    due_on: date
    principal: Money
    interest: Money
    fee: Money
    outstanding_after: Money

    @property
    def amount(self) -> Money:
        """Principal, interest and fee together."""
        return self.principal + self.interest + self.fee


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has funded a part of a loan: ``own`` or, say, ``partner:<code>``, and that part of the principal. Anybody but the own
    book carries the name and the number by which a contract names it."""

    name: Id
    share: Amount
    legal_name: OrganisationName = ""
    credit_code: Code = ""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a loan pins from its product for ever: rate, method, order of allocation, cost of being late, the account path of each
    posting role, for how many days it may be completed once it is accepted (none of before products said it: it does not lapse).
    ``periods``: how many were agreed, 0 where each is an instalment. ``early_repayment``: what repaying early costs, as a part of
    it. ``instalment_fee``: what each instalment bears beside; ``late_fee``: what a missed one costs once. ``origination``: the
    fee for granting it as a part of it, due with the first instalment or (``fee_kept_back``) kept back of the payment out.
    ``repaying``: what money does that comes in. ``penalty_on`` (what is overdue, or its principal), ``tolerance``, and
    ``penalty_multiple`` of the rate, if agreed: the penalty. ``floating``: what the rate follows, at the day of the offer.
    ``payments_out``: in how many payments what is agreed is paid out at most, and by when; none: at once. ``step``: of a rate
    by probability of default the step that the borrower's fell into."""

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
    schedule: Schedule = MONTHLY
    periods: int = 0
    early_repayment: Decimal = Decimal(0)
    penalty_on: str = "overdue"
    tolerance: Money | None = None
    instalment_fee: InstalmentFee | None = None
    late_fee: Money | None = None
    origination: Decimal = Decimal(0)
    fee_kept_back: bool = False
    repaying: Repaying = USUAL_REPAYING
    floating: Floating | None = None
    penalty_multiple: Decimal | None = None
    payments_out: PaymentsOut | None = None
    step: RateStep | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """What the bank would lend now: nothing moves until it is accepted, and it lapses after ``expires_on``. ``fee`` is for
    granting the loan; ``total_cost`` is interest and all fees together. ``first``: what of it is paid out first, where that is
    not all: schedule and cost are of that, and the rest is asked for later."""

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
    replaces: str | None = None
    first: Money | None = None

    @property
    def paid_first(self) -> Money:
        """What is paid out once it is signed."""
        return self.amount if self.first is None else self.first


@dataclass(frozen=True, slots=True)
class Loan:
    """A loan and its instalments as they stand: by its plan until it is paid out, by what its events came to after.

    ``contract_id`` and ``pays_on`` are set once its contract is drawn: it holds for that day of payment and for no other.
    ``given_up_on``: since when the books hold no claim for it (charged off, or written off). ``owed_back``: what was paid too
    much. ``replaces``: the loan that is paid off out of this one when that is paid out. ``resets_on``: its next reset.
    ``principal`` is what was paid out so far, or is first; ``undrawn`` what is agreed beside it and not paid out, if anything,
    which may be asked for up to ``undrawn_until``, known once the first money is paid.
    """

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
    instalments: tuple[StandingInstalment, ...]
    given_up_on: date | None = None
    owed_back: Money | None = None
    replaces: str | None = None
    resets_on: date | None = None
    undrawn: Money | None = None
    undrawn_until: date | None = None

    @property
    def short_id(self) -> str:
        """The id without its prefix, as account paths carry it."""
        return bare(self.id)

    @property
    def shared(self) -> bool:
        """Whether anybody but the own book holds a part of it: what moves is then told by flows, and shared out later."""
        return [holder.name for holder in self.holders] != [OWN_BOOK]

    @property
    def asked(self) -> Money:
        """Principal of all its instalments, paid or not: what was paid out, from then on."""
        return total([each.principal for each in self.instalments], self.principal.currency)

    @property
    def outstanding(self) -> Money:
        """Principal not yet repaid."""
        return total([each.principal_left for each in self.instalments], self.principal.currency)

    @property
    def to_draw(self) -> Money:
        """What is agreed and not paid out, nothing where there is none."""
        return self.principal * 0 if self.undrawn is None else self.undrawn

    @property
    def agreed(self) -> Money:
        """What was paid out, and what may still be asked for."""
        return self.principal + self.to_draw

    @property
    def written_off(self) -> Money:
        """What of it was given up for good."""
        return total([each.written_off for each in self.instalments], self.principal.currency)

    @property
    def standing(self) -> Standing:
        """Its state as people are told it."""
        return standing_of(self.state, self.given_up_on, self.written_off)


def standing_of(state: State, given_up_on: date | None, written_off: Money) -> Standing:
    """A state as people are told it; a loan that was charged off and then paid whole is repaid."""
    if written_off:
        return "written_off"
    return "charged_off" if given_up_on is not None and state == "active" else state


@dataclass(frozen=True, slots=True)
class Line:
    """A part of a repayment: what it paid, of which instalment."""

    number: int
    component: Component
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
class Move:
    """What an event did to one obligation: by how much more is owed, paid, waived or written off, in minor units; and on which
    day it fell due before, where the event moved that."""

    number: int
    component: Component
    amount: int
    paid: int
    waived: int
    written_off: int
    was_due_on: date | None = None


RESTRUCTURES = "restructures"
"""Where an event keeps that it eased the terms of a loan that was late, or not of the best class."""


@dataclass(frozen=True, slots=True)
class LoanEvent:
    """A dated fact about a loan, as it was told. ``number`` counts the loan's events in the order of telling; ``on`` is its own
    day; ``about`` what its kind needs beside the amount. ``moves``, ``outstanding`` and ``loan_state`` are what it came to."""

    number: int
    id: str
    kind: str
    on: date
    amount: Money
    about: dict[str, Any]
    moves: tuple[Move, ...]
    outstanding: Money
    loan_state: State
    recorded_at: datetime

    @property
    def told_on(self) -> date:
        """The day on which it was told: its own, unless it was told late."""
        return date.fromisoformat(self.about["told_on"]) if "told_on" in self.about else self.on


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
    """Ask for a loan of a product; ``instalments`` is their number. ``first``: what of it is to be paid out first, where the
    product pays out in parts; else all of it."""

    party_id: Id
    product: Id
    amount: Amount
    instalments: Instalments
    purpose: Purpose
    first: Amount | None = None


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
