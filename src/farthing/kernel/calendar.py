"""Own the bank's calendar: the days on which it does no business, as they were declared. Table ``bank_holiday``.

Savings takes no value dates on them and funds do not trade; whatever else goes by business days asks here. A day is
declared before it comes, and a declaration is known from the next day on: what was reckoned on a day stays as it was.
The codes and names say ``savings``, for there it was declared first, and a code is stable.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from farthing.db.tx import Tx
from farthing.kernel import store
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import NOBODYS, STAFF
from farthing.kit.actor import PUBLIC
from farthing.kit.errors import declined
from farthing.kit.inputs import Day, Flag, Line, Many
from farthing.kit.words import Words

HOLIDAY_PASSED = declined(
    "savings.holiday_passed",
    "{day} is not after {today}; a holiday is declared before it comes.",
    "{day} 不晚于今日 {today}；节假日须事先公布。",
)


@dataclass(frozen=True, slots=True)
class DeclareHolidays:
    """Days to come on which the bank takes no value dates and funds do not trade.

    ``closed=False`` takes a declaration back. Deposits go by it from the next day on.
    """

    days: Annotated[tuple[Day, ...], Many]
    name: Line = ""
    closed: Flag = True


@dataclass(frozen=True, slots=True)
class Declared:
    """One declaration: a day, whether the bank is closed on it, and when that was said."""

    day: date
    closed: bool
    declared_on: date


@dataclass(frozen=True, slots=True)
class Holidays:
    """The holidays that are declared, in order."""

    days: tuple[date, ...]


def holidays_known(declared: Sequence[Declared], before: date | None = None) -> frozenset[date]:
    """The holidays as declared (``before`` a day: those that the bank went by on that day); the last word counts."""
    last: dict[date, bool] = {}
    for each in sorted(declared, key=lambda each: each.declared_on):
        if before is None or each.declared_on < before:
            last[each.day] = each.closed
    return frozenset(day for day, closed in last.items() if closed)


@operation(
    "savings.declare_holidays", title=Words("Declare holidays", "公布假日"),
    permission="savings:publish", four_eyes=True, whose=STAFF,
)  # fmt: skip
def declare_holidays(tx: Tx, command: DeclareHolidays) -> Holidays:
    """Declare days to come on which the bank takes no value dates; two persons must want it.

    Refuses ``savings.holiday_passed``.
    """
    for day in command.days:
        if day <= tx.business_date:
            raise HOLIDAY_PASSED(day=day.isoformat(), today=tx.business_date.isoformat())
    known, named = holidays(tx), frozenset(command.days)
    store.insert_holidays(tx, sorted(named), command.name, command.closed)
    return Holidays(tuple(sorted(known | named if command.closed else known - named)))


@question("savings.holidays", permission=PUBLIC, whose=NOBODYS)
def declared_holidays(tx: Tx) -> Holidays:
    """The declared days of the bank's calendar."""
    return Holidays(tuple(sorted(holidays(tx))))


def holidays(tx: Tx) -> frozenset[date]:
    """The holidays as they are declared now."""
    return holidays_known(declarations(tx))


def declarations(tx: Tx) -> list[Declared]:
    """Every declaration, in the order in which they were made."""
    return tx.once("holidays", "", lambda: [Declared(*row) for row in store.declarations(tx)])
