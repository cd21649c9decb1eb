"""Own how a project is written as a file. Pure.

kind = "reward"
title = "The mill at the village's end"
words = "What will be done, and for whom."
risks = "What may go wrong, in plain words."
gives_back = "Five pounds of flour"
minimum = "5000.00"
optimum = "8000.00"
days = 30
second_days = 10

[[plan]]
name = "Stones"
amount = "3000.00"
"""

from __future__ import annotations

from farthing.crowdfunding.model import PlanLine, Propose
from farthing.crowdfunding.refusals import BAD_FILE, BAD_PLAN
from farthing.kit.money import Money
from farthing.kit.tables import Fault, Table, parse
from farthing.products.crowd_rules import KINDS, MOST_DAYS


def read(file: str, source: str, owner: str, home: str) -> Propose:
    """The proposal that a file makes for an owner; refuses ``crowdfunding.bad_file`` by key."""
    table = parse(file, source, _says)
    kind = table.choice("kind", KINDS)
    found = Propose(
        owner, kind, table.text("title"), table.text("words"), table.text("risks"), table.text("gives_back"),  # type: ignore[arg-type]
        table.positive("minimum", home), table.positive("optimum", home), table.many("plan", lambda each: _line(each, home)),
        table.whole("days", 1, MOST_DAYS), table.whole("second_days", 0, MOST_DAYS, 0),
    )  # fmt: skip
    table.close()
    return found


def _line(item: Table, home: str) -> PlanLine:
    table = item.table("plan")
    found = PlanLine(table.text("name"), table.positive("amount", home))
    table.close()
    return found


def _says(fault: Fault) -> Exception:
    place = f"{fault.path}.{fault.key}" if fault.path else fault.key
    return BAD_FILE(file=fault.file, key=place or "-", problem=fault.problem, problem_zh=fault.problem_zh)


def lines(text: str, home: str) -> tuple[PlanLine, ...]:
    """Milestones as they are typed on a page: a line each, its name and then its amount; refuses ``crowdfunding.bad_plan``,
    ``money.*``."""
    found = []
    for line in (each.strip() for each in text.splitlines() if each.strip()):
        name, _, amount = line.rpartition(" ")
        if not name.strip() or not amount:
            raise BAD_PLAN(line=line[:80])
        found.append(PlanLine(name.strip(), Money.parse(amount, home)))
    if not found:
        raise BAD_PLAN(line="-")
    return tuple(found)
