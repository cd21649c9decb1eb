"""Own the nouns of an appraisal: checks, laws with their conditions, and what the findings on a package answer to each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from farthing.evidence.checker.report import Finding
from farthing.kit.words import Words

Result = Literal["holds", "fails", "in_part", "not_made"]
"""What a check came to: all of it holds; something of it does not; part of it was made; none of it was."""
Answer = Literal["supported", "contradicted", "open", "people"]
"""What the checks say to a condition: they support it, one speaks against it, it is open, or no program can say."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is looked at: codes of findings that must all have passed, that must not have failed, and that must not
    be wanting (said as not checked). ``failed``: a code that ends in ``.*`` names all that begin so."""

    id: str
    title: Words
    passed: tuple[str, ...]
    failed: tuple[str, ...]
    wanting: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """What a law asks, in words of our own; the checks that speak to it; what no check can say of it."""

    article: Words
    words: Words
    needs: tuple[str, ...]
    limit: Words


@dataclass(frozen=True, slots=True)
class Law:
    """A law with its conditions in its own order."""

    id: str
    title: Words
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All checks and laws that a report walks through."""

    checks: tuple[Check, ...]
    laws: tuple[Law, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """A check with its result and the findings behind it."""

    check: Check
    result: Result
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A condition with what the checks say to it."""

    condition: Condition
    answer: Answer
    checks: tuple[Made, ...]


@dataclass(frozen=True, slots=True)
class Appraisal:
    """What was found of a package, law by law. ``findings`` are all of them, as the checker said them."""

    checks: tuple[Made, ...]
    laws: tuple[tuple[Law, tuple[Weighed, ...]], ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Exhibit:
    """The file that was appraised: its name, SHA-256 (hex), length, and what it says of itself."""

    name: str
    sha256: str
    length: int
    subject: str = ""
    title: str = ""
    made_at: str = ""
