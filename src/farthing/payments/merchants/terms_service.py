"""Run what the bank decides of a merchant: other terms from a day on, an end, a code that is taken out of use."""

from __future__ import annotations

from farthing.db.tx import Tx
from farthing.kernel.operation import operation
from farthing.kernel.whose import STAFF
from farthing.kit.words import Words
from farthing.payments.merchants import rules, store
from farthing.payments.merchants import service as merchants
from farthing.payments.merchants.model import ChangeContract, EndMerchant, Merchant, MerchantTerms, StopCode, TillCode


@operation(
    "merchants.change_contract", title=Words("Agree on other terms with a merchant", "变更商户合同"),
    permission="merchants:open", four_eyes=True, whose=STAFF,
)  # fmt: skip
def change_contract(tx: Tx, command: ChangeContract) -> MerchantTerms:
    """Agree on other terms from a day on that is to come. What was paid before stays under the terms by which it was paid: its
    refunds and its settlement too. Refuses ``merchants.unknown``, ``merchants.ended``, ``merchants.bad_fee``,
    ``merchants.bad_contract``, ``merchants.contract_too_soon``."""
    found = merchants.merchant_of(tx, command.merchant_id)
    rules.check_takes(found)
    rules.check_contract(command.fee, command.settles)
    if command.from_on <= tx.business_date:
        raise rules.CONTRACT_TOO_SOON(today=tx.business_date, given=command.from_on)
    agreed = MerchantTerms(command.from_on, command.fee, command.settles)
    store.put_contract(tx, found.id, agreed)
    return agreed


@operation("merchants.end", title=Words("End a merchant", "终止商户"), permission="merchants:open", whose=STAFF)
def end_merchant(tx: Tx, command: EndMerchant) -> Merchant:
    """Let a merchant take no more money, at once and for good: no code is made and none is paid. What waits is paid out when
    it is due, and refunds go on. Refuses ``merchants.unknown``, ``merchants.ended``."""
    found = merchants.merchant_of(tx, command.merchant_id)
    rules.check_takes(found)
    store.end(tx, found.id, tx.business_date)
    return merchants.merchant_of(tx, found.id)


@operation(
    "merchants.stop_code", title=Words("Stop a till's static code", "银行停用静态收款码"), permission="merchants:open",
    whose=STAFF,
)  # fmt: skip
def stop_code(tx: Tx, command: StopCode) -> TillCode:
    """The bank takes out of use what a till shows again and again, such as a paper that somebody pasted over. Refuses
    ``merchants.unknown_till``, ``merchants.no_static_code``."""
    till = merchants.till_of(tx, command.till_id)
    return merchants.withdrawn(tx, merchants.merchant_of(tx, till.merchant_id), till)
