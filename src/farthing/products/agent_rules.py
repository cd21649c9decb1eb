"""Own ``AgentRules``: what a law asks of cash at agents, as data, and how a policy pack says it. Pure.

An agent is a shop that takes cash in and gives it out. Acts that it makes without a network are bounded more narrowly: nobody
sees the customer's wallet then.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from farthing.kit.money import Money
from farthing.kit.tables import Table
from farthing.kit.words import Words

MOST_MINUTES, MOST_HOURS, MOST_ACTS = 1_440, 720, 10_000


@dataclass(frozen=True, slots=True)
class AgentRules:
    """The most of one act in and out, of one customer in a business day, of one agent in a business day, and of its float; how
    long a customer's code for cash is good; and of what is done without a network: the most of one act, of an agent in a
    business day by amount and number, and how old an act may be when it comes in."""

    in_max: Money
    out_max: Money
    customer_in_day_max: Money
    customer_out_day_max: Money
    agent_day_max: Money
    float_max: Money
    code_minutes: int
    offline_each_max: Money
    offline_day_max: Money
    offline_acts_max: int
    offline_hours_max: int
    article: Words


def before(currency: str, silent: Words) -> AgentRules:
    """What holds where no pack says it: as careful as it can be."""
    little, day = Money(500_00, currency), Money(2_000_00, currency)
    return AgentRules(little, little, little, little, day, day, 10, little, little, 10, 24, silent)


def decode(table: Table, currency: str) -> AgentRules:
    """The part ``[agents]`` of a policy pack; refuses ``products.*`` by key."""

    def amount(key: str) -> Any:
        return table.positive(key, currency)

    found = AgentRules(
        amount("in_max"), amount("out_max"), amount("customer_in_day_max"), amount("customer_out_day_max"),
        amount("agent_day_max"), amount("float_max"), table.whole("code_minutes", 1, MOST_MINUTES),
        amount("offline_each_max"), amount("offline_day_max"), table.whole("offline_acts_max", 0, MOST_ACTS),
        table.whole("offline_hours_max", 1, MOST_HOURS), table.words("article"),
    )  # fmt: skip
    table.close()
    return found
