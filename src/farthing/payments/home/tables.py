"""Own the step from a bank's table to rows: days, amounts and their sides, cell by cell. Pure.

A row that cannot be read is counted and left out; a file of which more than one row in twenty is such is refused. Time and memory
stay in proportion to the file, which is small.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from farthing.credit.bills import cells
from farthing.credit.bills.cells import BadCell, folded
from farthing.credit.bills.text import SEPARATORS, decodings, lines_of, records, strict_cells
from farthing.kit.money import EXPONENTS
from farthing.payments.home.layouts import CURRENCIES, INWARDS, BankLayout, layout_of
from farthing.payments.home.model import Account, Part, Row
from farthing.payments.home.refusals import TAIL_MISSING, UNREADABLE

HEADER_WITHIN = 60
MOST_UNREAD = 20
"""One row in so many may be unreadable."""
_NUMBER = re.compile(r"卡号 ?: ?([0-9*]{8,24})")
_MONTH = re.compile(r"(\d{4}) ?年 ?(\d{1,2}) ?月")
_ISO = re.compile(r"(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})")
_DAY_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_MONTH_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})")
_CLOCK = re.compile(r"(\d{2}):?(\d{2}):?(\d{2})")
_SUMS = re.compile(r"(?:人民币)?(?:合计|总计|小计|本页|共计)")
_NOTHING = re.compile(r"-*|/|\*+")
_EDGES = " \t'\""


@dataclass(frozen=True, slots=True)
class _At:
    """A table that was found: its layout, the places of its fields, and what stands above it."""

    layout: BankLayout
    places: Mapping[str, tuple[int, ...]]
    above: str

    def text(self, row: Sequence[str], field: str) -> str:
        """The field's cells, one after the other; what only stands for nothing is left out."""
        found = (row[at].strip(_EDGES) for at in self.places.get(field, ()) if at < len(row))
        return " ".join(clean(each) for each in found if not _NOTHING.fullmatch(each))


def clean(text: str) -> str:
    """A text on one line, without what nobody sees."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def read_table(content: bytes, tail: str) -> tuple[list[Part], int] | None:
    """What a bank's table tells of each of its accounts, and how many rows could not be read; none where it is no such table.

    Refuses ``home.tail_missing`` where neither the file nor ``tail`` says whose card it is, and ``home.unreadable``.
    """
    for text in decodings(content):
        lines = lines_of(text)
        for number, line in enumerate(lines[:HEADER_WITHIN]):
            for separator in SEPARATORS:
                found = layout_of(strict_cells(line, separator) or []) if line.count(separator) >= 3 else None
                if found:
                    at = _At(found[0], found[1], folded(" ".join(lines[:number])))
                    return _parts(at, _rows(at, records(lines, number + 1, separator, lambda row: True)), tail)
    return None


def _rows(at: _At, listed: Iterator[tuple[int, list[str]]]) -> tuple[list[Row], int]:
    found, bad, first = [], 0, ""
    for number, cells_ in listed:
        if sum(bool(each.strip(_EDGES)) for each in cells_) < 3 or _SUMS.match("".join(cells_).strip(_EDGES)):
            continue
        try:
            found.append(_row(at, cells_))
        except BadCell as problem:
            bad += 1
            first = first or f"{number}: {problem.args[0]}"
    if bad * MOST_UNREAD > len(found) + bad:
        raise UNREADABLE(row=first.partition(":")[0], count=bad)
    return found, bad


def _row(at: _At, row: Sequence[str]) -> Row:
    when, exact = _when(at, row)
    signed = _signed(at, row)
    currency = _currency(at, row)
    return Row(
        id="", account_id="", at=when, exact=exact, currency=currency, direction="in" if signed >= 0 else "out",
        minor=abs(signed), counterparty=at.text(row, "other")[:200], counterparty_account=at.text(row, "other_account")[:60],
        description=at.text(row, "what")[:400], tail=at.text(row, "tail")[-4:], order_id=at.text(row, "reference")[:60],
        status=at.text(row, "balance")[:40],
    )  # fmt: skip


def _when(at: _At, row: Sequence[str]) -> tuple[datetime, bool]:
    text = at.text(row, "day") or at.text(row, "booked")
    try:
        if at.layout.days == "month first":
            return _within(_month_first(text, at.above)), False
        found = (_DAY_FIRST if at.layout.days == "day first" else _ISO).fullmatch(text)
        if found is None:
            raise BadCell("day_unreadable")
        year, month, day = found.groups() if at.layout.days == "year first" else reversed(found.groups())
        when = datetime(int(year), int(month), int(day))  # noqa: DTZ001 - statements print local time
        clock = _CLOCK.fullmatch(at.text(row, "time"))
        if clock and clock[0] not in ("000000", "00:00:00"):
            hour, minute, second = map(int, clock.groups())
            return _within(when.replace(hour=hour, minute=minute, second=second)), True
        return _within(when), False
    except ValueError:
        raise BadCell("day_unreadable") from None


def _within(when: datetime) -> datetime:
    if when.year not in cells.YEARS:
        raise BadCell("day_unreadable")
    return when


def _month_first(text: str, above: str) -> datetime:
    """A day without its year: of the statement's year, or of the one before where its month is later in the year."""
    found, stated = _MONTH_FIRST.fullmatch(text), _MONTH.search(above)
    if found is None or stated is None:
        raise BadCell("day_unreadable")
    month = int(found[1])
    year = int(stated[1]) - (1 if month > int(stated[2]) else 0)
    return datetime(year, month, int(found[2]))  # noqa: DTZ001 - statements print local time


def _signed(at: _At, row: Sequence[str]) -> int:
    """Minor units, more than nothing where money came in."""
    style = at.layout.amounts
    if style == "two":
        came, went = (cells.minor_units(text) if text else 0 for text in (at.text(row, "in"), at.text(row, "out")))
        if bool(came) == bool(went):
            raise BadCell("amount_unreadable")
        return came - went
    text = at.text(row, "amount")
    minor = cells.minor_units(text)
    if style == "charged":
        return -minor
    if style == "sides":
        return abs(minor) if at.text(row, "side").startswith("贷") else -abs(minor)
    if style == "worded":
        return abs(minor) if at.text(row, "what").startswith(INWARDS) else -abs(minor)
    return minor


def _currency(at: _At, row: Sequence[str]) -> str:
    text = at.text(row, "currency")
    found = CURRENCIES.get(text, text) or at.layout.currency
    # Amounts are read with two decimals: what has others is left out, and told.
    if EXPONENTS.get(found) != 2:
        raise BadCell("other_currency")
    return found


def _parts(at: _At, read: tuple[list[Row], int], tail: str) -> tuple[list[Part], int]:
    rows, bad = read
    stated = _NUMBER.search(at.above)
    named = {each.tail for each in rows if each.tail}
    own = stated[1][-4:] if stated else next(iter(named), tail) if len(named) < 2 else ""
    if not own and not named:
        raise TAIL_MISSING()
    found = []
    for currency in sorted({each.currency for each in rows}):
        some = [each for each in rows if each.currency == currency]
        account = Account("", at.layout.kind, at.layout.name, own or "", currency)
        found.append(part_of(account, some))
    return found, bad


def part_of(account: Account, rows: Sequence[Row]) -> Part:
    """Rows named by what they say: the same line in another file has the same name, and equal lines are counted."""
    seen: Counter[str] = Counter()
    named = []
    for row in sorted(rows, key=lambda each: (each.at, each.order_id)):
        told = (
            f"{row.at:%Y-%m-%dT%H:%M:%S}|{row.direction}|{row.minor}|{row.currency}|{row.status}|{row.order_id}|"
            f"{folded(row.counterparty)}|{folded(row.description)}|{row.tail}"
        )
        number = seen[told]
        seen[told] += 1
        name = hashlib.sha256(f"{told}|{number}".encode()).hexdigest()[:40]
        named.append(replace(row, id=name, tail=row.tail or account.tail, occurrence=number))
    days = [each.at.date() for each in named]
    return Part(replace(account, first_on=min(days, default=None), last_on=max(days, default=None)), tuple(named))
