"""Own the report of a payment as fraud and the parts of its money that are frozen.

Tables: ``fraud_report``, ``frozen_part``. What is frozen is a hold of the ledger on the wallet where it lies; the row says why,
until when, what its holder says to it and how it ended.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from farthing.kernel.operation import personal
from farthing.kit.inputs import AnyId, Id, Note, Statement
from farthing.kit.money import Money

Deceit = Literal["not_me", "deceived"]
"""What a payer says of it: somebody else made the payment; he made it, and was deceived."""
Source = Literal["payer", "bank", "reversed"]
"""payer: one of two wallets reports what it paid the other; bank: another bank asks for what came in from there; reversed: a rail
took a top-up back, and less was there than it took."""
FrozenState = Literal["frozen", "returned", "released"]
"""frozen: nobody can spend it; returned: it went back; released: its holder has it again."""
Outcome = Literal["return", "release"]


@dataclass(frozen=True, slots=True)
class ReportPayment:
    """Report a payment as fraud, by its entry's reference: what is left of its money is frozen at once."""

    payer: Id
    reference: Id
    kind: Deceit
    note: Statement = personal("")


@dataclass(frozen=True, slots=True)
class ReportComeIn:
    """Another bank says that what came in from there was a fraud (``movement_id``): freeze what is left of it."""

    movement_id: Id
    note: Statement = personal()


@dataclass(frozen=True, slots=True)
class ObjectToFreeze:
    """Say why money that is frozen in one's wallet is one's own."""

    party_id: Id
    report_id: Id
    words: Statement = personal()


@dataclass(frozen=True, slots=True)
class DecideFrozen:
    """Give what is frozen back, or free it; of one holder, or of all where none is named. The reason is read by holders."""

    report_id: Id
    outcome: Outcome
    reason: Note = personal()
    holder: AnyId = ""


@dataclass(frozen=True, slots=True)
class FraudReport:
    """A report as it is kept. ``payer``: whose money it was (none: another bank's customer); ``reached``: whose wallet it came
    to; ``back``: what came back to the payer by itself; ``cut``: the trail was longer than is followed."""

    id: str
    source: Source
    reference: str
    payer: str | None
    reached: str
    rail: str
    kind: str
    amount: Money
    frozen: Money
    back: Money
    gone: Money
    cut: bool
    reported_at: datetime
    reported_by: str
    until_at: datetime
    open: bool
    note: str = personal()


@dataclass(frozen=True, slots=True)
class FrozenPart:
    """What of a report's money is frozen, or was, in one wallet (``path``), and what its holder says to it."""

    report_id: str
    holder: str
    path: str
    amount: Money
    state: FrozenState = "frozen"
    words: str = personal("")
    words_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class OwnReport:
    """A report as whoever made it sees it: how much was found and frozen, and what came of it; with whom is not told."""

    id: str
    reference: str
    kind: str
    amount: Money
    frozen: Money
    back: Money
    gone: Money
    returned: Money
    released: Money
    reported_at: datetime
    until_at: datetime
    open: bool
    name: str = personal()


@dataclass(frozen=True, slots=True)
class Frozen:
    """Money that is frozen in one's own wallet, or was: since when and until when at most, how one objected."""

    report_id: str
    amount: Money
    state: FrozenState
    frozen_at: datetime
    until_at: datetime
    words_at: datetime | None
    ended_at: datetime | None
    words: str = personal()
    reason: str = personal()


@dataclass(frozen=True, slots=True)
class PartCase:
    """A part as whoever decides sees it."""

    part: FrozenPart
    name: str = personal("")


@dataclass(frozen=True, slots=True)
class ReportCase:
    """A report as whoever decides sees it: each part with its holder, in the order in which the money came there."""

    report: FraudReport
    parts: tuple[PartCase, ...]
    objections: int
    payer_name: str = personal("")
    reached_name: str = personal("")


@dataclass(frozen=True, slots=True)
class DecidedFrozen:
    """What a decision came to: how much went back or is free, of how many holders."""

    report_id: str
    outcome: Outcome
    amount: Money
    holders: int


FROZE, UNFROZE = "payments.money_frozen", "payments.money_unfrozen"
"""The leaves of the log that say that money was frozen in a wallet, and how that ended."""


@dataclass(frozen=True, slots=True)
class FrozenTold:
    """Money was frozen in a wallet."""

    report_id: str
    holder: str
    amount: Money
    until_at: datetime


@dataclass(frozen=True, slots=True)
class UnfrozenTold:
    """It is frozen no more."""

    report_id: str
    holder: str
    amount: Money
    state: str
    ended_on: date
