"""Run the verification of levels: until when each holds, reckoned anew from evidence, met with what is kept. Never writes."""

from __future__ import annotations

from dataclasses import dataclass

from farthing.db.tx import Tx
from farthing.kit.findings import Audit, Finding
from farthing.parties.levels import keeping_service as keeping
from farthing.parties.levels import store
from farthing.parties.levels.rules import until_by_level

PAGE = 500


@dataclass(frozen=True, slots=True)
class LevelAudit(Audit):
    """What a verification of levels counted and found."""

    parties: int
    evidence: int


def verify_levels(tx: Tx) -> LevelAudit:
    """Reckon until when the levels of each party hold, by the rules that were in force at its last evidence."""
    found, parties, evidence, after = list[Finding](), 0, 0, ""
    while page := store.standing(tx, after, PAGE):
        shown = store.evidence(tx, [row["id"] for row in page])
        laws = keeping.rules_of(tx, [row["level_rule"] for row in page])
        for row, law in zip(page, laws, strict=True):
            reckoned, kept = until_by_level(law, shown[row["id"]], tx.now), tuple(row["level_until"])
            if reckoned != kept:
                said = ", ".join(map(str, kept)) or "never"
                ought = ", ".join(map(str, reckoned)) or "never"
                found.append(Finding("party", row["id"], f"its levels hold until {said}; the evidence says {ought}"))
        parties, evidence, after = parties + len(page), evidence + sum(map(len, shown.values())), page[-1]["id"]
    return LevelAudit(parties, evidence, findings=tuple(found))
