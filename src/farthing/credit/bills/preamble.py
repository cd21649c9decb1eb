"""Own what stands above and below a bill's table: holder, account, period, and what the bill states of itself. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from farthing.credit.bills import cells
from farthing.credit.bills.cells import BadCell, folded
from farthing.credit.bills.model import CURRENCY, BillHeader, Provider, Stated, TotalsCheck, Transaction
from farthing.kit.money import Money, total

_MOST_LINES = 400
_SUM = re.compile(
    r"^已?(?P<what>收入|支出|不计收支|中性交易) ?: ?(?P<count>\d{1,9}) ?笔,? ?(?:,? ?共? ?)(?P<sum>[\d,.]{1,24}) ?元"
)
_ROWS = re.compile(r"共 ?:? ?(\d{1,9}) ?笔")
_HOLDER = re.compile(r"(?:^|[ ,\]\t])(?:姓名|真实姓名|用户) ?: ?\[?([^\],\t]{1,60})")
_ACCOUNT = re.compile(r"(?:^|[ ,])(?:支付宝账[户号]|账[户号]|微信昵称|微信号) ?: ?\[?([^\],\t]{1,120})")
_STARTS = re.compile(r"(?:起始|开始)(?:时间|日期) ?: ?\[?([^\],\t]{4,40})")
_ENDS = re.compile(r"(?:终止|结束|截止)(?:时间|日期) ?: ?\[?([^\],\t]{4,40})")
_EXPORTED = re.compile(r"(?:导出|下载|申请)时间 ?: ?\[?([^\],\t]{4,40})")


def header_of(provider: Provider, lines: Sequence[str]) -> BillHeader:
    """What the lines around a table say; what they do not say, or say unreadably, is none."""
    plain = [folded(line)[:2000].strip(' ,"\t') for line in lines[:_MOST_LINES]]
    sums: dict[str, Stated] = {}
    for line in plain:
        found = _SUM.match(line)
        if found and found["what"] not in sums:
            try:
                sums[found["what"]] = Stated(int(found["count"]), Money(cells.minor_units(found["sum"]), CURRENCY))
            except BadCell:
                continue
    rows = _first(_ROWS, plain)
    return BillHeader(
        provider=provider,
        holder=_first(_HOLDER, plain) if provider == "alipay" else None,
        account=_first(_ACCOUNT, plain),
        period_start=_when(_first(_STARTS, plain)),
        period_end=_when(_first(_ENDS, plain)),
        exported_at=_when(_first(_EXPORTED, plain)),
        stated_rows=int(rows) if rows else None,
        stated_in=sums.get("收入"),
        stated_out=sums.get("支出"),
        stated_neutral=sums.get("不计收支") or sums.get("中性交易"),
    )


def _first(pattern: re.Pattern[str], lines: Sequence[str]) -> str | None:
    for line in lines:
        found = pattern.search(line)
        if found:
            return found[1].strip() or None
    return None


def _when(text: str | None) -> datetime | None:
    try:
        return cells.instant(text) if text else None
    except BadCell:
        return None


def totals_of(header: BillHeader, items: Sequence[Transaction], rows_read: int) -> tuple[TotalsCheck, ...]:
    """What the bill states of itself against what was read. Wallets warn that their sums may differ: it is told, not
    refused."""
    found = []
    if header.stated_rows is not None:
        found.append(TotalsCheck("rows", header.stated_rows, rows_read, None, None))
    stated = (("in", header.stated_in), ("out", header.stated_out), ("neutral", header.stated_neutral))
    for direction, said in stated:
        if said is not None:
            amounts = [item.amount for item in items if item.direction == direction]
            found.append(TotalsCheck(direction, said.count, len(amounts), said.amount, total(amounts, CURRENCY)))
    return tuple(found)
