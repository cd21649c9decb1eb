"""Own ``PayLimits``: what one person pays by himself in a day and a year, and to somebody new, as data of a policy pack. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from farthing.kit.money import Money
from farthing.kit.tables import Table
from farthing.kit.words import Words

MOST_HOURS, LEVELS = 720, 2


@dataclass(frozen=True, slots=True)
class AccountClass:
    """The class of a person's wallet by how well he is known (``level_min`` or better), and what goes out of it in a day and a
    calendar year."""

    name: Words
    level_min: int
    day_max: Money
    year_max: Money
    article: Words


@dataclass(frozen=True, slots=True)
class PayLimits:
    """What a person pays in a day who signed in by two factors (``signed_day_max``), and through a program's key, which is one
    (``program_day_max``); to a person whom he never paid, in the first ``new_hours``, ``new_max`` in all. A payment that can wait
    goes after ``wait_minutes``, or a day later. The classes of wallets stand from the least known to the best."""

    signed_day_max: Money
    program_day_max: Money
    new_hours: int
    new_max: Money
    wait_minutes: int
    classes: tuple[AccountClass, ...]
    article: Words

    def class_of(self, level: int) -> AccountClass:
        """The class of a wallet whose owner is known so well."""
        return next((each for each in reversed(self.classes) if each.level_min <= level), self.classes[0])


def decode(table: Table, currency: str) -> PayLimits:
    """The part ``[pay_limits]`` of a policy pack; refuses ``products.*`` by key."""
    found = PayLimits(
        table.positive("signed_day_max", currency), table.positive("program_day_max", currency),
        table.whole("new_hours", 0, MOST_HOURS), table.positive("new_max", currency), table.whole("wait_minutes", 1, 1_440),
        table.many("classes", lambda one: _class(one.table("classes"), currency)), table.words("article"),
    )  # fmt: skip
    levels = [each.level_min for each in found.classes]
    if not levels or levels[0] != 0 or levels != sorted(set(levels)):
        raise table.wrong("classes", "begin with level 0 and rise", "须自等级 0 起依次上升")
    table.close()
    return found


def _class(one: Table, currency: str) -> AccountClass:
    found = AccountClass(
        one.words("name"), one.whole("level_min", 0, LEVELS), one.positive("day_max", currency),
        one.positive("year_max", currency), one.words("article"),
    )  # fmt: skip
    one.close()
    return found
