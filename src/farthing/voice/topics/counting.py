"""Decide which weeks are counted, who was exposed in each, and how a topic stands against its chart. Pure.

A chart is set once a quarter, from up to a year of weeks before it, so that each week is looked at once and false alarms come as
seldom as the chart states. Weeks begin on Mondays; a week that is not over is not looked at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from farthing.voice.topics.model import Alarm, TopicRow
from farthing.voice.topics.trends import Chart, Point, chart, watch

WEEK = timedelta(days=7)
BASE, LEAST = 52, 8


def monday(day: date) -> date:
    """The first day of a day's week."""
    return day - timedelta(days=day.weekday())


def quarter(day: date) -> date:
    """The Monday from which the quarter of the last full week before a day is watched."""
    last = monday(day + timedelta(days=1)) - WEEK
    return monday(date(last.year, (last.month - 1) // 3 * 3 + 1, 1) + timedelta(days=6))


def weeks(since: date, until: date) -> list[date]:
    """The Mondays from one on and before another day."""
    return [since + WEEK * number for number in range(max(0, (until - since).days) // 7)]


def exposed(history: Sequence[tuple[date, date | None, int]], mondays: Sequence[date]) -> list[int]:
    """How many people were exposed in each week: from the week in which it began to that in which it ended."""
    return [
        sum(people for began, ended, people in history if began <= day and (ended is None or ended >= day))
        for day in mondays
    ]


def root(topics: Mapping[str, TopicRow], ident: str) -> str:
    """The topic as which one is counted."""
    seen: set[str] = set()
    while (into := topics[ident].into_id if ident in topics else "") and ident not in seen:
        seen.add(ident)
        ident = into
    return ident


def parts(topics: Mapping[str, TopicRow]) -> dict[str, tuple[str, ...]]:
    """Of each topic that stands alone those that are counted as it, itself among them."""
    found: dict[str, list[str]] = {}
    for ident in topics:
        found.setdefault(root(topics, ident), []).append(ident)
    return {ident: tuple(sorted(each)) for ident, each in found.items()}


def together(counts: Mapping[str, Mapping[date, int]], ids: Sequence[str]) -> dict[date, int]:
    """The people of several topics by week; who spoke of two of them in one week is counted for both."""
    found: dict[date, int] = {}
    for ident in ids:
        for week, people in counts.get(ident, {}).items():
            found[week] = found.get(week, 0) + people
    return found


def charted(
    counts: Mapping[date, int], history: Sequence[tuple[date, date | None, int]], first: date | None, on: date
) -> tuple[Chart | None, list[tuple[date, Point]]]:
    """A topic's chart and its weeks of this quarter; no chart while fewer than eight weeks are known before it."""
    start = quarter(on)
    begun = max(start - WEEK * BASE, monday(first)) if first is not None else start
    base, now = weeks(begun, start), weeks(start, on + timedelta(days=1))
    of_base, of_now = exposed(history, base), exposed(history, now)
    seen = [counts.get(each, 0) for each in now]
    if len(base) < LEAST or sum(of_base) == 0:
        return None, []
    found = chart([counts.get(each, 0) for each in base], of_base)
    return found, list(zip(now, watch(found, sum(of_base) / len(of_base), seen, of_now), strict=True))


def raised(topic: TopicRow, points: Sequence[tuple[date, Point]], on: date) -> list[Alarm]:
    """The alarms of a topic's weeks."""
    return [
        Alarm(
            f"alarm_{topic.id}_{week:%Y%m%d}", topic.id, week, point.alarm, point.people, round(point.expected * 100),
            point.exposed, on, topic.owner,
        )
        for week, point in points
        if point.alarm
    ]  # fmt: skip
