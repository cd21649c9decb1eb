"""What a verification of the ledger answers."""

from __future__ import annotations

from dataclasses import dataclass

from farthing.kit import findings


@dataclass(frozen=True, slots=True)
class Audit(findings.Audit):
    """What a verification of the ledger counted and found."""

    accounts: int
    entries: int
    postings: int
    holds: int
