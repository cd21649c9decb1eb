"""Own the nouns of stress: a scenario, a month on its path, and what breaks the bank. No tables: nothing of it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from farthing.assurance.prudence.model import Prudential
from farthing.kit.money import Money
from farthing.kit.words import Words


@dataclass(frozen=True, slots=True)
class Scenario:
    """What happens, and for how many months. Nothing happens where every field is neutral: then the book stays as it is.

    ``default_factor``: by how much each step to being later is likelier; ``lost``: the part of a default that never comes back;
    ``leaves``: the part of a group of liabilities that is taken out in the first month; ``leaves_monthly``: in each month;
    ``lost_at_once``: minor units that are gone on the first day (a fraud); ``partner_lost``: the part of what partners owe us
    that is
    lost; ``rate``: by how much market rates move, which what we pay on savings follows by ``passed_on``; ``earns``: whether
    interest
    is earned and paid meanwhile; ``cost_monthly``: what running the bank costs, in minor units.
    """

    name: Words
    months: int
    default_factor: Fraction
    lost: Fraction
    leaves: Mapping[str, Fraction]
    leaves_monthly: Mapping[str, Fraction]
    lost_at_once: int
    partner_lost: Fraction
    rate: Decimal
    passed_on: Fraction
    earns: bool
    deposit_rate: Decimal
    cost_monthly: int


@dataclass(frozen=True, slots=True)
class Month:
    """How the bank stands after so many months: what was lost and earned since the beginning, and how many rules are red."""

    month: int
    loans: Money
    bad: Money
    ready: Money
    capital: Money
    red: tuple[str, ...]
    amber: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stressed:
    """A scenario's whole path, the figures before and after it; ``breaks``: the first rule that binds and turns red, and when."""

    name: Words
    path: tuple[Month, ...]
    before: Prudential
    after: Prudential
    breaks: str
    breaks_month: int | None


@dataclass(frozen=True, slots=True)
class Broken:
    """How much of a scenario the bank bears: ``scale``: the least part (or multiple) of it, to a hundredth, at which a rule
    that binds
    turns red or ready money runs out; none where ten times of it does not."""

    name: Words
    scale: Decimal | None
    breaks: str
    month: int | None
