"""Run the verification of the ledger, check by check."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from farthing.db.tx import Tx
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit.findings import Finding, silent
from farthing.ledger.audit import store
from farthing.ledger.audit.apart import store as apart
from farthing.ledger.audit.model import Audit

Progress = Callable[[str, int, int], None]


SLICE = 700_000
"""Postings in one slice of a sweep: what fits into the memory a sort may use."""


@question("ledger.verify", permission="reports:read", whose=STAFF)
def verify(tx: Tx, progress: Progress = silent) -> Audit:
    """Derive ids, seals, sums, balances, versions, holds, guards and limits again; name what disagrees.

    ``tx`` should see one state throughout (``kernel.read(..., snapshot=True)``) where others write meanwhile.
    """
    counts = store.counts(tx)
    store.use_memory(tx)
    checks = _checks()
    slices = max(1, -(-counts["postings"] // SLICE))
    steps = 2 * slices + len(checks)
    findings: list[Finding] = []
    done = 0
    for name, check in checks:
        progress(name, done, steps)
        findings += check(tx)
        done += 1
    posted, said, wrong, foreign = 0, 0, 0, 0
    asked, booked = 0, 0
    for number in range(slices):
        progress("postings", done, steps)
        swept = store.sweep_postings(tx, *_between(number, slices, 63))
        booked, posted, wrong = booked + swept["counted"], posted + int(swept["legs"]), wrong + swept["wrong"]
        foreign += int(swept["foreign_sum"])
        progress("entries", done + 1, steps)
        first, last = _between(number, slices, 128)
        swept = store.sweep_entries(tx, str(UUID(int=first)), str(UUID(int=last)))
        asked, said, wrong = asked + swept["postings"], said + int(swept["legs"]), wrong + swept["wrong"]
        done += 2
    if wrong or foreign or booked != counts["postings"] or (asked, said) != (booked, posted):
        progress("details", done, steps)
        details = store.disagreements(tx, store.ENTRIES) + apart.unbalanced(tx) + apart.chains(tx, booked)
        if not details + findings:
            problem = f"entries ask for {asked} postings, {booked} are there, and their hashes differ"
            details.append(Finding("posting", "all", problem))
        findings += details
    progress("done", steps, steps)
    return Audit(**counts, findings=tuple(findings))


def _checks() -> list[tuple[str, Callable[[Tx], list[Finding]]]]:
    """Quick checks, always run: of one table, of what lies beside it, and of what lies apart by sums of hashes."""
    plain = [(name, partial(store.disagreements, query=query)) for name, query in store.CHECKS]
    return [
        ("accounts", store.accounts),
        ("recorded", apart.recorded),
        ("hold legs", apart.hold_legs),
        ("guard figures", apart.guard_figures),
        ("groups", apart.groups),
        ("references", apart.references),
        *plain,
    ]


def _between(number: int, slices: int, bits: int) -> tuple[int, int]:
    """The first and last key of a slice of all keys of so many bits."""
    return (number << bits) // slices, ((number + 1) << bits) // slices - 1
