"""Own the nouns of erasure: what is asked, the three answers (done, restricted until a day, refused), and the destroyed keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from farthing.kernel.operation import personal
from farthing.kit.inputs import Id, Note
from farthing.kit.words import Words

Outcome = Literal["done", "restricted"]
State = Literal["none", "restricted", "lifted", "erased"]
Answer = Literal["done", "restricted", "refused", "erased"]


@dataclass(frozen=True, slots=True)
class ErasePerson:
    """Erase what is personal of a customer who asked for it and with whom nothing is open; ``reason`` is kept."""

    party_id: Id
    reason: Note


@dataclass(frozen=True, slots=True)
class PersonErased:
    """``done``: how many personal values beside the log, and stored answers, were emptied; the keys are destroyed right after it.
    ``restricted``: the law keeps the records until a day; nobody is shown them, and on that day they are erased."""

    party_id: str
    outcome: Outcome
    values: int
    answers: int
    until: date | None = None
    law: Words | None = None


@dataclass(frozen=True, slots=True)
class LiftRestriction:
    """Let a customer whose data are restricted be a customer again, who asked for it; ``reason`` is kept."""

    party_id: Id
    reason: Note


@dataclass(frozen=True, slots=True)
class OpenRestricted:
    """Look at what is restricted, for a purpose of the law that keeps it, such as an authority's inquiry; ``purpose`` is kept."""

    party_id: Id
    purpose: Note


@dataclass(frozen=True, slots=True)
class Restricted:
    """What the law keeps of somebody whose data are restricted."""

    party_id: str
    until: date
    name: str = personal()
    number: str = personal()
    phone: str = personal()
    born_on: date | None = personal()


@dataclass(frozen=True, slots=True)
class DestroyKeys:
    """Destroy the keys of somebody who is erased."""

    party_id: Id


@dataclass(frozen=True, slots=True)
class KeysDestroyed:
    """The certificate of an erasure: fingerprints of the keys that were destroyed, and when. A fingerprint opens nothing."""

    party_id: str
    key_ids: tuple[str, ...]
    destroyed_at: datetime


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was asked of somebody's data, and how it stands."""

    party_id: str
    state: State
    asked_on: date
    until: date | None
    law: Words | None
    destroyed_at: datetime | None


@dataclass(frozen=True, slots=True)
class ErasureOutlook:
    """What would be answered if somebody's erasure were asked for today, and what stands in its way; ``erasure``: what was asked
    before."""

    party_id: str
    answer: Answer
    until: date | None
    law: Words | None
    standing: tuple[Words, ...]
    erasure: Erasure | None
