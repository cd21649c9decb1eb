"""Own who acts: persons, logins, sessions, devices and API keys, and the roles that give them permissions.

Tables: ``login``, ``staff_person``, ``staff_number``, ``session``, ``login_device``, ``throttle``, ``api_key``. Never
keeps a password or a token, only hashes of them; knows customers by the opaque ``party_id`` alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from farthing.kernel.operation import beside, personal, secret
from farthing.kit.actor import Actor
from farthing.kit.inputs import Code, Count, Few, Flag, Id, Line, PersonName, Secret, Word

LogInOutcome = Literal["ok", "wrong", "locked", "code"]
"""``code``: the password was right, and the code of an app is asked for beside it."""


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody who may log in. ``name`` is a phone (E.164) for customers and a short name for staff.

    ``must_change``: the password was given by somebody else, and nothing else can be done before it is changed.
    """

    name: str
    actor_id: str
    role: str
    party_id: str | None
    created_at: datetime
    disabled_at: datetime | None = None
    person_id: str | None = None
    must_change: bool = False


@dataclass(frozen=True, slots=True)
class CreateLogin:
    """Let a member of staff log in: the login's name, the role, and the person behind it.

    ``person_number`` is a resident identity number (GB 11643-1999) or the institution's own staff number.
    """

    name: Line
    role: Word
    person_name: PersonName = personal()
    person_number: Code = personal()


@dataclass(frozen=True, slots=True)
class Created:
    """The login that was made; ``password`` works once, to choose an own one, and is in this answer alone."""

    actor_id: str
    role: str
    person_id: str
    password: str | None = secret(None)


@dataclass(frozen=True, slots=True)
class ResetPassword:
    """Give a member of staff, who forgot the password, a new one that works once."""

    actor_id: Id


@dataclass(frozen=True, slots=True)
class LogIn:
    """Exchange a name and password for a session; ``device`` is what an earlier log-in on this device answered, ``code`` what the
    app shows of whoever has set one up."""

    name: Secret = secret()
    password: Secret = secret()
    device: Secret | None = secret(None)
    code: Secret | None = secret(None)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an attempt comes from: the network address and what the device calls itself."""

    source: str = ""
    device_name: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A log-in whose password was compared, with no transaction open, with the hash that was seen then."""

    name: Secret = secret()
    fits: Flag = secret()
    seen_hash: Secret = secret()
    fresh_hash: Secret | None = secret(None)
    device: Secret | None = secret(None)
    source: Secret = secret("")
    device_name: Secret = secret("")
    code: Secret | None = secret(None)


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """How an attempt ended. A wrong password is an outcome, not a refusal, because the attempt must be kept. ``why``: what was
    wrong with a passkey.

    ``actor_id`` and ``party_id`` say at whose login, known or not to whoever tried: doors tell them after ``ok`` only.
    """

    outcome: LogInOutcome
    actor_id: str | None = None
    expires_at: datetime | None = None
    locked_until: datetime | None = None
    party_id: str | None = None
    must_change: bool = False
    token: str | None = secret(None)
    device: str | None = secret(None)
    why: str | None = None


@dataclass(frozen=True, slots=True)
class LogOut:
    """End one session."""

    token: Secret = secret()


@dataclass(frozen=True, slots=True)
class Renew:
    """Show that a session is in use, so that it does not fall idle."""

    token: Secret = secret()


@dataclass(frozen=True, slots=True)
class Renewed:
    """Whether the session was still good, and until when it is now."""

    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ChangePassword:
    """Replace the password of the person who acts; every session of theirs ends. ``permit``: what a passkey allowed it by, of
    whoever has one."""

    old: Secret = secret()
    new: Secret = secret()
    permit: Secret | None = secret(None)


@dataclass(frozen=True, slots=True)
class SetPassword:
    """Put new hashes in the place of those that were seen and fitted the old password: (name, seen, new)."""

    hashes: Annotated[tuple[tuple[Secret, Secret, Secret], ...], Few] = secret()
    permit: Secret | None = secret(None)


@dataclass(frozen=True, slots=True)
class DisableLogin:
    """Forbid a person to log in, and end every session and API key of theirs."""

    actor_id: Id


@dataclass(frozen=True, slots=True)
class CreateApiKey:
    """Make a bearer token for a program that acts as ``actor_id``; ``days`` until it expires."""

    label: Line
    actor_id: Id
    role: Word
    party_id: Id | None = None
    days: Count = 90


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
class KeyOnRoll:
    """A program's key as it stands: who acts by it, who made it, until when it lasts, and when it was ended.

    ``days_left``: whole days that it has to live; none of one that was ended or has run out.
    """

    id: str
    label: str
    actor_id: str
    role: str
    created_at: datetime
    created_by: str
    expires_at: datetime
    revoked_at: datetime | None
    days_left: int = 0


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A login of a member of staff, with the person behind it."""

    login: str
    actor_id: str
    role: str
    person_id: str
    person_name: str
    created_at: datetime
    disabled_at: datetime | None
    must_change: bool


@dataclass(frozen=True, slots=True)
class RevokeApiKey:
    """End an API key at once."""

    id: Id


@dataclass(frozen=True, slots=True)
class EndSession:
    """End one of one's own sessions, by the id that the list shows; ``all`` of them without one."""

    session_id: Id | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """How many sessions or keys an operation ended."""

    count: int = beside()


@dataclass(frozen=True, slots=True)
class Session:
    """A live session or API key. ``renew_due``: the door should run ``identity.renew`` soon."""

    actor: Actor
    expires_at: datetime
    renew_due: bool
    must_change: bool = False


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session as its person sees it in the list: on which device, since when, last used when, and how it began."""

    id: str
    device: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    proved_by: str = "password"
