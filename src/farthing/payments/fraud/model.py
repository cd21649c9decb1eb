"""Own the hit, the held payment and the pair that is let through.

Tables: ``held_payment``, ``fraud_hit``, ``payment_pair``. What a rule counts is never kept: it is read from the books.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from farthing.kernel.operation import personal
from farthing.kit.inputs import Id, Note
from farthing.kit.money import Money
from farthing.kit.words import Words

Band = Literal["pass", "warn", "hold"]
HeldState = Literal["held", "released", "refused", "withdrawn"]
"""held: it is being looked at; released: it went to its payee; refused: the bank did not let it go, and says why; withdrawn: its
payer took it back."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that held of a payment: which, how much it weighs, and for each of its conditions the figure that was met."""

    rule: str
    name: Words
    weight: int
    figures: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rules come to of one payment."""

    score: int
    band: Band
    hits: tuple[Hit, ...]

    @property
    def told(self) -> tuple[Words, ...]:
        """What the payer is told of it."""
        return tuple(each.name for each in self.hits) if self.band != "pass" else ()


@dataclass(frozen=True, slots=True)
class HeldPayment:
    """A payment that waits for a person, or did: its money is held on the payer's wallet until it has ended. ``by`` is who ended
    it: a member of staff, the payer, or the clock."""

    id: str
    payer: str
    payee: str
    amount: Money
    memo: str
    score: int
    held_at: datetime
    until_at: datetime
    state: HeldState = "held"
    ended_at: datetime | None = None
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class OwnHeld:
    """A payment that waits, as its payer sees it: to whom, why it waits, until when at most and what happens then."""

    id: str
    amount: Money
    memo: str
    state: HeldState
    held_at: datetime
    until_at: datetime
    ended_at: datetime | None
    at_end: str
    reference: str
    reason: str
    why: tuple[Words, ...]
    name: str = personal()


@dataclass(frozen=True, slots=True)
class HeldCase:
    """A payment that waits, as whoever decides sees it: both sides, every rule that hit, and with which figures."""

    payment: HeldPayment
    hits: tuple[Hit, ...]
    needs_two: bool
    payer_name: str = personal()
    payee_name: str = personal()


@dataclass(frozen=True, slots=True)
class RuleToday:
    """A rule in force, and how many payments of today it hit: how many of them only warned, how many were held."""

    id: str
    name: Words
    weight: int
    conditions: tuple[Words, ...]
    warned: int
    held: int


@dataclass(frozen=True, slots=True)
class ReleaseHeld:
    """Let a payment go that was held, with a note why."""

    payment_id: Id
    note: Note = ""


@dataclass(frozen=True, slots=True)
class RefuseHeld:
    """Do not let it go: its payer has the money back and is told the reason."""

    payment_id: Id
    reason: Note


@dataclass(frozen=True, slots=True)
class WithdrawHeld:
    """Take back what waits."""

    payer: Id
    payment_id: Id


@dataclass(frozen=True, slots=True)
class LetPair:
    """Let payments of one customer to another through without a look, or no longer: a grandparent's gifts."""

    payer: Id
    payee: Id
    let: bool = True
    note: Note = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Who paid whom first when, and since when payments between them go without a look."""

    payer: str
    payee: str
    first_at: datetime | None
    let_at: datetime | None
    let_by: str
    payer_name: str = personal("")
    payee_name: str = personal("")


HELD, ENDED = "payments.held", "payments.held_ended"
"""The leaves of the log that say that a payment waits, and how that ended."""


@dataclass(frozen=True, slots=True)
class HeldTold:
    """A payment that waits: whose, how much, and until when at most."""

    payment_id: str
    payer: str
    amount: Money
    until_at: datetime


@dataclass(frozen=True, slots=True)
class EndedTold:
    """A payment that waited and waits no longer."""

    payment_id: str
    payer: str
    payee: str
    amount: Money
    state: str
    ended_on: date
