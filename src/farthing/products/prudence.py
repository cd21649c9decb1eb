"""Own ``Prudence``: how a law has loans classed and provided for, as data. Pure; never looks at a loan.

Each part carries the article it comes from. Days are days past due, and a limit is broken by more of them, as the law says
it: over 90 is 91. What a law is silent of is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from farthing.kit.words import Words

CLASSES = ("normal", "special_mention", "substandard", "doubtful", "loss")
"""The five classes, the best first; a class is worse than those before it."""
BAD = CLASSES.index("substandard")
"""From this class on a loan is bad."""


@dataclass(frozen=True, slots=True)
class Scale:
    """The one scale of lateness: a bucket for what is not late, and one from each of these days on. The last is default."""

    over: tuple[int, ...]
    article: Words

    @property
    def default(self) -> int:
        """The bucket of what is in default."""
        return len(self.over)

    @property
    def first_days(self) -> tuple[int, ...]:
        """The first day of each bucket: 0, 1, 31, 61 and 91 where it is over 0, 30, 60 and 90."""
        return (0, *(days + 1 for days in self.over))

    def bucket(self, days: int) -> int:
        """The bucket of so many days past due."""
        return exceeded(self.over, days)


def exceeded(limits: Sequence[int], days: int) -> int:
    """How many of some limits so many days are over; limits rise."""
    return sum(days > limit for limit in limits)


@dataclass(frozen=True, slots=True)
class Classes:
    """Over how many days past due a loan is at least of each class but the best."""

    over: tuple[int, ...]
    article: Words


@dataclass(frozen=True, slots=True)
class Debtor:
    """All loans of a debtor are bad where more than a share of what is owed here is; of loans for these uses."""

    share_over: Decimal
    uses: tuple[str, ...]
    article: Words


@dataclass(frozen=True, slots=True)
class Restructured:
    """What was restructured is watched for so many months, in which it is at least of a class."""

    months: int
    at_least: str
    article: Words


@dataclass(frozen=True, slots=True)
class Recovery:
    """After how many ends of a month without a day late a bad loan may be better again."""

    clean_months: int
    article: Words


@dataclass(frozen=True, slots=True)
class Stages:
    """IFRS 9: over how many days the risk has risen significantly, and credit is impaired; how many clean months cure it."""

    risen_over: int
    impaired_over: int
    cure_months: int
    article: Words


@dataclass(frozen=True, slots=True)
class ExpectedLoss:
    """What expected loss is reckoned from where a bank's own history is thin, and how thin that is.

    ``rolls``: the part of each bucket that is in the next one a month later; the rest is in time again. ``moves_min``: as
    many moves out of a bucket weigh as much as that. ``lost``: the part of a default that is never recovered, which
    ``cases_min`` defaults of one's own outweigh, each once ``workout_months`` have passed. ``history_months``: how far back
    moves are counted. ``default_min``: the least probability of default in a year; ``lost_min``: the least part lost.
    """

    rolls: tuple[Decimal, ...]
    moves_min: int
    history_months: int
    default_min: Decimal
    lost: Decimal
    lost_min: Decimal
    cases_min: int
    workout_months: int
    article: Words


@dataclass(frozen=True, slots=True)
class NonAccrual:
    """Over how many days past due interest is no income any more, and after how many clean months it is again."""

    over: int
    clean_months: int
    article: Words


@dataclass(frozen=True, slots=True)
class Reserve:
    """The least allowance a regulator asks for: a part of all loans, and a multiple of the bad ones.

    ``binds``: the allowance is raised to it where the expected loss is less; else it is told alone.
    """

    of_loans: Decimal
    of_bad: Decimal
    binds: bool
    article: Words


@dataclass(frozen=True, slots=True)
class Prudence:
    """How one law has loans classed and provided for."""

    scale: Scale
    classes: Classes
    debtor: Debtor | None
    restructured: Restructured
    recovery: Recovery
    stages: Stages
    expected_loss: ExpectedLoss
    non_accrual: NonAccrual
    reserve: Reserve | None
