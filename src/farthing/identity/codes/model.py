"""Own the second factor beside a password: codes by time (RFC 6238) of an app that shares a seed with the bank.

Tables: ``login_code``, ``recovery_code``. The seed is sealed by the vault, a code is good once, a recovery code is kept as
a hash.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from farthing.kernel.operation import secret
from farthing.kit.inputs import Flag, Secret


@dataclass(frozen=True, slots=True)
class BeginCodes:
    """Set up codes of an app."""


@dataclass(frozen=True, slots=True)
class CodesBegun:
    """The seed that the app is given, as text and as the address that apps read from a picture. ``by_key``: a passkey of hers
    confirmed it, since she has one."""

    by_key: Flag
    seed: str = secret("")
    address: str = secret("")


@dataclass(frozen=True, slots=True)
class KeepCodes:
    """Show by a code that the app has the seed."""

    code: Secret = secret()


@dataclass(frozen=True, slots=True)
class CodesKept:
    """Codes are asked for from ``kept_at`` on. A wrong code is an outcome, not a refusal, because the try must be kept; ``over``:
    it was the last, or too late, and the seed is forgotten. ``recovery``: each signs in once in the place of a code, and is
    told once."""

    outcome: Literal["kept", "wrong", "over"]
    kept_at: datetime | None = None
    recovery: tuple[str, ...] = secret(())


@dataclass(frozen=True, slots=True)
class EndCodes:
    """Ask for no more codes."""


@dataclass(frozen=True, slots=True)
class CodesEnded:
    """Whether there were any."""

    ended: Flag


@dataclass(frozen=True, slots=True)
class OwnCodes:
    """Whether codes are asked for, since when, and how many recovery codes are left."""

    kept_at: datetime | None
    recovery_left: int
