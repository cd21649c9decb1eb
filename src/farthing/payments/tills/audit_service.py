"""Run the verification of drawers: every till told again from its lines, and met with its account. Never writes."""

from __future__ import annotations

from dataclasses import dataclass

from farthing.db.tx import Tx
from farthing.kit.findings import Audit, Finding
from farthing.payments.tills import rules, service, store
from farthing.payments.tills.rules import Line, Told


@dataclass(frozen=True, slots=True)
class TillAudit(Audit):
    """What a verification of drawers counted and found."""

    tills: int
    drawers: int
    lines: int


def verify_tills(tx: Tx) -> TillAudit:
    """Derive what is in every drawer again from its counts and movements; name what disagrees with itself or the books.

    ``tx`` should see one state throughout (``kernel.read(..., snapshot=True)``) where others write meanwhile.
    """
    findings: list[Finding] = []
    tills = store.tills(tx, service.MOST_TILLS)
    drawers = lines = 0
    for till in tills:
        told = [
            Told(row["id"], row["closed"], row["difference"], [Line(**line) for line in store.all_lines(tx, row["id"])])
            for row in store.drawers_of(tx, till["name"])
        ]
        drawers, lines = drawers + len(told), lines + sum(len(each.lines) for each in told)
        books = service.balance(tx, till["name"]).minor
        findings += rules.replay(till["name"], till["brought"], told, books)
    return TillAudit(len(tills), drawers, lines, findings=tuple(findings))
