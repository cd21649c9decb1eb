"""Own ``Flow``: money out to a borrower or back from one, on a day; and what every list of them must be. Pure.

Never nets what has to be seen: a fee is a payment with a name, and what is paid on the day of the money lessens what is lent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from farthing.kit.errors import declined
from farthing.kit.money import Money, total

Kind = Literal["advance", "payment", "fee"]
KINDS: tuple[Kind, ...] = ("advance", "payment", "fee")

ONE_WAY = declined(
    "lending.flows_one_way",
    "The flows hold {advances} advances and {payments} payments; a cost needs both, what is lent and what is paid back.",
    "现金流中有 {advances} 笔放款、{payments} 笔还款；计算成本须两者兼有。",
)
NOT_LENT_FIRST = declined(
    "lending.flows_begin_with_payment",
    "On {on}, the first day, the borrower pays {paid} and gets {lent}; a credit begins with money to the borrower. Date what "
    "is paid before it on the day of the money.",
    "首日 {on} 借款人支付 {paid}、得到 {lent}；贷款应以放款开始。放款前支付的费用请记在放款日。",
)
NO_TIME = declined(
    "lending.flows_no_time",
    "All of it is lent and paid back on {on}; without time there is no yearly rate, and the cost is {cost}.",
    "放款与还款均在 {on}；没有借用时间，谈不上年利率，成本为 {cost}。",
)


@dataclass(frozen=True, slots=True)
class Flow:
    """An amount above zero on a day: an ``advance`` to the borrower, or a ``payment`` or ``fee`` from the borrower."""

    on: date
    kind: Kind
    amount: Money

    @property
    def minor(self) -> int:
        """Minor units, above zero for money to the borrower."""
        return self.amount.minor if self.kind == "advance" else -self.amount.minor


@dataclass(frozen=True)
class Credit:
    """The flows of one credit in the order of their days; ``net`` what each day leaves, above zero to the borrower."""

    flows: tuple[Flow, ...]
    net: tuple[tuple[date, int], ...]

    @property
    def start_on(self) -> date:
        """The day of the first advance."""
        return self.net[0][0]

    @property
    def currency(self) -> str:
        """The currency of every flow."""
        return self.flows[0].amount.currency

    def sum_of(self, *kinds: Kind) -> Money:
        """What all flows of some kinds come to."""
        return total([each.amount for each in self.flows if each.kind in kinds], self.currency)

    @property
    def cost(self) -> Money:
        """The total cost of the credit: all that is paid less all that is lent."""
        return self.sum_of("payment", "fee") - self.sum_of("advance")


def credit(flows: Iterable[Flow]) -> Credit:
    """Order flows by day and check them; refuses ``lending.flows_one_way``, then ``lending.flows_begin_with_payment``, then
    ``lending.flows_no_time``. Flows of nothing say nothing and are left out."""
    ordered = tuple(sorted((each for each in flows if each.amount), key=lambda each: each.on))
    advances = sum(each.kind == "advance" for each in ordered)
    if advances in (0, len(ordered)):
        raise ONE_WAY(advances=advances, payments=len(ordered) - advances)
    found = Credit(ordered, _by_day(ordered))
    first = [each for each in ordered if each.on == ordered[0].on]
    if sum(each.minor for each in first) <= 0 and len(first) < len(ordered):
        lent, paid = (Credit(tuple(first), ()).sum_of(*kinds) for kinds in (("advance",), ("payment", "fee")))
        raise NOT_LENT_FIRST(on=ordered[0].on.isoformat(), paid=str(paid), lent=str(lent))
    if len(first) == len(ordered):
        raise NO_TIME(on=ordered[0].on.isoformat(), cost=str(found.cost))
    return found


def _by_day(flows: Sequence[Flow]) -> tuple[tuple[date, int], ...]:
    days: dict[date, int] = {}
    for each in flows:
        days[each.on] = days.get(each.on, 0) + each.minor
    return tuple(days.items())
