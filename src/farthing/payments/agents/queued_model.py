"""Own what an agent does without a network: the device that signs, the queue of signed acts, and what became of each.

Tables: ``agent_device``, ``agent_queued``. A queued act is applied once whatever is sent twice, or waits for a person; it never
takes from a wallet or a float what is not there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, Strict, StringConstraints

from farthing.kernel.operation import personal, secret
from farthing.kit.inputs import Amount, Code, Few, Id, Note
from farthing.kit.money import Money
from farthing.payments.agents.model import Way

Key64 = Annotated[str, StringConstraints(strict=True, max_length=200, pattern=r"^[A-Za-z0-9+/=]*$")]
DeviceName = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=40, pattern=r"^[^\x00-\x1f\x7f]+$")]
Number = Annotated[int, Strict(), Field(ge=1, le=2**53 - 1)]
ActedAt = Annotated[str, StringConstraints(strict=True, max_length=40)]
"""When an act was made, as its device wrote it: signed text, ISO 8601 with a zone."""
Became = Literal["applied", "waits", "dropped", "refused"]
"""Of an act that came in; ``refused``: it was not kept, since no device of the agent signed it so."""

APPLIED, WAITS = "agents.queued_applied", "agents.queued_waits"


@dataclass(frozen=True, slots=True)
class RegisterDevice:
    """The owner lets a device sign acts: ``public_key`` is Ed25519, 32 bytes in base 64."""

    owner: Id
    agent_id: Id
    name: DeviceName
    public_key: Key64


@dataclass(frozen=True, slots=True)
class RevokeDevice:
    """A device signs no more: lost, sold, broken. What it signed before and did not send is not applied."""

    owner: Id
    agent_id: Id
    device_id: Id


@dataclass(frozen=True, slots=True)
class Device:
    """A device of an agent that signs acts. ``highest``: the highest number that came in; ``missing``: how many below it
    did not."""

    id: str
    agent_id: str
    name: str
    registered_at: datetime
    revoked_at: datetime | None
    highest: int = 0
    missing: int = 0


@dataclass(frozen=True, slots=True)
class Queued:
    """An act that a device signed without a network. ``signature``: over all else, in base 64
    (:mod:`farthing.payments.agents.signed`)."""

    device_id: Id
    number: Number
    way: Way
    amount: Amount
    at: ActedAt
    signature: Key64
    phone: Code = personal()
    code: Code = secret("")


@dataclass(frozen=True, slots=True)
class Sync:
    """Acts of an agent come in, in any order, any of them again."""

    cashier: Id
    agent_id: Id
    acts: Annotated[tuple[Queued, ...], Few]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a queued act: applied, or it waits for a person; ``problem``: the code of why. ``again``: it had come in
    before."""

    device_id: str
    number: int
    became: Became
    act_id: str | None
    problem: str
    again: bool


@dataclass(frozen=True, slots=True)
class Synced:
    """What became of what came in."""

    agent_id: str
    applied: int
    waits: int
    again: int
    outcomes: tuple[Outcome, ...]
    float_now: Money


@dataclass(frozen=True, slots=True)
class RetryQueued:
    """Try an act that waits once more: float was bought, the customer topped up."""

    cashier: Id
    agent_id: Id
    device_id: Id
    number: Number


@dataclass(frozen=True, slots=True)
class DropQueued:
    """The bank looked at an act that waits and says that it is not applied, and why."""

    agent_id: Id
    device_id: Id
    number: Number
    note: Note


@dataclass(frozen=True, slots=True)
class QueuedLine:
    """A queued act as it is shown to a person."""

    device_id: str
    device: str
    number: int
    way: Way
    amount: Money
    acted_at: datetime
    received_at: datetime
    became: Became
    problem: str
    note: str = ""
    customer: str = personal("")


@dataclass(frozen=True, slots=True)
class QueuedTold:
    """A queued act that was applied, or that waits, and by which code."""

    agent_id: str
    device_id: str
    sequence: int
    way: Way
    amount: Money
    problem: str
