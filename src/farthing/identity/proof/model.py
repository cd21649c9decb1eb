"""Own the noun ``Proof``: a code of six digits on its way to a phone, and what it will prove.

Table: ``proof``. A code lives ten minutes and five tries and is kept as a hash; what was asked is kept as a salted
hash, so that a proof says nothing about anybody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Outcome = Literal["proved", "other_phone", "wrong"]


@dataclass(frozen=True, slots=True)
class Message:
    """A text for a phone, to be sent when the transaction is over."""

    phone: str
    text: str


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof that waits for its code."""

    id: str
    purpose: str
    salt: bytes
    asked: bytes
    party_id: str | None
    code: bytes | None
    decoy: bytes | None
    made_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Proved:
    """How a code was taken. ``other_phone``: right, but of a phone that is not the one on file."""

    outcome: Outcome
    party_id: str | None = None
