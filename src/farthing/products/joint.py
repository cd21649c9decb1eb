"""Own what a law says of lending together with partners: how much of it in all, and who may answer for what a partner loses; as
data, and how a policy pack says it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from farthing.kit.money import Money
from farthing.kit.tables import Table
from farthing.kit.words import Words

GIVERS = ("bank", "licensed", "other")
"""Who gives a cover: this bank itself; somebody who is licensed to guarantee or insure; anybody else."""


@dataclass(frozen=True, slots=True)
class JointLoans:
    """Our part of all loans that are lent together with partners is at most the part ``value`` of our part of all loans; up to
    ``free`` it is not asked, for a bank that begins has no other loans yet. And its article."""

    value: Decimal
    free: Money
    article: Words


@dataclass(frozen=True, slots=True)
class DefaultCover:
    """A cover of what a partner loses by borrowers who do not pay: at most ``part_max`` of what it lent, given by one of
    ``givers``, claimed when a loan is at most so many ``days_max`` past due (none: no matter). ``refills``: whether what comes in
    of a loan afterwards may be paid out again. And its article."""

    part_max: Decimal
    givers: tuple[str, ...]
    days_max: int | None
    refills: bool
    article: Words


def joint_loans(table: Table, article: Words, currency: str) -> JointLoans:
    """``[joint_loans_max]`` of a pack in its currency."""
    return JointLoans(table.decimal("value", "0", "1"), table.money("free", currency), article)


def default_cover(table: Table, article: Words) -> DefaultCover:
    """``[default_cover]`` of a pack."""
    days = table.whole("days_max", 1, 1000) if table.has("days_max") else None
    return DefaultCover(
        table.decimal("part_max", "0", "1"),
        tuple(table.choices("givers", GIVERS)),
        days,
        table.flag("refills"),
        article,
    )
