"""Own the red packet, the part that somebody takes of it, and the paper by which anybody checks how it was split.

Tables: ``packet``, ``packet_taken`` (how many parts are gone, and its end), ``packet_member``, ``packet_claim``. The money of a
packet is its escrow account's; never stored here. The seed of the split is told to nobody before the packet has ended.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from farthing.kernel.operation import personal
from farthing.kit.inputs import Amount, Count, Few, Id, Many, Memo
from farthing.kit.money import Money

Kind = Literal["normal", "lucky"]
State = Literal["open", "gone", "returned"]
"""``gone``: every part was taken; ``returned``: its time was over, and the rest went back to the sender."""


@dataclass(frozen=True, slots=True)
class SendPacket:
    """Lay out a red packet of ``shares`` parts. ``amount``: of a normal packet what each gets, of a lucky one the whole.

    ``to``: whom it is for, by the sender's own words for people looked up before; nobody: whoever has its link.
    """

    sender: Id
    kind: Kind
    amount: Amount
    shares: Count
    greeting: Memo = ""
    to: Annotated[tuple[Id, ...], Few] = ()


@dataclass(frozen=True, slots=True)
class Packet:
    """A red packet as it was laid out. ``commitment`` binds the bank to the split before anybody takes a part."""

    id: str
    sender: str
    kind: Kind
    total: Money
    shares: int
    greeting: str
    members: int
    commitment: str
    sent_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Grab:
    """Take a part of a packet. The same packet and claimer is the same grab, whoever asks and however often."""

    packet_id: Id
    claimer: Id


@dataclass(frozen=True, slots=True)
class Grabbed:
    """A part that was taken: the money is in the claimer's wallet."""

    packet_id: str
    claimer: str
    place: int
    amount: Money
    grabbed_at: datetime


@dataclass(frozen=True, slots=True)
class GrabMany:
    """Grabs that a gateway gathered, in the order in which they came."""

    grabs: Annotated[tuple[Grab, ...], Many]


@dataclass(frozen=True, slots=True)
class GrabAnswer:
    """What one grab of many came to: the ``amount`` that is the claimer's, or the ``code`` of why there is none.

    A grab that was answered before is told the same amount, with the code ``packets.taken_before``.
    """

    amount: Money | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class GrabAnswers:
    """The answers to many grabs, in their order."""

    answers: tuple[GrabAnswer, ...]


@dataclass(frozen=True, slots=True)
class Winner:
    """Who took which part, as others of the packet see it."""

    place: int
    amount: Money
    grabbed_at: datetime
    luckiest: bool
    name: str = personal()


@dataclass(frozen=True, slots=True)
class PacketView:
    """A packet as one person may see it. ``yours``: her own part. Who has no part in it (neither sent it nor took of it)
    sees who sent it and how it stands; the whole and the winners are for those who have."""

    id: str
    kind: Kind
    state: State
    greeting: str
    shares: int
    taken: int
    sent_at: datetime
    ends_at: datetime
    commitment: str
    own: bool
    yours: Money | None
    total: Money | None
    given_back: Money | None
    winners: tuple[Winner, ...]
    sender: str = personal()


@dataclass(frozen=True, slots=True)
class PacketLine:
    """A packet in a person's list: one that was sent (``total``), or taken of (what came of it)."""

    id: str
    kind: Kind
    state: State
    greeting: str
    shares: int
    taken: int
    amount: Money
    at: datetime
    sender: str = personal("")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a packet as its paper says it: without a name."""

    place: int
    amount: Money
    grabbed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """What anybody needs to check how a packet was split (:mod:`farthing.payments.packets.paper`). While it is open there is
    its commitment and nothing else; afterwards the seed, every part taken, and what went back."""

    format: str
    packet_id: str
    kind: Kind
    total: Money
    shares: int
    commitment: str
    seed: str | None
    parts: tuple[Part, ...]
    given_back: Money | None
