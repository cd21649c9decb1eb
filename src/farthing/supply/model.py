"""Own the nouns of supply-chain finance: the invoice, the receivable that a confirmed payable is, its pieces, and what happened.

Tables: ``supply_invoice``, ``supply_credit``, ``supply_receivable``, ``supply_piece``, ``supply_event``, ``supply_transfer``,
``supply_debtor``. Never holds money: a receivable is a claim on the core company, which stands in no account of this bank until
it is paid.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from farthing.kernel.operation import secret
from farthing.kit.inputs import Amount, Base64, Count, Day, Id
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.lending.model import Offer

PieceState = Literal["held", "passing", "pledged", "split", "passed"]
"""held: free; passing: offered to the next supplier; pledged: behind a loan; split, passed: over, others came of it."""
LIVE = ("held", "passing", "pledged")
State = Literal["proposed", "live", "settled", "void"]
"""proposed: its agreement is not signed by all; live: owed; settled: paid; void: never signed."""
Act = Literal["confirmed", "voided", "split", "offered", "taken_back", "passed", "pledged", "released", "paid"]


@dataclass(frozen=True, slots=True)
class RegisterInvoice:
    """Bring an invoice file, or a credit note that takes back from one; ``party_id`` is its seller."""

    party_id: Id
    content_base64: Base64 = secret()


@dataclass(frozen=True, slots=True)
class GradeDebtor:
    """Say how good a core company's word is: ``grade`` 1 (best) to 5, and how much may be lent on it in all."""

    party_id: Id
    grade: Count
    most: Amount


@dataclass(frozen=True, slots=True)
class AskConfirmation:
    """As the core company, have the confirmation of what one owes drawn up, to be signed by two of one's signatories."""

    party_id: Id
    invoice_id: Id
    amount: Amount
    due_on: Day
    first: Id
    second: Id


@dataclass(frozen=True, slots=True)
class ReceivableCommand:
    """Act on a receivable, as one of its sides."""

    party_id: Id
    receivable_id: Id


@dataclass(frozen=True, slots=True)
class OfferTransfer:
    """Offer a piece, or ``amount`` of it, to the next supplier: the agreement is drawn, and both sign."""

    party_id: Id
    receivable_id: Id
    piece: Count
    amount: Amount
    to: Id


@dataclass(frozen=True, slots=True)
class TransferCommand:
    """Act on a transfer that was offered, as one of its two sides."""

    party_id: Id
    transfer_id: Id


@dataclass(frozen=True, slots=True)
class AskAdvance:
    """Ask the bank for money against a piece, by a loan product; the piece is pledged from then on."""

    party_id: Id
    receivable_id: Id
    piece: Count
    product: Id


@dataclass(frozen=True, slots=True)
class PieceCommand:
    """Act on a piece as its holder."""

    party_id: Id
    receivable_id: Id
    piece: Count


@dataclass(frozen=True, slots=True)
class PayReceivable:
    """As the core company, pay what is due of a receivable, all of it or a part."""

    party_id: Id
    receivable_id: Id
    amount: Amount


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice that was registered: ``sha256`` of the file that it came as; ``credited`` is what credit notes took back,
    ``confirmed`` what the buyer confirmed, or was asked to, of the rest."""

    id: str
    seller_id: str
    buyer_code: str
    number: str
    issued_on: date
    amount: Money
    credited: Money
    confirmed: Money
    format: str
    sha256: str
    due_on: date | None
    registered_on: date
    seller_code: str
    buyer_name: str

    @property
    def free(self) -> Money:
        """What may still be confirmed."""
        return self.amount - self.credited - self.confirmed


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a receivable and whose it is. ``parent``: the piece that it came of, 0 of the first; ``about``: the transfer or
    the offer of a loan that it waits for or stands behind; ``paid``: what the core company paid of it."""

    number: int
    parent: int
    holder: str
    amount: Money
    paid: Money
    state: PieceState
    since_on: date
    about: str = ""

    @property
    def live(self) -> bool:
        """Whether it counts: nothing came of it yet."""
        return self.state in LIVE

    @property
    def left(self) -> Money:
        """What is owed of it still."""
        return self.amount - self.paid


@dataclass(frozen=True, slots=True)
class Receivable:
    """What a core company owes on an invoice, as it confirmed it. ``version`` counts its changes."""

    id: str
    invoice_id: str
    supplier: str
    debtor: str
    amount: Money
    due_on: date
    state: State
    agreement_id: str
    made_on: date
    version: int
    pieces: tuple[Piece, ...] = field(default=())

    @property
    def live(self) -> tuple[Piece, ...]:
        """The pieces that count."""
        return tuple(each for each in self.pieces if each.live)

    @property
    def paid(self) -> Money:
        """What was paid of it."""
        return sum((each.paid for each in self.live), start=self.amount * 0)

    @property
    def left(self) -> Money:
        """What is owed of it still."""
        return self.amount - self.paid if self.state in ("live", "settled") else self.amount * 0


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to a piece on a day: to whom it went, how much, and by which agreement, offer or entry."""

    kind: Act
    piece: int
    party: str
    amount: Money
    about: str = ""


@dataclass(frozen=True, slots=True)
class EventTold:
    """An event as it is told, in the receivable's order."""

    number: int
    kind: Act
    piece: int
    party_id: str
    amount: Money
    about: str
    on: date


@dataclass(frozen=True, slots=True)
class PieceTold:
    """A piece as its holder sees it: of which invoice, who owes it, until when, and behind which loan it stands."""

    receivable_id: str
    invoice_number: str
    debtor_id: str
    debtor_name: str
    due_on: date
    days_late: int
    piece: Piece
    loan_id: str = ""


@dataclass(frozen=True, slots=True)
class ReceivableTold:
    """A receivable with its invoice and everything that happened to it."""

    receivable: Receivable
    invoice: Invoice
    supplier_name: str
    debtor_name: str
    days_late: int
    waits: str
    events: tuple[EventTold, ...]
    holders: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PieceTransfer:
    """A piece that was offered to the next supplier, and the agreement that both sign."""

    id: str
    receivable_id: str
    piece: int
    giver: str
    taker: str
    amount: Money
    agreement_id: str
    state: Literal["offered", "done", "over"]
    offered_on: date


@dataclass(frozen=True, slots=True)
class Debtor:
    """A core company's grade, 1 (best) to 5, and how much may be lent on its word in all."""

    party_id: str
    grade: int
    most: Money
    graded_on: date


@dataclass(frozen=True, slots=True)
class Advance:
    """What the bank offers against a piece: the loan offer, whose one instalment the piece covers on the day that it is due."""

    receivable_id: str
    piece: int
    offer: Offer
    face: Money
    discount: Money


@dataclass(frozen=True, slots=True)
class PaidOut:
    """What a payment of the core company came to: for each piece its holder and his part. What that repaid is his affair."""

    receivable_id: str
    paid: Money
    left: Money
    parts: tuple[tuple[int, str, Money], ...]


STATES = {
    "proposed": Words("waits for signatures", "待签署"), "live": Words("confirmed", "已确权"), "settled": Words("paid", "已结清"),
    "void": Words("never signed", "未生效"),
}  # fmt: skip
