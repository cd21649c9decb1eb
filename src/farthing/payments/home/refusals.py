"""Own the refusals of money brought home."""

from __future__ import annotations

from farthing.kit.errors import declined, malformed, not_found

NOT_AGREED = declined(
    "home.not_agreed",
    "Agree that what the file tells is kept for your own view; it can be taken back at any time.",
    "请同意保存文件内容供本人查看；可随时撤回。",
)
NOT_BASE64 = malformed(
    "home.not_base64",
    "The file's content is not base64; send the bytes of the file as base64.",
    "文件内容不是 base64；请以 base64 发送文件。",
)
TAIL_MISSING = malformed(
    "home.tail_missing",
    "The file does not say which account it is of; give the last four digits of its number.",
    "文件未标明账户；请填写账号末四位。",
)
UNREADABLE = malformed(
    "home.unreadable",
    "{count} rows cannot be read, the first in line {row}; bring the file as the bank made it.",
    "有 {count} 行无法读取，首个在第 {row} 行；请提交银行原始文件。",
)
TOO_LARGE = malformed(
    "home.too_large",
    "The file is larger than {limit}; bring a shorter period.",
    "文件超过 {limit}；请导出较短的时间段。",
)
TOO_MANY_ROWS = declined(
    "home.too_many_rows",
    "With this file more than {most} rows would be kept; take an account back, or bring a shorter period.",
    "加上此文件将超过 {most} 行；请先撤回一个账户，或导出较短的时间段。",
)
OTHER_FORM = declined(
    "home.other_form",
    "The account ending in {tail} was brought in another form; take that back first, so that nothing is counted twice.",
    "尾号 {tail} 的账户已以另一格式导入；请先撤回，以免重复计算。",
)
MOST_ROWS = 100_000
"""Rows of one person in all."""


def check_count(rows: int) -> None:
    """Refuse ``home.too_many_rows``."""
    if rows > MOST_ROWS:
        raise TOO_MANY_ROWS(most=f"{MOST_ROWS:,}")


UNKNOWN_ACCOUNT = not_found(
    "home.unknown_account", "There is no such account among those that you brought.", "导入的账户中没有此账户。"
)
UNKNOWN_ROW = not_found("home.unknown_row", "There is no such row among yours.", "没有此明细。")
UNKNOWN_CATEGORY = malformed(
    "home.unknown_category",
    "There is no category {category}; known are {known}.",
    "没有类别 {category}；可用：{known}。",
)
