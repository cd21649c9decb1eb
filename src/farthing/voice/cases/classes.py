"""Own the axes by which complaints are classed, read from ``data/complaints/classes.toml`` once. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from farthing.kit.errors import InvariantBroken
from farthing.kit.shipped import DATA
from farthing.kit.tables import Fault, Table, parse
from farthing.kit.words import Words


@dataclass(frozen=True, slots=True)
class ComplaintClass:
    """One class of an axis."""

    code: str
    name: Words


@dataclass(frozen=True, slots=True)
class ComplaintClasses:
    """The axes: where it arose, about which business, why; and whose standard that is."""

    source: Words
    channel: tuple[ComplaintClass, ...]
    business: tuple[ComplaintClass, ...]
    cause: tuple[ComplaintClass, ...]

    def names(self) -> dict[str, Words]:
        """Every class by its code."""
        return {each.code: each.name for axis in (self.channel, self.business, self.cause) for each in axis}


@cache
def classes() -> ComplaintClasses:
    """The axes that come with the program."""
    table = parse("classes.toml", (DATA / "complaints" / "classes.toml").read_text("utf-8"), _broken)
    found = ComplaintClasses(
        table.words("source"),
        *(table.many(axis, _class) for axis in ("channel", "business", "cause")),
    )
    table.close()
    return found


def _class(item: Table) -> ComplaintClass:
    table = item.table(next(iter(item.values)))
    found = ComplaintClass(table.text("code"), table.words("name"))
    table.close()
    return found


def _broken(fault: Fault) -> InvariantBroken:
    return InvariantBroken(f"{fault.file} {fault.path} {fault.key}: {fault.problem}")


ARISES = {"counter": "A11", "page": "A13", "phone": "A13", "message": "A13", "letter": "A99"}
"""Where something that came by a channel is taken to have arisen, until somebody classes it."""
