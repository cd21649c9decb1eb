"""Own the wallet, the transfer and the port to other banks (``BankRail``).

Tables: ``wallet``, ``rail_payment``. The wallet's balance is its ledger account's; never stored here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from farthing.kernel.operation import personal
from farthing.kit.inputs import Amount, Code, Flag, Id, Memo, Note, Word
from farthing.kit.money import Money

Direction = Literal["in", "out"]
RailState = Literal["asked", "settled", "declined"]


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
    """A transfer that was made."""

    id: str
    payer: str
    payee: str
    amount: Money
    memo: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Instruction:
    """What a rail is told: move ``amount`` from (``in``) or to (``out``) an outside account. ``id`` repeats safely."""

    id: str
    direction: Direction
    amount: Money
    counterparty: str
    holder: str


@dataclass(frozen=True, slots=True)
class RailAnswer:
    """What a rail answered: settled or declined, with its reference and reason."""

    settled: bool
    reference: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RailAnswered:
    """A rail's answer to the errand of a movement."""

    errand_id: Id
    settled: Flag
    reference: Id
    reason: Note = ""


class BankRail(Protocol):
    """The way to accounts at other banks: a clearing house, a card acquirer, a sponsor bank."""

    @property
    def name(self) -> str:
        """The rail's name, as in its cash account; the built-in one is ``sandbox``."""
        ...

    def move(self, instruction: Instruction) -> RailAnswer | None:
        """Move the money or decline; the same instruction id is moved once and answers the same.

        None (or an exception) where it is not known whether it was moved: it is asked again under the same id.
        """
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

    ``asked``: the rail has not answered yet; money that goes out is held meanwhile. ``party_id`` is none where the bank
    moves its own money, with a partner.
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
    """

    entry_reference: str
    kind: str
    memo: str
    amount: Money
    balance: Money
    recorded_at: datetime
    number: str = ""
    other: str = personal("")


@dataclass(frozen=True, slots=True)
class History:
    """A page of a wallet's history, newest first; ``next_cursor`` is opaque."""

    movements: tuple[Movement, ...]
    next_cursor: str | None
