"""Own odds and ends: how much small change a rule sweeps into a product, and when a group purchase opens.

Never sweeps money that is not there: every amount is at most the balance.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from farthing.kit.errors import conflict, malformed
from farthing.kit.money import Money, positive

UNKNOWN_SWEEP = malformed(
    "savings.unknown_sweep",
    "{rule} is not a sweep rule; use one of {known}.",
    "{rule} 不是零钱归集规则；可用：{known}。",
)
SWEEP_DAY = malformed(
    "savings.sweep_day",
    "Day {day} does not occur in every month; choose 1 to 28.",
    "{day} 日不是每月都有；请选择 1 至 28 日。",
)
GROUP_DECIDED = conflict(
    "savings.group_decided",
    "The group was {state} and takes no more members; join or start another.",
    "该团已{state}，不再接受加入；请参加或发起其他团。",
)


@dataclass(frozen=True)
class Sweep:
    """A saver's rule. ``amount``: the step of ``round_up``, the sum kept by ``leftover``, the line of ``above``."""

    rule: str
    amount: Money
    day: int = 28


@dataclass(frozen=True)
class SweepFacts:
    """What a sweep looks at: today, the spendable balance, and the payment just made, if one was."""

    on: date
    balance: Money
    payment: Money | None = None


def round_up(sweep: Sweep, facts: SweepFacts) -> Money:
    """What rounds a payment up to a whole step: 12.30 with a step of 1.00 sweeps 0.70."""
    if facts.payment is None:
        return Money.zero(facts.balance.currency)
    return Money(-facts.payment.minor % sweep.amount.minor, facts.payment.currency)


def leftover(sweep: Sweep, facts: SweepFacts) -> Money:
    """On the chosen day, everything beyond the sum to keep."""
    if facts.on.day != sweep.day:
        return Money.zero(facts.balance.currency)
    return facts.balance - sweep.amount


def above(sweep: Sweep, facts: SweepFacts) -> Money:
    """Everything above a line, whenever it is looked at."""
    return facts.balance - sweep.amount


SWEEPS: Mapping[str, Callable[[Sweep, SweepFacts], Money]] = {
    "round_up": round_up,
    "leftover": leftover,
    "above": above,
}


def swept(sweep: Sweep, facts: SweepFacts) -> Money:
    """The amount a rule sweeps now: zero or more, never beyond the balance.

    Refuses ``savings.unknown_sweep``, ``savings.sweep_day`` (29 to 31 do not occur in every month) and
    ``money.not_positive`` for a step of zero or a sum to keep below it.
    """
    if sweep.rule not in SWEEPS:
        raise UNKNOWN_SWEEP(rule=sweep.rule, known=", ".join(SWEEPS))
    if not 1 <= sweep.day <= 28:
        raise SWEEP_DAY(day=sweep.day)
    if sweep.rule == "round_up" or sweep.amount.minor < 0:
        positive(sweep.amount)
    zero = Money.zero(facts.balance.currency)
    wanted = max(SWEEPS[sweep.rule](sweep, facts), zero)
    return min(wanted, max(facts.balance, zero))
