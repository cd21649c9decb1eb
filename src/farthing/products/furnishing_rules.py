"""Own ``FurnishingRules``: of whom a lender tells an exchange, and when it warns them, as data of a pack. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from farthing.kit.tables import Table
from farthing.kit.words import Words

Basis = Literal["law", "consent"]


@dataclass(frozen=True, slots=True)
class FurnishingRules:
    """``basis``: whether a loan is told of because a law says so, or because its borrower agreed. A borrower is warned
    ``warn_after`` days after an instalment fell due that is not paid, and nothing bad is told sooner than ``notice_days`` after
    that."""

    basis: Basis
    warn_after: int
    notice_days: int
    article: Words


def before(silent: Words) -> FurnishingRules:
    """What holds where no pack says it."""
    return FurnishingRules("consent", 3, 5, silent)


def decode(table: Table) -> FurnishingRules:
    """The part ``[furnishing]`` of a policy pack; refuses ``products.*`` by key."""
    found = FurnishingRules(
        "law" if table.choice("basis", ("law", "consent")) == "law" else "consent",
        table.whole("warn_after", 1, 30),
        table.whole("notice_days", 1, 60),
        table.words("article"),
    )
    table.close()
    return found
