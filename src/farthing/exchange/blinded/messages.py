"""Own what is said between lender, person's side, tagger and shelf, and the one way in which it is signed. Pure.

A message is ``{"kind", "by", "body", "signature"}``; the signature is over the canonical JSON (RFC 8785) of the
three others, so that one kind never passes for another. Never holds a name or a number of a person.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, TypeVar

from farthing.kernel.operation import decode
from farthing.kit import base64url
from farthing.kit.canonical import canonical, digest, plain
from farthing.kit.errors import Refusal, forbidden, malformed
from farthing.kit.keys.model import KeyHandle
from farthing.kit.keys.suites import SUITES

MESSAGE_UNREADABLE = malformed(
    "exposure.message_unreadable",
    "The message of the kind {kind} cannot be read; see docs/guides/exposure.md for its form.",
    "{kind} 类报文无法读取；格式见 docs/guides/exposure.md。",
)
NOT_SIGNED = forbidden(
    "exposure.not_signed",
    "The message of the kind {kind} is not signed by a party that may send it; enter its key, or sign with the right one.",
    "{kind} 类报文未由有权一方签名；请登记其公钥，或改用正确的密钥签名。",
)
Role = Literal["bank", "nonbank", "door", "tagger", "shelf", "officer"]
MEMBERS: frozenset[str] = frozenset({"bank", "nonbank"})
"""Roles of those who load customers and ask."""
DOORS: frozenset[str] = frozenset({"door"})
TAGGERS: frozenset[str] = frozenset({"tagger"})
PAD = "pad"
"""The field that fills an answer up."""
_DOMAIN = b"farthing exposure 1\n"
M = TypeVar("M", bound="Message")


class Message:
    """What may be signed: a frozen dataclass with a ``KIND``."""

    KIND = ""


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody whose messages are believed: a lender (a bank, or none), a person's door, the tagger, an officer."""

    name: str
    role: Role
    algorithm: str
    key: bytes


@dataclass(frozen=True, slots=True)
class Ask(Message):
    """A lender wants to know a person's exposure: said by the lender to the person's side."""

    KIND = "ask"
    purpose: str
    consent: str
    nonce: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Ticket(Message):
    """A person's point may be evaluated for one inquirer: said by the person's side to the tagger.

    ``person`` is a number by which the tagger counts, different at each door and never an identity. ``consent``: SHA-256 of the
    consent artefact, as hex.
    """

    KIND = "ticket"
    point: str
    inquirer: str
    purpose: str
    periods: tuple[str, ...]
    consent: str
    person: str
    nonce: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Points(Message):
    """A lender has points of its own customers evaluated: always a whole batch."""

    KIND = "points"
    purpose: str
    period: str
    points: tuple[str, ...]
    nonce: str
    until: datetime


@dataclass(frozen=True, slots=True)
class KeyStatement(Message):
    """The tagger's public key of a purpose and period."""

    KIND = "key"
    group: str
    purpose: str
    period: str
    public: str

    @property
    def ident(self) -> str:
        """By what rows and permits name the key."""
        return digest(plain(self)).hex()[:16]


@dataclass(frozen=True, slots=True)
class Permit(Message):
    """A lender may ask for a person's tags: said by the person's side to the shelf, taken there by the lender."""

    KIND = "permit"
    tags: tuple[str, ...]
    periods: tuple[str, ...]
    keys: tuple[str, ...]
    currency: str
    inquirer: str
    purpose: str
    consent: str
    nonce: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Question(Message):
    """A lender asks by a permit, which lies beside it."""

    KIND = "question"
    permit: str
    nonce: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Row:
    """What a lender enters about one tag: bands by number, of the currency's table."""

    tag: str
    limit: int
    balance: int
    dpd: int


@dataclass(frozen=True, slots=True)
class Rows(Message):
    """A part of a lender's whole file of a purpose and period; it counts once all ``parts`` are there."""

    KIND = "rows"
    purpose: str
    period: str
    key: str
    currency: str
    as_of: date
    load: str
    part: int
    parts: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Withdrawal(Message):
    """A consent ended: said by the person's side to tagger and shelf."""

    KIND = "withdrawal"
    consent: str


@dataclass(frozen=True, slots=True)
class Contest(Message):
    """The person disputes what is entered about her, for so many days: said by the person's side to the shelf."""

    KIND = "contest"
    tags: tuple[str, ...]
    days: int
    nonce: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Seen(Message):
    """The person's side asks which answers were given about a tag."""

    KIND = "seen"
    tags: tuple[str, ...]
    nonce: str
    until: datetime


def said(message: Message, by: str, key: KeyHandle) -> dict[str, Any]:
    """A message signed."""
    body = plain(message)
    signature = base64url.encode(key.sign(_signed(message.KIND, by, body)))
    return {"kind": message.KIND, "by": by, "body": body, "signature": signature}


def heard(wire: Any, kind: type[M], parties: Mapping[str, Party], roles: Collection[str]) -> tuple[Party, M]:
    """Who says a message, and the message; refuses ``exposure.message_unreadable``, ``exposure.not_signed``."""
    try:
        if (
            not isinstance(wire, Mapping)
            or not isinstance(wire.get("by"), str)
            or set(wire) != {"kind", "by", "body", "signature"}
            or wire["kind"] != kind.KIND
        ):
            raise ValueError
        by, signature = wire["by"], base64url.decode(wire["signature"])
        body = wire["body"]
        message: M = decode(kind, {name: _listed(each) for name, each in dict(body).items()})
        if plain(message) != body:
            raise ValueError  # a body that reads as another than it says
        content = _signed(kind.KIND, by, body)
    except (ValueError, TypeError, AttributeError, Refusal):
        raise MESSAGE_UNREADABLE(kind=kind.KIND) from None
    party = parties.get(by)
    if party is None or party.role not in roles or not SUITES[party.algorithm].verify(party.key, signature, content):
        raise NOT_SIGNED(kind=kind.KIND)
    return party, message


def digest_of(wire: Mapping[str, Any]) -> str:
    """By what a question names the permit beside it."""
    return digest(dict(wire)).hex()


def _listed(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _signed(kind: str, by: str, body: Any) -> bytes:
    return _DOMAIN + canonical({"kind": kind, "by": by, "body": body})
