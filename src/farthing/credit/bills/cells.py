"""Own the reading of single cells and preamble lines, which both wallets print alike. Pure."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime, timedelta

from farthing.credit.bills.model import CURRENCY, OTHER_CURRENCY, UNREADABLE, Stated
from farthing.kit.errors import Refusal
from farthing.kit.money import Money

_INSTANT_FORMATS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d %H:%M",
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y年%m月%d日 %H:%M:%S",
    "%Y年%m月%d日 %H:%M",
    "%Y-%m-%dT%H:%M:%S",
)
_PLAIN = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$")
_EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - bills print naive China time
_AMOUNT = re.compile(r"^[¥￥]?\s*(-?[\d,]+(?:\.\d+)?)\s*元?$")
_CURRENCY = re.compile(r"(USD|EUR|HKD|GBP|JPY|KRW|US\$|HK\$|\$|€|£|美元|港币|欧元|日元)", re.IGNORECASE)
_TAIL = re.compile(r"[((](\d{4})[))]")
_STATED = re.compile(r"^(收入|支出|不计收支|中性交易)[::]\s*(\d+)\s*笔[,,]?\s*([\d,.]+)\s*元")
_ROWS = re.compile(r"共[::]?\s*(\d+)\s*笔记录")
_BRACKETS = re.compile(r"\[([^\]]*)\]")
_FEE = re.compile(r"服务费\s*[::]?\s*[¥￥]\s*([\d,.]+)")
_REFUNDED = re.compile(r"已退款\s*[((]?\s*[¥￥]\s*([\d,.]+)")


def instant(text: str, row: int, column: str = "交易时间") -> datetime:
    """Naive China time of a cell; exports that passed through a spreadsheet print it in several ways."""
    if _PLAIN.match(text):
        # Nearly every row; four times as fast as strptime.
        with suppress(ValueError):
            return datetime.fromisoformat(text)
    for form in _INSTANT_FORMATS:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007
        except ValueError:
            continue
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        days, _, part = text.partition(".")
        # The fraction of a day has at most a dozen digits here; whole seconds by integer arithmetic.
        seconds = round(int(part or "0") * 86_400 / 10 ** len(part)) if part else 0
        return _EXCEL_EPOCH + timedelta(days=int(days), seconds=seconds)
    raise UNREADABLE(row=row, column=column, text=text)


def amount(text: str, row: int, column: str = "金额") -> Money:
    """A cell such as ``49.74`` or ``¥28.16``. Negative, foreign or over-precise amounts are refused."""
    match = _AMOUNT.match(text)
    if match is None:
        if _CURRENCY.search(text):
            raise OTHER_CURRENCY(row=row, text=text)
        raise UNREADABLE(row=row, column=column, text=text)
    try:
        value = Money.parse(match.group(1), CURRENCY)
    except Refusal:
        raise UNREADABLE(row=row, column=column, text=text) from None
    if value.minor < 0:
        raise UNREADABLE(row=row, column=column, text=text)
    return value


def blank(text: str) -> str:
    """WeChat and Alipay print ``/`` for nothing."""
    return "" if text == "/" else text


def card_tail(method: str) -> str | None:
    """The last four digits of the card a payment method names: ``交通银行信用卡(7449)``."""
    match = _TAIL.search(method)
    return match.group(1) if match else None


def fee(note: str, row: int) -> Money:
    """The service fee a WeChat note prints: ``服务费¥0.10``."""
    match = _FEE.search(note)
    return amount(match.group(1), row, "备注") if match else Money.zero(CURRENCY)


def refunded(status: str, whole: Money, row: int) -> Money:
    """How much of a purchase its own status says was given back (WeChat)."""
    if status.startswith(("已全额退款", "对方已退还", "已退还")):
        return whole
    match = _REFUNDED.search(status)
    return amount(match.group(1), row, "当前状态") if match else Money.zero(CURRENCY)


def stated(lines: list[str]) -> dict[str, Stated]:
    """``收入：1笔 28.50元`` and its siblings, by their first word."""
    found: dict[str, Stated] = {}
    for number, line in enumerate(lines, start=1):
        match = _STATED.match(line.replace("：", ":"))
        if match:
            found[match.group(1)] = Stated(int(match.group(2)), amount(match.group(3), number, "统计"))
    return found


def stated_rows(lines: list[str]) -> int | None:
    """``共66笔记录``."""
    for line in lines:
        match = _ROWS.search(line)
        if match:
            return int(match.group(1))
    return None


def bracketed(lines: list[str], label: str) -> list[str]:
    """The ``[...]`` values of the first line that starts with ``label``."""
    for line in lines:
        if line.startswith(label):
            return _BRACKETS.findall(line)
    return []


def labelled(lines: list[str], label: str) -> str | None:
    """The text after ``label：`` without its brackets, or none."""
    for line in lines:
        if line.startswith(label):
            value = re.sub(r"^[：:]\s*", "", line[len(label) :]).strip().strip("[]").strip()
            return value or None
    return None


def preamble_instant(text: str | None) -> datetime | None:
    """An instant of the preamble, or none where the line is absent or redacted."""
    if not text:
        return None
    try:
        return instant(text, 0)
    except Refusal:
        return None
