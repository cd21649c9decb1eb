"""Own the state of a loan while its events are folded: what each step left for the next one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from farthing.lending.lives.events import COMPONENTS, Agreement, Component, Event
from farthing.lending.lives.instalments import Instalment, nothing
from farthing.lending.lives.periods import Accrual


@dataclass(frozen=True, slots=True)
class Split:
    """What one event did, by component; ``over`` is what nothing asked for and is owed back, or was paid back of that;
    ``earned`` what of the interest that was given up had been earned."""

    event: Event
    principal: int = 0
    interest: int = 0
    fee: int = 0
    penalty: int = 0
    over: int = 0
    owed_after: int = 0
    lost: int = 0
    earned: int = 0

    @property
    def total(self) -> int:
        """All of it."""
        return self.principal + self.interest + self.fee + self.penalty + self.over


@dataclass(slots=True)
class Loan:
    """A loan on the way: instalments with their obligations, the accrual under them, and what every event was split into.
    ``late_annual``: what being late costs a year, once a change of the rate changed that."""

    agreement: Agreement
    desk: Accrual | None = None
    instalments: list[Instalment] = field(default_factory=list)
    splits: list[Split] = field(default_factory=list)
    began_on: date | None = None
    paid_out: int = 0
    over: int = 0
    over_since: date | None = None
    given_up: dict[Component, int] = field(default_factory=nothing)
    charged_off_on: date | None = None
    written_off_on: date | None = None
    surplus: dict[str, str] = field(default_factory=dict)
    as_of: date | None = None
    numbered: int = 0
    late_annual: Decimal | None = None

    def copy(self) -> Loan:
        """A state of its own: a fold never changes what it was given."""
        return Loan(
            self.agreement, self.desk.copy() if self.desk else None, [each.copy() for each in self.instalments],
            list(self.splits), self.began_on, self.paid_out, self.over, self.over_since, dict(self.given_up),
            self.charged_off_on, self.written_off_on, dict(self.surplus), self.as_of,
            self.numbered, self.late_annual,
        )  # fmt: skip

    @property
    def bears(self) -> bool:
        """Whether the loan bears interest at all."""
        return self.desk is not None and (self.agreement.terms.annual > 0 or bool(self.desk.rates))

    @property
    def given_up_on(self) -> date | None:
        """Since when the books hold no claim any more, whatever is still owed."""
        return self.charged_off_on or self.written_off_on

    @property
    def lively(self) -> bool:
        """Whether early and late money changes what is borne."""
        return self.bears and not self.agreement.as_planned and self.written_off_on is None

    @property
    def of_plan(self) -> list[Instalment]:
        """The instalments of the plan, one for each period of the accrual."""
        return [each for each in self.instalments if each.of_plan]

    @property
    def outstanding(self) -> int:
        """All that is still owed."""
        return sum(each.outstanding for each in self.instalments)

    @property
    def principal(self) -> int:
        """Principal that is still owed."""
        return sum(each.open("principal") for each in self.instalments)

    @property
    def closed(self) -> bool:
        """Whether nothing is owed and nothing owed back."""
        return self.began_on is not None and not self.over and not any(each.outstanding for each in self.instalments)

    def sort(self) -> None:
        """Instalments in the order of their days; a down payment after what fell due that day before it."""
        self.instalments.sort(key=lambda each: each.due_on)

    def place(self, instalment: Instalment) -> int:
        """Which period an instalment of the plan is of."""
        return next(number for number, each in enumerate(self.of_plan) if each is instalment)

    def agree(self, on: date) -> None:
        """Take what the accrual says over into the obligations."""
        if self.desk is None:
            return
        for instalment, period in zip(self.of_plan, self.desk.periods, strict=True):
            gone = instalment.written_off
            instalment.start, instalment.due_on = period.start, period.due
            instalment.owed["principal"] = max(period.principal, instalment.paid["principal"] + gone["principal"])
            instalment.owed["interest"] = max(period.interest, instalment.paid["interest"] + gone["interest"])
            instalment.met(on)

    def count(self) -> None:
        """Number what came new; of a loan that was given up nothing more is earned."""
        last = max((each.number for each in self.instalments), default=self.numbered)
        for each in self.instalments:
            if not each.number:
                last += 1
                each.number = last
            if self.given_up_on and each.earned is None:
                each.earned = 0
        self.numbered = max(last, self.numbered)

    def give_up(self, on: date) -> int:
        """Keep what of each instalment's interest is earned by now; returns what of it is open."""
        if self.given_up_on:
            return 0
        for each in self.instalments:
            each.earned = each.earned_by(on)
        return sum(each.earned or 0 for each in self.instalments) - sum(
            each.paid["interest"] for each in self.instalments
        )

    def note(self, event: Event, parts: dict[Component, int], over: int = 0, lost: int = 0, earned: int = 0) -> None:
        """Keep what an event was split into."""
        self.splits.append(Split(
            event, parts["principal"], parts["interest"], parts["fee"], parts["penalty"], over, self.principal, lost,
            earned,
        ))  # fmt: skip

    def open_by_component(self) -> dict[Component, int]:
        """What is still owed of each component."""
        return {component: sum(each.open(component) for each in self.instalments) for component in COMPONENTS}
