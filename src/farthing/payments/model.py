"""Own the wallet, the transfer and the port to other banks (``BankRail``).

Tables: ``wallet``, ``rail_payment``; what becomes of a movement: :mod:`farthing.payments.life`. The wallet's balance is its
ledger account's; never stored here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal, Protocol

from farthing.kernel.operation import personal
from farthing.kit.inputs import Amount, AnyId, Code, Day, Id, Line, Memo, Note, Word
from farthing.kit.money import Money
from farthing.kit.words import Words

Direction = Literal["in", "out"]
RailState = Literal["asked", "unknown", "accepted", "settled", "declined", "returned", "recalled"]
"""asked: it may be on its way; unknown: nobody has answered, and money that goes out is kept; accepted: the rail will carry it
out, and money that goes out is in transit; settled; declined: nothing moved; returned, recalled: all or part of what went out
came back."""
Outcome = Literal["accepted", "pending", "settled", "declined", "duplicate", "differs", "missing"]
"""What a rail says of an instruction. accepted: it will carry it out; pending: it has it and has not decided; settled: the money
moved; declined: nothing moved; duplicate: it has this id already, which is no no; differs: it has this id with other content;
missing: it never heard of it."""
Said = Literal["accepted", "settled", "declined"]
"""Outcomes that say how a movement stands."""
NoticeKind = Literal[
    "accepted", "settled", "declined", "returned", "recalled", "recall_refused", "reversed", "credited"
]
"""What a rail tells by itself: as its answers say it; returned: money that moved came back or was taken back; recalled: it came
back because we asked; reversed: the rail undid its own booking; credited: money came in that nobody here asked for."""


@dataclass(frozen=True, slots=True)
class Wallet:
    """A party's money in one currency. ``balance`` is what is owed to it, ``available`` what it may spend."""

    party_id: str
    currency: str
    balance: Money
    available: Money


@dataclass(frozen=True, slots=True)
class OpenWallet:
    """Open a wallet, in the bank's home currency where none is named; opening it twice changes nothing."""

    party_id: Id
    currency: Word | None = None


@dataclass(frozen=True, slots=True)
class Transfer:
    """Move money from one party's wallet to another's. ``id`` (given or made) names the transfer for ever."""

    payer: Id
    payee: Id
    amount: Amount
    memo: Memo = ""
    id: Id | None = None


@dataclass(frozen=True, slots=True)
class Transferred:
    """A transfer that was made; or that waits for a person to look at it, until ``held_until`` at most: its money is held on the
    payer's wallet and has not moved. ``warnings``: what was noticed of it that its payer should know."""

    id: str
    payer: str
    payee: str
    amount: Money
    memo: str
    recorded_at: datetime
    held_until: datetime | None = None
    warnings: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class Instruction:
    """What a rail is told: move ``amount`` from (``in``) or to (``out``) an outside account. ``id`` repeats safely; ``on`` is the
    business day that it is of, and ``waits`` says that it is not sent before."""

    id: str
    direction: Direction
    amount: Money
    counterparty: str
    holder: str
    on: date | None = field(default=None, compare=False)
    waits: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class RailAnswer:
    """What a rail says of an instruction, with its own reference and, where it says no, an ISO 20022 reason and words."""

    outcome: Outcome
    reference: str = ""
    reason_code: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Original:
    """An instruction that was sent, by which the rail is asked about it: nothing of whose account it was."""

    id: str
    direction: Direction
    amount: Money


@dataclass(frozen=True, slots=True)
class Notice:
    """What a rail tells by itself. ``id`` is its own name for it: told again, it is the same notice.

    ``instruction`` is ours; none where money came in that nobody here asked for. ``amount`` is what came back or in, after the
    ``fee`` that the other bank kept. ``counterparty`` is masked.
    """

    id: Id
    kind: NoticeKind
    instruction: AnyId = ""
    amount: Amount | None = None
    fee: Amount | None = None
    reference: Line = ""
    reason_code: Word = ""
    reason: Note = ""
    counterparty: Line = personal("")
    value_on: Day | None = None


@dataclass(frozen=True, slots=True)
class RailAnswered:
    """A rail's answer to the errand of a movement."""

    errand_id: Id
    outcome: Said
    reference: Line
    reason_code: Word = ""
    reason: Note = ""


class BankRail(Protocol):
    """The way to accounts at other banks: a clearing house, a card acquirer, a sponsor bank.

    Nothing raised and nothing guessed: none (or an exception) where it is not known what became of an instruction.
    """

    @property
    def name(self) -> str:
        """The rail's name, as in its cash account; the built-in one is ``sandbox``."""
        ...

    def send(self, instruction: Instruction) -> RailAnswer | None:
        """Tell the rail to move the money; an id that it has already is not moved again (``duplicate``)."""
        ...

    def inquire(self, original: Original) -> RailAnswer | None:
        """Ask by our id what became of an instruction; ``missing`` where the rail never heard of it."""
        ...

    def recall(self, original: Original, reason_code: str) -> RailAnswer | None:
        """Ask for money back that was sent: ``pending`` while the payee's bank has not said, ``declined`` where it refuses,
        ``settled`` where it agrees; the money itself comes as a notice."""
        ...

    def notices(self, after: str) -> Sequence[Notice] | None:
        """What the rail told by itself after one of its notices (empty: from the beginning), oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class MoveByRail:
    """Top a wallet up from, or pay it out to, an account at another bank (``outside_account``: card or account)."""

    party_id: Id
    amount: Amount
    outside_account: Code = personal()
    rail: Word = "sandbox"


@dataclass(frozen=True, slots=True)
class RailPayment:
    """A movement through a rail and how far it is; the outside account is kept masked.

    ``send_on`` is the day on which it is sent, where that is not the one on which it was asked for. ``party_id`` is none where
    the bank moves its own money, with a partner. ``returned`` is what of it came back. ``attention`` says why
    somebody must look: the rail told two things that cannot both be.
    """

    id: str
    party_id: str | None
    direction: Direction
    amount: Money
    outside_account: str
    rail: str
    reference: str
    recorded_at: datetime
    state: RailState = "asked"
    reason: str = ""
    reason_code: str = ""
    returned: Money | None = None
    attention: str = ""
    send_on: date | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is not known yet how it ends."""
        return self.state in OPEN

    def attend(self, why: str) -> RailPayment:
        """The same movement, at which somebody must look."""
        return replace(self, attention=why)


OPEN: tuple[RailState, ...] = ("asked", "unknown", "accepted")
"""States of a movement of which the end is not known."""


@dataclass(frozen=True, slots=True)
class RailSum:
    """Movements through rails of one direction and state, together."""

    direction: Direction
    state: RailState
    payments: int
    amount: Money


@dataclass(frozen=True, slots=True)
class RailPage:
    """A page of movements through rails, the newest first, with the sums of all that is filtered; ``next_after`` is the
    last of them where there are more."""

    payments: tuple[RailPayment, ...]
    sums: tuple[RailSum, ...]
    next_after: str | None


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of a wallet's history: positive came in, negative went out.

    ``other`` is who paid or was paid, masked, or the masked account at another bank; ``number`` is what a person quotes.
    ``acted_by``: who did it for her, where somebody acted under a power.
    """

    entry_reference: str
    kind: str
    memo: str
    amount: Money
    balance: Money
    recorded_at: datetime
    number: str = ""
    other: str = personal("")
    acted_by: str = personal("")


@dataclass(frozen=True, slots=True)
class History:
    """A page of a wallet's history, newest first; ``next_cursor`` is opaque."""

    movements: tuple[Movement, ...]
    next_cursor: str | None
