"""Own the accrual of a loan: its periods, what moved its balance on which day, and what each period bears from that.

One desk of a fold: it is copied, never shared, and nothing outside the fold sees it. Every figure is computed again from
the moves, so that no step can leave a stale one behind.

A period's ``level`` is the instalment agreed for it, principal and interest together; ``principal_agreed`` takes its place
where the principal is fixed and the interest comes on top. ``carried`` is interest of later periods that this one must
take, for the loan is paid before they begin.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

from farthing.lending.plans.factors import borne, minor, span, units_between
from farthing.lending.plans.terms import Every, Terms

NOTHING = Decimal(0)


@dataclass(slots=True)
class Period:
    """A span between two due days and, after ``compute``, what it bears and repays. Amounts in minor units."""

    start: date
    due: date
    units: Decimal | None = None
    level: int = 0
    agreed: int = 0
    principal_agreed: int | None = None
    free: bool = False
    waits: bool = False
    re_aged: bool = False
    closed: bool = False
    moved_up: bool = False
    moved_down: bool = False
    fixed: int = 0
    carried: int = 0
    paid_principal: int = 0
    paid_interest: int = 0
    credited_gone: int = 0
    bears: int = 0
    interest: int = 0
    principal: int = 0
    credited_principal: int = 0
    credited_interest: int = 0
    closing: int = 0

    @property
    def credited(self) -> int:
        """What was charged back into this period and is still its own."""
        return self.credited_principal + self.credited_interest - self.credited_gone

    @property
    def whole_level(self) -> int:
        """The instalment with what was charged back and carried into it."""
        own = self.level if self.principal_agreed is None else self.principal_agreed + self.interest_alone
        return own + self.credited + self.carried

    @property
    def interest_alone(self) -> int:
        """What the period bears beside what is carried and charged back, where the principal is fixed."""
        if self.waits:
            return self.paid_interest
        return max(0, max(self.bears, self.paid_interest) - self.carried - self.credited_interest)

    @property
    def paid(self) -> int:
        """Principal and interest that were paid."""
        return self.paid_principal + self.paid_interest

    @property
    def unplaced(self) -> int:
        """Interest that finds no room in the instalment: the next one takes it."""
        return max(0, self.bears - self.interest)

    @property
    def principal_open(self) -> int:
        """Principal that is not paid."""
        return max(0, self.principal - self.paid_principal)

    @property
    def interest_open(self) -> int:
        """Interest that is not paid."""
        return max(0, self.interest - self.paid_interest)

    @property
    def settled(self) -> bool:
        """Whether exactly its instalment was paid."""
        return self.whole_level == self.paid

    def end_on(self, on: date, every: Every) -> None:
        """End early: it bears for the length that it has."""
        self.due, self.units = on, units_between(every, self.start, on)

    def shift(self, amount: int) -> None:
        """Make the instalment larger, or smaller."""
        if self.principal_agreed is None:
            self.level += amount
        else:
            self.principal_agreed += amount

    def at_least(self, paid: int) -> bool:
        """Make the instalment no smaller than what was paid of it; says whether it was."""
        if self.whole_level - self.carried - self.credited >= paid:
            return False
        self.shift(paid - (self.whole_level - self.carried - self.credited))
        return True


@dataclass(slots=True)
class Accrual:
    """Periods, and the facts that move the balance: paid out, corrected (repayments, arrears), charged back; rates; pauses.

    ``as_planned``: repayments move nothing before their due days, so that early and late money changes no interest.
    ``signed``: a whole period bears exactly what its plan says, which a division by its days and back may miss at a tie.
    ``known``: what was worked out before, by all that it depends on; copies share it.
    """

    terms: Terms
    periods: list[Period]
    paid_out: dict[date, int] = field(default_factory=dict)
    moved: dict[date, int] = field(default_factory=dict)
    charged_back: dict[date, tuple[int, int]] = field(default_factory=dict)
    rates: list[tuple[date, Decimal]] = field(default_factory=list)
    pauses: list[tuple[date, date]] = field(default_factory=list)
    splits: set[date] = field(default_factory=set)
    as_planned: bool = False
    signed: bool = False
    until: date | None = None
    overdue_on: date | None = None
    overdue: list[tuple[date, int, date]] = field(default_factory=list)
    known: dict[tuple[Decimal, date, date, date, date, int], Decimal] = field(default_factory=dict)

    def copy(self, until: date | None = None) -> Accrual:
        """A desk of its own; ``until``: on which later days bear nothing."""
        return replace(
            self, periods=[replace(each) for each in self.periods], paid_out=dict(self.paid_out), moved=dict(self.moved),
            charged_back=dict(self.charged_back), rates=list(self.rates), pauses=list(self.pauses),
            splits=set(self.splits), until=until if until is not None else self.until, overdue=list(self.overdue),
        )  # fmt: skip

    def unpaid(self) -> Accrual:
        """The desk as if nothing had been repaid: what was planned."""
        found = self.copy()
        found.moved.clear()
        for period in found.periods:
            if period.moved_down:
                period.fixed = period.paid_interest
            period.paid_principal = period.paid_interest = period.carried = 0
        return found

    def move(self, on: date, amount: int) -> None:
        """Move the balance on a day; moves that come to nothing leave no trace, for a day cut in two is rounded twice."""
        if self.period_on(on) is not None:
            moved = self.moved.pop(on, 0) + amount
            if moved:
                self.moved[on] = moved

    def period_on(self, on: date) -> Period | None:
        """The period that holds a day; its first day belongs to the period before, but of the first."""
        for number, period in enumerate(self.periods):
            if (period.start < on or (number == 0 and period.start == on)) and on <= period.due:
                return period
        return None

    def rate(self, on: date) -> Decimal:
        """The rate a year that a day bears."""
        found = self.terms.annual
        for since, annual in self.rates:
            if since <= on:
                found = annual
        return found

    @property
    def lent(self) -> int:
        """All that was paid out, but for down payments, with what was charged back of the principal."""
        return sum(self.paid_out.values()) + self.credited

    @property
    def credited(self) -> int:
        """All principal that was charged back."""
        return sum(principal for principal, _ in self.charged_back.values())

    @property
    def repaid(self) -> int:
        """All principal that was repaid."""
        return sum(period.paid_principal for period in self.periods)

    def after(self, due: date) -> list[Period]:
        """The periods that fall due on a day or later."""
        return [period for period in self.periods if period.due >= due]

    def compute(self) -> None:
        """Walk the days once: what every period bears, how it divides, and what is left after it."""
        balance, lent, unplaced, place = 0, 0, 0, 0
        days = self._days()
        flat, last = self.terms.method == "flat", len(self.periods) - 1
        for number, period in enumerate(self.periods):
            if self.charged_back:
                self._credits(period, last=number == last)
            exact, cursor = Decimal(period.credited_interest), period.start
            while place < len(days) and days[place] <= period.due:
                day = days[place]
                exact += self._borne(period, lent if flat else balance, cursor, day)
                balance = max(0, balance + self._step(day))
                lent += self.paid_out.get(day, 0)
                cursor, place = max(cursor, day), place + 1
            exact += self._borne(period, lent if flat else balance, cursor, period.due)
            borne_here = 0 if period.moved_up or period.moved_down else minor(exact)
            period.bears = max(0, borne_here + period.fixed + period.carried + unplaced)
            _divide(period)
            unplaced = period.unplaced
            balance = max(0, balance + (0 if self.as_planned else period.paid_principal) - period.principal)
            period.closing = balance

    def _days(self) -> list[date]:
        """The days on which something moves, in order."""
        return sorted({*self.paid_out, *self.moved, *self.splits, *self.charged_back})

    def _step(self, day: date) -> int:
        return self.paid_out.get(day, 0) + self.moved.get(day, 0)

    def _credits(self, period: Period, last: bool) -> None:
        """What was charged back into a period: on its first day and before its last."""
        period.credited_principal = period.credited_interest = 0
        for day, (principal, interest) in self.charged_back.items():
            if period.start <= day and (day <= period.due if last else day < period.due):
                period.credited_principal += principal
                period.credited_interest += interest

    def _borne(self, period: Period, balance: int, first: date, last: date) -> Decimal:
        """What a balance bears from one day to another of a period."""
        if self.until is not None and last > self.until:
            last = self.until
        if last <= first or period.free or balance == 0:
            return NOTHING
        annual = self.rate(first) if self.rates else self.terms.annual
        key = (annual, period.start, period.due, first, last, balance)
        found = self.known.get(key)
        if found is None:
            part = span(self.terms, annual, (period.start, period.due), (first, period.due), period.units)
            days, of_days = (last - first).days, (period.due - first).days
            whole = self.signed and (first, last) == (period.start, period.due)
            found = self.known[key] = borne(balance, part, *((1, 1) if whole else (days, of_days)))
        return NOTHING if self.pauses and self._paused(first) else found

    def _paused(self, on: date) -> bool:
        return any(begins <= on < ends for begins, ends in self.pauses)

    def part(self, period: Period) -> Decimal:
        """What part of a balance that does not move a period bears: the factor of its instalment."""
        if period.free:
            return Decimal(0)
        days = self._days()
        cuts = [period.start, *(day for day in days if period.start < day < period.due), period.due]
        whole = Decimal(0)
        for first, last in pairwise(cuts):
            if not self._paused(first):
                whole += span(self.terms, self.rate(first), (period.start, period.due), (first, last), period.units)
        return whole


def _divide(period: Period) -> None:
    """An instalment into interest and principal: what was paid early stands, and interest is never more than the instalment."""
    if period.waits:
        period.interest = period.paid_interest
        period.principal = max(period.whole_level - period.interest, period.paid_principal, 0)
        return
    room = period.whole_level
    usual = min(period.bears, max(0, room - period.paid_principal))
    period.interest = max(usual, period.paid_interest)
    period.principal = max(room - period.interest, period.paid_principal, 0)
