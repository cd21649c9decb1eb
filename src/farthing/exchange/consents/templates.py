"""Own the templates of consents, read once from ``data/exchange/templates``. Pure.

Modelled on Sahamati's table of fair use (@d48b495). Where several kinds are asked for, that table lets the widest range hold for
all, so that asking for a fund buys twenty years of deposits; here each kind has a ceiling of its own.
"""

from __future__ import annotations

from functools import cache
from types import MappingProxyType

from farthing.exchange.consents.model import EVERY, KINDS, PURPOSES, Ceiling, Template
from farthing.kit.errors import InvariantBroken
from farthing.kit.shipped import DATA
from farthing.kit.tables import Fault, Table, parse

FOLDER = DATA / "exchange" / "templates"
LONGEST_MONTHS, LONGEST_DAYS, MOST_FETCHES = 120, 3_660, 100


@cache
def templates() -> MappingProxyType[str, Template]:
    """Every template by its id, which is the name of its file."""
    found = {path.stem: read(path.name, path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.toml"))}
    if any(name != each.id for name, each in found.items()):
        raise InvariantBroken("a template of consents is named otherwise than its file")
    return MappingProxyType(found)


def read(file: str, source: str) -> Template:
    """One template; a shipped file that is wrong is our bug."""
    table = parse(file, source, _broken)
    table.choice("kind", ["consent_template"])
    ceilings = table.many("ceilings", _ceiling)
    if len({each.kind for each in ceilings}) != len(ceilings):
        raise table.wrong("ceilings", "a kind stands twice", "同一类别出现两次")
    made = Template(
        table.text("id"), table.words("title"), table.choice("purpose", PURPOSES), table.words("basis"),  # type: ignore[arg-type]
        table.whole("days", 1, LONGEST_DAYS), ceilings,
    )  # fmt: skip
    table.close()
    return made


def _ceiling(item: Table) -> Ceiling:
    table = item.table("ceilings")
    made = Ceiling(
        table.choice("kind", KINDS),  # type: ignore[arg-type]
        table.whole("months", 1, LONGEST_MONTHS),
        table.whole("life_days", 1, LONGEST_DAYS),
        table.whole("fetches", 1, MOST_FETCHES),
        table.choice("every", EVERY),  # type: ignore[arg-type]
    )
    table.close()
    return made


def _broken(fault: Fault) -> InvariantBroken:
    return InvariantBroken(f"{fault.file} {fault.name}: {fault.problem}")
