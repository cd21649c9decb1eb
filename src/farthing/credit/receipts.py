"""Own ``Receipts``: what a party's shops took here by code, as this bank's own books tell it, and when it speaks alone. Pure.

Nothing of it is kept: whoever may look into the books of payments reads it when a decision is made, under the party's own
consent, and the decision keeps the figures. A time before the first shop was opened, or after the last one ended, is not told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from farthing.credit.movements import Movement
from farthing.kit.calendar import full_months
from farthing.kit.money import Money

ENOUGH_MONTHS = 6
"""Whole months that receipts cover before they speak alone: as many as are asked of a shop's history."""


@dataclass(frozen=True, slots=True)
class Taking:
    """What one payer paid in a party's shops on a day, less refunds. ``payer`` names nobody outside this bank."""

    on: date
    payer: str
    minor: int
    payments: int


@dataclass(frozen=True, slots=True)
class Receipts:
    """Takings of every day from ``since`` to ``until``, oldest first; ``left_out``: what came from the shop's own side."""

    currency: str
    since: date
    until: date
    takings: tuple[Taking, ...]
    left_out: int = 0

    @property
    def months(self) -> int:
        """How many whole months they cover."""
        return full_months(self.since, self.until + timedelta(days=1))

    def between(self, since: date, until: date) -> tuple[Taking, ...]:
        """The takings of a part of the time."""
        return tuple(each for each in self.takings if since <= each.on <= until)


@dataclass(frozen=True, slots=True)
class Counted:
    """What of receipts a decision counted, as it is told and kept: names nobody. ``alone``: no bill was counted beside them."""

    since: date
    until: date
    payments: int
    payers: int
    amount: Money
    left_out: Money
    alone: bool


def without_own(
    takings: Iterable[Taking], given: Mapping[str, int], own: Iterable[str]
) -> tuple[tuple[Taking, ...], int]:
    """Takings without what came from the shop's own side, and how much that was.

    Who takes money there counts for nothing. What the owner sent to somebody, before or after, is taken off what that payer
    paid, from the first payment on: money that goes round is no turnover, however often it does.
    """
    hands, left, kept, out = set(own), dict(given), list[Taking](), 0
    for each in takings:
        back = each.minor if each.payer in hands else min(left.get(each.payer, 0), each.minor)
        if each.payer in left:
            left[each.payer] -= min(left[each.payer], each.minor)
        out += back
        if each.minor > back:
            kept.append(Taking(each.on, each.payer, each.minor - back, each.payments))
    return tuple(kept), out


def movements_of(takings: Sequence[Taking], currency: str) -> tuple[Movement, ...]:
    """The takings as what a shop earned."""
    return tuple(
        Movement(each.on, "in", Money(each.minor, currency), "earned", f"payer {each.payer}", "receipts")
        for each in takings
    )


def counted(receipts: Receipts, since: date, until: date, *, alone: bool) -> Counted:
    """What of the receipts a decision counts that looks at these days."""
    used = receipts.between(since, until)
    payers = Counter(each.payer for each in used)
    return Counted(
        since, until, sum(each.payments for each in used), len(payers),
        Money(sum(each.minor for each in used), receipts.currency), Money(receipts.left_out, receipts.currency), alone,
    )  # fmt: skip


def speak_alone(receipts: Receipts, bills_months: int, bills_vouched: bool) -> bool:
    """Whether receipts are counted without the bills: they are long enough, and no bill that its issuer sealed is as well.

    What a file says that anybody can write would lower what the bank's own books carry; and what a bill does not cover is
    missing, not zero.
    """
    if bills_months >= ENOUGH_MONTHS and bills_vouched:
        return False
    return receipts.months >= ENOUGH_MONTHS or not bills_months
