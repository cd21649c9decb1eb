"""Own the question whether a row of a bill and a row fetched from an institution are one payment, told by two. Pure.

What is paid with a card out of a wallet stands in the wallet's bill and in the bank's books. It is one where the sum is the
same, neither runs the other way, and an order number of one is the other's or stands in its words; where no number tells, the
same other side within two minutes does. A side that is not named, or a number that names another payment, makes none.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

BILLS = frozenset({"alipay", "wechat"})
"""Providers whose rows were read off a bill; any other is an institution that gave its rows itself."""
AT_ONCE = timedelta(minutes=2)
BOOKED_LATE = timedelta(days=3)
"""How much later than a wallet a bank may book what an order number says is the same."""
SHORTEST_NUMBER, SHORTEST_NAME = 12, 2
_MASKS = "*＊•●"


@dataclass(frozen=True, slots=True)
class Told:
    """What a row is compared by; ``numbers``: order numbers that name one payment, ``words``: where others may stand."""

    provider: str
    occurred_at: datetime
    minor: int
    direction: str
    refund: bool
    counterparty: str
    numbers: frozenset[str]
    words: str


class Across:
    """Rows on file, each of which stands for one row of the other kind at most."""

    def __init__(self, on_file: Iterable[Told]) -> None:
        """Nothing is taken yet."""
        self.free: dict[tuple[int, bool], list[Told]] = defaultdict(list)
        for each in on_file:
            self.free[each.minor, each.provider in BILLS].append(each)

    def take(self, item: Told) -> bool:
        """Whether a row on file, of the other kind and not taken yet, tells of this payment; then it is taken."""
        rows = self.free.get((item.minor, item.provider not in BILLS), [])
        found = [(rank, at, number) for number, row in enumerate(rows) if (rank := _alike(row, item)) is not None
                 for at in [abs(row.occurred_at - item.occurred_at)]]  # fmt: skip
        if not found:
            return False
        del rows[min(found)[2]]
        return True


def _alike(row: Told, item: Told) -> int | None:
    """0 where an order number says that two rows are one payment, 1 where name and minute do; none where nothing does."""
    if row.refund != item.refund or {row.direction, item.direction} == {"in", "out"}:
        return None
    apart = abs(row.occurred_at - item.occurred_at)
    if apart <= BOOKED_LATE and (row.numbers & item.numbers or _said(row, item) or _said(item, row)):
        return 0
    if _says_another(row, item) or _says_another(item, row):
        return None
    return 1 if apart <= AT_ONCE and same_name(row.counterparty, item.counterparty) else None


def _said(one: Told, other: Told) -> bool:
    return any(len(number) >= SHORTEST_NUMBER and number in other.words for number in one.numbers)


def _says_another(one: Told, other: Told) -> bool:
    """Whether one names an order that is made like the other's and is not the other's."""
    lengths = {len(number) for number in other.numbers if number.isdigit() and len(number) >= SHORTEST_NUMBER}
    named = re.findall(r"(?<![0-9A-Za-z])\d{12,}(?![0-9A-Za-z])", " ".join((one.words, *sorted(one.numbers))))
    return any(len(number) in lengths and number not in other.numbers for number in named)


def same_name(one: str, other: str) -> bool:
    """Whether two names may be of one: alike, one within the other, or one with signs masked."""
    first, second = _plain(one), _plain(other)
    if min(len(first), len(second)) < SHORTEST_NAME:
        return False
    if any(sign in _MASKS for sign in first + second):
        return _shows(first, second) or _shows(second, first)
    return first in second or second in first


def _shows(masked: str, whole: str) -> bool:
    if not any(sign not in _MASKS for sign in masked):
        return False
    return re.fullmatch(re.sub(rf"(?:\\?[{_MASKS}])+", ".+", re.escape(masked)), whole) is not None


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split()).strip("/-")
