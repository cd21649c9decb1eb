"""Own in which order money pays: ordered buckets of {past due, due, in advance} and {penalty, fee, principal, interest}.

By instalment, the oldest instalment takes its components before the next one sees anything; by component, one component is
paid over all instalments before the next one is. What is not due yet takes the surplus: the next instalment, the last one,
or all of them alike.
"""

from __future__ import annotations

from datetime import date
from itertools import groupby

from farthing.lending.lives.events import Allocation, Bucket, Component, When
from farthing.lending.lives.instalments import Instalment, nothing
from farthing.lending.lives.loan import Loan
from farthing.lending.lives.payments import due_amounts, pay_interest, pay_principal


class Purse:
    """Money on its way into a loan: what is left, what it paid, and by which rules it pays."""

    def __init__(self, loan: Loan, on: date, amount: int, allocation: Allocation) -> None:
        self.loan, self.on, self.left, self.allocation = loan, on, amount, allocation
        self.paid = nothing()
        self.to_period_end = loan.agreement.pay_off == "to_period_end"

    def spend(self) -> None:
        """Pay as far as the money goes."""
        if self.loan.agreement.direction == "by_component":
            for bucket in self.allocation.order:
                while self.left and self._round([bucket]):
                    pass
            return
        for _, buckets in groupby(self.allocation.order, key=lambda bucket: bucket[0]):
            several = list(buckets)
            while self.left and self._round(several):
                pass

    def _round(self, buckets: list[Bucket]) -> int:
        """One instalment of a group of buckets, or the next ones alike; returns what was paid."""
        before = self.left
        alone = buckets[0][1] if self.loan.agreement.direction == "by_component" else None
        chosen = self._chosen(buckets[0][0], alone)
        for when, component in buckets:
            count = len(chosen)
            share, rest = divmod(self.left, count) if count else (0, 0)
            for number, instalment in enumerate(chosen):
                extra = rest if number == count - 1 else 0
                self._pay(instalment, when, component, min(self.left, share + extra))
        return before - self.left

    def _chosen(self, when: When, component: Component | None) -> list[Instalment]:
        """The instalments that a bucket pays next."""
        owing = [
            each for each in self.loan.instalments
            if (each.outstanding if component is None else each.open(component)) and _is(when, each.due_on, self.on)
        ]  # fmt: skip
        if when != "in_advance" or self.allocation.surplus == "next":
            return owing[:1]
        return owing[-1:] if self.allocation.surplus == "last" else owing

    def _pay(self, instalment: Instalment, when: When, component: Component, amount: int) -> None:
        loan, desk = self.loan, self.loan.desk
        if not loan.lively or desk is None or not instalment.of_plan:
            self._take(instalment, component, amount)
            return
        place, day = loan.place(instalment), self.on
        if when == "in_advance":
            if self.to_period_end and instalment.start < day <= instalment.due_on:
                day = instalment.due_on
            principal, interest = due_amounts(desk, place, day)
            if component == "principal":
                instalment.owed["principal"] = principal
            elif component == "interest":
                instalment.owed["interest"] = interest
        taken = self._take(instalment, component, amount)
        if component == "principal":
            pay_principal(desk, place, day, taken)
            loan.agree(self.on)
        elif component == "interest":
            pay_interest(desk, place, day, taken)
            loan.agree(self.on)

    def _take(self, instalment: Instalment, component: Component, amount: int) -> int:
        taken = instalment.pay(component, amount, self.on)
        self.paid[component] += taken
        self.left -= taken
        return taken


def _is(when: When, due_on: date, on: date) -> bool:
    if when == "past_due":
        return due_on < on
    return due_on == on if when == "due" else due_on > on


def pay(loan: Loan, on: date, amount: int, allocation: Allocation) -> tuple[dict[Component, int], int]:
    """Pay an amount into a loan: what of each component, and what is left over."""
    purse = Purse(loan, on, amount, allocation)
    purse.spend()
    return purse.paid, purse.left
