"""Own what is told of merchants: payments with their refunds, tills with their codes, the bank's list. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from farthing.kernel.operation import personal
from farthing.kit.money import Money
from farthing.payments.merchants.model import Merchant, MerchantTerms, PayTill, TakingLine, TillCode


@dataclass(frozen=True, slots=True)
class RefundLine:
    """A refund as both sides see it: ``to_payer`` is what the payer got, ``fee`` what of the fee went back."""

    id: str
    payment_id: str
    amount: Money
    to_payer: Money
    fee: Money
    reason: str
    refunded_at: datetime


@dataclass(frozen=True, slots=True)
class TakingView:
    """A payment as the merchant sees it, where it was taken, what was given back, and what may be still."""

    line: TakingLine
    till: PayTill
    refunds: tuple[RefundLine, ...]
    left: Money


@dataclass(frozen=True, slots=True)
class PaidView:
    """A payment by code as the payer sees it, with what came back."""

    id: str
    reference: str
    payee: str
    store: str
    till: str
    amount: Money
    paid: Money
    paid_at: datetime
    refunds: tuple[RefundLine, ...]
    back: Money


@dataclass(frozen=True, slots=True)
class TillView:
    """A till, and the code that it shows again and again, where it has one."""

    till: PayTill
    merchant: Merchant
    code: TillCode | None


@dataclass(frozen=True, slots=True)
class MerchantLine:
    """A merchant in the bank's list: what he took on the business day, and what waits to be paid out."""

    merchant: Merchant
    payments: int
    amount: Money
    waits: Money
    owner: str = personal("")


@dataclass(frozen=True, slots=True)
class MerchantPage:
    """Some merchants, in the order in which they were opened; continue with ``next_after``."""

    merchants: tuple[MerchantLine, ...]
    next_after: str | None


@dataclass(frozen=True, slots=True)
class TillLine:
    """A till, and whether it has a code that it shows again and again."""

    till: PayTill
    static: bool


@dataclass(frozen=True, slots=True)
class MerchantView:
    """One merchant as the bank sees him: contracts, the first one first, tills, how many take money, and what waits."""

    merchant: Merchant
    contracts: tuple[MerchantTerms, ...]
    tills: tuple[TillLine, ...]
    cashiers: int
    waits: Money
    owner: str = personal("")


@dataclass(frozen=True, slots=True)
class MonthTaken:
    """What a customer's shops took in a month, less refunds; of the first and of this month, a part of one."""

    month: str
    amount: Money
    payments: int


@dataclass(frozen=True, slots=True)
class ReceiptsView:
    """What a loan application would count of a customer's shops, once she allows it; no ``since``: none ever took anything.

    ``days``: on which anything was taken. ``top``: of the payer who paid most. ``left_out``: what was paid with the owner's own
    money, or by who takes money there.
    """

    since: date | None
    until: date | None
    months: tuple[MonthTaken, ...]
    amount: Money
    payments: int
    payers: int
    days: int
    top: Money
    left_out: Money
