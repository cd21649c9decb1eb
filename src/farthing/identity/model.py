"""Own who acts: logins, sessions and API keys, and the roles that give them permissions.

Tables: ``login``, ``login_failure``, ``session``, ``api_key``. Never keeps a password or a token, only hashes of
them; knows customers by the opaque ``party_id`` alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from farthing.kernel.operation import personal, secret
from farthing.kit.actor import Actor

LogInOutcome = Literal["ok", "wrong", "locked"]


@dataclass(frozen=True, slots=True)
class Login:
    """A person who may log in. ``name`` is a phone (E.164) for customers and a short name for staff."""

    name: str
    actor_id: str
    role: str
    party_id: str | None
    created_at: datetime
    disabled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CreateLogin:
    """Let a person log in: a customer by phone, staff by name."""

    name: str = personal()
    password: str = secret()
    role: str = "customer"
    party_id: str | None = None


@dataclass(frozen=True, slots=True)
class Created:
    """The login that was made, without its name."""

    actor_id: str
    role: str
    party_id: str | None


@dataclass(frozen=True, slots=True)
class LogIn:
    """Exchange a name and password for a session."""

    name: str = personal()
    password: str = secret()


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """How an attempt ended. A wrong password is an outcome, not a refusal, because the attempt must be kept."""

    outcome: LogInOutcome
    actor_id: str | None = None
    expires_at: datetime | None = None
    locked_until: datetime | None = None
    token: str | None = secret(None)


@dataclass(frozen=True, slots=True)
class LogOut:
    """End one session."""

    token: str = secret()


@dataclass(frozen=True, slots=True)
class Renew:
    """Show that a session is in use, so that it does not fall idle."""

    token: str = secret()


@dataclass(frozen=True, slots=True)
class Renewed:
    """Whether the session was still good, and until when it is now."""

    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ChangePassword:
    """Replace the password of the person who acts; every session of theirs ends."""

    old: str = secret()
    new: str = secret()


@dataclass(frozen=True, slots=True)
class DisableLogin:
    """Forbid a person to log in, and end every session and API key of theirs."""

    actor_id: str


@dataclass(frozen=True, slots=True)
class CreateApiKey:
    """Make a bearer token for a program that acts as ``actor_id``; ``days`` until it expires."""

    label: str
    actor_id: str
    role: str
    party_id: str | None = None
    days: int = 90


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A bearer token's record. ``token`` is shown once, when it is made."""

    id: str
    label: str
    actor_id: str
    role: str
    party_id: str | None
    expires_at: datetime
    token: str | None = secret(None)


@dataclass(frozen=True, slots=True)
class RevokeApiKey:
    """End an API key at once."""

    id: str


@dataclass(frozen=True, slots=True)
class Ended:
    """How many sessions or keys an operation ended."""

    count: int


@dataclass(frozen=True, slots=True)
class Session:
    """A live session or API key. ``renew_due``: the door should run ``identity.renew`` soon."""

    actor: Actor
    expires_at: datetime
    renew_due: bool
