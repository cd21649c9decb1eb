"""What a verification of the ledger answers."""

from __future__ import annotations

from dataclasses import dataclass


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
