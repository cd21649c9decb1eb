"""Run the opening of a dispute: the payment is found, so much of it is set aside that nobody gives it back twice, and whoever was
paid is told until when to answer."""

from __future__ import annotations

from farthing.db.server import Collision
from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.kernel.operation import operation
from farthing.kernel.whose import of
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.ledger.model import AccountSpec, JournalEntry, entry_id
from farthing.payments.debits import store as debits
from farthing.payments.disputes import reading_service as reading
from farthing.payments.disputes import rules, store
from farthing.payments.disputes.model import OPENED, DisputeView, Kind, OpenDispute, OpenedTold, PaymentDispute
from farthing.payments.merchants import rules as merchants
from farthing.payments.merchants import takings_store as takings
from farthing.payments.merchants.service import merchant_of
from farthing.payments.rules import transfer_reference
from farthing.payments.wallets import CODE_PAY
from farthing.products.dispute_rules import DisputeRules

Found = tuple[Kind, str, str, str, Money]
"""What is disputed: its kind, its id, the merchant, whose that is, and how much."""


@operation(
    "disputes.open",
    title=Words("Dispute a payment", "对付款提出争议"),
    permission="payments:transfer",
    whose=of("payer"),
)
def open_dispute(tx: Tx, command: OpenDispute) -> DisputeView:
    """Dispute a payment to a merchant, whole or a part of it, or a debit that one never authorised. There is one dispute of each.

    Refuses ``disputes.no_words``, ``disputes.no_payment``, ``disputes.too_late``, ``disputes.too_much``, ``disputes.before``; of
    a debit ``disputes.not_a_reason``, ``disputes.whole``, ``disputes.refund_first``.
    """
    words, law = rules.check_words(command.words), reading.law(tx)
    find = _debit if command.mandate_id else _payment
    kind, payment_id, merchant_id, side, amount = find(tx, command, law)
    fee = law.fee if merchant_id and law.fee.currency == amount.currency else Money.zero(amount.currency)
    made = PaymentDispute(
        rules.dispute_id(kind, payment_id), kind, payment_id, merchant_id, command.payer, side, amount, fee, command.reason,
        "open", "", reading.day_after(tx, law.answer_days), law.provisional, Money.zero(amount.currency), "", 0,
        tx.business_date, tx.now,
    )  # fmt: skip
    if store.find(tx, [made.id]):
        raise rules.BEFORE()
    if kind == "code" and not takings.dispute(tx, merchant_id, payment_id, amount):
        raise Collision("the payment was given back at the same time")
    if not store.insert(tx, made):
        raise Collision("the payment was disputed at the same time")
    store.say(tx, [(made.id, "opened", "payer", "", words, command.digest)])
    if made.provisional:
        ledger.open_accounts(tx, [AccountSpec(rules.ADVANCED, tx.home)])
        ledger.must(tx, [rules.advanced(made, tx.business_date, tx.home)])
    until = reading.day_after(tx, law.answer_days)
    evidence.append_many(tx, [(OPENED, OpenedTold(made.id, merchant_id, side, command.payer, amount, until))])
    return reading.views(tx, [made], command.payer)[0]


def _entry(tx: Tx, reference: str) -> JournalEntry:
    found = ledger.found_by_id(tx, [entry_id(reference)]).get(entry_id(reference))
    if found is None:
        raise rules.NO_PAYMENT(reference=reference)
    return found.entry


def _payment(tx: Tx, command: OpenDispute, law: DisputeRules) -> Found:
    """A payment by code: the payer's own, and what of it is neither given back nor disputed."""
    entry = _entry(tx, command.reference)
    merchant_id = next(filter(None, (merchants.merchant_of(each.account) for each in entry.postings)), "")
    payment_id = command.reference.partition(":")[2]
    taken = takings.find(tx, merchant_id, payment_id) if entry.kind == CODE_PAY else None
    if taken is None or taken.payer != command.payer:
        raise rules.NO_PAYMENT(reference=command.reference)
    rules.check_late(entry.effective_on, tx.business_date, law.days, law)
    if store.find(tx, [rules.dispute_id("code", payment_id)]):
        raise rules.BEFORE()
    amount = rules.check_amount(command.amount, taken.left)
    return "code", payment_id, merchant_id, merchant_of(tx, merchant_id).party_id, amount


def _debit(tx: Tx, command: OpenDispute, law: DisputeRules) -> Found:
    """A debit under a mandate of the payer's: the whole of it, once its way back without a reason is over."""
    debit_id = command.reference.partition(":")[2]
    mandate = debits.find(tx, [command.mandate_id]).get(command.mandate_id)
    debit = debits.debit(tx, command.mandate_id, debit_id) if mandate is not None else None
    known = mandate is not None and debit is not None and mandate.payer == command.payer
    if not known or mandate is None or debit is None or command.reference != transfer_reference(debit_id):
        raise rules.NO_PAYMENT(reference=command.reference)
    if debit.state != "drawn" or debit.done_on is None:
        raise rules.NO_PAYMENT(reference=command.reference)
    if command.reason != "not_authorised":
        raise rules.NOT_A_REASON()
    if debit.refund_until is not None and tx.business_date <= debit.refund_until:
        raise rules.REFUND_FIRST(until=debit.refund_until)
    rules.check_late(debit.done_on, tx.business_date, law.debit_days, law)
    rules.check_whole(command.amount, debit.amount)
    return "debit", debit.id, mandate.merchant_id, mandate.creditor, debit.amount
