"""Own ``read_bill`` and the two checks of a bill against its own preamble and against the applicant. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Literal, NoReturn

from farthing.credit.bills.archive import is_workbook, only_file
from farthing.credit.bills.cells import ZERO
from farthing.credit.bills.certificates.pages import NOT_READ, PDF
from farthing.credit.bills.certificates.read import completed, read_certificate
from farthing.credit.bills.identity import numbered
from farthing.credit.bills.layouts import Layout, foreign, layout_of
from farthing.credit.bills.model import (
    FOREIGN,
    MAXIMUM_BYTES,
    MAXIMUM_ROWS,
    MOST_UNREADABLE,
    OTHER_CURRENCY,
    OTHER_PERSON,
    TOO_LARGE,
    TRUNCATED,
    UNREADABLE,
    Bill,
    FileFormat,
    RowNote,
    Transaction,
)
from farthing.credit.bills.preamble import header_of, totals_of
from farthing.credit.bills.reasons import verdict
from farthing.credit.bills.rows import UNREADABLE_REASONS, RowReader
from farthing.credit.bills.sheet import COMPOUND, PACKED, read_book, unlocked
from farthing.credit.bills.text import SEPARATORS, decodings, lines_of, records, strict_cells
from farthing.kit.words import Words

HolderCheck = Literal["matched", "masked", "unverifiable"]

_MASKS = "*＊•●"
_HEADER_WITHIN = 400
"""The header row stands within so many lines; what stands above it is the preamble."""

_OTHER_FILES: tuple[tuple[bytes, Words], ...] = (
    (b"\x89PNG", Words("a picture; bring the exported file", "图片，请提交导出的文件")),
    (b"\xff\xd8\xff", Words("a picture; bring the exported file", "图片，请提交导出的文件")),
    (b"GIF8", Words("a picture; bring the exported file", "图片，请提交导出的文件")),
    (b"Rar!", Words("an archive; unpack it first", "压缩包，请先解压")),
    (b"7z\xbc\xaf", Words("an archive; unpack it first", "压缩包，请先解压")),
    (b"\x1f\x8b", Words("an archive; unpack it first", "压缩包，请先解压")),
    (b"{\\rtf", Words("a text document; bring the exported file", "文字文档，请提交导出的文件")),
    (b"<!DOCTYPE", Words("a web page; bring the exported file", "网页，请提交导出的文件")),
    (b"<html", Words("a web page; bring the exported file", "网页，请提交导出的文件")),
)


def read_bill(content: bytes, password: str = "") -> Bill:
    """Read an Alipay or WeChat Pay export, CSV or XLSX, or a certificate of payments (PDF), by itself or alone in the
    archive that it came in, and say of each row what became of it.

    Errors, first that applies: ``credit.bill_too_large``, ``credit.bill_locked``, ``credit.bill_wrong_password``,
    ``credit.bill_archive``,
    ``credit.bill_foreign`` (naming what was recognised), ``credit.bill_truncated``, ``credit.bill_other_currency``,
    ``credit.bill_unreadable`` (naming row and column; where more than one row in twenty is so).
    """
    if len(content) > MAXIMUM_BYTES:
        raise TOO_LARGE(limit=f"{MAXIMUM_BYTES // 1024**2} MiB")
    if not content.strip():
        raise TRUNCATED(problem="the file is empty", problem_zh="文件为空")
    if content[:8] == COMPOUND:
        content = unlocked(content, password)
    if content[:2] == PACKED and not is_workbook(content):
        content = only_file(content, password)
    if content[:2] == PACKED:
        return _of_workbook(content)
    if content[:5] == PDF:
        return _of_certificate(content, password)
    other = next((what for mark, what in _OTHER_FILES if content[:16].lstrip().startswith(mark)), None)
    if other:
        raise FOREIGN(recognised=other)
    return _of_text(content)


def _of_text(content: bytes) -> Bill:
    recognised = None
    for text in decodings(content):
        lines = lines_of(text)
        for at, line in enumerate(lines[:_HEADER_WITHIN]):
            for separator in SEPARATORS:
                if line.count(separator) < 3:
                    continue
                header = strict_cells(line, separator) or []
                found = layout_of(header)
                if found:
                    return _of_lines(lines, at, separator, header, found)
                recognised = recognised or foreign(header)
    if recognised is None and len(content) < 4096 and content.count(b"\n") < 30 and _is_preamble(content):
        raise TRUNCATED(problem="the row of column names is missing", problem_zh="缺少列标题行")
    raise FOREIGN(recognised=recognised or Words("nothing that is known here", "未识别的格式"))


def _of_certificate(content: bytes, password: str) -> Bill:
    found = read_certificate(content, password)
    known = layout_of(found.header)
    if known is None:
        raise NOT_READ
    reader = RowReader(known[0], known[1], found.header)
    reader.texts = list(found.above)
    _take_all(reader, enumerate((list(row) for row in found.rows), 1))
    bill = _bill(reader, "pdf")
    return replace(bill, header=completed(bill.header, found), certificate=content)


def _is_preamble(content: bytes) -> bool:
    """Whether a short text is the beginning of a bill and no more."""
    for text in decodings(content):
        header = header_of("alipay", text.splitlines())
        if header.period_start or header.stated_rows is not None:
            return True
    return False


def _of_lines(
    lines: list[str], at: int, separator: str, header: Sequence[str], found: tuple[Layout, dict[str, int]]
) -> Bill:
    reader = RowReader(found[0], found[1], header)
    reader.texts = [line.rstrip(separator + " ") for line in lines[:at]]
    _take_all(reader, records(lines, at + 1, separator, reader.fits))
    return _bill(reader, "csv")


def _of_workbook(content: bytes) -> Bill:
    book = read_book(content)
    recognised, bill = None, None
    for sheet in book.sheets:
        for at, (_, cells) in enumerate(sheet.rows[:_HEADER_WITHIN]):
            found = layout_of(cells)
            if found and bill is None:
                reader = RowReader(found[0], found[1], cells, book.epoch_days)
                reader.texts = [",".join(cell for cell in row if cell) for _, row in sheet.rows[:at]]
                _take_all(reader, iter(sheet.rows[at + 1 :]))
                bill = _bill(reader, "xlsx")
                break
            if found and bill is not None:
                note = RowNote(sheet.rows[at][0], verdict("sheet_left_out"), "sheet_left_out", sheet.name[:31])
                bill = replace(bill, notes=(*bill.notes, note))
                break
            recognised = recognised or foreign(cells)
    if bill is None:
        raise FOREIGN(recognised=recognised or Words("nothing that is known here", "未识别的格式"))
    return bill


def _take_all(reader: RowReader, rows: Iterable[tuple[int, list[str]]] | Iterator[tuple[int, list[str]]]) -> None:
    for number, row in rows:
        reader.take(number, row)
        if reader.read > MAXIMUM_ROWS or len(reader.notes) > MAXIMUM_ROWS:
            raise TOO_LARGE(limit=Words(f"{MAXIMUM_ROWS:,} rows", f"{MAXIMUM_ROWS:,} 行"))


def _bill(reader: RowReader, file_format: FileFormat) -> Bill:
    bad = sum(note.reason in UNREADABLE_REASONS for note in reader.notes)
    if reader.first_bad is not None and bad * MOST_UNREADABLE > reader.read + bad:
        _refuse(*reader.first_bad)
    items = _linked(numbered(_signed(reader)))
    header = header_of(reader.layout.provider, reader.texts)
    return Bill(
        header=header,
        transactions=tuple(items),
        file_format=file_format,
        layout=reader.layout.name,
        rows_read=reader.read,
        notes=tuple(sorted(reader.notes, key=lambda note: note.row)),
        totals=totals_of(header, items, reader.read),
    )


def _refuse(note: RowNote, text: str) -> NoReturn:
    """Refuse the bill for the first of its unreadable rows, where there are too many."""
    if note.reason == "other_currency":
        raise OTHER_CURRENCY(row=note.row, text=text)
    if note.reason == "row_cut":
        raise TRUNCATED(problem=f"row {note.row} is cut", problem_zh=f"第 {note.row} 行被截断", row=note.row)
    column = note.column or Words("a cell beyond the last column", "多余的单元格")
    raise UNREADABLE(row=note.row, column=column, text=text)


def _signed(reader: RowReader) -> list[Transaction]:
    """Some layouts print all spending as negative; where others are positive, a negative one is money given back."""
    negative = set(reader.negative)
    if not negative:
        return reader.found
    if not any(item.direction == "out" and at not in negative for at, item in enumerate(reader.found)):
        return reader.found
    for at in negative:
        item = reader.found[at]
        reader.notes.append(RowNote(item.row, "taken", "read_as_refund"))
        reader.found[at] = replace(item, outcome="refund", direction="neutral", refunded=ZERO)
    return reader.found


def _linked(items: list[Transaction]) -> list[Transaction]:
    """Refunds whose own numbers point to a purchase of this file: by the order number's head, or the merchant's."""
    if not any(item.outcome == "refund" for item in items):
        return items
    orders = {item.order_id for item in items if item.outcome != "refund"}
    bought = {
        item.merchant_order_id: item.order_id
        for item in items
        if item.outcome != "refund" and item.direction != "in" and item.merchant_order_id
    }
    return [
        replace(item, refund_of=purchase_of(item.order_id, orders) or bought.get(item.merchant_order_id))
        if item.outcome == "refund"
        else item
        for item in items
    ]


def purchase_of(order_id: str, orders: set[str]) -> str | None:
    """The purchase whose order number a refund's begins with: ``2023…88_2023…57`` gives back ``2023…88``."""
    head = order_id[:160]
    for _ in range(4):
        cut = max(head.rfind("_"), head.rfind("*"))
        if cut <= 0:
            return None
        head = head[:cut]
        if head in orders:
            return head
    return None


def check_complete(bill: Bill) -> None:
    """Refuse ``credit.bill_truncated`` when rows are missing that the preamble announces.

    An export is newest first, so a cut loses the oldest rows and leaves every row inside the period. A bill that
    also holds rows from *outside* its period was not cut but put together by hand (the public samples are): it is
    read, and the mismatch is kept for the decision, which does not rest on such a bill.
    """
    missing = bill.rows_missing
    if missing > 0 and bill.outside_period == 0:
        stated = bill.header.stated_rows
        raise TRUNCATED(
            problem=f"it states {stated} records and holds {bill.rows_read}",
            problem_zh=f"标明共 {stated} 笔，实有 {bill.rows_read} 笔",
            stated=stated,
            read=bill.rows_read,
        )


def check_holder(bill: Bill, name: str) -> HolderCheck:
    """Compare the bill's holder with the applicant's name; refuses ``credit.bill_other_person``.

    The rule: no name in the bill (WeChat prints a nickname only), or nothing but placeholders (``xx``, ``***``),
    cannot be checked and is ``unverifiable``. In a masked name (``*小明``, ``张**``) each mask stands for one or
    more characters and the visible ones must agree in place: ``masked``. Otherwise the names must be equal, after
    NFKC, without spaces and middle dots, whatever their case: ``matched``.
    """
    if bill.header.holder is None:
        return "unverifiable"
    shown, wanted = folded_name(bill.header.holder), folded_name(name)
    if not re.sub(rf"[{_MASKS}xX_]", "", shown):
        return "unverifiable"
    if not any(mark in shown for mark in _MASKS):
        if shown == wanted:
            return "matched"
        raise OTHER_PERSON(holder=mask(bill.header.holder))
    pattern = re.sub(rf"(?:\\?[{_MASKS}])+", ".+", re.escape(shown))
    if re.fullmatch(pattern, wanted):
        return "masked"
    raise OTHER_PERSON(holder=mask(bill.header.holder))


def mask(name: str) -> str:
    """A name as it may be shown to somebody else: the last character only."""
    return "*" * max(len(name) - 1, 1) + name[-1:]


def folded_name(name: str) -> str:
    """A name as names are compared: after NFKC, without spaces and middle dots, whatever its case."""
    text = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[\s·•・.]", "", text)
