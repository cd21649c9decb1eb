"""Own the step from the cells of a row to a transaction, or to the reason why it is none. Pure.

Never drops a row silently: whatever is not plainly taken leaves a note with its number and a stable reason.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from farthing.credit.bills import cells
from farthing.credit.bills.cells import BadCell, folded
from farthing.credit.bills.identity import is_whole
from farthing.credit.bills.layouts import DIRECTIONS, Layout
from farthing.credit.bills.model import (
    CURRENCY,
    PARSER_VERSION,
    Direction,
    Outcome,
    RowNote,
    Transaction,
)
from farthing.credit.bills.reasons import OF_OUTCOME, verdict
from farthing.credit.bills.statuses import outcome_of
from farthing.credit.bills.text import BROKEN
from farthing.kit.money import Money

UNREADABLE_REASONS = frozenset({
    "row_cut", "too_many_cells", "time_unreadable", "amount_unreadable", "amount_negative", "direction_unknown",
    "other_currency",
})  # fmt: skip
_FIELDS = (
    "time", "created", "kind", "counterparty", "account", "description", "direction", "amount", "method", "status",
    "order", "merchant_order", "note", "fee", "refunded", "funds",
)  # fmt: skip
_HEAD_OF_AMOUNT = re.compile(r"[+-]?[¥￥]?[+-]?\d{1,3}")
_PART_OF_AMOUNT = re.compile(r"\d{3}")
_TAIL_OF_AMOUNT = re.compile(r"\d{3}(?:\.\d{1,2})?元?")
_AMOUNT_LIKE = re.compile(r"[-+(]{0,2}[¥￥]?[-+]?\d[\d,]*(?:\.\d+)?\)?元?")
_LINE_OF_TEXT = re.compile(
    r"-{4,}|={4,}|共[::]?\d|已?(?:收入|支出|不计收支|中性交易)[::]|待(?:收入|支出)[::]|导出|起始|终止|姓名|真实姓名|用户|微信昵称|支付宝|账[号户]|"
    r"特别提示|注[::]?$|\d{1,2}[.、]|合计|总计|本页|小计|【|统计|说明"
)
_ID_EDGES = " \t'\"`=\u200b"


@dataclass(slots=True)
class RowReader:
    """Reads the rows below one header. ``width`` counts the named columns; rows may have empty cells beyond."""

    layout: Layout
    places: Mapping[str, int]
    header: Sequence[str]
    epoch_days: int = 0
    notes: list[RowNote] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    found: list[Transaction] = field(default_factory=list)
    negative: list[int] = field(default_factory=list)
    read: int = 0
    first_bad: tuple[RowNote, str] | None = None
    width: int = field(init=False)
    needed: int = field(init=False)
    _order: tuple[int, ...] = field(init=False)
    _seen: set[tuple[str, ...]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.width = max(index for index, name in enumerate(self.header) if name) + 1
        # A field without a column takes the empty cell that every row has beyond its last.
        self._order = tuple(self.places.get(name, self.width) for name in _FIELDS)
        self.needed = max(self.places[name] for name in self.layout.needs) + 1

    def fits(self, found: Sequence[str]) -> bool:
        """Whether cells have the right number, with a time and an amount in their places."""
        if not self.needed <= len(found) or any(found[self.width :]):
            return False
        amount = found[self.places["amount"]]
        if not (cells.is_plain_amount(amount) or _AMOUNT_LIKE.fullmatch(folded(amount).replace(" ", ""))):
            return False
        return cells.looks_like_time(found[self.places["time"]] or found[self.places.get("created", 0)])

    def take(self, number: int, row: list[str]) -> None:
        """Read one row below the header: a payment, a line of text, or neither."""
        filled = [cell for cell in row if cell]
        if not filled:
            return
        if len(filled) <= 4 and self._is_text(filled):
            self.texts.append(",".join(filled))
            if not _LINE_OF_TEXT.match(folded(filled[0])):
                self._note(number, "not_a_row")
            return
        if len(row) > self.width:
            row = self._mended(number, row)
            if not row:
                return
        if len(row) < self.needed:
            self._note(number, "row_cut", "", filled[0])
            return
        if len(row) <= self.width:
            row = row + [""] * (self.width + 1 - len(row))
        self.read += 1
        try:
            item = self._transaction(number, row)
        except BadCell as bad:
            reason, column = bad.args[0], bad.args[1] if len(bad.args) > 1 else ""
            self.read -= 1 if reason == "not_a_row" else 0
            self._note(number, reason, self._name(column), self._cell(row, column))
            return
        if item is not None:
            self.found.append(item)

    def _is_text(self, filled: Sequence[str]) -> bool:
        """Whether a row with few cells is a line of text: words that such lines begin with, or no time and little else."""
        if _LINE_OF_TEXT.match(folded(filled[0])):
            return True
        little = len(filled) <= 2 and filled[0] not in DIRECTIONS and len(filled[-1]) > 1
        return little and not any(cells.looks_like_time(cell) for cell in filled)

    def _mended(self, number: int, row: list[str]) -> list[str]:
        """A row with more cells than columns, put right where only one reading is possible; else empty, with a note."""
        at = self.places["amount"]
        beyond = len(row) - self.width
        if _HEAD_OF_AMOUNT.fullmatch(row[at]):
            for joined in range(min(beyond, 5), 0, -1):
                parts = row[at + 1 : at + 1 + joined]
                if all(map(_PART_OF_AMOUNT.fullmatch, parts[:-1])) and _TAIL_OF_AMOUNT.fullmatch(parts[-1]):
                    mended = [*row[:at], row[at] + "".join(parts), *row[at + 1 + joined :]]
                    if not any(mended[self.width :]):
                        self._note(number, "amount_joined", self._name("amount"))
                        return mended[: self.width]
        padded = not any(row[self.width :])
        if padded and (len(row) <= len(self.header) or self._sound(row[: self.width])):
            return row[: self.width]
        extra = max(len(row) - len(self.header), 1)
        for name in ("description", "counterparty", "note", "account"):
            place = self.places.get(name)
            if place is None:
                continue
            merged = [*row[:place], ",".join(row[place : place + extra + 1]), *row[place + extra + 1 :]]
            if self._sound(merged):
                self._note(number, "text_joined", self._name(name))
                return merged[: self.width]
        if padded:
            return row[: self.width]
        self.read += 1
        self._note(number, "too_many_cells", "", row[self.width])
        return []

    def _sound(self, row: Sequence[str]) -> bool:
        """Whether every cell that is not free text is what its column wants."""
        if not self.fits(row):
            return False
        status = row[self.places["status"]]
        kind = row[self.places["kind"]] if "kind" in self.places else ""
        return folded(row[self.places["direction"]]) in DIRECTIONS and outcome_of(status, kind) != "unknown"

    def _transaction(self, number: int, row: list[str]) -> Transaction | None:
        (time, created, kind, who, account, what, direction_cell, amount_cell, method_cell, status, order, merchant,
         note_cell, fee_cell, refunded_cell, funds) = [row[place] for place in self._order]  # fmt: skip
        time_cell = time or created
        try:
            when = cells.instant(time_cell, self.epoch_days)
        except BadCell:
            raise BadCell("time_unreadable", "time") from None
        try:
            minor = cells.minor_units(amount_cell)
        except BadCell as bad:
            raise BadCell(bad.args[0], "amount") from None
        outcome = outcome_of(status, kind)
        direction = self._direction(direction_cell, funds, outcome)
        if minor < 0:
            if direction == "in" and outcome != "refund":
                raise BadCell("amount_negative", "amount")
            if direction == "out" and outcome == "settled":
                self.negative.append(len(self.found))
        amount = Money(abs(minor), CURRENCY)
        refunded, outcome = self._given_back(refunded_cell, status, amount, direction, outcome)
        order_id = order.strip(_ID_EDGES)
        raw = tuple(row[: self.width])
        if is_whole(order_id):
            if raw in self._seen:
                raise BadCell("repeated")
            self._seen.add(raw)
        method, note = cells.blank(method_cell), cells.blank(note_cell)
        if OF_OUTCOME.get(outcome):
            self._note(number, OF_OUTCOME[outcome], self._name("status"))
        if BROKEN in "".join(raw):
            self._note(
                number, "characters_broken", self.header[next(i for i, cell in enumerate(raw) if BROKEN in cell)]
            )
        fee = Money(abs(_or_zero(fee_cell)), CURRENCY) if "fee" in self.places else cells.fee(note)
        return Transaction(
            self.layout.provider, when, direction, amount, kind, cells.blank(who),
            cells.blank(account), cells.blank(what), method, cells.card_tail(method), status,
            outcome, order_id, cells.blank(merchant.strip(_ID_EDGES)), note, fee, refunded, None, 0,
            number, raw, PARSER_VERSION,
        )  # fmt: skip

    def _direction(self, text: str, funds: str, outcome: Outcome) -> Direction:
        direction = DIRECTIONS.get(text)
        if direction is None:
            direction = DIRECTIONS.get("".join(folded(text).split()))
        if direction is None:
            raise BadCell("direction_unknown", "direction")
        if direction == "neutral" and not text and funds and outcome == "settled":
            return DIRECTIONS.get("".join(funds.split()), "neutral")
        return direction

    def _given_back(
        self, cell: str, status: str, amount: Money, direction: Direction, outcome: Outcome
    ) -> tuple[Money, Outcome]:
        """How much of a purchase its own row says came back, and what the row then is."""
        if "refunded" in self.places:
            back = Money(min(abs(_or_zero(cell)), amount.minor), CURRENCY)
            if back.minor and direction == "out":
                return back, "settled"
            return cells.ZERO, outcome
        if outcome != "settled":
            return cells.ZERO, outcome
        stated = cells.refunded(status, amount)
        if stated is None:
            # "Refunded" without a sum: income is not counted on; of spending, the refund's own row will tell.
            return (amount, outcome) if direction == "in" else (cells.ZERO, outcome)
        return stated, outcome

    def _name(self, column: str) -> str:
        return self.header[self.places[column]] if column in self.places else ""

    def _cell(self, row: Sequence[str], column: str) -> str:
        return row[self.places[column]] if column in self.places else ""

    def _note(self, number: int, reason: str, column: str = "", text: str = "") -> None:
        note = RowNote(number, verdict(reason), reason, column)
        self.notes.append(note)
        if reason in UNREADABLE_REASONS and self.first_bad is None:
            self.first_bad = note, text[:40]


def _or_zero(text: str) -> int:
    try:
        return cells.minor_units(text) if text else 0
    except BadCell:
        return 0
