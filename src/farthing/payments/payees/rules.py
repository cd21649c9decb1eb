"""Decide how a payee is called, how often one may be looked up, and what a code asks for. Pure."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from farthing.kit.errors import conflict, declined, not_found
from farthing.kit.ids import derived, prefixed
from farthing.kit.masked import masked_name
from farthing.kit.money import Money
from farthing.parties.model import Party
from farthing.payments.payees.model import CollectCode, Paid, Pay
from farthing.payments.payees.naming import Named
from farthing.payments.rules import looked_seen

DAY = timedelta(days=1)
LOOKUPS = 20
"""Look-ups of one customer in a day where no policy is in force that names a figure."""
FRESH = timedelta(days=1)
"""How long who was looked up and never paid is remembered."""
RECENT = 8
MOST_CODES = 20
"""Codes of one customer that are good at a time."""

TOO_MANY_LOOKUPS = declined(
    "payments.too_many_lookups",
    "You looked up {most} phones within a day; pay somebody whom you paid before, open the payee's code, or "
    "try again tomorrow. The rule: {article}.",
    "您一天内已查询 {most} 个手机号；请向付过款的人付款，或扫对方的收款码，或明天再试。依据：{article_zh}。",
)
PAYEE_CHANGED = conflict(
    "payments.payee_changed",
    "This payee cannot be paid by what you looked up: the phone is another one's now, or it was long ago. Look the phone up "
    "again.",
    "无法按此前查询的结果付款：该手机号已变更，或查询时间过久。请重新查询手机号。",
)
NOBODY_ANSWERS = not_found(
    "payments.nobody_answers",
    "Nobody here is paid by that phone; check the number, or ask for a code to collect by.",
    "没有可通过该手机号收款的客户；请核对号码，或请对方出示收款码。",
)
CODE_WITHDRAWN = not_found(
    "payments.collect_code_withdrawn",
    "This code collects nothing: it was withdrawn, or there never was one. Ask the payee for another.",
    "此收款码无效：已停用或不存在。请向收款方索取新的收款码。",
)
OTHER_AMOUNT = conflict(
    "payments.collect_amount",
    "This code asks for {amount} and nothing else.",
    "此收款码的金额为 {amount}，不能支付其他金额。",
)
TOO_MANY_CODES = declined(
    "payments.too_many_collect_codes",
    "You have {most} codes to collect by; withdraw one that you no longer need.",
    "您已有 {most} 个收款码；请先停用不再需要的收款码。",
)


def payee_id(payer: str, payee: str, phone: str) -> str:
    """A payer's word for a payee by a phone: always the same one, and another one for everybody else."""
    return prefixed("payee", derived(f"payee\n{payer}\n{payee}\n{phone}"))


def phone_key(phone: str) -> bytes:
    """What is kept of the phone by which somebody was looked up: enough to see that it is another one now."""
    return hashlib.sha256(f"payee\n{phone}".encode()).digest()


def shown_name(known: Party, named: Named | None = None) -> str:
    """A payee's name as the payer sees it: a person's masked, an organisation's whole, and one that was nearly typed."""
    close = named is not None and named.outcome == "close"
    return known.name if close or known.kind == "organisation" else masked_name(known.name)


def check_amount(code: CollectCode, amount: Money) -> None:
    """Refuse ``payments.collect_amount`` where a code asks for another sum."""
    if code.amount is not None and code.amount != amount:
        raise OTHER_AMOUNT(amount=str(code.amount))


def check_count(codes: int) -> None:
    """Refuse ``payments.too_many_collect_codes``."""
    if codes >= MOST_CODES:
        raise TOO_MANY_CODES(most=MOST_CODES)


def pay_seen(command: Pay, done: Paid) -> dict[str, Any]:
    """What whoever confirms a payment must have seen: the payee as the payer is shown her, above all."""
    return {"payee": done.payee, "name": done.name, "amount": done.amount, "memo": done.memo, **looked_seen(done)}
