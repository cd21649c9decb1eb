"""Own the nouns of an inquiry: who asked for what, and how much of the records is shown. Table: ``exchange_inquiry``.

Never shows more than the consent allows, the member may see, and the law lets be shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from farthing.exchange.consents.rules import PURPOSE_NAMES
from farthing.kit.words import Words

HER = "person"
"""Who reads her own report."""
OWN_REPORT, PUBLIC_PURPOSE = "own_report", "public_purpose"
PURPOSES: Mapping[str, Words] = {
    **PURPOSE_NAMES, OWN_REPORT: Words("your own report", "本人查询"), PUBLIC_PURPOSE: Words("a public purpose", "因公查询"),
}  # fmt: skip
"""What a report is given for: those that a consent names, and two that need none."""
OFFICE = "office:"
"""Who reads for a public purpose and is no member: this, and how it is called."""


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
    position: int
    """Where it stands among all that is recorded of the person: counted under her row, as time is not."""

    @property
    def revision(self) -> int:
        """How far the person's own records stood."""
        return self.revisions.get(self.subject_id, 0)


def reader_name(names: Mapping[str, str], reader: str) -> str:
    """How a reader is called: a member by its name, an office that is none by the words that were said of it."""
    return names.get(reader, reader.removeprefix(OFFICE) if reader.startswith(OFFICE) else "")


@dataclass(frozen=True, slots=True)
class Scope:
    """How much is shown: which kinds, and how many months back from ``on`` (none: all)."""

    kinds: frozenset[str]
    months: int | None
    on: date
