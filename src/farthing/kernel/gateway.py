"""Own the port ``gateway``: whoever carries a short message, such as a code, to a phone.

The peer named ``sandbox`` carries nothing: it remembers what it was given, so that a test, the demo and a page of a
simulated bank can show what would have arrived. Never decides what is written.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Protocol

MOST_KEPT = 10_000
"""Messages that the sandbox peer remembers; the oldest are forgotten."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it was handed over. ``id`` repeats safely."""

    id: str
    phone: str
    text: str


@dataclass(frozen=True, slots=True)
class Sent:
    """The carrier took the message over, under its own reference."""

    reference: str


class Gateway(Protocol):
    """The way to a phone: an SMS aggregator, or another messenger."""

    @property
    def name(self) -> str:
        """``sandbox``, or the carrier's name."""

    def send(self, message_id: str, phone: str, text: str) -> Sent | None:
        """Hand a message over; the same id is carried once. None where it is not known whether it was taken."""


class SandboxGateway:
    """Remembers messages instead of carrying them."""

    name = "sandbox"

    def __init__(self) -> None:
        self._messages: OrderedDict[str, Message] = OrderedDict()
        self._lock = threading.Lock()

    def send(self, message_id: str, phone: str, text: str) -> Sent:
        """Remember a message; the same id again changes nothing."""
        with self._lock:
            self._messages.setdefault(message_id, Message(message_id, phone, text))
            while len(self._messages) > MOST_KEPT:
                self._messages.popitem(last=False)
        return Sent(f"sandbox-{message_id}")

    def sent_to(self, phone: str) -> tuple[Message, ...]:
        """What would have arrived at a phone, oldest first."""
        with self._lock:
            return tuple(message for message in self._messages.values() if message.phone == phone)
