"""Own what a row says about where money moved: from which places to which, by its file alone. Pure.

A row's legs sum to nothing. One is of its own account, where that moved; each other is ``open``: it says what another account, or
the world outside, got or gave. An open leg may name its place (a card by its last four digits, a wallet by its name); one that
names none is outside, unless another file's row claims it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from farthing.credit.lexicon import marks_of
from farthing.payments.home.model import Account, Row

Names = Literal["", "tail", "bank", "wallet", "own"]
"""What an open leg is known by: nothing; a card's last four digits; any bank's account; a wallet; an own place that brings
no file."""


@dataclass(frozen=True, slots=True)
class Open:
    """A leg that another file may tell too: so many minor units (more than nothing came in there). ``name`` is of its kind."""

    row_id: str
    number: int
    minor: int
    by: Names
    name: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What one row says: how its own account moved, and its open legs."""

    row: Row
    own: int
    opens: tuple[Open, ...]


_WITHIN = ("余额", "零钱", "余额宝", "零钱通", "账户余额", "小荷包", "余利宝", "笔笔攒", "转入零钱通", "钱包余额")
_CREDIT = re.compile(r"花呗|白条|分付|月付|借呗|备用金|微粒贷")
_INVESTED = re.compile(r"理财|基金|黄金|定期|证券|股票|国债")
_OUT_TO_BANK = re.compile(r"提现|转出到银行|转出-到(?!零钱)|信用卡还款|转账到银行卡")
_IN_FROM_BANK = re.compile(r"充值(?!缴费)|转入零钱通-来自(?!零钱)|转入余额宝|余额宝-转入|转入-")
_WALLET_NAMES = (
    ("wechat", re.compile(r"财付通|微信|零钱|wechat|tenpay", re.I)),
    ("alipay", re.compile(r"支付宝|蚂蚁|alipay", re.I)),
)
_TAIL_IN = re.compile(r"\((\d{4})\)|（(\d{4})）|尾号为?(\d{4})")
_OWN_WORDS = re.compile(
    r"本人|转存|跨行(?:自助)?(?:转账)?还款|信用卡还款|转账还款|自动还款|转帐还款|卡卡转账|own account", re.I
)


def told_by(row: Row, account: Account, holder: str) -> Told | None:
    """What a row says; none where it moved nothing. ``holder``: the person, to whose name money goes within her own."""
    if row.minor == 0:
        return None
    if account.kind == "wallet":
        return _by_wallet(row)
    signed = row.minor if row.direction == "in" else -row.minor
    if account.kind == "here":
        by, name = _beyond_here(row)
    else:
        by, name = _beyond_bank(row, holder)
    return Told(row, signed, (Open(row.id, 0, -signed, by, name),))


def _beyond_here(row: Row) -> tuple[Names, str]:
    """Where a movement of the wallet here went to: an account elsewhere that is her own, something else of hers here, or
    others."""
    if row.kind in ("top-up", "top-up.back", "pay-out", "pay-out.back", "pay-out.settled"):
        return ("tail", row.tail) if row.tail else ("bank", "")
    if row.kind.startswith(("savings.", "fund.")):
        return "own", "saved"
    if row.kind in ("disbursement", "repayment"):
        return "own", "borrowed"
    return ("own", "cash") if row.kind.startswith("cash") else ("", "")


def _beyond_bank(row: Row, holder: str) -> tuple[Names, str]:
    """A bank's row names an own account by the end of its number, by its holder, or by words that say so."""
    text = f"{row.description} {row.counterparty}"
    own = bool(holder) and holder == row.counterparty.rpartition("-")[2].strip()
    if own or _OWN_WORDS.search(text):
        tail = re.sub(r"[^0-9]", "", row.counterparty_account)[-4:]
        return ("tail", tail) if len(tail) == 4 else ("bank", "")
    return "", ""


def wallet_named(row: Row) -> str:
    """The wallet that a bank's row says it was paid through; nothing where it says none."""
    text = f"{row.description} {row.counterparty}"
    return next((name for name, words in _WALLET_NAMES if words.search(text)), "")


def _by_wallet(row: Row) -> Told | None:
    """A wallet's row: what it paid with is its own balance, a card, or what it lends."""
    via = _via(row.method, row.tail)
    text = f"{row.kind} {row.counterparty} {row.description}"
    if row.outcome == "refund":
        return _moved(row, "in", via, ("", ""))
    if row.direction == "neutral":
        return _within_own(row, via, text)
    return _moved(row, row.direction, via, ("", ""))


def _via(method: str, tail: str | None) -> tuple[Names, str] | None:
    """What a wallet paid with, beside its own balance; none where that alone moved."""
    if tail:
        return "tail", tail
    if _CREDIT.search(method):
        return "own", "credit"
    first = re.split(r"[&+＋、;；]", method, maxsplit=1)[0].strip()
    if (
        not first
        or first.startswith(_WITHIN)
        or not re.search(r"银行|信用卡|储蓄卡|信用社|农商|bank|card", first, re.I)
    ):
        return None
    return "bank", ""


def _moved(row: Row, direction: str, via: tuple[Names, str] | None, other: tuple[Names, str]) -> Told:
    """Money of a payment: what paid for it or got it, and the other side."""
    signed = row.minor if direction == "in" else -row.minor
    beyond = Open(row.id, 1, -signed, *other)
    if via is None:
        return Told(row, signed, (beyond,))
    return Told(row, 0, (Open(row.id, 0, signed, *via), beyond))


def _within_own(row: Row, via: tuple[Names, str] | None, text: str) -> Told | None:
    """What a wallet calls neither income nor spending: between her own accounts, or to what she saves, invests or owes."""
    if _CREDIT.search(text) and "r" in marks_of(text):
        return _moved(row, "out", via, ("own", "credit"))
    if _OUT_TO_BANK.search(text):
        named = _TAIL_IN.search(f"{text} {row.method}")
        tail = row.tail or next((each for each in named.groups() if each), "") if named else row.tail
        to: tuple[Names, str] = ("tail", tail) if tail else ("bank", "")
        if "信用卡还款" in text:
            return _moved(row, "out", via, ("bank", "") if via and via == to else to)
        return _paid_out(row, to)
    if _IN_FROM_BANK.search(text) and via is not None:
        return Told(row, row.minor, (Open(row.id, 0, -row.minor, *via),))
    if _INVESTED.search(text) and not row.description.startswith(("余额宝", "零钱通")):
        back = re.search(r"卖出|赎回|转出|取出", text) is not None
        return _moved(row, "in" if back else "out", via, ("own", "invested"))
    if via is not None:
        return _moved(row, "out", via, ("own", "elsewhere"))
    return None


def _paid_out(row: Row, to: tuple[Names, str]) -> Told:
    """From a wallet to a bank: the fee, where there is one, is in the amount and leaves her."""
    fee = min(row.fee, row.minor)
    opens = [Open(row.id, 0, row.minor - fee, *to)]
    if fee:
        opens.append(Open(row.id, 1, fee, ""))
    return Told(row, -row.minor, tuple(each for each in opens if each.minor))
