"""Decide about merchants and payments by code. Pure.

Order of checks of a payment: the code can be read, is of this house, is as it was signed, is good still; the merchant takes
money; the amount; the payer's and the merchant's wallets; what of the day is left. The ledger then checks the money.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from farthing.kernel.proving.rules import KEY_NEEDED
from farthing.kit.errors import conflict, declined, forbidden, malformed, not_found
from farthing.kit.ids import bare, derived, prefixed
from farthing.kit.money import Money, positive
from farthing.kit.rates import part_of_whole
from farthing.ledger.model import JournalEntry, Posting
from farthing.payments import rules as wallets
from farthing.payments.merchants.model import CodePaid, Fee, Merchant, OpenMerchant, PayByCode, PayTill, Settles
from farthing.payments.wallets import CODE_PAY, wallet_path
from farthing.products.pay_codes import CodeLevel, PayCodes

FEES, EARNED = "liabilities:escrow:merchant-fees", "income:fees:merchants"
HIGHEST_RATE = Decimal("0.2")
MOST_TILLS, MOST_CASHIERS = 1_000, 1_000

BAD_FEE = malformed(
    "merchants.bad_fee",
    "A fee is 0 to {most} of a payment, with at most six decimals; {rate} was given.",
    "手续费率须为 0 至 {most}，至多六位小数；收到 {rate}。",
)
BAD_CONTRACT = malformed(
    "merchants.bad_contract",
    "Paid out gross, the merchant is charged the fee afterwards: it is the merchant's, and earned at the settlement.",
    "全额结算后另行收取手续费：手续费须由商户承担，并于结算时确认收入。",
)
BAD_NAME = malformed(
    "merchants.bad_name",
    "{field} is 1 to {most} printable characters: codes carry no more.",
    "{field} 须为 1 至 {most} 个可见字符（收款码的长度限制）。",
)
UNKNOWN = not_found("merchants.unknown", "There is no merchant {merchant}.", "没有商户 {merchant}。")
UNKNOWN_TILL = not_found("merchants.unknown_till", "There is no till {till}.", "没有收银台 {till}。")
NOT_OWNER = forbidden("merchants.not_owner", "Only the merchant may do this.", "此操作只能由商户本人办理。")
NOT_CASHIER = forbidden(
    "merchants.not_cashier",
    "{cashier} takes no money for this merchant; the merchant says who does.",
    "{cashier} 不是该商户的收银员；请由商户授权。",
)
TOO_MANY = declined("merchants.too_many", "A merchant has at most {most} of these.", "每个商户至多 {most} 个。")
ENDED = declined(
    "merchants.ended",
    "{merchant} takes no money any more, since {since}.",
    "{merchant} 已于 {since} 停止收款。",
)
CONTRACT_TOO_SOON = malformed(
    "merchants.contract_too_soon",
    "Other terms hold from a later day than {today}: what was paid stays under the terms it was paid by. {given} was given.",
    "新条款的生效日须晚于 {today}：已收款项仍按原条款；收到 {given}。",
)
NO_CODE = not_found(
    "merchants.no_static_code", "This till has no code that is shown again and again.", "该收银台没有静态收款码。"
)
CODE_WITHDRAWN = declined(
    "merchants.code_withdrawn",
    "This code was withdrawn; ask the merchant for another.",
    "此收款码已停用；请向商户索取新的收款码。",
)
CODE_UNKNOWN = not_found(
    "merchants.code_unknown",
    "Nobody is paid here by this code; ask the merchant for another.",
    "此码不是本行收款码，或已停用；请向商户索取新的收款码。",
)
CODE_FORGED = declined(
    "merchants.code_forged",
    "This code is not as the bank signed it: somebody changed it. Nothing was paid; tell the merchant.",
    "此码与本行签发的内容不符，可能已被篡改；未付款，请告知商户。",
)
CODE_EXPIRED = declined(
    "merchants.code_expired", "The time of this code is over; have a new one made.", "此码已过期；请重新生成。"
)
CODE_USED = conflict(
    "merchants.code_used", "This code was paid already; it is good once.", "此码已付款；每个动态码只能使用一次。"
)
OVER_CODE = declined(
    "merchants.over_code",
    "Whoever shows this code lets {most} be charged by it at most; {asked} was asked for.",
    "此付款码至多可扣 {most}；申请扣款 {asked}。",
)
NO_AMOUNT = malformed(
    "merchants.no_amount", "This code leaves the amount to who pays; say how much.", "此码未含金额；请输入付款金额。"
)
OTHER_AMOUNT = conflict(
    "merchants.other_amount",
    "The merchant asks for {amount} by this code and nothing else.",
    "商户收款码的金额为 {amount}，不能支付其他金额。",
)
FOREIGN = malformed(
    "merchants.foreign_currency",
    "This merchant takes {currency}; {given} was given.",
    "该商户只收 {currency}；收到 {given}。",
)
OVER_DAY = declined(
    "merchants.over_day",
    "Payments by code of this kind come to at most {most} of one payer in a day ({article}); {gone} went already.",
    "此类条码支付每人每日合计至多 {most}（{article_zh}）；今日已付 {gone}。",
)
UNKNOWN_PAYMENT = not_found(
    "merchants.unknown_payment", "The merchant took no payment {payment}.", "该商户没有收款 {payment}。"
)
REFUND_OF_REFUND = declined(
    "merchants.refund_of_refund",
    "{payment} is a refund; what was given back is not given back again.",
    "{payment} 是退款，不能再次退款。",
)
REFUND_TOO_MUCH = declined(
    "merchants.refund_too_much",
    "Of this payment {left} may still be given back; {asked} was asked for.",
    "该笔收款还可退 {left}；申请退款 {asked}。",
)
TOO_LITTLE = declined(
    "merchants.too_little_to_refund",
    "What waits to be paid out and the merchant's wallet do not hold {amount}; pay in first.",
    "待结算款项和商户钱包余额不足 {amount}；请先充值。",
)


def rate_of(fee: Fee) -> Decimal:
    """The part of a payment that a contract takes; refuses ``merchants.bad_fee``."""
    rate = part_of_whole(fee.rate, HIGHEST_RATE)
    if rate is None:
        raise BAD_FEE(most=HIGHEST_RATE, rate=repr(fee.rate))
    return rate


def fee_of(fee: Fee, amount: Money) -> Money:
    """What a payment costs, to the nearest smallest unit, halves up."""
    return Money.rounded(amount.decimal() * rate_of(fee), amount.currency, ROUND_HALF_UP)


def fee_back(fee: Fee, whole: Money, amount: Money, refunded: Money) -> Money:
    """What of a fee has gone back once so much of a payment has: in proportion, down, and all of it with the last of it."""
    return Money(whole.minor * refunded.minor // amount.minor if fee.returned else 0, whole.currency)


def check_contract(fee: Fee, settles: Settles) -> None:
    """Refuse a contract that cannot be."""
    rate_of(fee)
    if settles == "gross" and (fee.by, fee.earned) != ("merchant", "settlement"):
        raise BAD_CONTRACT()


def check_takes(merchant: Merchant) -> None:
    """Refuse ``merchants.ended``."""
    if merchant.ended_on is not None:
        raise ENDED(merchant=shop_name(merchant), since=merchant.ended_on)


def shop_name(merchant: Merchant) -> str:
    """What people call a merchant."""
    return merchant.local_name or merchant.name


def check_open(command: OpenMerchant) -> None:
    """Refuse a contract that cannot be, or names that no code carries."""
    check_contract(command.fee, command.settles)
    check_name("name", command.name, 25)
    check_name("city", command.city, 15)
    if command.local_name:
        check_name("local_name", command.local_name, 25)
    if len(command.category) != 4:
        raise BAD_NAME(field="category", most=4)


def check_name(field: str, text: str, most: int) -> None:
    """Refuse what a code does not carry."""
    if not 1 <= len(text) <= most or not text.isprintable() or not text.strip():
        raise BAD_NAME(field=field, most=most)


@dataclass(frozen=True, slots=True)
class Code:
    """A code as it was made. ``party_id``: of a payer's code whose it is; else ``till_id`` and ``merchant_id``."""

    id: str
    merchant_id: str
    till_id: str
    party_id: str
    amount: Money | None
    note: str
    key: bytes
    made_at: datetime
    expires_at: datetime | None
    used_at: datetime | None
    withdrawn_at: datetime | None = None

    @property
    def static(self) -> bool:
        """Whether it is shown again and again."""
        return self.expires_at is None


LEVELS: tuple[CodeLevel, ...] = ("B", "C", "D")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is there when payments are decided: ``gone`` by payer and level, ``confirmed``: payers whom two sources know."""

    open_wallets: frozenset[str]
    confirmed: frozenset[str]
    law: PayCodes | None
    gone: Mapping[tuple[str, CodeLevel], int]
    home: str
    now: datetime
    due_on: date
    key_above: Money | None = None
    holders: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Wanted:
    """One payment that is asked for, whoever presents the code. ``freely``: no passkey of the payer is asked for, since it
    confirmed this, or he shows a code that is charged."""

    id: str
    payer: str
    code: Code
    till: PayTill
    merchant: Merchant
    amount: Money
    note: str
    freely: bool = True


def level_of(code: Code, confirmed: bool) -> CodeLevel:
    """How well a payment is proved: D by a static code, B where two sources confirmed the payer, else C."""
    return "D" if code.static else "B" if confirmed else "C"


def check_code(code: Code | None, wall_at: datetime) -> Code:
    """Refuse a code that is not, was withdrawn or used, or whose time is over."""
    if code is None:
        raise CODE_UNKNOWN()
    if code.withdrawn_at is not None:
        raise CODE_WITHDRAWN()
    if code.used_at is not None:
        raise CODE_USED()
    if code.expires_at is not None and code.expires_at <= wall_at:
        raise CODE_EXPIRED()
    return code


def amount_asked(code: Code, given: Money | None) -> Money:
    """How much is paid by a till's code: what it asks for, or what the payer says where it leaves that to him."""
    if code.amount is not None:
        if given is not None and given != code.amount:
            raise OTHER_AMOUNT(amount=str(code.amount))
        return code.amount
    if given is None:
        raise NO_AMOUNT()
    return given


def check_day(law: PayCodes, level: CodeLevel, gone: int, paid: Money) -> None:
    """Refuse what would be more in a business day than the law lets one payer pay by codes of a level."""
    most = law.most(level)
    if most.currency == paid.currency and gone + paid.minor > most.minor:
        raise OVER_DAY(
            most=str(most), gone=str(Money(gone, paid.currency)), article=law.article.en, article_zh=law.article.zh
        )


@dataclass(slots=True)
class Fold:
    """What the payments before one in the same batch have come to."""

    facts: Facts
    gone: dict[tuple[str, CodeLevel], int] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def one(self, wanted: Wanted) -> CodePaid:
        """Decide one payment; what is let through is counted by :meth:`count`."""
        facts, merchant, amount = self.facts, wanted.merchant, wanted.amount
        if wanted.code.id in self.used:
            raise CODE_USED()
        check_takes(merchant)
        positive(amount)
        if amount.currency != merchant.currency:
            raise FOREIGN(currency=merchant.currency, given=amount.currency)
        if wanted.payer == merchant.party_id:
            raise wallets.SAME_WALLET()
        if wallet_path(wanted.payer, amount.currency, facts.home) not in facts.open_wallets:
            raise wallets.NO_WALLET(party=wanted.payer, currency=amount.currency)
        fee = fee_of(merchant.fee, amount)
        paid = amount + fee if merchant.fee.by == "payer" else amount
        level = level_of(wanted.code, wanted.payer in facts.confirmed)
        self._within(wanted, paid)
        self._by_key(wanted, paid)
        law, gone = facts.law, self._gone(wanted.payer, level)
        if law is not None:
            check_day(law, level, gone, paid)
        return CodePaid(
            wanted.id, reference(wanted.id), merchant.id, wanted.till.id, shop_name(merchant), amount, paid, fee,
            level, wanted.note, facts.due_on, facts.now,
        )  # fmt: skip

    def _within(self, wanted: Wanted, paid: Money) -> None:
        """Refuse more than the payer lets be charged by the code that he shows."""
        most = wanted.code.amount
        if wanted.code.party_id and most is not None and paid > most:
            raise OVER_CODE(most=str(most), asked=str(paid))

    def _by_key(self, wanted: Wanted, paid: Money) -> None:
        """Refuse ``kernel.key_needed`` where he has a passkey and pays more by codes in a day than goes without it."""
        most = self.facts.key_above
        if wanted.freely or most is None or wanted.payer not in self.facts.holders or paid.currency != most.currency:
            return
        if sum(self._gone(wanted.payer, level) for level in LEVELS) + paid.minor > most.minor:
            raise KEY_NEEDED()

    def count(self, wanted: Wanted, done: CodePaid) -> None:
        """Count a payment that is let through."""
        self.gone[wanted.payer, done.level] = self._gone(wanted.payer, done.level) + done.paid.minor
        if not wanted.code.static:
            self.used.add(wanted.code.id)

    def _gone(self, payer: str, level: CodeLevel) -> int:
        return self.gone.get((payer, level), self.facts.gone.get((payer, level), 0))


def cashier_id(merchant_id: str, party_id: str) -> str:
    """A merchant's word for a cashier."""
    return prefixed("cashier", derived(f"cashier\n{merchant_id}\n{party_id}"))


def sum_name(home: str, level: CodeLevel, payer: str) -> str:
    """Under which name is counted what somebody pays by codes of a level in a business day."""
    return f"{home}:code:{level}:{payer}"


def reference(payment_id: str) -> str:
    """The reference of a payment's entry."""
    return f"code-pay:{payment_id}"


def escrow_of(merchant_id: str) -> str:
    """What a merchant took and was not paid out yet: client money."""
    return f"liabilities:escrow:merchants:{bare(merchant_id)}"


_OF_A_MERCHANT = re.compile(r"liabilities:escrow:merchants:([0-9a-hjkmnp-tv-z]{26})")


def merchant_of(path: str) -> str | None:
    """Whose escrow an account is; none where it is no merchant's."""
    found = _OF_A_MERCHANT.fullmatch(path)
    return None if found is None else f"merchant_{found[1]}"


def fee_account(fee: Fee, settled: bool = False) -> str:
    """Where a fee is: the bank's income once it is earned, else owed."""
    return EARNED if fee.earned == "capture" or settled else FEES


def kept(fee: Fee, amount: Money, cost: Money) -> Money:
    """What a payment adds to what the merchant is owed."""
    return amount - cost if fee.by == "merchant" else amount


def entry_of(reference: str, kind: str, on: date, lines: list[Posting], memo: str = "") -> JournalEntry:
    """An entry of the lines that move anything."""
    return JournalEntry(reference, kind, on, tuple(line for line in lines if line.amount), memo)


def paid_entry(payer: str, merchant: Merchant, done: CodePaid, on: date, home: str) -> JournalEntry:
    """Capture a payment, fee and all.

    liabilities:wallets:PAYER                what is paid
        liabilities:escrow:merchants:MERCHANT  -what he is owed
        income:fees:merchants                  -fee (or liabilities:escrow:merchant-fees, until it is earned)
    """
    owed = kept(merchant.fee, done.amount, done.fee)
    lines = [
        Posting(wallet_path(payer, done.paid.currency, home), done.paid),
        Posting(escrow_of(merchant.id), -owed),
        Posting(fee_account(merchant.fee), -done.fee),
    ]
    return entry_of(done.reference, CODE_PAY, on, lines, done.note)


def pay_seen(command: PayByCode, done: CodePaid) -> dict[str, Any]:
    """What whoever confirms a payment must have seen: who is paid as the bank knows it, above all."""
    return {"payee": done.payee, "amount": done.amount, "paid": done.paid, "fee": done.fee}
