"""Own the dispute of a payment to a merchant (a chargeback) or of a debit that was never authorised, and what is said of it.

Tables: ``dispute``, ``dispute_said``: one dispute of a payment, and everything that was said, in its order, with its day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import StringConstraints

from farthing.kernel.operation import personal
from farthing.kit.inputs import Amount, AnyId, Flag, Id, Note
from farthing.kit.money import Money

Kind = Literal["code", "debit"]
Reason = Literal[
    "not_received", "not_as_described", "charged_twice", "wrong_amount", "refund_not_given", "not_authorised"
]
State = Literal["open", "answered", "decided", "second", "ended", "withdrawn"]
"""open: the other side is to answer; answered: the bank is to decide; decided: whoever lost may ask once more; second: the bank
is to decide for good; ended: the money is where it stays; withdrawn: the payer took it back."""
Outcome = Literal["payer", "merchant"]
Role = Literal["payer", "side"]
Act = Literal["opened", "answered", "accepted", "silent", "decided", "contested", "ended", "withdrawn"]
By = Literal["payer", "side", "bank"]
Digest = Annotated[str, StringConstraints(strict=True, max_length=64, pattern=r"^([0-9a-f]{64})?$")]
"""SHA-256 of a file, in small hexadecimal digits: the file itself stays with whoever has it."""


@dataclass(frozen=True, slots=True)
class OpenDispute:
    """Dispute a payment by its entry's reference; ``amount``: a part of it; ``mandate_id``: of a debit."""

    payer: Id
    reference: Id
    reason: Reason
    words: Note = personal()
    amount: Amount | None = None
    mandate_id: AnyId = ""
    digest: Digest = ""


@dataclass(frozen=True, slots=True)
class WithdrawDispute:
    """Dispute it no more."""

    payer: Id
    dispute_id: Id


@dataclass(frozen=True, slots=True)
class AnswerPayer:
    """Answer as whoever was paid: with evidence, or ``accept`` that the money goes back."""

    party_id: Id
    dispute_id: Id
    words: Note = personal("")
    digest: Digest = ""
    accept: Flag = False


@dataclass(frozen=True, slots=True)
class ContestDispute:
    """Ask once more, as whoever lost, with something new."""

    party_id: Id
    dispute_id: Id
    words: Note = personal()
    digest: Digest = ""


@dataclass(frozen=True, slots=True)
class DecideDispute:
    """Decide for the payer or for the merchant; both sides read the reason."""

    dispute_id: Id
    outcome: Outcome
    reason: Note = personal()


@dataclass(frozen=True, slots=True)
class PaymentDispute:
    """A dispute as it is kept. ``side``: who was paid; ``until_on``: the last day of whoever is to say something; ``owed``: what
    of its end was not there in a wallet, and who ``owes`` it."""

    id: str
    kind: Kind
    payment_id: str
    merchant_id: str
    payer: str
    side: str
    amount: Money
    fee: Money
    reason: Reason
    state: State
    outcome: str
    until_on: date | None
    provisional: bool
    owed: Money
    owes: str
    collected: int
    opened_on: date
    opened_at: datetime
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that was said: by whom, for whom a decision was, in which words, with which file."""

    dispute_id: str
    number: int
    kind: Act
    by: By
    actor: str
    outcome: str
    words: str
    digest: str
    on: date
    at: datetime


@dataclass(frozen=True, slots=True)
class DisputeLine:
    """What was said, as the two sides read it: by which of them, or by the bank."""

    kind: Act
    by: By
    outcome: str
    digest: str
    on: date
    words: str = personal()


@dataclass(frozen=True, slots=True)
class DisputeView:
    """A dispute as one of its sides sees it; ``name`` is the other's. ``may``: what this side may do now."""

    id: str
    role: Role
    reference: str
    amount: Money
    fee: Money
    reason: Reason
    state: State
    outcome: str
    until_on: date | None
    provisional: bool
    owed: Money
    opened_on: date
    ended_on: date | None
    may: tuple[str, ...]
    lines: tuple[DisputeLine, ...]
    name: str = personal()


@dataclass(frozen=True, slots=True)
class DisputeCase:
    """A dispute as whoever decides sees it."""

    dispute: PaymentDispute
    lines: tuple[DisputeLine, ...]
    needs_two: bool
    payer_name: str = personal()
    side_name: str = personal()


@dataclass(frozen=True, slots=True)
class DecidedDispute:
    """What a decision came to: for whom, and until when whoever lost may ask once more; none where it is for good."""

    dispute_id: str
    outcome: Outcome
    amount: Money
    until_on: date | None


OPENED, CLOSED = "disputes.told", "disputes.closed"
"""The leaves of the log that say that a payment is disputed, and how that ended."""


@dataclass(frozen=True, slots=True)
class OpenedTold:
    """A payment is disputed: whoever was paid is to answer by a day."""

    dispute_id: str
    merchant_id: str
    side: str
    payer: str
    amount: Money
    until_on: date


@dataclass(frozen=True, slots=True)
class ClosedTold:
    """A dispute is over, for whom, and what somebody owes still."""

    dispute_id: str
    merchant_id: str
    side: str
    payer: str
    amount: Money
    outcome: str
    owed: Money
