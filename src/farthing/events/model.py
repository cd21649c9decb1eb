"""Own the nouns of events: ``Event``, ``EventKind``, ``Webhook``, ``Delivery`` and their commands. Never says a name.

Tables ``webhook`` and ``webhook_delivery``.

An event is the public part of a leaf of the evidence log: ids, amounts with their currency, dates and states. It is not
written anywhere a second time; its ``cursor`` is the leaf's place in the log and the event's place in the leaf.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field, Strict

from farthing.kernel.operation import beside, secret
from farthing.kit.inputs import Address, Count, Few, Id, Line, Word

WebhookState = Literal["active", "given_up", "stopped"]
DeliveryReason = Literal["event", "test", "redelivery"]
"""Why something is sent: it happened; somebody tries the line; somebody wants it sent once more."""
DeliveryState = Literal["waiting", "delivered", "not_taken", "given_up", "stopped"]
"""waiting: it is tried until it is taken; not_taken: by hand, hence tried once; given_up: with its webhook; stopped: not sent,
since its webhook was."""
Hours = Annotated[int, Strict(), Field(ge=0, le=168)]
"""For how long two secrets sign: none, or up to a week."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: ``id`` is the same wherever and however often it is told, ``leaf_id`` leads to its proof."""

    id: str
    type: str
    timestamp: datetime
    business_date: date
    cursor: str
    leaf_id: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events in the order of the log. ``next_cursor`` is how far was looked: go on from there, also where nothing was found
    and where nothing more is there yet (``more`` is false)."""

    events: tuple[Event, ...]
    next_cursor: str
    more: bool


@dataclass(frozen=True, slots=True)
class EventField:
    """A field of an event's data, and of what form it is."""

    name: str
    form: str


@dataclass(frozen=True, slots=True)
class EventKind:
    """A kind of event: when it happens, in both languages, and the fields of its data."""

    type: str
    when: str
    when_zh: str
    fields: tuple[EventField, ...]


@dataclass(frozen=True, slots=True)
class MakeWebhook:
    """Have an address told of events: of these kinds, or of all where none is named; from now on."""

    label: Line
    url: Address
    kinds: Annotated[tuple[Word, ...], Few] = ()


@dataclass(frozen=True, slots=True)
class StopWebhook:
    """Tell an address nothing more, for ever."""

    webhook_id: Id


@dataclass(frozen=True, slots=True)
class ResumeWebhook:
    """Tell an address again that was given up, from the first event that it did not take."""

    webhook_id: Id


@dataclass(frozen=True, slots=True)
class RotateSecret:
    """Sign by a new secret from now on, and for some hours by the one before it as well."""

    webhook_id: Id
    overlap_hours: Hours = 24


@dataclass(frozen=True, slots=True)
class SendTest:
    """Send an address an event of no meaning, now and once."""

    webhook_id: Id


@dataclass(frozen=True, slots=True)
class Redeliver:
    """Send an event of a delivery once more, now and once, under the event's own id."""

    webhook_id: Id
    delivery_id: Id


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that is told of events. ``secret`` signs what is sent; it is shown once, when it is made.

    ``cursor``: up to where deliveries were planned; ``problem``: why it was given up; ``former_until``: until when, by the
    machine's clock, the secret before this one signs as well.
    """

    id: str
    label: str
    url: str
    kinds: tuple[str, ...]
    state: WebhookState
    created_at: datetime
    created_by: str
    cursor: str = beside()
    problem: str = ""
    former_until: datetime | None = None
    secret: str | None = secret(None)


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event on its way to an address, or what came of it; instants are of the machine's clock.

    ``status``: what the receiver answered last, none where no answer came; ``problem``: why it was not taken; ``next_at``:
    when it is tried next, none where it is tried no more.
    """

    id: str
    webhook_id: str
    reason: DeliveryReason
    event_id: str
    event_type: str
    planned_at: datetime
    state: DeliveryState
    attempts: int = 0
    status: int | None = None
    problem: str = ""
    tried_at: datetime | None = None
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of one attempt: taken by the receiver, or the problem; ``gone``: it will never take anything again.

    ``status``: of its answer, where one came.
    """

    taken: bool
    problem: str = ""
    gone: bool = False
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Delivered:
    """How a delivery ended, and what its receiver answered last."""

    errand_id: Id
    webhook_id: Id
    outcome: DeliveryState
    problem: Line = ""
    attempts: Count = 0
    status: Count | None = None
