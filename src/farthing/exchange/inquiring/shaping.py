"""Make of a node's report the one that is shown: only kinds and months in scope; what a dispute deleted or the law hides is left
out; marks, findings and the person's own words stand beside what they are about. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from farthing.exchange.disputing.model import Dispute, Statement
from farthing.exchange.inquiring.model import InquirySeen, Scope
from farthing.exchange.law.model import Law
from farthing.exchange.law.rules import Arrears, is_hidden, record_hidden
from farthing.kit.calendar import add_months
from farthing.kit.canonical import plain
from farthing.kit.money import Money

Line = Mapping[str, Any]
"""A tradeline as :mod:`farthing.exchange.report` tells it, its months the newest first."""


def shown(
    scope: Scope, law: Law, revision: int, made: Mapping[str, Any], inquiries: Sequence[InquirySeen],
    disputes: Sequence[Dispute], statements: Sequence[Statement],
) -> dict[str, Any]:  # fmt: skip
    """What is shown of a report; one of nobody known has the same fields, with nothing in them."""
    since = first_period(scope)
    said = [each for each in statements if each.revision <= revision]
    lines = (
        _line(each, law, scope.on, since, revision, disputes, said)
        for each in made["tradelines"]
        if each["class"] in scope.kinds
    )
    return {
        **made,
        "law": law.code,
        "kinds": sorted(scope.kinds),
        "months": scope.months,
        "tradelines": [each for each in lines if each is not None],
        "public_records": [
            each for each in made["public_records"]
            if "public_record" in scope.kinds and not record_hidden(law, _day(each["satisfied_on"]), scope.on)
        ],
        "inquiries": [
            {"member": each.member_id, "purpose": each.purpose, "at": plain(each.asked_at)}
            for each in inquiries
            if "inquiry" in scope.kinds and (since is None or each.asked_at.date() >= since)
        ],
        "statements": [each.text for each in said if not each.tradeline_id],
    }  # fmt: skip


def first_period(scope: Scope) -> date | None:
    """The first month in scope, by its first day; none: all of them."""
    return None if scope.months is None else add_months(scope.on.replace(day=1), 1 - scope.months)


def _line(
    line: Line, law: Law, on: date, since: date | None, revision: int, disputes: Sequence[Dispute],
    said: Sequence[Statement],
) -> dict[str, Any] | None:  # fmt: skip
    about = [each for each in disputes if each.tradeline_id == line["id"]]
    if any(each.deletes(revision) and each.period is None for each in about):
        return None
    gone = {each.period for each in about if each.deletes(revision)} | hidden(line, law, on)
    months = [
        {**month, **_beside([each for each in about if each.period == period], revision)}
        for month in line["months"]
        if (period := period_of(month)) not in gone and (since is None or period >= since)
    ]
    marked = any(each.marks(revision) for each in about)
    whole = _beside([each for each in about if each.period is None], revision)
    words = [each.text for each in said if each.tradeline_id == line["id"]]
    return {**line, "months": months, **whole, "disputed": marked, "statements": words}


def _beside(about: Sequence[Dispute], revision: int) -> dict[str, Any]:
    return {
        "disputed": any(each.marks(revision) for each in about),
        "undetermined": [each.finding for each in about if each.notes(revision)],
    }


def period_of(month: Mapping[str, Any]) -> date:
    """The first day of a month of a report."""
    return date.fromisoformat(f"{month['period']}-01")


def stretches(line: Line) -> list[tuple[Arrears, frozenset[date]]]:
    """The stretches of arrears of an account, with their months: begun by the first month past due, ended by the next that is not
    (on the day of that month's figures). A month of which nobody said how late it was ends none."""
    found: list[tuple[Arrears, frozenset[date]]] = []
    late: list[Mapping[str, Any]] = []
    for month in reversed(line["months"]):
        if month["dpd"]:
            late.append(month)
        elif late and month["dpd"] == 0:
            found.append(_stretch(line, late, _day(month["as_of"])))
            late = []
    if late:
        found.append(_stretch(line, late, _day(late[-1]["closed_on"])))
    return found


def _stretch(line: Line, late: Sequence[Mapping[str, Any]], ended_on: date | None) -> tuple[Arrears, frozenset[date]]:
    began = _day(late[0]["first_delinquency_on"]) or period_of(late[0])
    first = min((day for each in late if (day := _day(each["first_delinquency_on"]))), default=began)
    most = max((each["due"] or 0) - (each["paid"] or 0) for each in late)
    arrears = Arrears(began, Money(max(most, 0), line["currency"]), ended_on, first)
    return arrears, frozenset(period_of(each) for each in late)


def hidden(line: Line, law: Law, on: date) -> set[date | None]:
    """The months that are not shown on a day."""
    found: set[date | None] = set()
    for arrears, periods in stretches(line):
        if is_hidden(law, arrears, on):
            found |= periods
    return found


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
