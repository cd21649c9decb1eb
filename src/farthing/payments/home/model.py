"""Own the brought account, its rows and the customer's word on where a row belongs: her own view of her money elsewhere.

Tables: ``home_account``, ``home_row``, ``home_choice``, all of one person's under her id. Nothing here is money of this
bank, nothing is posted, and nobody but its person reads it. Never used for a decision about her: what she brings for a loan
is credit's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import StringConstraints

from farthing.credit.bills.model import Outcome
from farthing.kernel.operation import personal, secret
from farthing.kit.inputs import Base64, Flag, Id, Secret
from farthing.kit.money import Money

AccountKind = Literal["here", "bank", "card", "wallet"]
Direction = Literal["in", "out", "neutral"]
Tail = Annotated[str, StringConstraints(strict=True, max_length=4, pattern=r"^([0-9A-Z]{4})?$")]
"""The last four signs of a card or an account, which is all that is kept of its number."""


@dataclass(frozen=True, slots=True)
class BringMoney:
    """Bring a statement home: a bill of Alipay or WeChat Pay, a bank's table (CSV) or camt.053; ``agreed`` allows that it is
    kept for one's own view, until it is taken back. ``tail``: where the file does not say whose card it is."""

    party_id: Id
    agreed: Flag
    content_base64: Base64 = secret()
    password: Secret = secret("")
    tail: Tail = personal("")


@dataclass(frozen=True, slots=True)
class TakeBackMoney:
    """Take an account back, or everything where none is named: what was brought of it is forgotten."""

    party_id: Id
    account_id: Id | None = None


@dataclass(frozen=True, slots=True)
class Categorise:
    """Say where a row belongs, and all others like it: the same other side, the same way."""

    party_id: Id
    row_id: Id
    category: Id = personal()


@dataclass(frozen=True, slots=True)
class Account:
    """An account that was brought; ``tail`` is the end of its number, where it has one. ``layout`` says by which form."""

    id: str
    kind: AccountKind
    layout: str
    tail: str
    currency: str
    owner: str = ""
    brought_at: datetime | None = None
    first_on: date | None = None
    last_on: date | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a file, as it was told. ``at`` is local time, and its hour is known where ``exact``. ``minor`` is more
    than nothing; of a bank ``direction`` is in or out. ``tail`` is of the card that the line itself names."""

    id: str
    account_id: str
    at: datetime
    exact: bool
    currency: str
    direction: Direction
    minor: int
    outcome: Outcome = "settled"
    kind: str = ""
    counterparty: str = ""
    counterparty_account: str = ""
    description: str = ""
    method: str = ""
    tail: str = ""
    status: str = ""
    order_id: str = ""
    merchant_order_id: str = ""
    fee: int = 0
    refunded: int = 0
    occurrence: int = 0

    @property
    def amount(self) -> Money:
        """What it moved."""
        return Money(self.minor, self.currency)


@dataclass(frozen=True, slots=True)
class Part:
    """What a file tells of one account."""

    account: Account
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class BroughtAccount:
    """Of one account: how many rows the file tells, and how many of them were new."""

    account_id: str
    layout: str
    currency: str
    rows: int
    added: int
    tail: str = personal("")


@dataclass(frozen=True, slots=True)
class Brought:
    """What came of a file: its accounts, and how many of its rows could not be read."""

    accounts: tuple[BroughtAccount, ...]
    unread: int


@dataclass(frozen=True, slots=True)
class TakenBack:
    """How much was forgotten."""

    accounts: int
    rows: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """Where rows of a kind belong from now on, and how many of those that are here it changes."""

    category: str
    rows: int
    like: str = personal("")
