"""Own ``FraudRules``: by what a payment that a person makes is looked at before it goes, as data. Pure.

A rule is a name, a weight and conditions, all of which must hold; each condition is one figure of the payment, of its payer's
or its payee's wallet. Weights add up to a score: from ``warn`` on the payer is told before he confirms, from ``hold`` on the
payment waits for a person, so many ``hours`` at most, and then becomes what ``at_end`` says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import partial
from typing import Literal, cast

from farthing.kit.money import Money
from farthing.kit.tables import Table
from farthing.kit.words import Words

AtEnd = Literal["release", "refuse"]
NEVER_BELOW_MINOR = 100_00
"""Less than this, in minor units, is looked at under no pack: a small payment costs not even the question which is in force."""
MOST_HOURS, MOST_WEIGHT, MOST_RULES, MOST_COUNT, MOST_DAYS = 72, 1_000, 40, 100, 3_650
LONGEST_HELD = 24 * 30
NAMED = ("other", "close")


@dataclass(frozen=True, slots=True)
class When:
    """What must hold that a rule hits: each that is said.

    ``amount_min``: it is so much or more. ``new_hours``: the payer first paid this payee less than so many hours ago, or never.
    ``small_max``, ``small_min``: so many payments of at most so much went before it. ``payees_min``: so many different people
    were paid by the payer, this one too; ``payers_min``: so many paid the payee. ``idle_days_min``: the payer's wallet lay still
    for so many days until then. ``below``, ``below_part``, ``below_min``: so many payments, this one too, came within this part
    of an amount and stayed under it. ``named``: how the payee's name compared that was typed. Counts are of the last ``hours``.
    """

    amount_min: Money | None = None
    new_hours: int | None = None
    small_max: Money | None = None
    small_min: int | None = None
    payees_min: int | None = None
    payers_min: int | None = None
    idle_days_min: int | None = None
    below: Money | None = None
    below_part: Decimal | None = None
    below_min: int | None = None
    named: str | None = None


@dataclass(frozen=True, slots=True)
class FraudRule:
    """One rule: ``name`` is told to the payer, who learns what was noticed and not at which figure it begins. ``asks``: which
    conditions are said."""

    id: str
    name: Words
    weight: int
    hours: int
    when: When
    asks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FraudRules:
    """What is looked at (``least`` or more), the rules, the two bands, and what becomes of what is held. From ``two_from`` on
    two persons let a payment go."""

    least: Money
    warn: int
    hold: int
    hours: int
    at_end: AtEnd
    two_from: Money
    rules: tuple[FraudRule, ...]
    article: Words

    @property
    def longest(self) -> int:
        """How many hours back a rule looks at most."""
        return max((each.hours for each in self.rules), default=1)


TOGETHER = (("small_max", "small_min"), ("below", "below_part", "below_min"))
"""Figures that say something together only."""


def decode(table: Table, currency: str) -> FraudRules:
    """The part ``[fraud]`` of a policy pack; refuses ``products.*`` by key."""
    least, warn = table.positive("least", currency), table.whole("warn", 1, MOST_WEIGHT)
    if least.minor < NEVER_BELOW_MINOR:
        most = str(Money(NEVER_BELOW_MINOR, currency))
        raise table.unfit("least", str(least), f"{most} or more", f"不低于 {most}")
    hold = table.whole("hold", warn, MOST_WEIGHT)
    at_end = cast(AtEnd, table.choice("at_end", ("release", "refuse")))
    rules = table.many("rules", lambda one: _rule(one.table("rules"), currency))
    found = FraudRules(
        least, warn, hold, table.whole("hours", 1, LONGEST_HELD), at_end, table.positive("two_from", currency), rules,
        table.words("article"),
    )  # fmt: skip
    ids = [each.id for each in found.rules]
    if len(ids) > MOST_RULES or len(set(ids)) < len(ids):
        raise table.wrong(
            "rules", f"at most {MOST_RULES} rules, each with an id of its own", f"至多 {MOST_RULES} 条，编号不得重复"
        )
    table.close()
    return found


def _rule(table: Table, currency: str) -> FraudRule:
    inner = table.table("when")
    money, many = partial(inner.positive, currency=currency), partial(inner.whole, low=1, high=MOST_COUNT)
    read = {
        "amount_min": money, "new_hours": partial(inner.whole, low=1, high=24 * MOST_DAYS), "small_max": money, "small_min": many,
        "payees_min": many, "payers_min": many, "idle_days_min": partial(inner.whole, low=7, high=MOST_DAYS), "below": money,
        "below_part": lambda key: inner.decimal(key, "0.001", "0.5"), "below_min": many,
        "named": lambda key: inner.choice(key, NAMED),
    }  # fmt: skip
    when = When(**{each.name: inner.maybe(each.name, read[each.name]) for each in fields(When)})  # type: ignore[arg-type]
    _whole(inner, {each.name: getattr(when, each.name) for each in fields(When)})
    weight, hours = table.whole("weight", 1, MOST_WEIGHT), table.whole("hours", 1, MOST_HOURS, 24)
    asks = tuple(each.name for each in fields(When) if getattr(when, each.name) is not None)
    found = FraudRule(table.text("id"), table.words("name"), weight, hours, when, asks)
    inner.close()
    table.close()
    return found


def _whole(table: Table, said: Mapping[str, object]) -> None:
    """Refuse a rule that says nothing, or half of what belongs together."""
    if all(each is None for each in said.values()):
        raise table.wrong("when", "the rule says no condition", "该规则没有任何条件")
    for keys in TOGETHER:
        given = [key for key in keys if said[key] is not None]
        if given and len(given) < len(keys):
            missing = next(key for key in keys if said[key] is None)
            raise table.wrong(missing, f"is missing; it goes with {given[0]}", f"缺失；须与 {given[0]} 一并给出")
