"""Own the words of a bill's report: why a row was set aside, is doubtful, or was taken with a mend. Pure.

The codes are stable; the words stand in both languages.
"""

from __future__ import annotations

from farthing.credit.bills.model import Outcome, Verdict

REASONS: dict[str, tuple[Verdict, str, str]] = {
    "taken": ("taken", "read and kept", "已读取并保存"),
    "amount_joined": (
        "taken",
        "the amount was split by its own thousands comma and was put together again",
        "金额被其千位逗号拆开，已重新合并",
    ),
    "text_joined": (
        "taken",
        "a text was split by its own comma and was put together again",
        "文字被其中的逗号拆开，已重新合并",
    ),
    "read_as_refund": (
        "taken",
        "spending with a negative amount among others without: read as money given back",
        "其他支出为正而此笔为负，按退款读取",
    ),
    "characters_broken": (
        "taken",
        "some characters of a cell are damaged; the amount and the day are not",
        "单元格中有损坏的字符，金额和日期不受影响",
    ),
    "known": ("set_aside", "known from a bill that was brought before", "此前提交的账单中已有"),
    "repeated": ("set_aside", "repeats an earlier row, order number and all", "与前面一行（含订单号）完全相同"),
    "closed": ("set_aside", "the order was closed or withdrawn; no money moved", "交易已关闭或撤销，未发生资金变动"),
    "failed": ("set_aside", "the payment failed; it counts only as a returned payment", "付款失败，仅计为退回的付款"),
    "open": ("set_aside", "not paid yet, or still under way", "尚未付款或仍在处理中"),
    "not_a_row": ("set_aside", "a line of text, not a payment", "是说明文字，不是交易"),
    "row_cut": ("doubtful", "the row is cut: it has fewer cells than its table", "该行被截断，单元格少于表头"),
    "too_many_cells": ("doubtful", "the row has more cells than its table has columns", "该行单元格多于表头列数"),
    "time_unreadable": ("doubtful", "the time cannot be read", "交易时间无法读取"),
    "amount_unreadable": ("doubtful", "the amount cannot be read", "金额无法读取"),
    "amount_negative": ("doubtful", "income with a negative amount", "收入金额为负数"),
    "direction_unknown": ("doubtful", "it cannot be told whether this came in or went out", "无法判断收入还是支出"),
    "status_unknown": ("doubtful", "the state of this payment is not known here", "此处不认识该交易状态"),
    "other_currency": ("doubtful", "not in CNY", "不是人民币"),
    "sheet_left_out": (
        "doubtful",
        "another sheet holds a table too; bring it as a file of its own",
        "另一工作表也有账单，请另存后提交",
    ),
}

OF_OUTCOME: dict[Outcome, str] = {"closed": "closed", "failed": "failed", "open": "open", "unknown": "status_unknown"}
"""The reason of a row that was read and kept, and does not count as a payment."""


def verdict(reason: str) -> Verdict:
    """What a reason means for its row."""
    return REASONS[reason][0]
