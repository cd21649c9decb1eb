"""Own the writing of bills in the wallets' own export formats, for the demo and for round-trip tests. Pure.

Never used on customers' data: what a customer brought is kept as it was brought.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from farthing.credit.bills.model import CURRENCY
from farthing.kit.later import load
from farthing.kit.money import Money, total

ALIPAY_COLUMNS = (
    "交易时间", "交易分类", "交易对方", "对方账号", "商品说明", "收/支", "金额", "收/付款方式", "交易状态",
    "交易订单号", "商家订单号", "备注",
)  # fmt: skip
WECHAT_COLUMNS = (
    "交易时间", "交易类型", "交易对方", "商品", "收/支", "金额(元)", "支付方式", "当前状态",
    "交易单号", "商户单号", "备注",
)  # fmt: skip
_ALIPAY_WIDTHS = (20, 24, 20, 20, 20, 21, 20, 20, 20, 0, 0, 20)
_ALIPAY_NOTES = (
    "1.本回单内容可表明支付宝受理了相应支付交易申请，因系统原因或通讯故障等偶发因素导致本回单与实际交易结果不符时，以实际交易情况为准；",
    "2.请勿将本回单作为收款方发货的凭据使用，请查证账户实际到账情况后再进行发货操作；",
    "3.支付宝快捷支付等非余额支付方式可能既产生支付宝交易也同步产生银行交易，因此请勿使用本回单进行重复记账；",
    "4.本回单如经任何涂改、编造，均立即失去效力；",
    "5.部分账单如：充值提现、账户转存或者个人设置收支等不计入为收入或者支出，记为不计收支类；",
    "6.因统计逻辑不同，明细金额直接累加后，可能会和下方统计金额不一致，请以实际交易金额为准；",
    "7.禁止将本回单用于非法用途；",
    "8.本明细仅展示当前账单中的交易，不包括已删除的记录；",
    "9.本明细仅供个人对账使用。",
)
_WECHAT_NOTES = (
    "注：",
    "1. 充值/提现/理财通购买/零钱通存取/信用卡还款等交易，将计入中性交易",
    "2. 本明细仅展示当前账单中的交易，不包括已删除的记录",
    "3. 本明细仅供个人对账使用",
)
_INSTANT = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True, slots=True)
class Draft:
    """One row to write. ``direction`` is the wallet's own word: 收入, 支出, 不计收支 (Alipay) or / (WeChat)."""

    occurred_at: datetime
    direction: str
    amount: Money
    kind: str
    counterparty: str
    description: str
    method: str
    status: str
    order_id: str
    merchant_order_id: str = ""
    counterparty_account: str = "/"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Cover:
    """What the preamble says. ``holder`` is a name for Alipay, a nickname for WeChat."""

    holder: str
    account: str
    period_start: datetime
    period_end: datetime
    exported_at: datetime


def write_alipay(cover: Cover, drafts: Sequence[Draft]) -> bytes:
    """The bytes of an Alipay CSV export (GB18030, 24 lines before the column names), newest row first."""
    rows = sorted(drafts, key=lambda draft: draft.occurred_at, reverse=True)
    line = "-" * 84
    period = f"起始时间：[{cover.period_start:{_INSTANT}}]    终止时间：[{cover.period_end:{_INSTANT}}]"
    lines = [
        line,
        "导出信息：",
        f"姓名：{cover.holder}",
        f"支付宝账户：{cover.account}",
        period,
        "导出交易类型：[全部]",
        f"导出时间：[{cover.exported_at:{_INSTANT}}]",
        f"共{len(rows)}笔记录",
        *(f"{word}：{_sum(rows, word)}" for word in ("收入", "支出", "不计收支")),
        "",
        "特别提示：",
        *_ALIPAY_NOTES,
        "",
        f"{'-' * 24}支付宝（中国）网络技术有限公司  电子客户回单{'-' * 24}",
        ",".join(name.ljust(width) for name, width in zip(ALIPAY_COLUMNS, _ALIPAY_WIDTHS, strict=True)) + ",",
    ]
    lines += [_alipay_row(draft) for draft in rows]
    return ("\r\n".join(lines) + "\r\n").encode("gb18030")


def _alipay_row(draft: Draft) -> str:
    cells = (
        f"{draft.occurred_at:{_INSTANT}}", draft.kind, draft.counterparty, draft.counterparty_account,
        draft.description, draft.direction, draft.amount.plain(), draft.method, draft.status,
        draft.order_id + "\t", draft.merchant_order_id + "\t", draft.note,
    )  # fmt: skip
    return ",".join(cell.ljust(width) for cell, width in zip(cells, _ALIPAY_WIDTHS, strict=True)) + ","


def write_wechat(cover: Cover, drafts: Sequence[Draft], file_format: Literal["csv", "xlsx"] = "csv") -> bytes:
    """The bytes of a WeChat Pay export, newest row first: UTF-8 CSV with ``¥``, or XLSX with number cells."""
    rows = sorted(drafts, key=lambda draft: draft.occurred_at, reverse=True)
    preamble = (
        "微信支付账单明细",
        f"微信昵称：[{cover.holder}]",
        f"起始时间：[{cover.period_start:{_INSTANT}}] 终止时间：[{cover.period_end:{_INSTANT}}]",
        "导出类型：[全部]",
        f"导出时间：[{cover.exported_at:{_INSTANT}}]",
        "",
        f"共{len(rows)}笔记录",
        f"收入：{_sum(rows, '收入')}",
        f"支出：{_sum(rows, '支出')}",
        f"中性交易：{_sum(rows, '/')}",
        *_WECHAT_NOTES,
        "",
        "----------------------微信支付账单明细列表--------------------",
    )
    if file_format == "xlsx":
        return _wechat_xlsx(preamble, rows, cover.exported_at)
    lines = [text + "," * 10 for text in preamble]
    lines.append(",".join(WECHAT_COLUMNS))
    lines += [_wechat_row(draft) for draft in rows]
    return ("\r\n".join(lines) + "\r\n").encode("utf-8-sig")


def _wechat_row(draft: Draft) -> str:
    return ",".join(
        (
            f"{draft.occurred_at:{_INSTANT}}", draft.kind, _quoted(draft.counterparty), _quoted(draft.description),
            draft.direction, "¥" + draft.amount.plain(), draft.method, draft.status,
            f'"{draft.order_id}\t"', f'"{draft.merchant_order_id or "/"}\t"', _quoted(draft.note),
        )
    )  # fmt: skip


def _quoted(text: str) -> str:
    return '"' + (text or "/").replace('"', '""') + '"'


def _wechat_xlsx(preamble: Sequence[str], rows: Sequence[Draft], exported_at: datetime) -> bytes:
    book = load("openpyxl:Workbook")(write_only=True)
    book.properties.created = book.properties.modified = exported_at
    sheet = book.create_sheet("Sheet1")
    for text in preamble:
        sheet.append([text or None])
    sheet.append(list(WECHAT_COLUMNS))
    for draft in rows:
        sheet.append([
            f"{draft.occurred_at:{_INSTANT}}", draft.kind, draft.counterparty or "/", draft.description or "/",
            draft.direction, draft.amount.decimal(), draft.method, draft.status,
            draft.order_id + "\t", (draft.merchant_order_id or "/") + "\t", draft.note or "/",
        ])  # fmt: skip
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def _sum(rows: Sequence[Draft], word: str) -> str:
    amounts = [row.amount for row in rows if row.direction == word]
    return f"{len(amounts)}笔 {total(amounts, CURRENCY).plain()}元"
