"""Run merchants: who may take money, where, and for whom; and the codes that tills and payers show.

A till's code is signed, a payer's is a secret of which the bank keeps a hash. A code made for one payment is good once and for a
few minutes, a payer's for about one (the policy in force says).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from farthing.db.tx import Tx
from farthing.identity import counting
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF, of
from farthing.kit.inputs import Id
from farthing.kit.money import Money, positive
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.ledger.model import AccountSpec
from farthing.parties import service as parties
from farthing.parties.model import Party
from farthing.payments import rules as wallets
from farthing.payments import service as payments
from farthing.payments.merchants import rules, signed, store
from farthing.payments.merchants.limits_service import law
from farthing.payments.merchants.model import (
    AddTill,
    Asks,
    Cashier,
    MakeCode,
    Merchant,
    OpenMerchant,
    PayTill,
    SetCashier,
    Shown,
    ShownPayerCode,
    ShowPayerCode,
    TillCode,
    WithdrawCode,
)
from farthing.payments.payees import service as payees
from farthing.products.alone import sums_service as sums

COUNTRY = "CN"
DYNAMIC_SECONDS, PAYER_SECONDS = 300, 60
"""How long codes live where the law in force says nothing."""


@operation(
    "merchants.open", title=Words("Open a merchant", "开通商户"), permission="merchants:open", whose=STAFF
)  # fmt: skip
def open_merchant(tx: Tx, command: OpenMerchant) -> Merchant:
    """Let a customer take money by codes, under a contract. Refuses ``merchants.bad_*``, ``parties.unknown``,
    ``payments.no_wallet``."""
    rules.check_open(command)
    owner = parties.party(tx, command.party_id)
    if not payments.has_wallet(tx, owner.id):
        raise wallets.NO_WALLET(party=owner.id, currency=tx.home)
    made = Merchant(
        tx.new_id("merchant"), owner.id, command.name, command.local_name, command.city, command.category, tx.home, command.fee,
        command.settles, tx.now, tx.business_date,
    )  # fmt: skip
    paths = (rules.escrow_of(made.id), rules.FEES)
    ledger.open_accounts(
        tx, [*(AccountSpec(each, tx.home, floor=0) for each in paths), AccountSpec(rules.EARNED, tx.home)]
    )
    store.insert(tx, made)
    return made


def merchant_of(tx: Tx, merchant_id: str) -> Merchant:
    """A merchant; refuses ``merchants.unknown``."""
    found = store.merchants(tx, [merchant_id]).get(merchant_id)
    if found is None:
        raise rules.UNKNOWN(merchant=repr(merchant_id[:60]))
    return found


def names(tx: Tx, ids: Sequence[str]) -> dict[str, str]:
    """What merchants are called by whoever pays them, those that there are."""
    return {each.id: each.local_name or each.name for each in store.merchants(tx, ids).values()} if ids else {}


def check_takes(tx: Tx, merchant_id: str) -> None:
    """Refuse ``merchants.ended`` of a merchant; who is none, and asks or draws under no shop's name, is no merchant's matter."""
    if merchant_id:
        rules.check_takes(merchant_of(tx, merchant_id))


def ended_among(tx: Tx, ids: Sequence[str]) -> frozenset[str]:
    """Which of these merchants take no more money."""
    return frozenset(each.id for each in store.merchants(tx, ids).values() if each.ended_on) if ids else frozenset()


def served(tx: Tx, merchant_id: str, cashier: str) -> Merchant:
    """A merchant for whom somebody takes money; refuses ``merchants.unknown``, ``merchants.not_cashier``."""
    found = merchant_of(tx, merchant_id)
    if cashier != found.party_id and (found.id, cashier) not in store.cashiers(tx, [found.id]):
        raise rules.NOT_CASHIER(cashier=cashier)
    return found


def owned(tx: Tx, merchant_id: str, owner: str) -> Merchant:
    """A merchant of somebody; refuses ``merchants.unknown``, ``merchants.not_owner``."""
    found = merchant_of(tx, merchant_id)
    if owner != found.party_id:
        raise rules.NOT_OWNER()
    return found


@operation(
    "merchants.add_till", title=Words("Add a till", "新增收银台"), permission="payments:transfer", whose=of("owner")
)
def add_till(tx: Tx, command: AddTill) -> PayTill:
    """Add a till of a store; refuses ``merchants.not_owner``, ``merchants.ended``, ``merchants.bad_name``,
    ``merchants.too_many``."""
    found = owned(tx, command.merchant_id, command.owner)
    rules.check_takes(found)
    rules.check_name("store", command.store, 25)
    rules.check_name("name", command.name, 25)
    if len(store.tills_of(tx, found.id, rules.MOST_TILLS)) >= rules.MOST_TILLS:
        raise rules.TOO_MANY(most=rules.MOST_TILLS)
    made = PayTill(tx.new_id("paytill"), found.id, command.store, command.name)
    store.insert_till(tx, made)
    return made


@operation(
    "merchants.set_cashier", title=Words("Say who takes money", "设置收银员"), permission="payments:transfer", whose=of("owner")
)  # fmt: skip
def set_cashier(tx: Tx, command: SetCashier) -> Cashier:
    """Say that somebody takes money for the merchant, or no longer does; at once. Refuses ``merchants.not_owner``,
    ``merchants.too_many``, ``parties.unknown``, ``payments.payee_changed``."""
    found = owned(tx, command.merchant_id, command.owner)
    cashier = _named(tx, found, command)
    if command.may and len(store.cashiers(tx, [found.id])) >= rules.MOST_CASHIERS:
        raise rules.TOO_MANY(most=rules.MOST_CASHIERS)
    store.set_cashier(tx, found.id, cashier.id, command.may)
    return Cashier(found.id, cashier.id, command.may)


def _named(tx: Tx, merchant: Merchant, command: SetCashier) -> Party:
    """Whom the merchant means: by her own id, by his word for her as a payee, or by that for her as a cashier."""
    if command.party_id.startswith("payee_"):
        return payees.looked_up(tx, merchant.party_id, command.party_id)
    if not command.party_id.startswith("cashier_"):
        return parties.party(tx, command.party_id)
    known = {rules.cashier_id(each, party): party for each, party in store.cashiers(tx, [merchant.id])}
    if command.party_id not in known:
        raise rules.NOT_CASHIER(cashier=repr(command.party_id[:60]))
    return parties.party(tx, known[command.party_id])


def till_of(tx: Tx, till_id: str) -> PayTill:
    """A till; refuses ``merchants.unknown_till``."""
    found = store.tills(tx, [till_id]).get(till_id)
    if found is None:
        raise rules.UNKNOWN_TILL(till=repr(till_id[:60]))
    return found


@operation(
    "merchants.make_code", title=Words("Make a till's code", "生成商户码"), permission="payments:transfer", whose=of("cashier")
)  # fmt: skip
def make_code(tx: Tx, command: MakeCode) -> TillCode:
    """Have a code signed: with an amount it is good for one payment and a few minutes; without one the till has one for ever, the
    same again. Refuses ``merchants.not_cashier``, ``merchants.ended``, ``merchants.foreign_currency``, ``payments.bad_memo``."""
    wallets.check_memo(command.note)
    till = till_of(tx, command.till_id)
    merchant = served(tx, till.merchant_id, command.cashier)
    rules.check_takes(merchant)
    amount, at = command.amount, counting.wall(tx)
    if amount is not None:
        positive(amount)
        if amount.currency != merchant.currency:
            raise rules.FOREIGN(currency=merchant.currency, given=amount.currency)
    made = store.static_code(tx, till.id) if amount is None else None
    if made is None:
        limits = law(tx)
        lives = timedelta(seconds=limits.dynamic_seconds if limits else DYNAMIC_SECONDS)
        made = rules.Code(
            tx.new_id("paycode"), merchant.id, till.id, "", amount, command.note if amount else "",
            tx.ids.octets(signed.KEY), at, at + lives if amount else None, None,
        )  # fmt: skip
        store.insert_code(tx, made)
    return drawn_code(made, merchant, till)


def drawn_code(made: rules.Code, merchant: Merchant, till: PayTill) -> TillCode:
    """A code with the text that is drawn."""
    return TillCode(
        made.id, till.id, made.amount, made.note, made.expires_at, signed.text_of(made, merchant, till, COUNTRY)
    )


@operation(
    "merchants.withdraw_code", title=Words("Withdraw a till's static code", "停用静态收款码"), permission="payments:transfer",
    whose=of("cashier"),
)  # fmt: skip
def withdraw_code(tx: Tx, command: WithdrawCode) -> TillCode:
    """The code that a till shows again and again is no longer good; another may be made. Refuses ``merchants.not_cashier``,
    ``merchants.no_static_code``."""
    till = till_of(tx, command.till_id)
    return withdrawn(tx, served(tx, till.merchant_id, command.cashier), till)


def withdrawn(tx: Tx, merchant: Merchant, till: PayTill) -> TillCode:
    """Withdraw what a till shows again and again."""
    made = store.static_code(tx, till.id)
    if made is None or not store.withdraw(tx, made.id, counting.wall(tx)):
        raise rules.NO_CODE()
    return drawn_code(made, merchant, till)


@operation(
    "merchants.show_payer_code", title=Words("Show a payment code", "出示付款码"), permission="payments:transfer",
    whose=of("party_id"),
)  # fmt: skip
def show_payer_code(tx: Tx, command: ShowPayerCode) -> ShownPayerCode:
    """Make the code by which a merchant charges who shows it: once, within about a minute, up to what the payer says. Refuses
    ``payments.no_wallet``, ``money.not_positive``."""
    if command.most is not None:
        positive(command.most)
    if not payments.has_wallet(tx, command.party_id):
        raise wallets.NO_WALLET(party=command.party_id, currency=tx.home)
    limits, at = law(tx), counting.wall(tx)
    secret = tx.ids.octets(signed.KEY)
    until = at + timedelta(seconds=limits.payer_seconds if limits else PAYER_SECONDS)
    made = rules.Code(
        tx.new_id("paycode"), "", "", command.party_id, command.most, "", signed.hashed(secret), at, until, None
    )
    store.insert_code(tx, made)
    return ShownPayerCode(made.id, until, command.most, signed.payer_text(made.id, secret))


@question("merchants.asks", permission="payments:transfer", whose=of("party_id"))
def asks(tx: Tx, party_id: Id, code: Shown = "") -> Asks:
    """What a till's code asks for, as the bank knows it, and what of the day's limit is left to whoever asks. Refuses
    ``codes.*``, ``merchants.code_*``, ``merchants.ended``."""
    code_id, said = signed.read(code)
    made = rules.check_code(store.codes(tx, [code_id]).get(code_id), counting.wall(tx))
    signed.check(made, said)
    merchant, till = merchant_of(tx, made.merchant_id), till_of(tx, made.till_id)
    shop = rules.shop_name(merchant)
    rules.check_takes(merchant)
    level = rules.level_of(made, party_id not in parties.unconfirmed(tx, [party_id]))
    limits, name = law(tx), rules.sum_name(tx.home, level, party_id)
    gone = Money(sums.looked(tx, name), tx.home)
    most = limits.most(level) if limits is not None else None
    return Asks(
        made.id, shop, Words(merchant.name, shop), till.store, till.name, made.static, made.amount, made.note, merchant.fee,
        made.expires_at, level, most, gone, limits.article if limits is not None else None,
    )  # fmt: skip


@question("merchants.mine", permission="payments:read", whose=of("party_id"))
def mine(tx: Tx, party_id: Id) -> list[Merchant]:
    """The merchants that a customer is, or takes money for."""
    return store.of_party(tx, party_id, rules.MOST_CASHIERS)


@question("merchants.tills", permission="payments:read", whose=of("party_id"))
def tills(tx: Tx, party_id: Id, merchant_id: Id) -> list[PayTill]:
    """A merchant's tills, for whoever takes money there; refuses ``merchants.not_cashier``."""
    return store.tills_of(tx, served(tx, merchant_id, party_id).id, rules.MOST_TILLS)
