"""Run the verification of the ledger, check by check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID

from farthing.db.tx import Tx
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.ledger.audit import store

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Finding:
    """One disagreement: what is wrong, with which row, and how."""

    what: str
    subject: str
    problem: str


@dataclass(frozen=True, slots=True)
class Audit:
    """Everything a verification saw; clean when it found nothing."""

    accounts: int
    entries: int
    postings: int
    holds: int
    findings: tuple[Finding, ...]

    @property
    def clean(self) -> bool:
        """Whether every figure was derived again to the same."""
        return not self.findings


def _silent(_check: str, _done: int, _all: int) -> None:
    return


SLICE = 700_000
"""Postings in one slice of a sweep: what fits into the memory a sort may use."""


@question("ledger.verify", permission="ledger:read", whose=STAFF)
def verify(tx: Tx, progress: Progress = _silent) -> Audit:
    """Derive ids, seals, sums, balances, versions, holds, guards and limits again; name what disagrees.

    ``tx`` should see one state throughout (``kernel.read(..., snapshot=True)``) where others write meanwhile.
    """
    counts = store.counts(tx)
    store.use_memory(tx)
    slices = max(1, -(-counts["postings"] // SLICE))
    steps = 2 * slices + len(store.CHECKS)
    findings: list[Finding] = []
    done = 0
    for name, query in store.CHECKS:
        progress(name, done, steps)
        findings += _found(tx, query)
        done += 1
    findings += _references(tx)
    posted, said, wrong = 0, 0, 0
    asked, booked = 0, 0
    for number in range(slices):
        progress("postings", done, steps)
        swept = store.sweep_postings(tx, *_between(number, slices, 63))
        booked, posted, wrong = booked + swept["counted"], posted + int(swept["legs"]), wrong + swept["wrong"]
        progress("entries", done + 1, steps)
        first, last = _between(number, slices, 128)
        swept = store.sweep_entries(tx, str(UUID(int=first)), str(UUID(int=last)))
        asked, said, wrong = asked + swept["postings"], said + int(swept["legs"]), wrong + swept["wrong"]
        done += 2
    if wrong or booked != counts["postings"] or (asked, said) != (booked, posted):
        for name, query in store.DETAILS:
            progress(name, done, steps)
            findings += _found(tx, query)
        if not findings:
            problem = f"entries ask for {asked} postings, {booked} are there, and their hashes differ"
            findings.append(Finding("posting", "all", problem))
    progress("done", steps, steps)
    return Audit(**counts, findings=tuple(findings))


def _found(tx: Tx, query: LiteralString) -> list[Finding]:
    return [Finding(**row) for row in store.disagreements(tx, query)]


def _references(tx: Tx) -> list[Finding]:
    """What a hold or a release is called is remembered, so that it never means anything else."""
    if store.references_agree(tx):
        return []
    forgotten, strange = store.references_differ(tx)
    found = [Finding("hold_reference", name, f"of hold {hold} is not remembered") for name, hold in sorted(forgotten)]
    found += [
        Finding("hold_reference", name, f"is remembered for hold {hold}, which says nothing of it")
        for name, hold in sorted(strange)
    ]
    return found[:100]


def _between(number: int, slices: int, bits: int) -> tuple[int, int]:
    """The first and last key of a slice of all keys of so many bits."""
    return (number << bits) // slices, ((number + 1) << bits) // slices - 1
