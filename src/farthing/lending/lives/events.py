"""Own what can happen to a loan, as dated facts, and how a loan answers: the agreement that events are read under."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, get_args

from farthing.lending.plans.terms import Every, Terms

Component = Literal["penalty", "fee", "interest", "principal"]
When = Literal["past_due", "due", "in_advance"]
Bucket = tuple[When, Component]
Surplus = Literal["next", "last", "next_last", "re_amortise"]
Direction = Literal["by_instalment", "by_component"]
Recalculated = Literal["no", "by_day", "by_period"]
PayOff = Literal["to_day", "to_period_end"]
ChargeOff = Literal["usual", "no_more_interest", "all_due"]
Early = Literal["all_interest", "to_day", "to_period_end"]
Ahead = Literal["instalments", "principal"]
Base = Literal["amount", "lent", "interest", "lent_and_interest", "overdue"]
BASES: tuple[str, ...] = get_args(Base)

Do = Literal[
    "pay_out", "repay", "pay_off", "goodwill_credit", "merchant_refund", "payout_refund", "interest_refund",
    "charge", "waive", "waive_interest", "change_rate", "reset_rate", "pause_interest", "move_due", "add_instalments", "re_age",
    "re_amortise", "charge_off", "write_off", "recover", "refund_credit", "charge_back", "capitalise", "end", "reverse",
    "set_surplus",
]  # fmt: skip
DOES: tuple[str, ...] = get_args(Do)
COMPONENTS: tuple[Component, ...] = get_args(Component)
WHENS: tuple[When, ...] = get_args(When)
PAYING: tuple[str, ...] = (
    "repay", "pay_off", "goodwill_credit", "merchant_refund", "payout_refund", "interest_refund",
)  # fmt: skip
"""Kinds that are allocated over what is owed."""
MONEY: frozenset[str] = frozenset(
    {*PAYING, "pay_out", "charge", "recover", "refund_credit", "charge_back", "capitalise", "waive"} - {"pay_off"}
)
"""Kinds that need an amount."""

USUAL_ORDER: tuple[Component, ...] = ("penalty", "fee", "principal", "interest")
USUAL: tuple[Bucket, ...] = tuple((when, component) for when in WHENS for component in USUAL_ORDER)


@dataclass(frozen=True, slots=True)
class Allocation:
    """In which order money of one kind pays, and which instalment not due yet it pays first."""

    order: tuple[Bucket, ...] = USUAL
    surplus: Surplus = "next"


@dataclass(frozen=True, slots=True)
class Agreed:
    """One instalment as a contract says it, in minor units: it stands as it was signed, until an event changes the plan."""

    due_on: date
    principal: int
    interest: int
    fee: int = 0


@dataclass(frozen=True, slots=True)
class LateCharge:
    """A penalty by the day on all that is overdue, a rate a year: owed once an instalment is more than ``grace_days`` late, and
    then from its due day on. ``principal_alone``: on the principal of what is overdue. An instalment of which no more than
    ``tolerance`` is overdue costs nothing. ``fixed``: minor units that it costs beside, once."""

    annual: Decimal
    grace_days: int = 0
    principal_alone: bool = False
    tolerance: int = 0
    fixed: int = 0


@dataclass(frozen=True, slots=True)
class Agreement:
    """How a loan lives: its terms, who is paid first, and what early, late and bad mean for its interest.

    ``recalculated``: whether money that comes early or late changes the interest, by the day or by the period.
    ``direction``: a whole instalment at a time, or one component over all instalments. ``auto_down_payment``: a down
    payment is kept back from the money that goes out. ``chargeback_order``: what a payment that is taken back revives first;
    without it, its whole amount becomes principal. ``agreed``: the first plan as it was signed, which is taken over and not
    computed. ``late``: what being late costs by the day. ``early``: what a loan whose interest early money does not change costs
    to pay off: all interest to come, that of the days that have passed, or of the running period too. ``ahead``: whether
    money of such a loan that nothing asks for yet pays instalments to come, with all their interest, or principal, which bears
    no more from that day on; ``ahead_chosen``: once the borrower chose.
    ``early_fee``: what principal that a borrower repays before it falls due costs, as a part of it, where her money changes no
    interest or is taken for principal.
    """

    terms: Terms
    allocations: dict[str, Allocation] = field(default_factory=dict)
    direction: Direction = "by_instalment"
    recalculated: Recalculated = "no"
    pay_off: PayOff = "to_day"
    charge_off: ChargeOff = "usual"
    auto_down_payment: bool = False
    chargeback_order: tuple[Component, ...] = ()
    agreed: tuple[Agreed, ...] = ()
    late: LateCharge | None = None
    early: Early = "all_interest"
    ahead: Ahead = "instalments"
    early_fee: Decimal = Decimal(0)
    ahead_chosen: Ahead | None = None

    @property
    def as_planned(self) -> bool:
        """Whether early and late money changes no interest; flat interest is on the first principal whatever comes."""
        return self.recalculated == "no" or self.terms.method == "flat"

    def allocation(self, do: str) -> Allocation:
        """How money of a kind is allocated: as agreed for it, or for repayments."""
        usual = self.allocations.get("repay", Allocation())
        return self.allocations.get("repay" if do == "pay_off" else do, usual)


@dataclass(frozen=True, slots=True)
class Event:
    """One dated fact. Amounts in minor units; ``posted_on``: when the books learnt of it, by default the same day.

    ``shifts``: which days that a change of the plan comes to are holidays, as declared when it was told, and when what falls due
    then does instead. ``name``: what a reversal or a charge-back calls it by.
    ``share`` of ``base``: an amount that is a part of something else.
    ``penalty``: what being late costs a year from a change of the rate on; as before where it says nothing.
    The other fields belong to single kinds and are read by them.
    """

    on: date
    do: str
    amount: int = 0
    name: str = ""
    of: str = ""
    posted_on: date | None = None
    component: Component = "fee"
    due_on: date | None = None
    until: date | None = None
    annual: Decimal | None = None
    penalty: Decimal | None = None
    count: int = 0
    every: Every | None = None
    surplus: Surplus = "next"
    each: bool = False
    share: Decimal | None = None
    base: Base = "amount"
    shifts: tuple[tuple[date, date], ...] = ()
    spread: Literal["interest_on_top", "equal_interest"] = "interest_on_top"

    @property
    def booked_on(self) -> date:
        """The day on which the books learnt of it."""
        return max(self.posted_on, self.on) if self.posted_on else self.on
