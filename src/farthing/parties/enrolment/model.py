"""Own the nouns of the way in: a person says who it is, proves the phone, and chooses a password.

Nobody is told whether somebody is known here before the phone on file is proved.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from farthing.identity.model import LoggedIn
from farthing.identity.proof.model import Message
from farthing.identity.recovery.model import Recovery
from farthing.kernel.operation import secret
from farthing.kit.inputs import Code, Id, PersonName, Secret
from farthing.parties.model import Party

Outcome = Literal["enrolled", "code_wrong", "not_confirmed", "app_code", "waits"]
"""``waits``: she has a login, and another password waits (:mod:`farthing.identity.recovery`). ``app_code``: the password is
chosen, and no session is open: she signs in by it and by the code of her app."""


@dataclass(frozen=True, slots=True)
class AskCode:
    """Ask for a code to register, or to choose a new password: the same way for both.

    Nothing of it is kept: until the phone is proved it is anybody's word about anybody.
    """

    name: PersonName = secret()
    resident_id: Code = secret()
    phone: Code = secret()
    source: Secret = secret("")


@dataclass(frozen=True, slots=True)
class Asked:
    """The proof that waits for its code; the same answer for somebody known, unknown, or known by another name."""

    proof_id: str
    expires_at: datetime
    messages: tuple[Message, ...] = secret(())


@dataclass(frozen=True, slots=True)
class Enrol:
    """Prove the phone by the code and choose a password; what was said when the code was asked for is said again."""

    proof_id: Id
    code: Code = secret()
    name: PersonName = secret()
    resident_id: Code = secret()
    phone: Code = secret()
    password: Secret = secret()
    device_name: Secret = secret("")


@dataclass(frozen=True, slots=True)
class Enrolled:
    """How it ended. A wrong code is an outcome, not a refusal, because the try must be kept.

    ``party`` is the person, new or known before; ``session`` is open for it.
    """

    outcome: Outcome
    party: Party | None = None
    known_before: bool = False
    session: LoggedIn | None = secret(None)
    waits: Recovery | None = None
