"""Own the nouns ``Giver`` and ``Pull``: an institution that gives what a person lets us read there, and what she lets us read.

Tables: ``pull_key``, ``pull_giver``, ``pull_consent``, ``pull_page``. Keys, verifier, code and token are kept sealed by the vault
alone, and forgotten when a pull ends; what was fetched is kept by ``credit``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, Protocol

from cryptography.hazmat.primitives.asymmetric import ec

from farthing.kernel.operation import secret
from farthing.kit.inputs import Address, Cursor, Day, Id, Line, Secret, Source

State = Literal["asked", "came", "running", "ended"]
Holder = Literal["unknown", "same", "other", "unnamed"]
"""Whose the accounts are: not heard yet, this person's by name and number, somebody else's, or the giver does not say."""
Problem = Literal["", "ended", "refused", "silent", "untrue", "often", "over", "late"]
"""What was wrong with an answer: the consent ended there; it said no; it did not answer; it answered what cannot be used; it was
asked often enough today; nobody waits for it any more; it came too late."""
Why = Literal["person", "there", "declined", "refused", "silent", "untrue", "expired", "consent", "erased", "house"]
"""Who or what ended a pull: the person here; the other institution, or she there; she said no there; no token was given, for one
of three reasons; its last day; what she allowed here; her erasure; the bank gave the institution up."""


@dataclass(frozen=True, slots=True)
class RegisterGiver:
    """Let people bring their history from an institution: its issuer, by which id it knows us, and our own address that its
    answers go to, as they are registered there."""

    name: Line
    name_zh: Line
    issuer: Address
    client_id: Id
    back: Address


@dataclass(frozen=True, slots=True)
class EndGiver:
    """Fetch nothing more from an institution."""

    giver_id: Id


@dataclass(frozen=True, slots=True)
class Giver:
    """An institution from which people may bring their history."""

    id: str
    name: str
    name_zh: str
    issuer: str
    client_id: str
    back: str
    made_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Choosable:
    """The same as a person sees it: who it is, and at which host."""

    id: str
    name: str
    name_zh: str
    host: str


@dataclass(frozen=True, slots=True)
class MakeClientKey:
    """Have a key that proves this bank at other institutions."""


@dataclass(frozen=True, slots=True)
class ClientKey:
    """Its public half (a JWKS of one key), as it is registered there."""

    id: str
    keys: tuple[dict[str, str], ...]


@dataclass(frozen=True, slots=True)
class AskPull:
    """Let the bank fetch one's payments from an institution: since which day, and until which it may ask."""

    giver_id: Id
    from_on: Day
    until: Day


@dataclass(frozen=True, slots=True)
class PullAsked:
    """Where the person goes to agree there; told once."""

    pull_id: str
    giver_id: str
    expires_at: datetime
    address: str = secret("")


@dataclass(frozen=True, slots=True)
class PullPushed:
    """An institution keeps the request under an address, or does not."""

    errand_id: Id
    problem: Problem
    address: Secret = secret("")


@dataclass(frozen=True, slots=True)
class ComeBack:
    """What an institution sent somebody back with; nothing of it is believed yet."""

    state: Secret = secret("")
    code: Secret = secret("")
    iss: Secret = secret("")
    error: Secret = secret("")


@dataclass(frozen=True, slots=True)
class PullExchanged:
    """What a code came to: a token to ask by, or why there is none."""

    errand_id: Id
    problem: Problem
    refresh: Secret = secret("")


@dataclass(frozen=True, slots=True)
class PullRead:
    """A page of what an institution gave, found to be in order, as JSON."""

    errand_id: Id
    problem: Problem
    holder: Holder = "unknown"
    page: Source = secret("")
    next_cursor: Cursor = secret("")


@dataclass(frozen=True, slots=True)
class PullRevoked:
    """An institution took note that its token is not used any more, or was told often enough."""

    errand_id: Id


@dataclass(frozen=True, slots=True)
class StopPull:
    """Fetch nothing more from an institution, at once."""

    pull_id: Id


@dataclass(frozen=True, slots=True)
class Pull:
    """What a person lets us fetch, as it is kept."""

    id: str
    party_id: str
    giver_id: str
    from_on: date
    until: date
    state: State
    asked_at: datetime
    expires_at: datetime
    state_hash: bytes
    bound_key: bytes | None
    verifier: bytes | None
    address: str | None
    code: bytes | None
    refresh: bytes | None
    holder: Holder
    due_on: date | None
    pulled_on: date | None
    ended_at: datetime | None
    ended_why: Why | None


@dataclass(frozen=True, slots=True)
class OwnPull:
    """The same as she sees it."""

    id: str
    name: str
    name_zh: str
    host: str
    from_on: date
    until: date
    state: State
    holder: Holder
    asked_at: datetime
    pulled_on: date | None
    ended_at: datetime | None
    ended_why: Why | None


@dataclass(frozen=True, slots=True)
class PulledPage:
    """Something was fetched: how many rows, how many of them were new, or what was wrong."""

    id: str
    consent_id: str
    at: datetime
    rows: int
    added: int
    problem: str


@dataclass(frozen=True, slots=True)
class OwnPulls:
    """One's pulls, and what was fetched by them, the newest first."""

    pulls: tuple[OwnPull, ...]
    pages: tuple[PulledPage, ...]


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where an institution is asked, as its discovery document says, found to be in order."""

    par: str
    authorization: str
    token: str
    revocation: str
    reading: str


@dataclass(frozen=True, slots=True)
class Asker:
    """By what we ask: the institution, the key that proves us, and the one that this consent's tokens are bound to."""

    giver: Giver
    key_id: str
    key: ec.EllipticCurvePrivateKey = field(repr=False)
    bound: ec.EllipticCurvePrivateKey = field(repr=False)


class GiverLine(Protocol):
    """The port ``giver``: institutions that are asked over the network, hence with no transaction open. What they say no by is a
    :class:`farthing.sharing.pulling.rules.SaidNo`, what cannot be used a :class:`farthing.identity.jose.Untrue`, silence an
    ``OSError``."""

    def endpoints(self, issuer: str) -> Endpoints:
        """Where it is asked, as it said within the hour."""

    def posted(self, asker: Asker, url: str, form: Mapping[str, str]) -> dict[str, Any]:
        """What it answers to a form that proves us, with a proof of the bound key."""

    def read(self, asker: Asker, kind: str, token: str, query: Mapping[str, str]) -> dict[str, Any]:
        """What it gives of a kind."""
