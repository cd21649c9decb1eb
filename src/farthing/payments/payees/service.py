"""Run payments to people: who answers to a phone is shown masked before the amount, and no id is ever told or asked.

A payer's word for a payee holds the phone by which she was found: once the phone is another one's, or she has another one, it
pays nobody, and the phone is looked up again.
"""

from __future__ import annotations

from farthing.db.tx import Tx
from farthing.identity import counting, phones
from farthing.kernel.operation import Call, operation, sole
from farthing.kernel.proving.rules import counted
from farthing.kernel.question import question
from farthing.kernel.whose import NOBODYS, of
from farthing.kit.inputs import Id
from farthing.kit.money import positive
from farthing.kit.words import Words
from farthing.parties import service as parties
from farthing.parties.model import Party
from farthing.parties.rules import phone_of
from farthing.payments import rules as wallets
from farthing.payments import service as payments
from farthing.payments.merchants import limits_service as limits
from farthing.payments.model import Transfer
from farthing.payments.payees import naming, rules, store
from farthing.payments.payees.model import (
    Asked,
    Collect,
    CollectCode,
    FindPayee,
    Paid,
    Pay,
    Payee,
    PayeeFound,
    WithdrawCollect,
)
from farthing.payments.payees.naming import Named
from farthing.products import service as products
from farthing.products.policy import Level


@operation(
    "payments.find_payee", title=Words("Look up a payee", "查询收款方"),
    permission="payments:transfer", whose=of("party_id"),
)  # fmt: skip
def find_payee(tx: Tx, command: FindPayee) -> PayeeFound:
    """Find who is paid by a phone; each look-up counts, found or not, so that nobody tries numbers or names one after the other.

    Refuses ``parties.phone_invalid``, ``payments.too_many_lookups``, ``payments.same_wallet`` for one's own phone.
    """
    phone, payer, limit = phone_of(command.phone), command.party_id, _limit(tx)
    if limit is not None and not counting.within(tx, ("payee", payer), rules.DAY, limit.value):
        article = limit.article
        raise rules.TOO_MANY_LOOKUPS(most=limit.value, article=article.en, article_zh=article.zh)
    store.forget(tx, payer, tx.now - rules.FRESH)
    found = holder(tx, phone)
    if found is None:
        return PayeeFound("unknown")
    if found.id == payer:
        raise wallets.SAME_WALLET()
    payee_id = rules.payee_id(payer, found.id, phone)
    named = naming.compared(command.name, found.name, found.kind) if command.name.strip() else None
    store.keep(tx, payee_id, payer, found.id, rules.phone_key(phone), tx.now, named)
    return PayeeFound("found", Payee(payee_id, rules.shown_name(found, named), named))


def require_found(result: PayeeFound) -> Payee:
    """The payee, or refuse ``payments.nobody_answers`` (for the doors)."""
    if result.payee is None:
        raise rules.NOBODY_ANSWERS()
    return result.payee


def _limit(tx: Tx) -> Level | None:
    """How many look-ups a day the policy in force lets pass; none where it sets no limit."""
    policy = products.policy_if_any(tx)
    return policy.payee_lookups_max if policy else Level(rules.LOOKUPS, products.HOUSE)


def holder(tx: Tx, phone: str) -> Party | None:
    """Who is paid by a phone: whoever signs in with it, else the only one who has it on file; with a wallet to be paid on."""
    holders = parties.of_phone(tx, phone)
    login = phones.customer_of(tx, phone)
    chosen = [each for each in holders if each.id == login] or (holders if len(holders) == 1 else [])
    return chosen[0] if chosen and payments.has_wallet(tx, chosen[0].id) else None


@question("payments.payee", permission="payments:transfer", whose=of("party_id"))
def payee(tx: Tx, party_id: Id, payee_id: Id) -> Payee:
    """Somebody whom the customer looked up; refuses ``payments.payee_changed``."""
    known, named = _looked_up(tx, party_id, payee_id)
    return Payee(payee_id, rules.shown_name(known, named), named)


@question("payments.recent_payees", permission="payments:transfer", whose=of("party_id"))
def recent_payees(tx: Tx, party_id: Id) -> list[Payee]:
    """Whom the customer paid by a phone that is theirs still, the latest first."""
    found = store.recent(tx, party_id, rules.RECENT)
    known = parties.parties(tx, sorted({row["party_id"] for row in found}))
    people = [(row, known.get(row["party_id"])) for row in found]
    return [
        Payee(row["id"], rules.shown_name(person))
        for row, person in people
        if person is not None and rules.phone_key(person.phone) == bytes(row["phone_key"])
    ]


def looked_up(tx: Tx, payer: str, payee_id: str) -> Party:
    """Who was looked up, whose phone is the same still. Refuses ``payments.payee_changed``, for another's word too."""
    return _looked_up(tx, payer, payee_id)[0]


def payable(tx: Tx, payer: str, payee_id: str, currency: str) -> Party:
    """Who was looked up and can be paid in a currency, by somebody who has a wallet in it. Refuses ``payments.payee_changed``,
    ``payments.same_wallet``, ``payments.no_wallet``, ``payments.payee_unknown``."""
    known = looked_up(tx, payer, payee_id)
    if known.id == payer:
        raise wallets.SAME_WALLET()
    if not payments.has_wallet(tx, payer, currency):
        raise wallets.NO_WALLET(party=payer, currency=currency)
    if not payments.has_wallet(tx, known.id, currency):
        raise wallets.PAYEE_UNKNOWN(payee=rules.shown_name(known), currency=currency)
    return known


def _looked_up(tx: Tx, payer: str, payee_id: str) -> tuple[Party, Named | None]:
    row = store.find(tx, payee_id)
    if row is None or row["payer"] != payer or (row["paid_at"] is None and row["found_at"] < tx.now - rules.FRESH):
        raise rules.PAYEE_CHANGED()
    known = parties.party(tx, row["party_id"])
    if rules.phone_key(known.phone) != bytes(row["phone_key"]):
        raise rules.PAYEE_CHANGED()
    fresh = row["found_at"] >= tx.now - rules.FRESH
    return known, Named(row["named"], row["named_why"]) if row["named"] and fresh else None


@operation(
    "payments.pay", title=Words("Payment", "付款"),
    permission="payments:transfer", whose=of("payer"), confirm=rules.pay_seen, by_key=counted,
)  # fmt: skip
def pay(tx: Tx, command: Pay) -> Paid:
    """Pay who was looked up, or whose code is open. A person's code is shown again and again: what is paid by such codes and by
    those that hang at tills counts together, at level D.

    Refuses ``merchants.over_day``, ``payments.payee_changed``, ``payments.collect_code_withdrawn``, ``payments.collect_amount``,
    ``payments.payee_unknown`` where she has no wallet in the currency, and as ``payments.transfer`` does.
    """
    positive(command.amount)
    memo, named = command.memo, ""
    if command.payee.startswith("collect_"):
        code, known = _opened(tx, command.payee)
        rules.check_amount(code, command.amount)
        limits.count_static(tx, command.payer, command.amount)
        memo = memo or code.note
    else:
        known, compared = _looked_up(tx, command.payer, command.payee)
        named = compared.outcome if compared else ""
    if not payments.has_wallet(tx, known.id, command.amount.currency):
        raise wallets.PAYEE_UNKNOWN(payee=rules.shown_name(known), currency=command.amount.currency)
    transfer = Transfer(command.payer, known.id, command.amount, memo, command.id)
    done = sole(payments.looked_at(tx, [Call(transfer, tx.actor)], named))
    if not command.payee.startswith("collect_"):
        store.paid(tx, command.payee, tx.now)
    reference = wallets.transfer_reference(done.id)
    name = rules.shown_name(known)
    return Paid(
        done.id, reference, command.payee, done.amount, memo, done.recorded_at, name, done.held_until, done.warnings
    )


@operation(
    "payments.collect", title=Words("Make a code to collect by", "生成收款码"),
    permission="payments:transfer", whose=of("party_id"),
)  # fmt: skip
def collect(tx: Tx, command: Collect) -> CollectCode:
    """Make a code; the one without amount and note is made once, and answered again until it is withdrawn.

    Refuses ``payments.no_wallet``, ``money.not_positive``, ``payments.bad_memo``, ``payments.too_many_collect_codes``.
    """
    if command.amount is not None:
        positive(command.amount)
    wallets.check_memo(command.note)
    currency = command.amount.currency if command.amount else tx.home
    if not payments.has_wallet(tx, command.party_id, currency):
        raise wallets.NO_WALLET(party=command.party_id, currency=currency)
    parties.held(tx, command.party_id)  # codes that are made at one moment are counted one after the other
    there = store.codes_of(tx, command.party_id, rules.MOST_CODES)
    same = [each for each in there if (each.amount, each.note) == (command.amount, command.note)]
    if same:
        return same[0]
    rules.check_count(len(there))
    made = CollectCode(tx.new_id("collect"), command.amount, command.note, tx.now)
    store.insert_code(tx, made, command.party_id)
    return made


def code_owner(tx: Tx, code_id: str) -> str | None:
    """Whose code it is; none where there is none that is good."""
    found = store.code(tx, code_id)
    return None if found is None else found[1]


@operation(
    "payments.withdraw_collect", title=Words("Withdraw a code to collect by", "停用收款码"),
    permission="payments:transfer", whose=of("code_id", code_owner),
)  # fmt: skip
def withdraw_collect(tx: Tx, command: WithdrawCollect) -> CollectCode:
    """A code is no longer good; refuses ``payments.collect_code_withdrawn`` where it was not."""
    found = store.code(tx, command.code_id)
    if found is None or not store.withdraw_code(tx, command.code_id, tx.now):
        raise rules.CODE_WITHDRAWN()
    return found[0]


@question("payments.collect_codes", permission="payments:transfer", whose=of("party_id"))
def collect_codes(tx: Tx, party_id: Id) -> list[CollectCode]:
    """One's codes that are good, the newest first."""
    return store.codes_of(tx, party_id, rules.MOST_CODES)


@question("payments.asked", permission="payments:transfer", whose=NOBODYS)
def asked(tx: Tx, code_id: Id) -> Asked:
    """What a code asks of whoever opens it: the payee masked, the sum, what for. Whoever has the code was given it.

    Refuses ``payments.collect_code_withdrawn``.
    """
    code, known = _opened(tx, code_id)
    return Asked(code.id, code.amount, code.note, rules.shown_name(known))


def _opened(tx: Tx, code_id: str) -> tuple[CollectCode, Party]:
    found = store.code(tx, code_id)
    if found is None:
        raise rules.CODE_WITHDRAWN()
    return found[0], parties.party(tx, found[1])
