"""Decode how well customers are known, the part ``[levels]`` of a policy pack, to ``LevelRules``, strictly. Pure."""

from __future__ import annotations

from typing import get_args

from farthing.kit.tables import Table
from farthing.parties.levels.model import Kind, LevelRules, Source, Step

MOST_MONTHS, MOST_DAYS = 240, 366
KINDS: tuple[Kind, ...] = get_args(Kind)


def decode(table: Table) -> LevelRules:
    """The part ``[levels]`` of a policy pack; refuses ``products.*`` by key."""
    found = LevelRules(
        table.many("steps", lambda item: _step(item.table("steps"))),
        table.many("sources", lambda item: _source(item.table("sources"))),
        table.whole("soon_days", 1, MOST_DAYS), table.words("article"),
    )  # fmt: skip
    if [each.level for each in found.steps] != list(range(1, len(found.steps) + 1)):
        raise table.wrong("steps", "must be the levels 1, 2 and so on, in their order", "须依次为 1 级、2 级，以此类推")
    kinds = [each.kind for each in found.sources]
    if len(set(kinds)) != len(kinds):
        raise table.wrong("sources", "name a kind of evidence twice", "核验凭据种类重复")
    for step in found.steps:
        for kind in sorted({kind for way in step.ways for kind in way} - set(kinds)):
            raise table.wrong(
                "steps", f"ask for {kind}, for which there is no source", f"需要 {kind}，但 sources 未规定"
            )
    table.close()
    return found


def _step(table: Table) -> Step:
    ways = table.many("ways", _way)
    found = Step(table.whole("level", 1, 9), table.words("name"), ways, table.words("article"))
    table.close()
    return found


def _way(table: Table) -> tuple[Kind, ...]:
    return table.choices("ways", KINDS)  # type: ignore[return-value]


def _source(table: Table) -> Source:
    kind = table.choice("kind", KINDS)
    providers = table.texts("providers") if table.has("providers") else ()
    found = Source(kind, table.whole("months", 0, MOST_MONTHS), providers)  # type: ignore[arg-type]
    table.close()
    return found
