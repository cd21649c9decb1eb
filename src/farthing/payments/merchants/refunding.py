"""Decide where a refund comes from and how a merchant is paid out. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from farthing.kit.money import Money, positive
from farthing.ledger.model import JournalEntry, Posting
from farthing.payments.merchants.model import Fee, Merchant, MerchantTerms, Refunded, RefundPayment
from farthing.payments.merchants.rules import (
    EARNED,
    FEES,
    FOREIGN,
    REFUND_OF_REFUND,
    entry_of,
    escrow_of,
    fee_account,
    fee_back,
)
from farthing.payments.wallets import CODE_FEE, CODE_REFUND, CODE_SETTLED, wallet_path


def refund_seen(command: RefundPayment, made: Refunded) -> dict[str, Any]:
    """What whoever confirms a refund must have seen."""
    return {"payment": made.payment_id, "amount": made.amount, "fee": made.fee, "left": made.left}


@dataclass(frozen=True, slots=True)
class Taken:
    """A payment as a refund finds it: ``refunded`` with this refund, ``held`` what it still has in escrow,
    ``disputed_minor`` what of it is disputed or was charged back."""

    id: str
    payer: str
    amount: Money
    fee: Money
    refunded: Money
    fee_returned: Money
    held: Money
    settled: bool
    contract_on: date
    disputed_minor: int = 0

    @property
    def left(self) -> Money:
        """What may still be given back: what is neither given back nor disputed."""
        return self.amount - self.refunded - Money(self.disputed_minor, self.amount.currency)


@dataclass(frozen=True, slots=True)
class Refund:
    """Where a refund comes from and what goes to the payer."""

    to_payer: Money
    from_escrow: Money
    from_wallet: Money
    from_fee: Money


def check_refund(payment_id: str, amount: Money, merchant: Merchant) -> None:
    """Refuse what can be no refund, before any payment is looked at."""
    positive(amount)
    if amount.currency != merchant.currency:
        raise FOREIGN(currency=merchant.currency, given=amount.currency)
    if payment_id.startswith("refund_"):
        raise REFUND_OF_REFUND(payment=payment_id)


def refund_of(fee: Fee, taken: Taken, amount: Money) -> Refund:
    """Share a refund out. The payer gets the amount, and with a fee that he paid and that goes back, its part; the merchant bears
    what no fee that goes back covers: out of what waits of this payment, then out of the wallet."""
    back = fee_back(fee, taken.fee, taken.amount, taken.refunded) - taken.fee_returned
    to_payer = amount + back if fee.by == "payer" else amount
    bears = to_payer - back
    escrow = Money(0 if taken.settled else min(bears.minor, taken.held.minor), amount.currency)
    return Refund(to_payer, escrow, bears - escrow, back)


def refund_entry(
    refund_id: str, merchant: Merchant, taken: Taken, shares: Refund, on: date, home: str, memo: str
) -> JournalEntry:
    """Give a payment back, or a part.

    liabilities:escrow:merchants:MERCHANT  what waits of it
    liabilities:wallets:MERCHANT           the rest
    income:fees:merchants                  what of the fee goes back
        liabilities:wallets:PAYER          -what the payer gets
    """
    lines = [
        Posting(escrow_of(merchant.id), shares.from_escrow),
        Posting(wallet_path(merchant.party_id, merchant.currency, home), shares.from_wallet),
        Posting(fee_account(merchant.fee, taken.settled), shares.from_fee),
        Posting(wallet_path(taken.payer, merchant.currency, home), -shares.to_payer),
    ]
    return entry_of(f"code-refund:{refund_id}", CODE_REFUND, on, lines, memo)


@dataclass(frozen=True, slots=True)
class Share:
    """What payments of one merchant come to that are due and were made under one contract: in minor units."""

    merchant_id: str
    contract_on: date
    payments: int
    net_minor: int
    fee_minor: int


@dataclass(frozen=True, slots=True)
class Due:
    """What payments of one merchant come to that are due: payments, what he is owed, fees that are kept of it. ``earned``: what
    of the fees is earned by paying out; ``after``: what of that is charged out of the wallet afterwards."""

    id: str
    merchant_id: str
    payments: int
    net: Money
    fee: Money
    earned: Money
    after: Money


def due_of(
    settlement_id: str, merchant: Merchant, shares: Sequence[Share], contracts: Mapping[date, MerchantTerms]
) -> Due:
    """Add up what is due of one merchant, each part under the contract by which it was taken."""
    earned = after = 0
    for each in shares:
        agreed = contracts[each.contract_on]
        if agreed.fee.earned == "settlement":
            earned += each.fee_minor
            after += each.fee_minor if agreed.settles == "gross" else 0

    def money(minor: int) -> Money:
        return Money(minor, merchant.currency)

    return Due(
        f"{settlement_id}:{merchant.id}", merchant.id, sum(each.payments for each in shares),
        money(sum(each.net_minor for each in shares)), money(sum(each.fee_minor for each in shares)), money(earned), money(after),
    )  # fmt: skip


def settled_entries(due: Due, merchant: Merchant, on: date, home: str) -> list[JournalEntry]:
    """Pay a merchant out, and earn what fees wait for that. Net: what he is owed. Gross: all, and the fee out of the wallet.

    liabilities:escrow:merchants:MERCHANT  owed
    liabilities:escrow:merchant-fees       fee
        liabilities:wallets:MERCHANT       -owed (gross: -owed - fee)
        income:fees:merchants              -fee (gross: an entry of its own, out of the wallet)
    """
    wallet = wallet_path(merchant.party_id, merchant.currency, home)
    lines = [
        Posting(escrow_of(merchant.id), due.net),
        Posting(FEES, due.earned),
        Posting(wallet, -(due.net + due.after)),
        Posting(EARNED, due.after - due.earned),
    ]
    name = f"code-settled:{due.id}"
    entries = [entry_of(name, CODE_SETTLED, on, lines)] if due.net or due.earned else []
    if due.after:
        entries = [
            replace(entries[0], linked=True),
            entry_of(f"code-fee:{due.id}", CODE_FEE, on, [Posting(wallet, due.after), Posting(EARNED, -due.after)]),
        ]
    return entries
