"""Own what a verification answers: what it counted, and every disagreement it found, named. Whoever verifies never repairs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from farthing.kit.errors import UNREADABLE


@dataclass(frozen=True, slots=True)
class Finding:
    """One disagreement: what is wrong (a stable name), with which row, and how, with both figures."""

    what: str
    subject: str
    problem: str

    def __str__(self) -> str:
        return f"{self.what}: {self.subject}: {self.problem}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """Everything that a verification saw, clean when it found nothing; each part of the bank adds what it counts."""

    findings: tuple[Finding, ...]

    @property
    def clean(self) -> bool:
        """Whether everything was derived again to the same."""
        return not self.findings


def compared(what: str, ids: list[str], compare: Callable[[list[str]], list[Finding]]) -> list[Finding]:
    """What is wrong with the rows of these ids, read together; one that cannot be read is named and hides no other."""
    try:
        return compare(ids)
    except UNREADABLE as problem:
        if len(ids) == 1:
            return [Finding(what, ids[0], f"cannot be read: {problem!r}")]
        return [each for one in ids for each in compared(what, [one], compare)]


def silent(*_: object) -> None:
    """Tell nobody how far a verification is."""
