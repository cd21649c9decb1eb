"""Own the facts of a movement through a rail, and the money of which nobody knows whose it is.

Tables: ``rail_fact``, append only: what was heard is never changed or taken back; ``rail_place``; ``rail_suspense``.

A fact has two times: the day on which it counts at the rail (``value_on``), and the instant at which we knew.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal

from farthing.kernel.operation import personal
from farthing.kit.inputs import AnyId, Code, Flag, Id, Many, Note, Word
from farthing.kit.money import Money
from farthing.payments.model import Notice, RailPayment, RailState

FactKind = Literal[
    "unknown", "accepted", "settled", "declined", "returned", "recall_asked", "recall_agreed", "recall_refused",
    "recalled", "reversed", "looked",
]  # fmt: skip
Source = Literal["answer", "inquiry", "notice", "statement", "bank"]
"""Where a fact is from: the answer to what was sent, to an inquiry, the rail by itself, its statement, or this bank."""
Effect = Literal["taken", "known", "contrary"]
"""taken: it changed how the movement stands; known: nothing new; contrary: it cannot be beside what was taken before, so it
changes nothing and somebody looks."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that was heard of a movement. ``id`` is unique within the movement: told again it is the same fact.

    ``amount`` is what came back, after the ``fee`` that was kept of it.
    """

    payment_id: str
    id: str
    kind: FactKind
    source: Source
    amount: Money | None = None
    fee: Money | None = None
    reference: str = ""
    reason_code: str = ""
    reason: str = ""
    value_on: date | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A fact as it was taken: the how manieth of its movement, how that stood after it, and when this bank knew."""

    fact: Fact
    number: int
    effect: Effect
    state: RailState
    on: date
    at: datetime


@dataclass(frozen=True, slots=True)
class Asking:
    """An errand to the rail about a movement that has no final answer: what is asked, how often, and when it is asked next."""

    what: str
    state: str
    attempts: int
    problem: str
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Life:
    """A movement with all that was heard of it, oldest first, the names it bears at the rail, and what is still asked.

    ``uetr`` and ``end_to_end_id`` are fixed before anything is sent.
    """

    payment: RailPayment
    uetr: str
    end_to_end_id: str
    facts: tuple[Told, ...]
    asking: tuple[Asking, ...]


@dataclass(frozen=True, slots=True)
class RailTold:
    """What a rail told by itself after one of its notices. ``aside``: what the books refuse is kept as it was told, and
    somebody looks."""

    rail: Word
    after: AnyId
    notices: Annotated[tuple[Notice, ...], Many]
    aside: Flag = False


@dataclass(frozen=True, slots=True)
class RailHeard:
    """What notices came to: movements that moved on, facts that were known, facts that cannot be, money that is nobody's yet."""

    rail: str
    place: str
    taken: int = 0
    known: int = 0
    contrary: int = 0
    suspended: int = 0


RecallReason = Literal["CUST", "DUPL", "FRAD", "AM09", "AC03"]


@dataclass(frozen=True, slots=True)
class LookedAt:
    """Somebody looked at a movement of which a rail told what cannot be, and says what came of it."""

    payment_id: Id
    note: Note


@dataclass(frozen=True, slots=True)
class Recall:
    """Ask for money back that was sent by a rail; ``reason_code``: CUST (the payer asks), DUPL (sent twice), FRAD (a fraud),
    AM09 (a wrong amount), AC03 (a wrong account). ``note`` says more to whoever looks at it later."""

    payment_id: Id
    reason_code: RecallReason = "CUST"
    note: Note = ""


@dataclass(frozen=True, slots=True)
class RecallAnswered:
    """What the payee's bank says of a recall: it gives the money back, or refuses with a reason."""

    errand_id: Id
    agreed: Flag
    reason_code: Word = ""
    reason: Note = ""


SuspenseState = Literal["open", "applied", "sent_back"]


@dataclass(frozen=True, slots=True)
class Suspended:
    """Money that came in and is nobody's yet, since ``arrived_on``: it waits for somebody to apply it or send it back."""

    id: str
    rail: str
    amount: Money
    counterparty: str
    reference: str
    reason: str
    arrived_on: date
    arrived_at: datetime
    state: SuspenseState = "open"
    party_id: str | None = None
    movement_id: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ApplySuspense:
    """Say whose money is that came in and was nobody's: it goes to that customer's wallet."""

    suspense_id: Id
    party_id: Id
    note: Note


@dataclass(frozen=True, slots=True)
class SendBackSuspense:
    """Send money back that came in and is nobody's, to the account that it came from."""

    suspense_id: Id
    note: Note
    outside_account: Code = personal()
