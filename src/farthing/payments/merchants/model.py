"""Own the merchant, the code that he or a payer shows, the payment by it, its refunds, and the settlement of a day.

Tables: ``merchant``, ``merchant_contract``, ``merchant_till``, ``merchant_cashier``, ``pay_code``, ``merchant_payment``,
``merchant_refund``, ``merchant_settlement``. What a merchant took and was not paid yet is the balance of his escrow account;
never stored here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import StringConstraints

from farthing.kernel.operation import personal, secret
from farthing.kit.inputs import Amount, Day, Flag, Id, Memo, RateText
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.products.pay_codes import CodeLevel

FeeBy = Literal["merchant", "payer"]
Earned = Literal["capture", "settlement"]
Settles = Literal["net", "gross"]
Shown = Annotated[str, StringConstraints(strict=True, max_length=512)]
"""A code as it was read; the rule that reads it says what it wants."""
Category = Annotated[str, StringConstraints(strict=True, max_length=4, pattern=r"^[0-9]*$")]
CodeName = Annotated[str, StringConstraints(strict=True, max_length=60)]


@dataclass(frozen=True, slots=True)
class Fee:
    """What a payment costs by contract: a part of it, who pays that, when it is earned, and whether it goes back on a refund."""

    rate: RateText
    by: FeeBy = "merchant"
    earned: Earned = "capture"
    returned: Flag = True


@dataclass(frozen=True, slots=True)
class OpenMerchant:
    """Let a customer take money by codes, under a contract. ``name`` and ``city`` as codes carry them; ``local_name`` in the
    language of the country."""

    party_id: Id
    name: CodeName
    city: CodeName
    category: Category
    fee: Fee
    settles: Settles = "net"
    local_name: CodeName = ""


@dataclass(frozen=True, slots=True)
class MerchantTerms:
    """What was agreed with a merchant, from a day on."""

    from_on: date
    fee: Fee
    settles: Settles


@dataclass(frozen=True, slots=True)
class ChangeContract:
    """Agree with a merchant on other terms for what is paid from a day on, which is to come."""

    merchant_id: Id
    from_on: Day
    fee: Fee
    settles: Settles = "net"


@dataclass(frozen=True, slots=True)
class EndMerchant:
    """Let a merchant take no more money; what waits is paid out, and refunds go on."""

    merchant_id: Id


@dataclass(frozen=True, slots=True)
class Merchant:
    """A merchant, and the contract that is in force, since ``contract_on``."""

    id: str
    party_id: str
    name: str
    local_name: str
    city: str
    category: str
    currency: str
    fee: Fee
    settles: Settles
    opened_at: datetime
    contract_on: date
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class AddTill:
    """A place where the merchant takes money: a till of one of his stores."""

    owner: Id
    merchant_id: Id
    store: CodeName
    name: CodeName


@dataclass(frozen=True, slots=True)
class PayTill:
    """A till, and the store that it stands in."""

    id: str
    merchant_id: str
    store: str
    name: str


@dataclass(frozen=True, slots=True)
class SetCashier:
    """Say that somebody takes and gives back money for the merchant, or no longer does. ``party_id`` is hers, or the word by
    which the merchant knows her: that of a payee whom he looked up, or that of a cashier."""

    owner: Id
    merchant_id: Id
    party_id: Id
    may: Flag = True


@dataclass(frozen=True, slots=True)
class Cashier:
    """Somebody who takes money for a merchant, or did."""

    merchant_id: str
    party_id: str
    may: bool


@dataclass(frozen=True, slots=True)
class CashierLine:
    """A cashier as the merchant sees her: ``id`` is the word by which he names her."""

    id: str
    name: str = personal()


@dataclass(frozen=True, slots=True)
class MakeCode:
    """Have a code made for a till: with an amount for one payment, without one for many."""

    cashier: Id
    till_id: Id
    amount: Amount | None = None
    note: Memo = ""


@dataclass(frozen=True, slots=True)
class WithdrawCode:
    """The code that a till shows again and again is no longer good."""

    cashier: Id
    till_id: Id


@dataclass(frozen=True, slots=True)
class StopCode:
    """The bank withdraws what a till shows again and again."""

    till_id: Id


@dataclass(frozen=True, slots=True)
class TillCode:
    """A code that a till shows: ``text`` is what is drawn."""

    id: str
    till_id: str
    amount: Money | None
    note: str
    expires_at: datetime | None
    text: str


@dataclass(frozen=True, slots=True)
class ShowPayerCode:
    """The customer wants to be charged by a code on the screen, up to ``most`` where that is said."""

    party_id: Id
    most: Amount | None = None


@dataclass(frozen=True, slots=True)
class ShownPayerCode:
    """What the customer shows. It is in this answer alone."""

    id: str
    expires_at: datetime
    most: Money | None = None
    text: str = secret("")


@dataclass(frozen=True, slots=True)
class Asks:
    """What a code asks for, as the bank knows it: what the code itself says counts for nothing. ``called``: the payee's name in
    both languages, where there are two. ``day_most``: what whoever asks
    may pay by codes of this level in a business day, under ``article``; ``day_gone``: what of it went already.
    """

    code_id: str
    payee: str
    called: Words
    store: str
    till: str
    static: bool
    amount: Money | None
    note: str
    fee: Fee
    expires_at: datetime | None
    level: CodeLevel
    day_most: Money | None
    day_gone: Money
    article: Words | None


@dataclass(frozen=True, slots=True)
class PayByCode:
    """Pay what a till's code asks for; ``amount``: what the payer says, where the code leaves it to him, or has seen."""

    payer: Id
    code: Shown
    amount: Amount | None = None
    id: Id | None = None


@dataclass(frozen=True, slots=True)
class ChargeByCode:
    """Charge who shows a code at a till."""

    cashier: Id
    till_id: Id
    amount: Amount
    code: Shown = secret()
    note: Memo = ""
    id: Id | None = None


@dataclass(frozen=True, slots=True)
class CodePaid:
    """A payment by code: captured at once. ``paid`` is what left the payer's wallet: with the fee where the payer bears it."""

    id: str
    reference: str
    merchant_id: str
    till_id: str
    payee: str
    amount: Money
    paid: Money
    fee: Money
    level: CodeLevel
    note: str
    due_on: date
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class RefundPayment:
    """Give a payment back, whole or a part of it."""

    cashier: Id
    merchant_id: Id
    payment_id: Id
    amount: Amount
    reason: Memo = ""


@dataclass(frozen=True, slots=True)
class Refunded:
    """A refund. ``fee``: what of the fee went back with it. ``left``: what may still be given back."""

    id: str
    reference: str
    payment_id: str
    amount: Money
    fee: Money
    left: Money
    refunded_at: datetime


@dataclass(frozen=True, slots=True)
class TakingLine:
    """A payment as the merchant sees it."""

    id: str
    till_id: str
    amount: Money
    fee: Money
    refunded: Money
    taken_at: datetime
    due_on: date
    settled: bool
    payer: str = personal("")


@dataclass(frozen=True, slots=True)
class MerchantPayout:
    """What a merchant was paid out in one sum."""

    id: str
    settled_on: date
    payments: int
    net: Money
    fee: Money


@dataclass(frozen=True, slots=True)
class Takings:
    """A merchant's day: payments, the latest first, what they come to, and what waits to be paid out."""

    merchant: Merchant
    on: date
    payments: tuple[TakingLine, ...]
    count: int
    amount: Money
    refunded: Money
    fee: Money
    waits: Money
    next_before: str | None
