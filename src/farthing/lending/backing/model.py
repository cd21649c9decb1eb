"""Own the nouns of what stands behind a loan: the guarantee, the pledged deposit, the collateral with its valuations.

Tables: ``loan_guarantee``, ``loan_pledge``, ``loan_collateral``, ``loan_valuation``. Never holds money: a pledge is a hold of
the ledger on the deposit's account, and ``farthing verify`` compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from farthing.kernel.operation import personal
from farthing.kit.inputs import Amount, Count, Day, Id, Line, OrganisationName, Statement
from farthing.kit.money import Money

Given = Literal["asked", "given", "declined", "released"]
Held = Literal["held", "called", "released"]
Kind = Literal["real_estate", "vehicle", "equipment", "livestock", "stock", "receivables", "other"]


@dataclass(frozen=True, slots=True)
class AskGuarantor:
    """Ask somebody to guarantee a loan up to ``most``. ``guarantor`` is the customer's id or, as a customer asks, the word
    that a look-up by phone gave (``payments.find_payee``)."""

    loan_id: Id
    guarantor: Id
    most: Amount


@dataclass(frozen=True, slots=True)
class GiveGuarantee:
    """The guarantor says yes. ``most`` is the amount that the guarantor saw."""

    guarantee_id: Id
    most: Amount


@dataclass(frozen=True, slots=True)
class DeclineGuarantee:
    """The guarantor says no."""

    guarantee_id: Id


@dataclass(frozen=True, slots=True)
class PledgeDeposit:
    """Leave ``amount`` of a deposit where it is until a loan ends."""

    loan_id: Id
    deposit_id: Id
    amount: Amount


@dataclass(frozen=True, slots=True)
class CallPledge:
    """Break a pledged deposit and repay a late loan with it."""

    pledge_id: Id


@dataclass(frozen=True, slots=True)
class RegisterCollateral:
    """Enter a thing that secures a loan. ``lien``: 1 where nobody is paid out of it before us; ``before``: what those are
    owed who are."""

    loan_id: Id
    kind: Kind
    description: Line
    lien: Count
    before: Amount
    value: Amount
    valued_on: Day
    valuer: OrganisationName


@dataclass(frozen=True, slots=True)
class ValueCollateral:
    """A new valuation: what it was worth on a day, by whom."""

    collateral_id: Id
    value: Amount
    valued_on: Day
    valuer: OrganisationName


@dataclass(frozen=True, slots=True)
class ReleaseCollateral:
    """Give a thing free before its loan ends, and why: it was sold and the loan paid down, or another took its place."""

    collateral_id: Id
    reason: Statement


@dataclass(frozen=True, slots=True)
class Guarantee:
    """A guarantor of a loan: liable up to ``most`` once ``given``, until it is ``released``. ``name`` is masked."""

    id: str
    loan_id: str
    party_id: str
    most: Money
    state: Given
    asked_on: date
    answered_on: date | None
    ended_on: date | None
    name: str = personal("")


@dataclass(frozen=True, slots=True)
class Guaranteed:
    """A guarantee as the guarantor sees it: whose loan, how it stands, and what the guarantor answers for now."""

    guarantee: Guarantee
    principal: Money
    outstanding: Money
    due: Money
    days_late: int
    liable: Money
    borrower: str = personal("")


@dataclass(frozen=True, slots=True)
class Pledge:
    """A deposit, or a part, that stays where it is for a loan. ``taken``: what calls took of it; ``place``: the account
    whose money is held, the deposit's or, once it was broken, the wallet's."""

    id: str
    loan_id: str
    deposit_id: str
    party_id: str
    pledged: Money
    taken: Money
    place: str
    calls: int
    state: Held
    pledged_on: date
    ended_on: date | None

    @property
    def left(self) -> Money:
        """What is still held."""
        return self.pledged - self.taken if self.state == "held" else self.pledged * 0

    @property
    def reference(self) -> str:
        """The hold that keeps the money there now; each call leaves a new one for the rest."""
        return f"backing:{self.id}:{self.calls}"


@dataclass(frozen=True, slots=True)
class Called:
    """What calling a pledge came to: what was freed of the deposit, what it repaid, and the pledge after it."""

    pledge: Pledge
    repayment_id: str
    repaid: Money
    broken: bool


@dataclass(frozen=True, slots=True)
class Valuation:
    """What a thing was said to be worth on a day, and by whom."""

    number: int
    valued_on: date
    value: Money
    valuer: str


@dataclass(frozen=True, slots=True)
class Collateral:
    """A thing that secures a loan, with every valuation of it, the newest last."""

    id: str
    loan_id: str
    kind: Kind
    description: str
    lien: int
    before: Money
    registered_on: date
    released_on: date | None
    valuations: tuple[Valuation, ...]

    @property
    def free(self) -> Money:
        """What is left of its newest value for us once those before us were paid; never below nothing."""
        value = self.valuations[-1].value
        return max(value - self.before, value * 0)


@dataclass(frozen=True, slots=True)
class Secured:
    """A thing of the register beside the loan that it secures, as this stands today: whose it is and what is owed of it."""

    thing: Collateral
    party_id: str
    product: str
    owed: Money
    days_late: int


@dataclass(frozen=True, slots=True)
class LoanToValue:
    """What is owed against what secures it: ``ratio`` is none where nothing does. ``oldest_on``: the oldest of the
    valuations that it rests on."""

    owed: Money
    collateral: Money
    pledged: Money
    ratio: Decimal | None
    oldest_on: date | None


@dataclass(frozen=True, slots=True)
class Backing:
    """All that stands behind a loan: what is asked, given, held and registered, what is over too."""

    loan_id: str
    guarantees: tuple[Guarantee, ...]
    pledges: tuple[Pledge, ...]
    collateral: tuple[Collateral, ...]
    loan_to_value: LoanToValue
