"""Run what comes after a payment by code: refunds, a merchant's day, and paying him out on the next business day.

The payment's row is what refunds write first, and it holds no more than was captured: of any number
at once, what is left decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from operator import attrgetter

from farthing.db.tx import Row, Tx
from farthing.kernel.day import PIECE, CloseStep, Stepped, catch_up
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.run import Kernel
from farthing.kernel.whose import STAFF, of
from farthing.kit.errors import Refusal
from farthing.kit.inputs import Cursor, Day, Id, PageSize
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.parties import service as parties
from farthing.payments import rules as wallets
from farthing.payments.merchants import refunding, rules, store, takings_store
from farthing.payments.merchants.model import Merchant, MerchantPayout, Refunded, RefundPayment, TakingLine, Takings
from farthing.payments.merchants.refunding import Due
from farthing.payments.merchants.service import served
from farthing.payments.payees.rules import shown_name
from farthing.payments.wallets import wallet_path


@operation(
    "merchants.refund", title=Words("Refund a payment by code", "退款"), permission="payments:transfer", whose=of("cashier"),
    confirm=refunding.refund_seen,
)  # fmt: skip
def refund(tx: Tx, command: RefundPayment) -> Refunded:
    """Give a payment back, whole or in part, out of what waits of it and then out of the merchant's wallet.

    Refuses ``money.not_positive``, ``payments.bad_memo``, ``merchants.not_cashier``, ``merchants.foreign_currency``,
    ``merchants.refund_of_refund``, ``merchants.unknown_payment``, ``merchants.refund_too_much``,
    ``merchants.too_little_to_refund``.
    """
    wallets.check_memo(command.reason)
    merchant = served(tx, command.merchant_id, command.cashier)
    refunding.check_refund(command.payment_id, command.amount, merchant)
    taken = takings_store.take_back(tx, merchant.id, command.payment_id, command.amount)
    if taken is None:
        there = takings_store.find(tx, merchant.id, command.payment_id)
        if there is None:
            raise rules.UNKNOWN_PAYMENT(payment=repr(command.payment_id[:60]))
        raise rules.REFUND_TOO_MUCH(left=str(there.left), asked=str(command.amount))
    merchant = replace(merchant, fee=store.contracts(tx, [merchant.id])[merchant.id][taken.contract_on].fee)
    shares = refunding.refund_of(merchant.fee, taken, command.amount)
    refund_id = tx.new_id("refund")
    entry = refunding.refund_entry(refund_id, merchant, taken, shares, tx.business_date, tx.home, command.reason)
    try:
        ledger.post_all(tx, [entry])
    except Refusal as refusal:
        if refusal.code == "ledger.insufficient_funds":
            raise rules.TOO_LITTLE(amount=str(shares.from_escrow + shares.from_wallet)) from refusal
        raise
    made = Refunded(refund_id, entry.reference, taken.id, command.amount, shares.from_fee, taken.left, tx.now)
    takings_store.keep_refund(tx, taken, merchant.id, made, shares.from_escrow, command.reason, command.cashier)
    return made


@operation(
    "merchants.settle", title=Words("Merchants are paid out", "商户结算"), permission="kernel:close_day", whose=STAFF
)  # fmt: skip
def settle(tx: Tx, step: CloseStep) -> Stepped:
    """Pay merchants what is due by a day, each in one sum; who has a closed wallet waits for it to be opened again."""
    ids = takings_store.due_merchants(tx, step.on, step.after, PIECE)
    found = store.merchants(tx, ids)
    paths = {each: wallet_path(found[each].party_id, found[each].currency, tx.home) for each in ids}
    closed = set(ledger.not_open(tx, sorted(set(paths.values())))) if paths else set()
    ready = [each for each in ids if paths[each] not in closed]
    due = _due(tx, found, ready, step.on) if ready else []
    entries = [
        entry
        for each in due
        for entry in refunding.settled_entries(each, found[each.merchant_id], tx.business_date, tx.home)
    ]
    if entries:
        ledger.post_all(tx, entries)
    return Stepped(len(due), ids[-1] if len(ids) == PIECE else None)


def _due(tx: Tx, found: Mapping[str, Merchant], ready: Sequence[str], on: date) -> list[Due]:
    """Mark what is due, and keep what it comes to, each payment under the contract by which it was taken."""
    settlement_id, contracts = tx.new_id("settled"), store.contracts(tx, ready)
    shares = takings_store.settle(tx, ready, settlement_id, on)
    due = [
        refunding.due_of(settlement_id, found[each], list(some), contracts[each])
        for each, some in groupby(shares, attrgetter("merchant_id"))
    ]
    takings_store.keep_settlements(tx, settlement_id, tx.business_date, due)
    return due


def watch(kernel: Kernel) -> None:
    """Pay out what is due today. Harmless to repeat."""
    catch_up(kernel, settle, lambda tx, on: takings_store.due_merchants(tx, on, "", 1))


@question("merchants.takings", permission="payments:read", whose=of("party_id"))
def takings(
    tx: Tx, party_id: Id, merchant_id: Id, on: Day | None = None, before: Cursor = "", limit: PageSize = 20
) -> Takings:
    """A merchant's day, for whoever takes money there: payments, the latest first, and sums of all of them; continue with
    ``before`` the last id. Refuses ``merchants.not_cashier``."""
    return takings_on(tx, served(tx, merchant_id, party_id), on or tx.business_date, before, limit)


def takings_on(tx: Tx, merchant: Merchant, on: date, before: str, limit: int) -> Takings:
    """A merchant's day."""
    found = takings_store.taken_on(tx, merchant.id, on, before, limit + 1)
    lines = told(tx, found[:limit])
    sums, currency = takings_store.sums_on(tx, merchant.id, on), merchant.currency
    return Takings(
        merchant, on, lines, sums["many"], Money(sums["amount"], currency), Money(sums["refunded"], currency),
        Money(sums["fee"], currency), ledger.balance(tx, rules.escrow_of(merchant.id)).owed(),
        lines[-1].id if len(found) > limit else None,
    )  # fmt: skip


def told(tx: Tx, found: Sequence[Row]) -> tuple[TakingLine, ...]:
    """Payments as the merchant sees them: who paid, masked."""
    names = parties.parties(tx, sorted({row["payer"] for row in found}))
    return tuple(
        TakingLine(
            row["id"], row["till_id"], Money(row["amount_minor"], row["currency"]), Money(row["fee_minor"], row["currency"]),
            Money(row["refunded_minor"], row["currency"]), row["taken_at"], row["due_on"], row["settlement_id"] is not None,
            shown_name(names[row["payer"]]),
        )
        for row in found
    )  # fmt: skip


@question("merchants.settlements", permission="payments:read", whose=of("party_id"))
def settlements(
    tx: Tx, party_id: Id, merchant_id: Id, before: Cursor = "", limit: PageSize = 20
) -> list[MerchantPayout]:
    """What a merchant was paid out, the latest first, for whoever takes money there; continue with ``before`` the last id."""
    return takings_store.settlements(tx, served(tx, merchant_id, party_id).id, before, limit)
