"""Own ``Bill`` and ``Transaction``: what a wallet's export says, row by row, with the raw cells kept.

Tables: none (``credit.store`` keeps them). Never guesses: what a bill does not say is ``None``.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from farthing.kit.errors import declined, malformed
from farthing.kit.money import Money

Provider = Literal["alipay", "wechat"]
Direction = Literal["in", "out", "neutral"]
Outcome = Literal["settled", "refund", "closed", "failed"]

CURRENCY = "CNY"
MAXIMUM_BYTES = 16 * 1024 * 1024
MAXIMUM_ROWS = 100_000

TOO_LARGE = malformed(
    "credit.bill_too_large",
    "The bill is larger than {limit}; export a shorter period.",
    "账单超过 {limit};请导出较短的时间段。",
)
FOREIGN = malformed(
    "credit.bill_foreign",
    "This is not a bill that can be read here ({recognised}); export the bill from Alipay or WeChat Pay.",
    "这不是此处能读取的账单({recognised});请从支付宝或微信支付导出账单。",
)
TRUNCATED = malformed(
    "credit.bill_truncated",
    "The bill is incomplete: {problem}; export it again and bring the whole file.",
    "账单不完整:{problem_zh};请重新导出并提交完整文件。",
)
UNREADABLE = malformed(
    "credit.bill_unreadable",
    "Row {row} of the bill cannot be read: {column} is {text!r}; bring the file as it was exported.",
    "账单第 {row} 行无法读取:{column} 为 {text!r};请提交未经修改的导出文件。",
)
OTHER_CURRENCY = malformed(
    "credit.bill_other_currency",
    "Row {row} of the bill is not in CNY ({text}); only bills in CNY are read here.",
    "账单第 {row} 行不是人民币({text});此处只读取人民币账单。",
)
OTHER_PERSON = declined(
    "credit.bill_other_person",
    "The bill is made out to {holder}, who is not the applicant; bring your own bill.",
    "账单户名为 {holder},与申请人不符;请提交本人的账单。",
)


@dataclass(frozen=True, slots=True)
class Stated:
    """How many rows of one direction the preamble announces, and their sum."""

    count: int
    amount: Money


@dataclass(frozen=True, slots=True)
class BillHeader:
    """The preamble. ``holder`` is a name (Alipay); ``account`` a mail, phone or nickname; both may be absent."""

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


@dataclass(frozen=True, slots=True)
class Transaction:
    """One row. ``occurred_at`` is naive China time (UTC+08:00), as the bill prints it.

    ``occurrence`` tells rows apart that a redacted bill prints with the same order id, instant and amount.
    ``refund_of`` is the order id of the purchase that a refund gives back, where the bill shows it.
    ``refunded`` is the part of this purchase that the row itself says was given back (WeChat).
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
        """What makes the same payment the same in every export of it.

        Order ids alone are not enough: shared exports redact them to one value. Status, category and direction
        stay out, for a later export of the same payment may show them changed.
        """
        instant = self.occurred_at.isoformat()
        return f"{self.provider}|{self.order_id}|{instant}|{self.amount.minor}|{self.occurrence}"

    @property
    def digest(self) -> str:
        """SHA-256 of the natural key: a name for the row that shows nothing of it."""
        return hashlib.sha256(self.natural_key.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Bill:
    """A whole export. ``repeated`` counts rows dropped because every cell equals an earlier row's."""

    header: BillHeader
    transactions: tuple[Transaction, ...]
    file_format: Literal["csv", "xlsx"]
    repeated: int
    parser_version: str

    @property
    def rows_read(self) -> int:
        """Rows of the file, repeated ones included: what the preamble's count speaks of."""
        return len(self.transactions) + self.repeated

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
