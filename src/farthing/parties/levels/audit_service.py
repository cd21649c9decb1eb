"""Run the verification of levels: until when each holds, reckoned anew from evidence, met with what is kept. Never writes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from farthing.db.tx import Tx
from farthing.kit.findings import Audit, Finding, compared
from farthing.parties.levels import keeping_service as keeping
from farthing.parties.levels import store
from farthing.parties.levels.rules import until_by_level
from farthing.parties.sealed_store import answers_after, opened_answer
from farthing.parties.store import find_many

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
        found += _sealed(tx, [row["id"] for row in page])
        parties, evidence, after = parties + len(page), evidence + sum(map(len, shown.values())), page[-1]["id"]
    found += _answers(tx)
    return LevelAudit(parties, evidence, findings=tuple(found))


def _sealed(tx: Tx, ids: list[str]) -> list[Finding]:
    """What is kept of parties must open, but for those whose key is destroyed."""

    def opened(some: list[str]) -> list[Finding]:
        find_many(tx, some)
        return []

    return compared("party", ids, opened)


def _answers(tx: Tx) -> list[Finding]:
    """What providers answered must be what its digest says, as far as it can be opened: not of who was erased."""
    found, after = list[Finding](), ""
    while page := answers_after(tx, after, PAGE):
        for each in page:
            said = opened_answer(tx, each)
            if isinstance(said, bytes) and hashlib.sha256(said).hexdigest() != each["answer_sha256"]:
                found.append(Finding("verification", each["id"], "the provider's answer is not what its digest says"))
        after = page[-1]["id"]
    return found
