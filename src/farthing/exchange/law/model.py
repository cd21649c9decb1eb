"""Own the law of a node, read once from ``data/exchange/law``. Pure; which file holds, two persons of the node chose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from farthing.kit.errors import InvariantBroken
from farthing.kit.money import Money
from farthing.kit.shipped import DATA
from farthing.kit.tables import Fault, Table, calendar_day, parse
from farthing.kit.words import Words

FOLDER = DATA / "exchange" / "law"
About = Literal["arrears", "public_record"]


@dataclass(frozen=True, slots=True)
class Clock:
    """How long a dispute may take. ``months`` or ``days``; ``further_days`` where the person brings more; the furnisher is asked
    within so many business days (none: on the day itself)."""

    days: int | None
    months: int | None
    further_days: int
    furnisher_business_days: int
    article: Words


@dataclass(frozen=True, slots=True)
class Repair:
    """Which arrears a repair hides: a single sum up to ``most`` that arose in the window and was repaid by its last day."""

    most: Money
    arose_from: date
    arose_until: date
    repaid_by: date
    early_by: date
    early_from: date


@dataclass(frozen=True, slots=True)
class Hide:
    """One rule by which something is not shown from a day on; the record itself stays as it is."""

    rule: str
    about: About
    years_from_end: int | None
    years_from_first_delinquency: int | None
    repair: Repair | None
    article: Words


@dataclass(frozen=True, slots=True)
class Law:
    """The law of one place."""

    code: str
    name: Words
    dispute: Clock
    free_reports_a_year: int
    hides: tuple[Hide, ...]


def law_of(code: str) -> Law:
    """The law of a code."""
    return next(each for each in _laws() if each.code == code)


def codes() -> tuple[str, ...]:
    """The codes of all laws there are."""
    return tuple(each.code for each in _laws())


@cache
def _laws() -> tuple[Law, ...]:
    return tuple(read(path.stem, path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.toml")))


def read(code: str, source: str) -> Law:
    """One file of law; a shipped file that is wrong is our bug."""
    table = parse(f"{code}.toml", source, _broken)
    table.choice("kind", ["exchange_law"])
    report = table.table("own_report")
    made = Law(
        code, table.words("name"), _clock(table.table("dispute")),
        report.whole("free_a_year", 1, 366), table.many("hides", _hide) if table.has("hides") else (),
    )  # fmt: skip
    report.words("article")
    report.close()
    table.close()
    return made


def _clock(table: Table) -> Clock:
    made = Clock(
        table.maybe("days", lambda key: table.whole(key, 1, 366)),
        table.maybe("months", lambda key: table.whole(key, 1, 12)),
        table.whole("further_days", 0, 366, default=0),
        table.whole("furnisher_business_days", 0, 60, default=0),
        table.words("article"),
    )
    if (made.days is None) == (made.months is None):
        raise table.wrong("days", "either days or months", "天数与月数须二选一")
    table.close()
    return made


def _hide(item: Table) -> Hide:
    table = item.table("hides")
    made = Hide(
        table.text("rule"),
        table.choice("about", ["arrears", "public_record"]),  # type: ignore[arg-type]
        table.maybe("years_from_end", lambda key: table.whole(key, 1, 50)),
        table.maybe("years_from_first_delinquency", lambda key: table.whole(key, 1, 50)),
        _repair(table) if table.has("most") else None,
        table.words("article"),
    )
    table.close()
    return made


def _repair(table: Table) -> Repair:
    names = ("arose_from", "arose_until", "repaid_by", "early_by", "early_from")
    return Repair(table.money("most", table.text("currency")), *[_day(table, name) for name in names])


def _day(table: Table, key: str) -> date:
    found = calendar_day(table.take(key))
    if found is None:
        raise table.wrong(key, "must be a day such as 2026-03-31", "应为日期，如 2026-03-31")
    return found


def _broken(fault: Fault) -> InvariantBroken:
    return InvariantBroken(f"{fault.file} {fault.name}: {fault.problem}")
