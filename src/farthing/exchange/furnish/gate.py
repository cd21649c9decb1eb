"""Own the gate: what a cycle's rows are held to, each rule a pure function; and what the whole file is.

A row is looked at after those of earlier periods of the same account, so that what they told is known. Nothing here depends on
when or in which parts the rows came.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from farthing.exchange.codes import FINAL, NEGATIVE, codes
from farthing.exchange.furnish.model import (
    DOES_NOT_SUM,
    FILE_WARNINGS,
    RULES,
    VANISHED,
    Facts,
    FileProblem,
    Known,
    Month,
    Problem,
    Row,
    Totals,
    Unread,
)
from farthing.kit.errors import InvariantBroken, Refusal
from farthing.kit.shipped import DATA
from farthing.kit.tables import Fault, parse

ONE_DAY = timedelta(days=1)
QUIET = ("current", "idle")
BANDS = (0, 30, 60, 90, 180)
REFUSED = frozenset(code for code, rule in RULES.items() if rule.level == "refused")
"""Rules that keep a row out."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The figures of the gate."""

    version: int
    over_limit: Decimal
    vanished: Decimal
    late_share: Decimal
    shift: Decimal
    shift_least: int
    notice_days: int
    deadline_days: int


@cache
def limits() -> Limits:
    """What ships with the program."""
    file = parse("gate.toml", (DATA / "exchange" / "gate.toml").read_text(encoding="utf-8"), _broken)
    found = Limits(
        file.whole("version", 1), file.decimal("over_limit", "1"), file.decimal("vanished", "0", "1"),
        file.decimal("late_share", "0", "1"), file.decimal("shift", "0"), file.whole("shift_least", 1),
        file.whole("notice_days", 0, 60), file.whole("deadline_days", 1, 31),
    )  # fmt: skip
    file.close()
    return found


@dataclass(frozen=True, slots=True)
class Gated:
    """What the gate let through, in the order of the rows; rows that say what was told before; and what it found wrong."""

    taken: tuple[Row, ...]
    same: int
    problems: tuple[Problem, ...]


def gate(rows: Iterable[Row | Unread], facts: Facts, period: date) -> Gated:
    """Hold every row of a cycle to the rules for rows."""
    taken: list[Row] = []
    problems: list[Problem] = []
    same = 0
    changed: dict[tuple[str, str, str], Known] = {}
    owners = {reference: subject for reference, role, subject in facts.accounts if role == "borrower"}
    met: set[tuple[tuple[str, str, str], date]] = set()
    told_again, weighty = facts.months, REFUSED
    for row in sorted(rows, key=_order):
        if isinstance(row, Unread):
            problems.append(Problem(row.number, row.reference, True, (row.code,)))
            continue
        account = row.account
        known = changed.get(account) or facts.accounts.get(account)
        told = told_again.get((known.tradeline_id, row.period)) if told_again and known is not None else None
        if told is not None and told.said == row.said and known is not None and known.terms == row.terms:
            same += (account, row.period) not in met
            met.add((account, row.period))
            continue
        found = [*_whose(row, owners, met, facts), *checks(row, known, told, facts, period)]
        if found:
            refused = not weighty.isdisjoint(found)
            problems.append(Problem(row.number, row.reference, refused, tuple(found)))
            if refused:
                continue
        met.add((account, row.period))
        if row.role == "borrower":
            owners.setdefault(row.reference, row.subject)
        changed[account] = after(row, known)
        taken.append(row)
    return Gated(tuple(taken), same, tuple(sorted(problems, key=lambda each: each.number)))


def _order(row: Row | Unread) -> tuple[date, int]:
    return (date.min if isinstance(row, Unread) else row.period, row.number)


def after(row: Row, known: Known | None, tradeline_id: str = "") -> Known:
    """What is known of an account once a row was taken: the newest month stays the newest."""
    if known is not None and known.period > row.period:
        return known._replace(terms=row.terms)
    if known is not None and row.status == "untold":  # what it did before is what the next month is compared with
        return known._replace(period=row.period, terms=row.terms)
    return Known(
        known.tradeline_id if known else tradeline_id, row.period, row.as_of, row.status, row.dpd, row.first_delinquency_on,
        row.status in FINAL, row.terms,
    )  # fmt: skip


def _whose(
    row: Row, owners: Mapping[str, str], met: set[tuple[tuple[str, str, str], date]], facts: Facts
) -> Iterator[str]:
    if (row.account, row.period) in met:
        yield "twice"
    if row.role == "borrower" and owners.get(row.reference, row.subject) != row.subject:
        yield "account_of_another"
    names = facts.names.get(row.subject)
    if names and row.name not in names:
        yield "name_differs"


def checks(row: Row, known: Known | None, told: Month | None, facts: Facts, period: date) -> Iterator[str]:
    """The codes of the rules that a row breaks, in the order in which they are told."""
    if row.cls not in facts.classes:
        yield "class_not_furnished"
    yield from _coded(row)
    yield from _dated(row, period)
    yield from _amounts(row)
    yield from _delinquency(row)
    yield from _noticed(row)
    yield from _against(row, known, told)
    yield from _sold(row, known, facts)


def _coded(row: Row) -> Iterator[str]:
    if (row.code and not codes().knows(row.code)) or not row.status:
        yield "unknown_code"
    elif row.code and not codes().agrees(row.code, row.status, row.dpd):
        yield "code_differs"


def _dated(row: Row, period: date) -> Iterator[str]:
    if row.period > period:
        yield "period_ahead"
    elif row.period < period:
        yield "late"
    if (row.as_of.year, row.as_of.month) != (row.period.year, row.period.month):
        yield "as_of_outside_period"
    if any(day is not None and day > row.as_of for day in (row.opened_on, row.first_delinquency_on, row.closed_on)):
        yield "future_date"


def _amounts(row: Row) -> Iterator[str]:
    amounts = (row.balance, row.due, row.paid, row.dpd)
    if row.status == "untold":
        if any(each is not None for each in (*amounts, row.first_delinquency_on)):
            yield "status_against_amounts"
        return
    if row.balance is None or row.due is None or row.paid is None or row.dpd is None:
        yield "status_against_amounts"
        return
    if row.limit is not None and "over_limit" not in row.flags and row.balance > limits().over_limit * row.limit:
        yield "over_limit"
    ended = row.status in FINAL
    if ended and row.balance:
        yield "paid_with_balance"
    if ended != (row.closed_on is not None):
        yield "status_against_amounts"
    if (row.status == "past_due") != (row.dpd > 0) and row.status not in NEGATIVE - {"past_due"}:
        yield "status_against_dpd"
    if row.status == "past_due" and not row.balance:
        yield "status_against_amounts"
    if row.status == "idle" and row.due:
        yield "status_against_amounts"
    if not ended and row.due > row.balance + row.paid:
        yield "due_over_balance"


def _delinquency(row: Row) -> Iterator[str]:
    first = row.first_delinquency_on
    if row.status == "past_due" and first is None:
        yield "no_delinquency"
    if row.status in QUIET and first is not None:
        yield "delinquency_while_current"
    if first is not None and row.dpd and first > row.as_of - timedelta(days=row.dpd) + ONE_DAY:
        yield "delinquency_after_status"


def _noticed(row: Row) -> Iterator[str]:
    if row.status not in NEGATIVE and not row.dpd:
        return
    first, told = row.first_delinquency_on, row.notice_on
    latest = row.as_of - timedelta(days=limits().notice_days)
    if not row.notice or told is None or told > latest or (first is not None and told < first):
        yield "no_notice"


def _against(row: Row, known: Known | None, told: Month | None) -> Iterator[str]:
    """What a row may not say beside what was said of the account before."""
    if told is not None and not row.reason:
        yield "told_before"
    if known is None:
        if row.dpd is not None and row.dpd > (row.as_of - row.opened_on).days and not row.origin:
            yield "dpd_jumps"
        return
    if known.terms != row.terms and not row.reason:
        yield "terms_changed"
    first = row.first_delinquency_on
    if (
        told is not None
        and told.first_delinquency_on is not None
        and first is not None
        and first > told.first_delinquency_on
    ):
        yield "re_aged"
    if row.period <= known.period:
        return
    if _is_later(row, known):
        yield "re_aged"
    if known.ended:
        yield "after_end"
    if row.dpd is not None and known.dpd is not None and row.dpd > known.dpd + (row.as_of - known.as_of).days:
        yield "dpd_jumps"


def _is_later(row: Row, known: Known) -> bool:
    """Whether a delinquency that goes on is told of as a later one, or as none though nothing was paid (no re-aging)."""
    before, first = known.first_delinquency_on, row.first_delinquency_on
    if before is None or known.status in QUIET or row.status == "untold":
        return False
    if row.status in QUIET:
        return row.paid == 0
    return row.status not in ("paid_off", "closed") and (first is None or first > before)


def _sold(row: Row, known: Known | None, facts: Facts) -> Iterator[str]:
    """A first delinquency goes along with what is sold."""
    if not row.origin or known is not None:
        return
    was = facts.sold.get(row.origin)
    if was is None or was.status != "sold":
        yield "origin_unknown"
    elif was.first_delinquency_on is not None:
        first = row.first_delinquency_on
        if row.status in NEGATIVE and (first is None or first > was.first_delinquency_on):
            yield "re_aged"


def totals(rows: Iterable[Row | Unread]) -> Totals:
    """What the rows that can be read come to; those that cannot be read count as rows."""
    count = balance = due = paid = past_due = 0
    for row in rows:
        count += 1
        if isinstance(row, Row):
            balance, due, paid = balance + (row.balance or 0), due + (row.due or 0), paid + (row.paid or 0)
            past_due += row.status == "past_due"
    return Totals(count, balance, due, paid, past_due)


def check_sums(cycle: str, told: Totals, found: Totals, unread: bool) -> None:
    """Refuse ``exchange.cycle_does_not_sum``. Where a row cannot be read only the count of rows says anything."""
    for name in ("rows",) if unread else ("rows", "balance", "due", "paid", "past_due"):
        if getattr(told, name) != getattr(found, name):
            raise DOES_NOT_SUM(cycle=cycle, what=name, told=getattr(told, name), found=getattr(found, name))


def check_vanished(cycle: str, facts: Facts, rows: Iterable[Row | Unread]) -> int:
    """How many accounts that are open are told of no more; refuses ``exchange.accounts_vanished`` beyond what may be."""
    there = {row.reference for row in rows}
    open_ = [account for account, known in facts.accounts.items() if not known.ended]
    vanished = sum(reference not in there for reference, _, _ in open_)
    most = math.floor(limits().vanished * len(open_))
    if vanished > most:
        raise VANISHED(cycle=cycle, vanished=vanished, open=len(open_), most=most)
    return vanished


def warnings(facts: Facts, rows: Sequence[Row | Unread], period: date, vanished: int) -> list[FileProblem]:
    """What is only warned of a file."""
    read = [row for row in rows if isinstance(row, Row)]
    found = []
    if read and sum(row.period < period for row in read) > limits().late_share * len(read):
        found.append("late_share")
    if vanished:
        found.append("some_vanished")
    before = Counter(_band(known.status, known.dpd) for known in facts.accounts.values() if not known.ended)
    now = Counter(_band(row.status, row.dpd) for row in read if row.period == period and row.status not in FINAL)
    if shift(before, now) > limits().shift:
        found.append("shifted")
    return [FileProblem(code, False, FILE_WARNINGS[code].en, FILE_WARNINGS[code].zh) for code in found]


def shift(before: Mapping[str, int], now: Mapping[str, int]) -> Decimal:
    """The population stability index of two counts by band, in four places; nothing where either is too small to say anything.
    A band that is empty counts as half of one."""
    one, other = sum(before.values()), sum(now.values())
    if min(one, other) < limits().shift_least:
        return Decimal(0)
    total = 0.0
    for band in before.keys() | now.keys():
        was, is_ = max(before.get(band, 0), 0.5) / one, max(now.get(band, 0), 0.5) / other
        total += (is_ - was) * math.log(is_ / was)
    return Decimal(f"{total:.4f}")


def problem(refusal: Refusal) -> FileProblem:
    """Why a file was refused, as its result tells it."""
    return FileProblem(refusal.code, True, refusal.detail, refusal.detail_zh)


def _band(status: str, dpd: int | None) -> str:
    return status if dpd is None or not dpd else f"{sum(dpd > each for each in BANDS)}"


def _broken(fault: Fault) -> Exception:
    return InvariantBroken(f"{fault.file} cannot be read: {fault.problem} ({fault.path} {fault.key})")
