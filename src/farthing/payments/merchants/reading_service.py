"""Answer merchants, their cashiers and payers: a payment with its refunds, a till with its code, who takes money. Reads only."""

from __future__ import annotations

from collections.abc import Sequence

from farthing.db.tx import Row, Tx
from farthing.kernel.question import question
from farthing.kernel.whose import of
from farthing.kit.errors import Refusal
from farthing.kit.inputs import Cursor, Id, PageSize
from farthing.kit.money import Money, total
from farthing.ledger import service as ledger
from farthing.parties import service as parties
from farthing.payments.merchants import rules, store, takings_store
from farthing.payments.merchants.model import CashierLine, Merchant, MerchantTerms
from farthing.payments.merchants.refunds_service import told
from farthing.payments.merchants.service import drawn_code, merchant_of, served, till_of
from farthing.payments.merchants.views import PaidView, RefundLine, TakingView, TillView
from farthing.payments.payees.rules import shown_name
from farthing.payments.rules import NOT_YOURS, UNKNOWN_MOVEMENT
from farthing.payments.wallets import CODE_PAY, CODE_REFUND, party_of

MOST_REFUNDS = 200
"""Refunds of one payment that are told."""


@question("merchants.payment", permission="payments:read", whose=of("party_id"))
def payment(tx: Tx, party_id: Id, merchant_id: Id, payment_id: Id) -> TakingView:
    """One payment with what was given back of it, for whoever takes money there; refuses ``merchants.not_cashier``,
    ``merchants.unknown_payment``."""
    return viewed(tx, served(tx, merchant_id, party_id), payment_id)


def viewed(tx: Tx, merchant: Merchant, payment_id: str) -> TakingView:
    """One payment of a merchant with its refunds."""
    row = takings_store.line(tx, merchant.id, payment_id)
    if row is None:
        raise rules.UNKNOWN_PAYMENT(payment=repr(payment_id[:60]))
    (line,) = told(tx, [row])
    found = refund_lines(tx, merchant, takings_store.refunds(tx, merchant.id, payment_id, "", MOST_REFUNDS))
    return TakingView(line, till_of(tx, line.till_id), found, line.amount - line.refunded)


def refund_lines(tx: Tx, merchant: Merchant, found: Sequence[Row]) -> tuple[RefundLine, ...]:
    """Refunds as both sides see them; the payer gets back what of a fee that he paid goes back."""
    contracts = store.contracts(tx, [merchant.id])[merchant.id] if found else {}
    return tuple(_refund_line(row, contracts[row["contract_on"]]) for row in found)


def _refund_line(row: Row, agreed: MerchantTerms) -> RefundLine:
    amount, fee = Money(row["amount_minor"], row["currency"]), Money(row["fee_minor"], row["currency"])
    to_payer = amount + fee if agreed.fee.by == "payer" else amount
    return RefundLine(row["id"], row["payment_id"], amount, to_payer, fee, row["reason"], row["refunded_at"])


@question("merchants.refunds", permission="payments:read", whose=of("party_id"))
def refunds(tx: Tx, party_id: Id, merchant_id: Id, before: Cursor = "", limit: PageSize = 20) -> list[RefundLine]:
    """What a merchant gave back, the latest first, for whoever takes money there; continue with ``before`` the last id."""
    return all_refunds(tx, served(tx, merchant_id, party_id), before, limit)


def all_refunds(tx: Tx, merchant: Merchant, before: str, limit: int) -> list[RefundLine]:
    """What a merchant gave back, the latest first."""
    return list(refund_lines(tx, merchant, takings_store.refunds(tx, merchant.id, "", before, limit)))


@question("merchants.paid", permission="payments:read", whose=of("party_id"))
def paid(tx: Tx, party_id: Id, reference: Id) -> PaidView:
    """A payment by code as who paid sees it, by the reference of the payment or of one of its refunds. Refuses
    ``payments.not_your_wallet``, ``payments.unknown_movement``, for another's too."""
    if not tx.actor.acts_for(party_id):
        raise NOT_YOURS(actor=tx.actor.id)
    merchant_id, payment_id = _named(tx, party_id, reference)
    merchant = merchant_of(tx, merchant_id)
    row = takings_store.line(tx, merchant.id, payment_id)
    if row is None or row["payer"] != party_id:
        raise UNKNOWN_MOVEMENT(movement_id=reference)
    till = till_of(tx, row["till_id"])
    found = refund_lines(tx, merchant, takings_store.refunds(tx, merchant.id, payment_id, "", MOST_REFUNDS))
    amount, agreed = Money(row["amount_minor"], row["currency"]), store.contracts(tx, [merchant.id])[merchant.id]
    by_payer = agreed[row["contract_on"]].fee.by == "payer"
    return PaidView(
        payment_id, rules.reference(payment_id), rules.shop_name(merchant), till.store, till.name, amount,
        amount + Money(row["fee_minor"], row["currency"]) if by_payer else amount, row["taken_at"], found,
        total([each.to_payer for each in found], row["currency"]),
    )  # fmt: skip


def _named(tx: Tx, party_id: str, reference: str) -> tuple[str, str]:
    """Which payment of which merchant a movement of somebody's wallet is about."""
    try:
        posted = ledger.entry(tx, reference)
    except Refusal:
        raise UNKNOWN_MOVEMENT(movement_id=reference) from None
    kind, _, bare = reference.partition(":")
    if not any(party_of(each.account) == party_id for each in posted.entry.postings):
        raise UNKNOWN_MOVEMENT(movement_id=reference)
    if kind == CODE_REFUND:
        found = takings_store.refunded_by(tx, [bare]).get(bare)
    else:
        merchants = [each for each in (rules.merchant_of(line.account) for line in posted.entry.postings) if each]
        found = (merchants[0], bare) if kind == CODE_PAY and merchants else None
    if found is None:
        raise UNKNOWN_MOVEMENT(movement_id=reference)
    return found


@question("merchants.till", permission="payments:read", whose=of("party_id"))
def till(tx: Tx, party_id: Id, till_id: Id) -> TillView:
    """A till with the code that it shows again and again, for whoever takes money there; refuses ``merchants.not_cashier``."""
    found = till_of(tx, till_id)
    merchant, made = served(tx, found.merchant_id, party_id), store.static_code(tx, found.id)
    return TillView(found, merchant, drawn_code(made, merchant, found) if made is not None else None)


@question("merchants.cashiers", permission="payments:read", whose=of("party_id"))
def cashiers(tx: Tx, party_id: Id, merchant_id: Id) -> list[CashierLine]:
    """Who takes money for a merchant beside himself, names partly hidden; refuses ``merchants.not_cashier``."""
    merchant = served(tx, merchant_id, party_id)
    known = parties.parties(tx, sorted(party for _, party in store.cashiers(tx, [merchant.id])))
    return [
        CashierLine(rules.cashier_id(merchant.id, each), shown_name(person)) for each, person in sorted(known.items())
    ]
