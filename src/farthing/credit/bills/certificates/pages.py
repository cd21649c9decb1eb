"""Own the step from a PDF's bytes to pieces of text with their places, page by page. Pure; runs in the reading process alone.

Only what is written along the lines of the page: a stamp or a watermark that stands askew is passed over.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from farthing.credit.bills.model import FOREIGN, LOCKED, MAXIMUM_ROWS, TOO_LARGE, TRUNCATED, WRONG_PASSWORD
from farthing.kit.errors import Refusal
from farthing.kit.later import load
from farthing.kit.words import Words

PDF = b"%PDF-"
MOST_PAGES = 1_000
_DAMAGED = TRUNCATED(problem="the PDF is cut or damaged", problem_zh="PDF 文件被截断或损坏")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text: from ``left`` to ``right``, on the line at ``up`` (more is higher), so ``high``."""

    left: float
    right: float
    up: float
    high: float
    text: str

    @property
    def middle(self) -> float:
        """Half way between its ends."""
        return (self.left + self.right) / 2


def pages(content: bytes, password: str = "") -> list[list[Piece]]:
    """The pieces of text of each page, the highest first, from left to right on a line.

    Refuses ``credit.bill_truncated``, ``credit.bill_locked``, ``credit.bill_wrong_password``, ``credit.bill_too_large``.
    """
    try:
        reader = load("pypdf:PdfReader")(io.BytesIO(content))
        if reader.is_encrypted:
            if not password:
                raise LOCKED()
            if not reader.decrypt(password):
                raise WRONG_PASSWORD()
        if len(reader.pages) > MOST_PAGES:
            raise TOO_LARGE(limit=Words(f"{MOST_PAGES:,} pages", f"{MOST_PAGES:,} 页"))
        return list(_read(reader))
    except (Refusal, MemoryError, RecursionError):
        raise
    except Exception:  # a file made to break its reader may raise anything, and that is a finding
        raise _DAMAGED from None


def _read(reader: Any) -> Iterator[list[Piece]]:
    count = 0
    for page in reader.pages:
        found = sorted(_pieces(page, reader), key=lambda each: (-round(each.up), each.left))
        count += len(found)
        if count > 16 * MAXIMUM_ROWS:
            raise TOO_LARGE(limit=Words(f"{MAXIMUM_ROWS:,} rows", f"{MAXIMUM_ROWS:,} 行"))
        yield found


def _pieces(page: Any, reader: Any) -> Iterator[Piece]:
    """What each operator of the page shows, with the widths of its font (ISO 32000-2, 9.4)."""
    contents = page.get("/Contents")
    if contents is None:
        return
    shown = load("pypdf._text_extraction._layout_mode._fixed_width_page:recurse_to_target_op")
    state = load("pypdf._text_extraction._layout_mode._text_state_manager:TextStateManager")()
    fonts = page._layout_mode_fonts()
    operations = iter(load("pypdf.generic:ContentStream")(contents.get_object(), reader, "bytes").operations)
    for operands, operator in operations:
        if operator not in (b"BT", b"q"):
            state.set_state_param(operator, operands)
            continue
        for each in shown(operations, state, b"ET" if operator == b"BT" else b"Q", fonts)[1]:
            if not each.rotated and each.text.strip():
                yield Piece(each.tx, each.displaced_tx, each.ty, max(each.font_height, 1.0), each.text)


NOT_READ = FOREIGN(
    recognised=Words(
        "a PDF that is no certificate of payments of WeChat Pay or Alipay; bring that, or the bill as CSV or XLSX",
        "不是微信支付或支付宝交易流水证明的 PDF；请导出 CSV 或 XLSX 账单，或提交交易流水证明",
    )
)
