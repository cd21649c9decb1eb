"""Own the step from bytes to rows of text: encodings, CSV and XLSX, and whose file it looks like. Pure."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from openpyxl import load_workbook

from farthing.credit.bills.model import FOREIGN, MAXIMUM_BYTES, MAXIMUM_ROWS, TOO_LARGE, TRUNCATED, Provider

_EXPANDED_BYTES = 8 * MAXIMUM_BYTES
"""An XLSX is a zip: this bounds what it may unpack to."""

_CUT_REASONS = ("unexpected end of data", "incomplete multibyte sequence")
_NO_HEADER_ZH = "缺少列标题行"

OTHERS: tuple[tuple[str, str], ...] = (
    ("京东账号名", "a JD bill / 京东账单"),
    ("美团交易账单", "a Meituan bill / 美团账单"),
    ("美团用户名", "a Meituan bill / 美团账单"),
    ("招商银行", "a China Merchants Bank statement / 招商银行流水"),
    ("记账日期,货币,交易金额,联机余额", "a China Merchants Bank statement / 招商银行流水"),
    ("中国银行", "a Bank of China statement / 中国银行流水"),
    ("卡别名", "an ICBC statement / 工商银行流水"),
    ("交易日期,交易时间,交易摘要,交易金额,本次余额", "an Agricultural Bank of China statement / 农业银行流水"),
    ("交易日期,记账日期,交易说明", "a Bank of Communications statement / 交通银行流水"),
    ("序号,交易日期,交易时间,交易类型,借贷", "a Bank of Communications statement / 交通银行流水"),
    ("交易日期,入账日期,交易摘要", "a China Guangfa Bank statement / 广发银行流水"),
    ("Billing currency", "an HSBC statement / 汇丰银行流水"),
    ("First Bank Card", "a BMO statement / BMO 流水"),
    ("Item #,Card #", "a BMO statement / BMO 流水"),
    ("证券代码", "a securities statement / 证券对账单"),
    ("交易对,方向,价格", "a crypto-exchange record / 数字币交易记录"),
    ('交易对","方向', "a crypto-exchange record / 数字币交易记录"),
    ("%PDF-", "a PDF / PDF 文件"),
)


class Table(NamedTuple):
    """Rows of text cells. ``cut`` says that the file ends in the middle of its last line."""

    rows: list[list[str]]
    file_format: Literal["csv", "xlsx"]
    cut: bool


def read_table(content: bytes) -> Table:
    """Turn a file's bytes into rows of text.

    Errors: ``credit.bill_too_large``, ``credit.bill_truncated`` (an XLSX whose zip is cut), ``credit.bill_foreign``.
    """
    if len(content) > MAXIMUM_BYTES:
        raise TOO_LARGE(limit="16 MiB")
    if not content.strip():
        raise TRUNCATED(problem="the file is empty", problem_zh="文件为空")
    table = _read_xlsx(content) if content[:2] == b"PK" else _read_csv(content)
    if len(table.rows) > MAXIMUM_ROWS:
        raise TOO_LARGE(limit=f"{MAXIMUM_ROWS:,} rows")
    return table


def decode(content: bytes) -> str:
    """UTF-8 where it is valid (WeChat), else GB18030 (Alipay); a cut last character is dropped."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            if len(content) - error.start < 4 and error.reason in (
                "unexpected end of data",
                "incomplete multibyte sequence",
            ):
                return content[: error.start].decode(encoding)
    raise FOREIGN(recognised="not a text file / 不是文本文件")


def _read_csv(content: bytes) -> Table:
    if b"\x00" in content:
        raise FOREIGN(recognised="a binary file / 二进制文件")
    text = decode(content)
    try:
        rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text, newline=""), strict=False)]
    except csv.Error:
        raise FOREIGN(recognised="not a CSV file / 不是 CSV 文件") from None
    return Table(rows, "csv", not text.endswith(("\n", "\r")))


def _read_xlsx(content: bytes) -> Table:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            expanded = sum(item.file_size for item in archive.infolist())
            names = archive.namelist()
    except zipfile.BadZipFile:
        raise TRUNCATED(problem="the XLSX file is cut or damaged", problem_zh="XLSX 文件被截断或损坏") from None
    if expanded > _EXPANDED_BYTES:
        raise TOO_LARGE(limit="128 MiB unpacked")
    if "xl/workbook.xml" not in names:
        raise FOREIGN(recognised="a zip archive; unpack it first / 压缩包,请先解压")
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = [[_cell(value) for value in row] for row in sheet.iter_rows(values_only=True, max_row=MAXIMUM_ROWS + 1)]
    except (KeyError, ValueError, IndexError, zipfile.BadZipFile, SyntaxError, OSError, EOFError):
        raise TRUNCATED(problem="the XLSX file is cut or damaged", problem_zh="XLSX 文件被截断或损坏") from None
    return Table(rows, "xlsx", False)


def _cell(value: Any) -> str:
    """A typed cell as the CSV export would print it.

    A number cell reaches us as a binary float; its shortest decimal form is the number that was written.
    """
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float):
        return format(Decimal(str(value)), "f")
    return str(value).strip()


def find_header(table: Table, columns: tuple[str, ...]) -> int | None:
    """Index of the row that names every one of ``columns``, or none."""
    for index, row in enumerate(table.rows):
        if all(column in row for column in columns):
            return index
    return None


def recognise(table: Table) -> Provider:
    """Whose export this is, by its preamble; refuses ``credit.bill_foreign`` saying what was recognised."""
    head = "\n".join(",".join(row) for row in table.rows[:40])
    if "支付宝账户" in head or "电子客户回单" in head:
        return "alipay"
    if "微信支付账单明细" in head or "微信昵称" in head:
        return "wechat"
    for mark, name in OTHERS:
        if mark in head or mark in ",".join(table.rows[0]):
            raise FOREIGN(recognised=name)
    if "交易订单号" in head and "不计收支" in head:
        return "alipay"
    if "金额(元)" in head and "交易单号" in head:
        return "wechat"
    raise FOREIGN(recognised="nothing that is known here / 未识别的格式")


def data_rows(table: Table, columns: tuple[str, ...]) -> tuple[int, list[list[str]]]:
    """The column row's index and the rows below it that hold anything.

    A row with fewer cells than its header was cut; so was a file that stops in its last line.
    """
    index = find_header(table, columns)
    if index is None:
        raise TRUNCATED(problem="the row of column names is missing", problem_zh=_NO_HEADER_ZH)
    # The trailing comma of Alipay's column row counts: a row without it was cut inside its last cell.
    named = len([cell for cell in table.rows[index] if cell])
    width = len(table.rows[index]) if table.file_format == "csv" else named
    rows: list[list[str]] = []
    for number, row in enumerate(table.rows[index + 1 :], start=index + 2):
        if not any(row) or (len(row) == 1 and row[0].startswith("-")):
            continue
        if len(row) < width:
            raise TRUNCATED(problem=f"row {number} is cut", problem_zh=f"第 {number} 行被截断")
        rows.append([str(number), *row])
    return index, rows
