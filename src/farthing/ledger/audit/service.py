"""Run the verification of the ledger, check by check."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from farthing.db.tx import Tx
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


def verify(tx: Tx, progress: Progress = _silent) -> Audit:
    """Derive ids, sums, balances, versions, holds and limits again from the entries; name what disagrees."""
    findings: list[Finding] = []
    for number, (name, query) in enumerate(store.CHECKS):
        progress(name, number, len(store.CHECKS))
        findings += [Finding(**row) for row in store.disagreements(tx, query)]
    progress("done", len(store.CHECKS), len(store.CHECKS))
    return Audit(**store.counts(tx), findings=tuple(findings))
