"""Own the obligations of an instalment: what of each component is owed, paid and waived, and whether that was early or late."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from farthing.lending.lives.events import COMPONENTS, Component


def nothing() -> dict[Component, int]:
    """No amount of any component."""
    return dict.fromkeys(COMPONENTS, 0)


@dataclass(slots=True)
class Instalment:
    """What falls due on one day: four obligations. ``down_payment``, ``additional`` and ``ahead`` ones bear no interest of
    their own. ``ahead``: principal that was paid before it was due. ``number`` stays, whatever comes before it later.
    ``earned``: what of its interest was earned when the loan was given up; none while it is not.

    ``lapses``: the fee that is not owed where its period never begins.

    ``late_minor_days``: what was overdue, summed over the days up to ``counted_to`` of which the penalty has one rate;
    ``late_before``: what the days before cost, times the days of a year; ``late_penalty``: what of the penalty comes from both.
    """

    start: date
    due_on: date
    owed: dict[Component, int] = field(default_factory=nothing)
    paid: dict[Component, int] = field(default_factory=nothing)
    waived: dict[Component, int] = field(default_factory=nothing)
    written_off: dict[Component, int] = field(default_factory=nothing)
    in_advance: int = 0
    late: int = 0
    paid_on: date | None = None
    down_payment: bool = False
    additional: bool = False
    re_aged: bool = False
    credited: int = 0
    late_minor_days: int = 0
    late_before: Fraction = Fraction(0)
    counted_to: date | None = None
    late_penalty: int = 0
    ahead: bool = False
    number: int = 0
    earned: int | None = None
    lapses: int = 0

    def copy(self) -> Instalment:
        """One of its own."""
        return Instalment(
            self.start, self.due_on, dict(self.owed), dict(self.paid), dict(self.waived), dict(self.written_off),
            self.in_advance, self.late, self.paid_on, self.down_payment, self.additional, self.re_aged, self.credited,
            self.late_minor_days, self.late_before, self.counted_to, self.late_penalty, self.ahead, self.number, self.earned,
            self.lapses,
        )  # fmt: skip

    def open(self, component: Component) -> int:
        """What of a component is still owed."""
        gone = self.paid[component] + self.waived[component] + self.written_off[component]
        return max(0, self.owed[component] - gone)

    @property
    def due(self) -> int:
        """All that falls due."""
        return sum(self.owed.values())

    @property
    def total_paid(self) -> int:
        """All that was paid."""
        return sum(self.paid.values())

    @property
    def outstanding(self) -> int:
        """All that is still owed: what a fold asks for most, hence without a call for each component."""
        owed, paid, waived, gone = self.owed, self.paid, self.waived, self.written_off
        whole = 0
        for component in COMPONENTS:
            left = owed[component] - paid[component] - waived[component] - gone[component]
            if left > 0:
                whole += left
        return whole

    @property
    def of_plan(self) -> bool:
        """Whether it is one of the plan's: not a down payment, not an additional one, not money paid ahead."""
        return not self.down_payment and not self.additional and not self.ahead

    def earned_by(self, on: date) -> int:
        """Interest that is earned by a day: what has fallen due and was not forgiven, or was paid before it did."""
        if self.earned is not None:
            return self.earned
        if self.due_on > on:
            return self.paid["interest"]
        forgiven = min(self.waived["interest"], self.owed["interest"] - self.paid["interest"])
        return self.owed["interest"] - max(0, forgiven)

    def pay(self, component: Component, amount: int, on: date) -> int:
        """Pay at most an amount of a component; returns what was taken."""
        taken = min(amount, self.open(component))
        if taken <= 0:
            return 0
        self.paid[component] += taken
        if on < self.due_on:
            self.in_advance += taken
        elif on > self.due_on:
            self.late += taken
        self.met(on)
        return taken

    def met(self, on: date) -> None:
        """Note on which day nothing was owed any more, or that something is again."""
        if self.outstanding:
            self.paid_on = None
        elif self.paid_on is None and (self.due or self.total_paid):
            self.paid_on = on
