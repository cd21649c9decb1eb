"""Own the nouns of events: ``Event``, ``EventKind``, ``Webhook`` and their commands. Table ``webhook``. Never says a name.

An event is the public part of a leaf of the evidence log: ids, amounts with their currency, dates and states. It is not
written anywhere a second time; its ``cursor`` is the leaf's place in the log and the event's place in the leaf.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal

from farthing.kernel.operation import beside, secret
from farthing.kit.inputs import Address, Count, Few, Id, Line, Word

WebhookState = Literal["active", "given_up", "stopped"]


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
class Webhook:
    """An address that is told of events. ``secret`` signs what is sent; it is shown once, when the webhook is made.

    ``cursor``: up to where deliveries were planned; ``problem``: why it was given up.
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
    secret: str | None = secret(None)


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of one attempt: taken by the receiver, or the problem; ``gone``: it will never take anything again."""

    taken: bool
    problem: str = ""
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Delivered:
    """How a delivery ended: taken with a status of 2xx, given up, or not sent since its webhook was stopped."""

    errand_id: Id
    webhook_id: Id
    outcome: Word
    problem: Line = ""
    attempts: Count = 0
