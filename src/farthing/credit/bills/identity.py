"""Own the question whether two rows of different files are one payment. Pure.

A bill saved again by a spreadsheet loses seconds and the tail of long order numbers; a later export shows another
status. So rows are compared in groups of the same wallet, minute and amount: first by order number, then, where the
numbers cannot tell, by count - two equal purchases in one minute stay two, and the same two brought again add none.
What stands in a bill and was fetched from an institution too is compared in ``across``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from farthing.credit.bills.across import Across, Told
from farthing.credit.bills.model import Direction, Outcome, Provider, Transaction

_FLOAT = re.compile(r"(\d)(?:\.(\d{1,16}))?[eE]\+?(\d{1,2})")
_WHOLE = re.compile(r"[0-9A-Za-z_*.\-]{10,160}")
_MASKED = re.compile(r"xx|XX|\*\*|\?\?|…")
_FLOAT_DIGITS = 15
"""A spreadsheet's number holds so many digits for certain."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a row on file is compared by."""

    provider: Provider
    occurred_at: datetime
    minor: int
    order_id: str
    direction: Direction
    outcome: Outcome
    occurrence: int
    merchant_order_id: str = ""
    counterparty: str = ""
    words: str = ""


def known(item: Transaction) -> Known:
    """What a row is compared by once it is on file."""
    return Known(
        item.provider, item.occurred_at, item.amount.minor, item.order_id, item.direction, item.outcome, item.occurrence,
        item.merchant_order_id, item.counterparty, f"{item.description} {item.note}",
    )  # fmt: skip


def is_whole(order_id: str) -> bool:
    """Whether an order number names one payment: long, not masked, not cut by a spreadsheet."""
    return bool(_WHOLE.fullmatch(order_id)) and not _MASKED.search(order_id) and _leading(order_id) is None


def _leading(order_id: str) -> tuple[str, int] | None:
    """The digits that are certain and the length, of a number that a spreadsheet rounded; none for any other."""
    power = _FLOAT.fullmatch(order_id)
    if power:
        digits = power[1] + (power[2] or "")
        return digits[:_FLOAT_DIGITS], int(power[3]) + 1
    if order_id.isdigit() and len(order_id) > _FLOAT_DIGITS and order_id.endswith("000000"):
        return order_id[:_FLOAT_DIGITS], len(order_id)
    return None


def differ(one: str, other: str) -> bool:
    """Whether two order numbers are certainly of two payments."""
    if one == other or not one or not other:
        return False
    first, second = _leading(one), _leading(other)
    if first is None and second is None:
        return is_whole(one) and is_whole(other)
    if (first is None and not one.isdigit()) or (second is None and not other.isdigit()):
        return False
    (head, length), (tail, long) = first or (one, len(one)), second or (other, len(other))
    least = min(len(head), len(tail))
    # The last digit that is known may have been rounded.
    return length != long or abs(int(head[:least]) - int(tail[:least])) > 1


def unknown_rows(on_file: Iterable[Known], items: Sequence[Transaction]) -> list[Transaction]:
    """The rows that are not on file yet, numbered on from those that are."""
    groups: dict[tuple[str, datetime, int], list[Known]] = defaultdict(list)
    orders: dict[tuple[str, str, int], list[Known]] = defaultdict(list)
    on_file = tuple(on_file)
    elsewhere = Across(map(_told, on_file))
    for row in on_file:
        groups[row.provider, _minute(row.occurred_at), row.minor].append(row)
        if row.provider == "alipay" and row.outcome != "refund" and len(row.order_id) >= 16 and is_whole(row.order_id):
            orders[row.provider, row.order_id, row.minor].append(row)
    fresh: dict[tuple[str, datetime, int], list[Transaction]] = defaultdict(list)
    for item in items:
        fresh[item.provider, _minute(item.occurred_at), item.amount.minor].append(item)
    found: list[Transaction] = []
    for key, listed in fresh.items():
        rows = groups.get(key, [])
        taken = {row.occurrence for row in rows}
        for item in _unmatched(rows, listed):
            # Alipay's two exports print different times of one order: its number and amount tell.
            if item.outcome != "refund" and orders.get((item.provider, item.order_id, item.amount.minor)):
                continue
            if elsewhere.take(_told(known(item))):
                continue
            number = next(number for number in range(len(taken) + 1) if number not in taken)
            taken.add(number)
            found.append(item if item.occurrence == number else replace(item, occurrence=number))
    return sorted(found, key=lambda item: item.row)


def _told(row: Known) -> Told:
    """A row as it is compared with one that another told of."""
    numbers = frozenset(each for each in (row.order_id, row.merchant_order_id) if is_whole(each))
    return Told(
        row.provider,
        row.occurred_at,
        row.minor,
        row.direction,
        row.outcome == "refund",
        row.counterparty,
        numbers,
        row.words,
    )


def _unmatched(rows: Sequence[Known], items: Sequence[Transaction]) -> list[Transaction]:
    """The rows of a group that no row on file stands for; each row on file stands for one."""
    free = list(rows)
    left: list[Transaction] = []
    for item in sorted(items, key=lambda item: item.row):
        same = [row for row in free if row.order_id == item.order_id and item.order_id]
        alike = [row for row in same if (row.outcome == "refund") == (item.outcome == "refund")]
        if (alike or same) and is_whole(item.order_id):
            free.remove((alike or same)[0])
        else:
            left.append(item)
    unmatched = []
    for item in left:
        match = min((row for row in free if _may_be(row, item)), key=lambda row: _distance(row, item), default=None)
        if match is None:
            unmatched.append(item)
        else:
            free.remove(match)
    return unmatched


def _may_be(row: Known, item: Transaction) -> bool:
    """Whether a row on file may be this payment, as far as order number, seconds and direction tell."""
    if differ(row.order_id, item.order_id) or {row.direction, item.direction} == {"in", "out"}:
        return False
    seconds = row.occurred_at.second, item.occurred_at.second
    return seconds[0] == seconds[1] or 0 in seconds


def _distance(row: Known, item: Transaction) -> tuple[bool, bool, bool, int]:
    """How little a row on file is like this one: the smaller, the likelier."""
    return (
        row.order_id != item.order_id,
        (row.outcome == "refund") != (item.outcome == "refund"),
        row.direction != item.direction,
        row.occurrence,
    )


def _minute(when: datetime) -> datetime:
    return when.replace(second=0, microsecond=0)


def numbered(items: Sequence[Transaction]) -> list[Transaction]:
    """Rows of one file, each with its number among those of the same wallet, minute and amount."""
    counted: dict[tuple[str, datetime, int], int] = {}
    found = []
    for item in items:
        key = item.provider, _minute(item.occurred_at), item.amount.minor
        number = counted.get(key, 0)
        counted[key] = number + 1
        found.append(replace(item, occurrence=number) if number else item)
    return found
