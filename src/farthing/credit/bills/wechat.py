"""Own the WeChat Pay export (``微信支付账单明细``): UTF-8 CSV, or XLSX with typed amounts, 11 columns.

Amounts carry ``¥``; ``/`` is neither income nor spending (top-up, withdrawal, card repayment, money fund); a
withdrawal's fee is in the note; a purchase's status tells how much of it was refunded. The preamble has a nickname
and no name. Pure. Never drops a row silently.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from farthing.credit.bills import cells
from farthing.credit.bills.model import (
    CURRENCY,
    OTHER_CURRENCY,
    UNREADABLE,
    Bill,
    BillHeader,
    Direction,
    Outcome,
    Transaction,
)
from farthing.credit.bills.table import Table, data_rows
from farthing.kit.money import Money

PARSER_VERSION = "wechat-2"
COLUMNS = (
    "交易时间", "交易类型", "交易对方", "商品", "收/支", "金额(元)", "支付方式", "当前状态",
    "交易单号", "商户单号", "备注",
)  # fmt: skip
_REQUIRED = ("交易时间", "交易类型", "交易对方", "收/支", "当前状态", "交易单号")
_DIRECTIONS: dict[str, Direction] = {"收入": "in", "支出": "out", "/": "neutral", "": "neutral", "中性交易": "neutral"}


def parse(table: Table) -> Bill:
    """Read a WeChat table; refuses ``credit.bill_truncated``, ``..._unreadable`` or ``..._other_currency``."""
    at, rows = data_rows(table, _REQUIRED)
    names = table.rows[at]
    column = next((name for name in names if name.startswith("金额")), "")
    if column not in ("金额(元)", "金额（元）", "金额"):
        raise OTHER_CURRENCY(row=at + 1, text=column or ",".join(names))
    seen: set[tuple[str, ...]] = set()
    counted: Counter[tuple[object, ...]] = Counter()
    found: list[Transaction] = []
    repeated = 0
    for numbered in rows:
        row, raw = int(numbered[0]), tuple(numbered[1:])
        if raw in seen:
            repeated += 1
            continue
        seen.add(raw)
        item = _transaction(dict(zip(names, raw, strict=False)), column, row, raw)
        key = (item.order_id, item.occurred_at, item.amount)
        found.append(replace(item, occurrence=counted[key]) if counted[key] else item)
        counted[key] += 1
    return Bill(_header(table, at), _linked(found), table.file_format, repeated, PARSER_VERSION)


def _transaction(cell: dict[str, str], column: str, row: int, raw: tuple[str, ...]) -> Transaction:
    if cell["收/支"] not in _DIRECTIONS:
        raise UNREADABLE(row=row, column="收/支", text=cell["收/支"])
    amount = cells.amount(cell[column], row, column)
    status, kind = cell["当前状态"], cell["交易类型"]
    outcome = _outcome(status, kind)
    method = cells.blank(cell.get("支付方式", ""))
    note = cells.blank(cell.get("备注", ""))
    given_back = cells.refunded(status, amount, row) if outcome == "settled" else Money.zero(CURRENCY)
    return Transaction(
        provider="wechat",
        occurred_at=cells.instant(cell["交易时间"], row),
        direction=_DIRECTIONS[cell["收/支"]],
        amount=amount,
        kind=kind,
        counterparty=cells.blank(cell["交易对方"]),
        counterparty_account="",
        description=cells.blank(cell.get("商品", "")),
        method=method,
        card_tail=cells.card_tail(method),
        status=status,
        outcome=outcome,
        order_id=cell["交易单号"],
        merchant_order_id=cells.blank(cell.get("商户单号", "")),
        note=note,
        fee=cells.fee(note, row),
        refunded=given_back if given_back <= amount else amount,
        refund_of=None,
        occurrence=0,
        row=row,
        raw=raw,
        parser_version=PARSER_VERSION,
    )


def _outcome(status: str, kind: str) -> Outcome:
    if "失败" in status:
        return "failed"
    if kind.endswith("退款"):
        return "refund"
    if "关闭" in status:
        return "closed"
    return "settled"


def _linked(found: list[Transaction]) -> tuple[Transaction, ...]:
    """Refund rows, pointed at the purchase with the same merchant order id where there is one."""
    bought = {
        item.merchant_order_id: item.order_id
        for item in found
        if item.direction == "out" and item.outcome == "settled" and item.merchant_order_id
    }
    return tuple(
        replace(item, refund_of=bought.get(item.merchant_order_id)) if item.outcome == "refund" else item
        for item in found
    )


def _header(table: Table, at: int) -> BillHeader:
    lines = [",".join(cell for cell in row if cell) for row in table.rows[:at]]
    sums = cells.stated(lines)
    period = cells.bracketed(lines, "起始时间")
    return BillHeader(
        provider="wechat",
        holder=None,
        account=cells.labelled(lines, "微信昵称"),
        period_start=cells.preamble_instant(period[0]) if period else None,
        period_end=cells.preamble_instant(period[1]) if len(period) > 1 else None,
        exported_at=cells.preamble_instant(cells.labelled(lines, "导出时间")),
        stated_rows=cells.stated_rows(lines),
        stated_in=sums.get("收入"),
        stated_out=sums.get("支出"),
        stated_neutral=sums.get("中性交易"),
    )
