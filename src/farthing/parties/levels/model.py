"""Own ``Evidence``: what showed who a customer is, until when it counts, and who doubts it; and the rules of levels, as data.

Tables: ``level_evidence``; ``level_rule`` and ``level_in_force``, the rules that the policy in force says. A level is never kept
as a figure: what is kept of a party is until when each level holds (``party.level_until``), so that one ends by the day alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from farthing.kernel.operation import personal
from farthing.kit.inputs import Code, Id, Note
from farthing.kit.words import Words

Kind = Literal["document", "phone", "card", "deposit", "counter"]
"""document: a register knows the number under the name; phone: and the phone as the same person's; card: the bank of a card holds
it under name, number and phone; deposit: small amounts that came in at an account under the name were told; counter: two of the
staff saw person and document."""
Why = Literal["", "officer", "provider", "phone"]
"""Why an evidence is doubted: two officers said so; its provider said otherwise later; it was of a phone that is not on file any
more."""
NO_END = date.max
"""Until when what has no end counts."""


@dataclass(frozen=True, slots=True)
class Step:
    """A level, and the ways to it: each is a set of kinds of which an evidence of each must count. ``article`` says by which
    standard (such as an identity assurance level of NIST SP 800-63A)."""

    level: int
    name: Words
    ways: tuple[tuple[Kind, ...], ...]
    article: Words


@dataclass(frozen=True, slots=True)
class Source:
    """How many months an evidence of a kind counts (0: without an end), and of which providers; of any where none is named."""

    kind: Kind
    months: int
    providers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LevelRules:
    """The levels from the first on, and the sources of evidence. ``soon_days``: how long before its end a level is said to end
    soon."""

    steps: tuple[Step, ...]
    sources: tuple[Source, ...]
    soon_days: int
    article: Words


@dataclass(frozen=True, slots=True)
class Evidence:
    """What showed who somebody is: counts from ``given_at`` on, to the end of ``until_on``, unless it is doubted before."""

    id: str
    party_id: str
    kind: Kind
    provider: str
    given_at: datetime
    given_on: date
    until_on: date
    doubted_at: datetime | None = None
    doubted_by: str = ""
    why: Why = ""


@dataclass(frozen=True, slots=True)
class Given:
    """An evidence that is to be kept."""

    id: str
    party_id: str
    kind: Kind
    provider: str


@dataclass(frozen=True, slots=True)
class Doubted:
    """Evidence that is to be doubted: of a party, of these kinds, of a provider; of every one where none is named."""

    party_id: str
    kinds: tuple[Kind, ...]
    provider: str | None
    why: Why


@dataclass(frozen=True, slots=True)
class DoubtEvidence:
    """Doubt an evidence: it counts for nothing from now on. ``note`` says what was found."""

    party_id: Id
    evidence_id: Id
    note: Note


@dataclass(frozen=True, slots=True)
class VouchAtCounter:
    """Two of the staff saw a customer and the identity document: its number as they read it, and what was seen."""

    party_id: Id
    document_number: Code = personal()
    statement: Note = ""


@dataclass(frozen=True, slots=True)
class LevelNow:
    """The level at which a customer stands after an act, and to the end of which day; none where that has no end."""

    party_id: str
    level: int
    until: date | None


@dataclass(frozen=True, slots=True)
class StepTold:
    """A level as its customer sees it. ``until``: to the end of which day it holds, or held; none where it was never reached,
    or is doubted. ``missing``: the kinds of evidence by which it would be reached, or lengthened, a set each."""

    level: int
    name: Words
    article: Words
    holds: bool
    until: date | None
    endless: bool
    missing: tuple[tuple[Kind, ...], ...]


@dataclass(frozen=True, slots=True)
class LevelTold:
    """How well a customer is known today. ``until``: to the end of which day at this level, none where that has no end or
    there is no level; ``soon``: whether that is within the days that the policy calls soon."""

    party_id: str
    level: int
    name: Words | None
    until: date | None
    soon: bool
    steps: tuple[StepTold, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Ending:
    """A customer whose level ends: to the end of which day which one holds."""

    party_id: str
    level: int
    until: date
    name: str = personal()


@dataclass(frozen=True, slots=True)
class Endings:
    """A page of levels that end; ``next`` is opaque and empty on the last page."""

    endings: tuple[Ending, ...]
    next: str
