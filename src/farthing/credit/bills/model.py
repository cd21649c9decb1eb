"""Own ``Bill``, ``Transaction`` and ``RowNote``: what a wallet's export says, row by row, with the raw cells kept.

Tables: none (``credit.store`` keeps them). Never guesses: what a bill does not say is ``None``, and a state that is
not known is doubtful, never settled.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from farthing.kit.errors import declined, malformed
from farthing.kit.money import Money

Provider = str
"""``alipay`` or ``wechat``; of what was fetched the id of the institution that gave it."""
Direction = Literal["in", "out", "neutral"]
Outcome = Literal["settled", "refund", "closed", "failed", "open", "unknown"]
FileFormat = Literal["csv", "xlsx", "pdf", "page"]
Verdict = Literal["taken", "set_aside", "doubtful"]

CURRENCY = "CNY"
PARSER_VERSION = "bills-3"
MAXIMUM_BYTES = 16 * 1024 * 1024
MAXIMUM_UNPACKED = 96 * 1024 * 1024
MAXIMUM_ROWS = 100_000
MAXIMUM_LINES = 4 * MAXIMUM_ROWS
MAXIMUM_COLUMNS = 64
MAXIMUM_CELLS = 24 * MAXIMUM_ROWS
MAXIMUM_STRINGS = 4 * MAXIMUM_ROWS
MAXIMUM_CELL = 4_096
MAXIMUM_LINE = 8 * MAXIMUM_CELL
MOST_UNREADABLE = 20
"""One row in so many may be unreadable; with more the file is not what the wallet exported."""

TOO_LARGE = malformed(
    "credit.bill_too_large",
    "The bill is larger than {limit}; export a shorter period.",
    "账单超过 {limit}；请导出较短的时间段。",
)
FOREIGN = malformed(
    "credit.bill_foreign",
    "This is not a bill that can be read here ({recognised}); export the bill from Alipay or WeChat Pay.",
    "这不是此处能读取的账单（{recognised}）；请从支付宝或微信支付导出账单。",
)
TRUNCATED = malformed(
    "credit.bill_truncated",
    "The bill is incomplete: {problem}; export it again and bring the whole file.",
    "账单不完整：{problem_zh}；请重新导出并提交完整文件。",
)
UNREADABLE = malformed(
    "credit.bill_unreadable",
    "Row {row} of the bill cannot be read: {column} is {text!r}; bring the file as it was exported.",
    "账单第 {row} 行无法读取：{column} 为 {text!r}；请提交未经修改的导出文件。",
)
OTHER_CURRENCY = malformed(
    "credit.bill_other_currency",
    "Row {row} of the bill is not in CNY ({text}); only bills in CNY are read here.",
    "账单第 {row} 行不是人民币（{text}）；此处只读取人民币账单。",
)
LOCKED = malformed(
    "credit.bill_locked",
    "The file is locked with a password; give the password with it, or save it without one.",
    "文件设有打开密码；请一并提供密码，或取消密码后重新保存。",
)
WRONG_PASSWORD = malformed(
    "credit.bill_wrong_password",
    "The password does not open this file; look at the message that came with it.",
    "密码无法打开此文件；请查看随文件收到的消息。",
)
TOO_HARD = malformed(
    "credit.bill_too_hard",
    "The file could not be read within {limit}; bring the file as it was exported, or a shorter period.",
    "未能在 {limit} 内读完文件；请提交未经修改的导出文件，或导出较短的时间段。",
)
ARCHIVE = malformed(
    "credit.bill_archive",
    "The archive must hold the one file that the wallet sent and nothing else ({problem}); bring it as it came.",
    "压缩包须仅含支付机构发送的一个文件（{problem_zh}）；请提交收到的原始文件。",
)
OTHER_PERSON = declined(
    "credit.bill_other_person",
    "The bill is made out to {holder}, who is not the applicant; bring your own bill.",
    "账单户名为 {holder}，与申请人不符；请提交本人的账单。",
)


@dataclass(frozen=True, slots=True)
class Stated:
    """How many rows of one direction the preamble announces, and their sum."""

    count: int
    amount: Money


@dataclass(frozen=True, slots=True)
class BillHeader:
    """What stands above or below the table. ``holder`` is a name; ``account`` a mail, phone or nickname."""

    provider: Provider
    holder: str | None
    account: str | None
    period_start: datetime | None
    period_end: datetime | None
    exported_at: datetime | None
    stated_rows: int | None
    stated_in: Stated | None
    stated_out: Stated | None
    stated_neutral: Stated | None
    number: str | None = None
    """The number of the holder's identity document, which a certificate prints and a bill does not."""


@dataclass(frozen=True, slots=True)
class RowNote:
    """What became of one row that was not plainly taken, or was taken with a mend: ``reason`` is a stable code.

    ``column`` names the cell that it is about. The cell's own text stays out: whoever asks holds the file.
    """

    row: int
    verdict: Verdict
    reason: str
    column: str = ""


@dataclass(frozen=True, slots=True)
class TotalsCheck:
    """What the bill states of itself against what was read: ``of`` is ``rows``, ``in``, ``out`` or ``neutral``."""

    of: str
    stated_count: int
    read_count: int
    stated: Money | None
    read: Money | None

    @property
    def agrees(self) -> bool:
        """Whether both counts, and the sums where they are stated, are the same."""
        return self.stated_count == self.read_count and self.stated == self.read


@dataclass(frozen=True, slots=True)
class Transaction:
    """One row. ``occurred_at`` is naive China time (UTC+08:00), as the bill prints it.

    ``occurrence`` tells apart the rows of one wallet with the same minute and amount.
    ``refund_of`` is the order id of the purchase that a refund's own ids point to, where they do.
    ``refunded`` is the part of this purchase that the row itself says was given back.
    ``provider``: ``here`` is this bank's own wallet, of which no file is ever read.
    """

    provider: Provider
    occurred_at: datetime
    direction: Direction
    amount: Money
    kind: str
    counterparty: str
    counterparty_account: str
    description: str
    method: str
    card_tail: str | None
    status: str
    outcome: Outcome
    order_id: str
    merchant_order_id: str
    note: str
    fee: Money
    refunded: Money
    refund_of: str | None
    occurrence: int
    row: int
    raw: tuple[str, ...]
    parser_version: str

    @property
    def natural_key(self) -> str:
        """The name of a row among a person's rows: wallet, minute, amount, and which of several such.

        Seconds and order ids stay out, for a spreadsheet that saves the bill loses them; so do status, category and
        direction, for a later export may show them changed. Whether two files speak of one payment is decided by
        :func:`farthing.credit.bills.identity.unknown_rows`, which does look at ids.
        """
        return f"{self.provider}|{self.occurred_at:%Y-%m-%dT%H:%M}|{self.amount.minor}|{self.occurrence}"

    @property
    def digest(self) -> str:
        """SHA-256 of the natural key: a name for the row that shows nothing of it."""
        return hashlib.sha256(self.natural_key.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Bill:
    """A whole export. ``rows_read`` counts the rows of the table, whatever became of them."""

    header: BillHeader
    transactions: tuple[Transaction, ...]
    file_format: FileFormat
    layout: str
    rows_read: int
    notes: tuple[RowNote, ...]
    totals: tuple[TotalsCheck, ...]
    parser_version: str = PARSER_VERSION
    certificate: bytes = b""
    """The PDF that it was read from, whose seal is still to be judged; empty for an export."""

    @property
    def repeated(self) -> int:
        """Rows dropped because they repeat an earlier row, order id and all."""
        return sum(note.reason == "repeated" for note in self.notes)

    @property
    def outside_period(self) -> int:
        """Rows dated outside the period that the preamble states; a bill as exported has none."""
        start, end = self.header.period_start, self.header.period_end
        if start is None or end is None:
            return 0
        return sum(not start <= item.occurred_at <= end for item in self.transactions)

    @property
    def rows_missing(self) -> int:
        """Stated rows less rows read; negative when there are more rows than stated."""
        return 0 if self.header.stated_rows is None else self.header.stated_rows - self.rows_read
