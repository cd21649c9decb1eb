"""Own in which order money pays: ordered buckets of {past due, due, in advance} and {penalty, fee, principal, interest}.

By instalment, the oldest instalment takes its components before the next one sees anything; by component, one component is
paid over all instalments before the next one is. What is not due yet takes the surplus: the next instalment, the last one,
or all of them alike.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from farthing.lending.lives.events import Allocation, Bucket, Component, When
from farthing.lending.lives.instalments import Instalment, nothing
from farthing.lending.lives.loan import Loan
from farthing.lending.lives.payments import due_amounts, open_on, pay_as_planned, pay_interest, pay_principal
from farthing.lending.plans.factors import minor


class Purse:
    """Money on its way into a loan: what is left, what it paid, and by which rules it pays."""

    def __init__(self, loan: Loan, on: date, amount: int, allocation: Allocation) -> None:
        self.loan, self.on, self.left, self.allocation = loan, on, amount, allocation
        self.paid = nothing()
        self.to_period_end = ends_period(loan, on, amount)
        self.passed_over: list[Instalment] = []

    def spend(self) -> None:
        """Pay as far as the money goes."""
        if self.loan.agreement.direction == "by_component":
            groups = [[bucket] for bucket in self.allocation.order]
        else:
            whens = dict.fromkeys(bucket[0] for bucket in self.allocation.order)
            groups = [[bucket for bucket in self.allocation.order if bucket[0] == when] for when in whens]
        before = -1
        while self.left and self.left != before:  # what paid one component may let another one ask for more
            before = self.left
            for several in groups:
                self._sweep(several)

    def _sweep(self, buckets: list[Bucket]) -> None:
        """Pay a group of buckets until it takes nothing more; what is not due yet and takes nothing is passed over."""
        self.passed_over, passed = [], -1
        while self.left and (self._round(buckets) or len(self.passed_over) > passed):
            passed = len(self.passed_over)

    def _round(self, buckets: list[Bucket]) -> int:
        """One instalment of a group of buckets, or the next ones alike; returns what was paid."""
        before = self.left
        alone = buckets[0][1] if self.loan.agreement.direction == "by_component" else None
        chosen = self._chosen(buckets[0][0], alone)
        for when, component in buckets:
            count = len(chosen)
            share = minor(Decimal(self.left) / count) if count else 0
            share = self.left // count if count and self.left < share * (count - 1) else share
            rest = self.left - share * (count - 1)
            for number, instalment in enumerate(chosen):
                given, had = min(self.left, rest if number == count - 1 else share), self.left
                self._pay(instalment, when, component, given)
                if alone and given and self.left == had and when == "in_advance":
                    self.passed_over.append(instalment)  # else what the others could take is shared with it for ever
        if self.left == before and buckets[0][0] == "in_advance":
            self.passed_over += chosen
        return before - self.left

    def _chosen(self, when: When, component: Component | None) -> list[Instalment]:
        """The instalments that a bucket pays next."""
        owing = [
            each for each in self.loan.instalments
            if _is(when, each.due_on, self.on) and (each.outstanding if component is None else each.open(component))
        ]  # fmt: skip
        if when != "in_advance":
            return owing[:1]
        owing = [each for each in owing if not any(each is other for other in self.passed_over)]
        if self.allocation.surplus == "next":
            return owing[:1]
        if self.allocation.surplus == "re_amortise":
            return owing
        running = [each for each in owing if each.start <= self.on]
        if self.allocation.surplus == "next_last" and running:
            return running
        return self._last(owing)

    def _last(self, owing: list[Instalment]) -> list[Instalment]:
        """The last instalment that owes something, or that was emptied by money before it and could take more."""
        if not self.loan.lively:
            return owing[-1:]
        empty = [
            each for each in self.loan.of_plan
            if not each.due and each.due_on > self.on and not any(each is other for other in self.passed_over)
        ]  # fmt: skip
        return sorted([*owing, *empty], key=lambda each: each.due_on)[-1:]

    def _pay(self, instalment: Instalment, when: When, component: Component, amount: int) -> None:
        loan, desk = self.loan, self.loan.desk
        if not loan.lively or desk is None or not instalment.of_plan:
            taken = self._take(instalment, component, amount)
            if desk is not None and instalment.of_plan and taken:
                pay_as_planned(desk, loan.place(instalment), component, self.on, taken)
            return
        place, day = loan.place(instalment), self.on
        if when == "in_advance":
            if self.to_period_end:
                running = desk.period_on(day)
                day = running.due if running is not None and running.start < day else day
            principal, interest = due_amounts(desk, place, day)
            if component == "principal":
                instalment.owed["principal"] = principal
            elif component == "interest":
                instalment.owed["interest"] = interest
        if component == "principal":
            amount = min(amount, max(0, desk.lent - desk.repaid))
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


def ends_period(loan: Loan, on: date, amount: int) -> bool:
    """Whether a payment costs the interest of the whole running period: one that would end the loan, or each by the period."""
    if loan.agreement.pay_off != "to_period_end" or not loan.lively or loan.desk is None:
        return False
    running = loan.desk.period_on(on)
    return loan.agreement.recalculated == "by_period" or (
        running is not None and amount >= sum(open_on(loan.desk, running.due))
    )


def pay(loan: Loan, on: date, amount: int, allocation: Allocation) -> tuple[dict[Component, int], int]:
    """Pay an amount into a loan: what of each component, and what is left over."""
    purse = Purse(loan, on, amount, allocation)
    purse.spend()
    return purse.paid, purse.left
