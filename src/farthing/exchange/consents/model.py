"""Own the nouns of a consent: template, ceiling for each kind of data, the artefact that a person signs, its state.

Tables: ``exchange_consent``, ``exchange_consent_event``, ``exchange_person_key``. Never says what a report holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, get_args

from pydantic import AwareDatetime

from farthing.kit.inputs import AnyId, Count, Few, Id, Line
from farthing.kit.words import Words

Kind = Literal["instalment", "revolving", "bnpl", "guarantee", "utility", "public_record", "inquiry"]
"""What a report is made of: the classes of accounts, what registers say, and who asked."""
KINDS: tuple[str, ...] = get_args(Kind)
Purpose = Literal["loan_application", "account_review", "guarantee"]
PURPOSES: tuple[str, ...] = get_args(Purpose)
Every = Literal["once", "day", "month", "year"]
EVERY: tuple[str, ...] = get_args(Every)
State = Literal["active", "paused", "revoked", "expired"]
Happened = Literal["given", "paused", "resumed", "revoked", "told", "deleted", "unreached"]
"""What happens to a consent. The last three are of its recipient: told that it ended, said that the data is deleted, could not be
reached."""

SCHEMA = "farthing-consent/1"


@dataclass(frozen=True, slots=True)
class Ceiling:
    """How much of one kind: so many months back, kept for so many days, fetched so often in each period (or in all: ``once``)."""

    kind: Kind
    months: Count
    life_days: Count
    fetches: Count
    every: Every


@dataclass(frozen=True, slots=True)
class Template:
    """What may be asked for at most for a purpose, kind by kind. An artefact names it inside what is signed."""

    id: str
    title: Words
    purpose: Purpose
    basis: Words
    days: int
    ceilings: tuple[Ceiling, ...]

    def ceiling(self, kind: str) -> Ceiling | None:
        """The most of a kind; none where the template does not know the kind."""
        return next((each for each in self.ceilings if each.kind == kind), None)


@dataclass(frozen=True, slots=True)
class Artefact:
    """What a person signs. ``subject`` is the name of her own key (RFC 7638), so that no number of hers stands in it.

    ``controller`` gives, ``recipient`` uses; ``notice_sha256`` pins the text that she read, in ``language``.
    """

    schema: Line
    id: Id
    template: Line
    subject: AnyId
    purpose: Purpose
    controller: Line
    recipient: Line
    kinds: Annotated[tuple[Ceiling, ...], Few]
    begins_at: Annotated[datetime, AwareDatetime]
    expires_at: Annotated[datetime, AwareDatetime]
    notice_sha256: AnyId
    language: Literal["zh", "en"]
    jurisdiction: Line

    def ceiling(self, kind: str) -> Ceiling | None:
        """What she allowed of a kind."""
        return next((each for each in self.kinds if each.kind == kind), None)


@dataclass(frozen=True, slots=True)
class Kept:
    """A consent as the giver keeps it: the artefact, the JWS that carries it, whose it is and how it stands."""

    artefact: Artefact
    jws: str
    subject_id: str
    given_at: datetime
    paused: bool
    revoked_at: datetime | None

    def state(self, at: datetime) -> State:
        """Whether it may be used at an instant; what was taken back stays so."""
        if self.revoked_at is not None:
            return "revoked"
        if at >= self.artefact.expires_at:
            return "expired"
        return "paused" if self.paused else "active"


@dataclass(frozen=True, slots=True)
class Use:
    """What a recipient wants to do under a consent: which kinds, how many months back; ``fetched`` when each was before."""

    recipient: str
    controller: str
    purpose: str
    kinds: tuple[str, ...]
    months: int
    fetched: tuple[tuple[str, datetime], ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a consent: by whom, over which way in."""

    kind: Happened
    at: datetime
    actor: str
    channel: str
