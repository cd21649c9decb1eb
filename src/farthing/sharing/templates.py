"""Own the ceilings of what may be asked for, by purpose, read from ``data/open-banking.toml`` once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from farthing.kit.errors import InvariantBroken
from farthing.kit.shipped import DATA
from farthing.kit.tables import Fault, Table, parse
from farthing.kit.words import Words
from farthing.parties.vouching.model import READS

FILE = "open-banking.toml"
RANGES = {"transactions": (1, 240)}
"""How many months back a kind may reach that has days; every other is told as it stands."""


@dataclass(frozen=True, slots=True)
class Template:
    """What may be asked for under one purpose: for how many days at most, how often a day each kind, and by kind how many months
    back (0: as it stands)."""

    id: str
    title: Words
    lives_days: int
    reads_a_day: int
    months: Mapping[str, int]


@cache
def templates() -> Mapping[str, Template]:
    """The list that comes with the program, by id."""
    table = parse(FILE, (DATA / FILE).read_text(encoding="utf-8"), _broken)
    found = table.many("templates", _template)
    table.close()
    return {each.id: each for each in found}


def _template(item: Table) -> Template:
    table = item.table("templates")
    months = table.table("months")
    back: dict[str, int] = {each: months.whole(each, *RANGES.get(each, (0, 0))) for each in READS if months.has(each)}
    months.close()
    found = Template(
        table.text("id"), table.words("title"), table.whole("lives_days", 1, 3_650), table.whole("reads_a_day", 1, 1_000), back
    )  # fmt: skip
    table.close()
    return found


def _broken(fault: Fault) -> InvariantBroken:
    return InvariantBroken(f"{fault.file} {fault.path} {fault.key}: {fault.problem}")
