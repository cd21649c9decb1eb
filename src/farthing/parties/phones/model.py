"""Own the nouns of a change of the phone on file: by both phones at once, or at a counter after a wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from farthing.identity.proof.model import Message
from farthing.kernel.operation import personal, secret
from farthing.kit.inputs import Code, Id


@dataclass(frozen=True, slots=True)
class AskPhoneChange:
    """Send a code to the phone on file and one to the new phone."""

    party_id: Id
    phone: Code = personal()


@dataclass(frozen=True, slots=True)
class PhoneProofs:
    """The two proofs that wait for their codes."""

    old_proof_id: str
    new_proof_id: str
    expires_at: datetime
    messages: tuple[tuple[str, Message], ...] = secret(())


@dataclass(frozen=True, slots=True)
class ChangePhone:
    """Both codes: the customer holds the old phone and the new one."""

    party_id: Id
    old_proof_id: Id
    new_proof_id: Id
    phone: Code = personal()
    old_code: Code = secret()
    new_code: Code = secret()


@dataclass(frozen=True, slots=True)
class PhoneChanged:
    """How it ended. A wrong code is an outcome, not a refusal, because the try must be kept."""

    outcome: Literal["changed", "code_wrong"]
    party_id: str


@dataclass(frozen=True, slots=True)
class ChangePhoneAtCounter:
    """The old phone is lost, or was never hers: another one comes on file after the wait that the policy sets."""

    party_id: Id
    phone: Code = personal()


@dataclass(frozen=True, slots=True)
class PhoneChange:
    """A change that waits, or how it ended; the phone itself is told to nobody."""

    id: str
    party_id: str
    asked_at: datetime
    due_at: datetime
    state: Literal["waiting", "done", "stopped"]
