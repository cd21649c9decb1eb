"""Own the nouns of an inquiry: who asked for what, and how much of the records is shown. Table: ``exchange_inquiry``.

Never shows more than the consent allows, the member may see, and the law lets be shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class InquirySeen:
    """Who asked, for what, under which consent, and which view was given: what is shown under this law, on this day, of these
    revisions."""

    subject_id: str
    id: str
    member_id: str
    consent_id: str
    purpose: str
    kinds: tuple[str, ...]
    months: int | None
    hard: bool
    product: str
    law: str
    node: str
    as_of: date
    revisions: Mapping[str, int]
    digest: bytes
    asked_at: datetime

    @property
    def revision(self) -> int:
        """How far the person's own records stood."""
        return self.revisions.get(self.subject_id, 0)


@dataclass(frozen=True, slots=True)
class Scope:
    """How much is shown: which kinds, and how many months back from ``on`` (none: all)."""

    kinds: frozenset[str]
    months: int | None
    on: date
