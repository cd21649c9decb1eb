"""Own ``read_bill`` and the two checks of a bill against its own preamble and against the applicant. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from farthing.credit.bills import alipay, wechat
from farthing.credit.bills.model import OTHER_PERSON, TRUNCATED, Bill
from farthing.credit.bills.table import read_table, recognise

HolderCheck = Literal["matched", "masked", "unverifiable"]

_MASKS = "*＊•●"


def read_bill(content: bytes) -> Bill:
    """Read an Alipay or WeChat Pay export, CSV or XLSX.

    Errors, first that applies: ``credit.bill_too_large``, ``credit.bill_foreign`` (naming what was recognised),
    ``credit.bill_truncated``, ``credit.bill_other_currency``, ``credit.bill_unreadable`` (naming row and column).
    """
    table = read_table(content)
    parse = alipay.parse if recognise(table) == "alipay" else wechat.parse
    return parse(table)


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
            problem_zh=f"标明共 {stated} 笔,实有 {bill.rows_read} 笔",
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
    shown, wanted = _folded(bill.header.holder), _folded(name)
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


def _folded(name: str) -> str:
    text = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[\s·•・.]", "", text)
