"""Own the noun ``Passkey``: a key pair of a person's own, whose private half never leaves her device (W3C WebAuthn level 3).

Table: ``passkey``. Keeps public keys alone; a row is ended, never deleted, for evidence names it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from farthing.kernel.operation import personal, secret
from farthing.kit.inputs import Base64Url, Flag, Id, Line, Minor, Secret, Source

Outcome = Literal["ok", "not_good", "unknown", "foreign", "differs", "unverified", "forged", "cloned"]
"""What came of an assertion: the challenge is not one that waits, the passkey is nobody's here, another site, another
challenge, nobody verified at the device, a wrong signature, a counter that went back."""


@dataclass(frozen=True, slots=True)
class Site:
    """The address that passkeys are bound to, its host, and what devices call the bank."""

    origin: str
    rp_id: str
    name: str = "Farthing"


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey as its person sees it; ``why`` it ended: removed, cloned, or lost."""

    id: str
    name: str
    made_at: datetime
    used_at: datetime | None = None
    ended_at: datetime | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Credential:
    """A passkey with what an assertion is compared with, all of it public."""

    id: str
    actor_id: str
    party_id: str | None
    credential: bytes
    sign_count: int


@dataclass(frozen=True, slots=True)
class AskPasskey:
    """Ask to add a passkey under a name."""

    name: Line


@dataclass(frozen=True, slots=True)
class PasskeyAsked:
    """What a device needs to make a passkey; ``others`` are the credentials that the person has, in base64url as all is."""

    name: str
    challenge_id: str = secret("")
    challenge: str = secret("")
    user_id: str = secret("")
    user_name: str = secret("")
    others: tuple[str, ...] = secret(())


@dataclass(frozen=True, slots=True)
class MadePasskey:
    """What a device answered that made a passkey."""

    challenge_id: Id
    client_data: Base64Url
    attestation: Base64Url


@dataclass(frozen=True, slots=True)
class KeepPasskey:
    """Keep a passkey whose making was found to be right."""

    challenge_id: Id
    credential: Base64Url
    sign_count: Minor


@dataclass(frozen=True, slots=True)
class RemovePasskey:
    """Remove one of one's own passkeys."""

    passkey_id: Id


@dataclass(frozen=True, slots=True)
class LosePasskeys:
    """End every passkey, and the codes of an app, of somebody who has lost the devices; ``name`` signs her in: a phone, or a
    login's name."""

    name: Line = personal()


@dataclass(frozen=True, slots=True)
class LostPasskeys:
    """How many there are, or were ended; ``due_at``: they hold until then, and whoever has one can stop it."""

    actor_id: str
    count: int
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DropPassword:
    """Sign in by passkey alone from now on."""


@dataclass(frozen=True, slots=True)
class AllowPassword:
    """Allow one change of one's password, within five minutes."""


@dataclass(frozen=True, slots=True)
class PasswordAllowed:
    """What ``POST /v1/passwords`` takes as ``permit``, once. ``by_key``: a passkey of hers confirmed it, since she has one."""

    by_key: Flag
    expires_at: datetime
    permit: str = secret("")


@dataclass(frozen=True, slots=True)
class AskSignIn:
    """Ask for a challenge to sign in by a passkey; ``source`` is the network address that is counted."""

    source: Secret = secret("")


@dataclass(frozen=True, slots=True)
class AskConfirmation:
    """Ask for a challenge over a transaction that was shown, as canonical JSON."""

    transaction: Source = secret()


@dataclass(frozen=True, slots=True)
class Asked:
    """A challenge as a device needs it, in base64url; ``passkeys`` are the credentials that may answer, any where none."""

    expires_at: datetime
    challenge_id: str = secret("")
    challenge: str = secret("")
    nonce: str = secret("")
    passkeys: tuple[str, ...] = secret(())


@dataclass(frozen=True, slots=True)
class Assertion:
    """What a device answered to a challenge, in base64url."""

    challenge_id: Id
    credential_id: Base64Url
    client_data: Base64Url
    authenticator_data: Base64Url
    signature: Base64Url


@dataclass(frozen=True, slots=True)
class Judged:
    """An assertion that was compared with no transaction open, and what came of it. ``public_key``: the credential it was
    compared with, so that the log's reader can compare it again."""

    outcome: Outcome
    assertion: Assertion
    passkey_id: Id
    public_key: Base64Url
    sign_count: Minor
    seen_count: Minor
    device: Secret | None = secret(None)
    device_name: Secret = secret("")


@dataclass(frozen=True, slots=True)
class Confirmed:
    """How an assertion over a transaction was taken. One that is wrong is an outcome, so that a clone is remembered."""

    outcome: Outcome
    challenge_id: str


@dataclass(frozen=True, slots=True)
class Cloned:
    """A passkey whose counter went back: a copy of it is about, or its device is broken. It is ended."""

    passkey_id: str
    actor_id: str
    name: str
    ended_at: datetime


CLONED = "identity.passkey_cloned"
"""The leaf of the log that alarms of a passkey whose counter went back."""


@dataclass(frozen=True, slots=True)
class ClonedTold:
    """Whose passkey it was."""

    passkey_id: str
    actor_id: str


MOST = 20
"""Passkeys of one person at a time."""
