"""Own ``CrowdRules``: which projects many may pay for together, and within what, as data of a pack. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from farthing.kit.money import Money
from farthing.kit.tables import Table
from farthing.kit.words import Words

KINDS = ("reward", "donation", "lending")
MOST_DAYS = 180


@dataclass(frozen=True, slots=True)
class CrowdRules:
    """``kinds`` that may be opened; of each other one ``refused`` says by what law not, and where else to go.

    ``days_max``: of one round. ``goal_max``: of a project. ``person_max``: what one person gives to one project.
    ``owner_level_min``: how well the owner is known. ``fee``: a part of what is released, and of nothing else.
    ``vote_days``: how long backers vote on a milestone. ``quiet_days``: after how many without a word the page says so.
    """

    kinds: tuple[str, ...]
    days_max: int
    goal_max: Money
    person_max: Money
    owner_level_min: int
    fee: Decimal
    vote_days: int
    quiet_days: int
    refused: Mapping[str, Words]
    article: Words


def before(currency: str, silent: Words) -> CrowdRules:
    """What holds where no pack says it: nothing may be opened."""
    nothing = Money(1, currency)
    return CrowdRules((), 1, nothing, nothing, 2, Decimal(0), 7, 30, dict.fromkeys(KINDS, silent), silent)


def decode(table: Table, currency: str) -> CrowdRules:
    """The part ``[crowdfunding]`` of a policy pack; refuses ``products.*`` by key."""
    kinds = table.choices("kinds", KINDS)
    refused = table.table("refused")
    found = CrowdRules(
        tuple(kinds), table.whole("days_max", 1, MOST_DAYS), table.positive("goal_max", currency),
        table.positive("person_max", currency), table.whole("owner_level_min", 0, 2), table.decimal("fee", "0", "0.20"),
        table.whole("vote_days", 1, 60), table.whole("quiet_days", 1, 365),
        {each: refused.words(each) for each in KINDS if each not in kinds}, table.words("article"),
    )  # fmt: skip
    refused.close()
    table.close()
    return found
