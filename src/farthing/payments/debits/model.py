"""Own the mandate by which a payee draws, and the debit under it.

Tables: ``debit_mandate``, ``mandate_debit``. A debit is a transfer of its id. Limits are the payer's own: nothing is drawn beyond
those that stand when it is drawn, whatever was announced before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from farthing.kernel.operation import personal
from farthing.kit.inputs import Amount, AnyId, Day, Id, Memo
from farthing.kit.money import Money

State = Literal["proposed", "active", "refused", "ended"]
DebitState = Literal["announced", "drawn", "failed", "stopped", "refunded"]
Sequence = Literal["first", "recurrent"]
Role = Literal["payer", "creditor"]


@dataclass(frozen=True, slots=True)
class ProposeMandate:
    """Ask a payer who was looked up for a mandate; as one's merchant where one is named."""

    creditor: Id
    whom: Id
    purpose: Memo
    each_max: Amount
    month_max: Amount
    until: Day | None = None
    merchant_id: AnyId = ""


@dataclass(frozen=True, slots=True)
class SignMandate:
    """Sign a mandate that was proposed, under limits of one's own, or change them."""

    payer: Id
    mandate_id: Id
    each_max: Amount
    month_max: Amount
    until: Day | None = None


@dataclass(frozen=True, slots=True)
class EndMandate:
    """End a mandate, or refuse it: nothing more is drawn."""

    party_id: Id
    mandate_id: Id


@dataclass(frozen=True, slots=True)
class AnnounceDebit:
    """Say that an amount will be drawn on a day: the notice that a payer has before each debit."""

    creditor: Id
    mandate_id: Id
    amount: Amount
    due_on: Day
    memo: Memo = ""


@dataclass(frozen=True, slots=True)
class PayersDebit:
    """A debit of one's own: to be stopped before its day, or to be had back after it."""

    payer: Id
    mandate_id: Id
    debit_id: Id


@dataclass(frozen=True, slots=True)
class Limits:
    """What a payer lets be drawn: at most so much a debit and a calendar month, until a day."""

    each_max: Money
    month_max: Money
    until: date | None


@dataclass(frozen=True, slots=True)
class Mandate:
    """A mandate as it is kept. ``debits``: how many were announced. ``last_on``: when it was used last, or signed."""

    id: str
    creditor: str
    merchant_id: str
    payer: str
    purpose: str
    limits: Limits
    state: State
    proposed_at: datetime
    signed_at: datetime | None = None
    ended_at: datetime | None = None
    last_on: date | None = None
    debits: int = 0


@dataclass(frozen=True, slots=True)
class Debit:
    """A debit as it is kept. ``owed``: what of a refund the creditor owes, since too little was in his wallet."""

    mandate_id: str
    id: str
    number: int
    amount: Money
    memo: str
    announced_at: datetime
    due_on: date
    state: DebitState = "announced"
    code: str = ""
    done_on: date | None = None
    refund_until: date | None = None
    owed: Money | None = None


@dataclass(frozen=True, slots=True)
class DebitView:
    """A debit as its payer and its creditor see it; ``reference`` finds it in one's history."""

    id: str
    mandate_id: str
    sequence: Sequence
    amount: Money
    memo: str
    due_on: date
    state: DebitState
    code: str
    done_on: date | None
    refund_until: date | None
    reference: str


@dataclass(frozen=True, slots=True)
class MandateView:
    """A mandate as one of its sides sees it; ``name`` is the other's. ``notice_days``, ``refund_days``: what the law in force
    gives the payer."""

    id: str
    role: Role
    state: State
    purpose: str
    each_max: Money
    month_max: Money
    until: date | None
    proposed_at: datetime
    signed_at: datetime | None
    ended_at: datetime | None
    notice_days: int
    refund_days: int
    debits: tuple[DebitView, ...]
    name: str = personal()


FAILED = "debits.failed"
"""The leaf of the log that says that a debit was not drawn."""


@dataclass(frozen=True, slots=True)
class FailedTold:
    """A debit that was not drawn: of which mandate, and why."""

    debit_id: str
    mandate_id: str
    payer: str
    creditor: str
    amount: Money
    due_on: date
    code: str
