"""Own the Alipay export (``支付宝（中国）网络技术有限公司 电子客户回单``): GB18030 CSV of 12 columns.

Cells are padded with spaces, ids end in a tab and rows in a comma; refunds are 不计收支 with 退款成功, and the refund's
order id starts with the purchase's; a closed trade is 交易关闭. Pure. Never drops a row silently.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from farthing.credit.bills import cells
from farthing.credit.bills.model import CURRENCY, UNREADABLE, Bill, BillHeader, Direction, Outcome, Transaction
from farthing.credit.bills.table import Table, data_rows
from farthing.kit.money import Money

PARSER_VERSION = "alipay-2"
COLUMNS = (
    "交易时间", "交易分类", "交易对方", "对方账号", "商品说明", "收/支", "金额", "收/付款方式", "交易状态",
    "交易订单号", "商家订单号", "备注",
)  # fmt: skip
_REQUIRED = ("交易时间", "交易对方", "收/支", "金额", "交易状态", "交易订单号")
_DIRECTIONS: dict[str, Direction] = {
    "收入": "in",
    "支出": "out",
    "不计收支": "neutral",
    "其他": "neutral",
    "": "neutral",
}


def parse(table: Table) -> Bill:
    """Read an Alipay table; refuses ``credit.bill_truncated`` or ``credit.bill_unreadable`` with the row."""
    at, rows = data_rows(table, _REQUIRED)
    names = table.rows[at]
    seen: set[tuple[str, ...]] = set()
    counted: Counter[tuple[object, ...]] = Counter()
    found: list[Transaction] = []
    repeated = 0
    orders = {dict(zip(names, row[1:], strict=False))["交易订单号"] for row in rows}
    for numbered in rows:
        row, raw = int(numbered[0]), tuple(numbered[1:])
        if raw in seen:
            repeated += 1
            continue
        seen.add(raw)
        cell = dict(zip(names, raw, strict=False))
        item = _transaction(cell, row, raw, orders)
        key = (item.order_id, item.occurred_at, item.amount)
        found.append(replace(item, occurrence=counted[key]) if counted[key] else item)
        counted[key] += 1
    return Bill(_header(table, at), tuple(found), table.file_format, repeated, PARSER_VERSION)


def _transaction(cell: dict[str, str], row: int, raw: tuple[str, ...], orders: set[str]) -> Transaction:
    if cell["收/支"] not in _DIRECTIONS:
        raise UNREADABLE(row=row, column="收/支", text=cell["收/支"])
    amount = cells.amount(cell["金额"], row)
    status, kind, order_id = cell["交易状态"], cell.get("交易分类", ""), cell["交易订单号"]
    outcome = _outcome(status, kind)
    method = cell.get("收/付款方式", "")
    note = cell.get("备注", "")
    return Transaction(
        provider="alipay",
        occurred_at=cells.instant(cell["交易时间"], row),
        direction=_DIRECTIONS[cell["收/支"]],
        amount=amount,
        kind=kind,
        counterparty=cells.blank(cell["交易对方"]),
        counterparty_account=cells.blank(cell.get("对方账号", "")),
        description=cells.blank(cell.get("商品说明", "")),
        method=method,
        card_tail=cells.card_tail(method),
        status=status,
        outcome=outcome,
        order_id=order_id,
        merchant_order_id=cell.get("商家订单号", ""),
        note=note,
        fee=cells.fee(note, row),
        refunded=Money.zero(CURRENCY),
        refund_of=_original(order_id, orders) if outcome == "refund" else None,
        occurrence=0,
        row=row,
        raw=raw,
        parser_version=PARSER_VERSION,
    )


def _outcome(status: str, kind: str) -> Outcome:
    if "失败" in status:
        return "failed"
    if "退款" in status or kind == "退款":
        return "refund"
    if "关闭" in status or status == "等待付款":
        return "closed"
    return "settled"


def _original(order_id: str, orders: set[str]) -> str | None:
    """The purchase whose order id the refund's id starts with: ``2023…88_2023…57`` gives back ``2023…88``."""
    for mark in ("_", "*"):
        head = order_id
        while mark in head:
            head = head.rpartition(mark)[0]
            if head in orders:
                return head
    return None


def _header(table: Table, at: int) -> BillHeader:
    # The statistics lines hold a comma in some exports; the preamble is read as whole lines.
    lines = [",".join(cell for cell in row if cell) for row in table.rows[:at]]
    sums = cells.stated(lines)
    period = cells.bracketed(lines, "起始时间")
    return BillHeader(
        provider="alipay",
        holder=cells.labelled(lines, "姓名"),
        account=cells.labelled(lines, "支付宝账户"),
        period_start=cells.preamble_instant(period[0]) if period else None,
        period_end=cells.preamble_instant(period[1]) if len(period) > 1 else None,
        exported_at=cells.preamble_instant(cells.labelled(lines, "导出时间")),
        stated_rows=cells.stated_rows(lines),
        stated_in=sums.get("收入"),
        stated_out=sums.get("支出"),
        stated_neutral=sums.get("不计收支"),
    )
