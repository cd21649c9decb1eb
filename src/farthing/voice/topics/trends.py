"""Decide whether a topic is spoken of more or less often than before: exact limits, a CUSUM, a fall with its uncertainty. Pure.

Counts are of people in a week, exposure of customers who have the product. Limits of three standard deviations lie where
counts are small; these are of the Poisson distribution itself, or of the negative binomial where weeks scatter more than
Poisson lets them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from farthing.credit.models.model import Floats

RARE = 0.00135
"""How seldom a quiet week may pass its limit: as seldom as a normal one passes three standard deviations."""
SCATTERED = 1.5
"""A greater dispersion than this is no longer Poisson."""
PER = 10_000
Z95, Z80 = 1.959963984540054, 0.8416212335729143
SERIES_LEAST = 12
"""Weeks needed on either side of a change before a line is drawn through them."""


def rate(people: int, exposed: int) -> float | None:
    """People of 10,000 customers exposed; nothing where nobody is exposed."""
    return people * PER / exposed if exposed > 0 else None


def chances(mean: float, dispersion: float = 1.0, least: int = 0) -> Floats:
    """The chance of each count from none on, until what is left is nothing; of a mean and, above one, a dispersion."""
    top = max(least, int(mean * max(1.0, dispersion) + 14 * (mean * max(1.0, dispersion)) ** 0.5) + 30)
    counts = np.arange(1, top + 1, dtype=float)
    if mean <= 0:
        return np.concatenate([[1.0], np.zeros(top)])
    if dispersion <= 1.0:
        logs = -mean + np.concatenate([[0.0], np.cumsum(np.log(mean) - np.log(counts))])
    else:
        size = mean / (dispersion - 1)
        start = -size * np.log(dispersion)
        steps = np.log(size + counts - 1) - np.log(counts) + np.log1p(-1 / dispersion)
        logs = start + np.concatenate([[0.0], np.cumsum(steps)])
    return np.asarray(np.exp(logs), dtype=np.float64)


def limit(mean: float, dispersion: float = 1.0, rare: float = RARE) -> int:
    """The least count that a quiet week reaches no more often than ``rare``."""
    tail = np.cumsum(chances(mean, dispersion)[::-1])[::-1]
    return int(np.argmax(tail <= rare))


def dispersion(counts: Sequence[int], exposed: Sequence[int]) -> float:
    """How much weeks scatter against Poisson of the same exposure: one where they do not scatter more."""
    seen, of = np.asarray(counts, dtype=float), np.asarray(exposed, dtype=float)
    if len(seen) < 2 or seen.sum() == 0 or of.sum() == 0:
        return 1.0
    expected = of * (seen.sum() / of.sum())
    kept = expected > 0
    found = float((((seen - expected) ** 2)[kept] / expected[kept]).sum() / max(1, int(kept.sum()) - 1))
    return max(1.0, found)


def slack(quiet: float, risen: float) -> float:
    """By how much a week's count is taken down before it is added: what lies evenly between two means."""
    return float((risen - quiet) / np.log(risen / quiet))


def run_length(mean: float, slack_units: int, limit_units: int, parts: int = 1, scatter: float = 1.0) -> float:
    """After how many weeks a CUSUM from nothing first reaches its limit; both in ``parts`` of a person."""
    found = chances(mean, scatter, limit_units)
    moves = np.zeros((limit_units, limit_units))
    for state in range(limit_units):
        to = np.maximum(0, state + parts * np.arange(len(found)) - slack_units)
        np.add.at(moves[state], to[to < limit_units], found[to < limit_units])
    return float(np.linalg.solve(np.eye(limit_units) - moves, np.ones(limit_units))[0])


@dataclass(frozen=True, slots=True)
class Chart:
    """How one topic is watched: its mean a week, how weeks scatter, the count that alarms at once, the CUSUM's slack and limit,
    and after how many quiet weeks each is expected to alarm falsely."""

    mean: float
    dispersion: float
    at_once: int
    slack: float
    limit: float
    quiet_weeks: float


LONG = 400.0
"""Quiet weeks that a CUSUM's limit is set for, at least."""


def chart(counts: Sequence[int], exposed: Sequence[int], *, rise: float = 2.0, long: float = LONG) -> Chart:
    """How to watch what was so far quiet for a rise to so many times as much; set for the mean exposure of those weeks."""
    mean = sum(counts) / len(counts) if counts else 0.0
    mean = max(mean, 1 / (4 * max(1, len(counts))))  # a topic never seen is not known to be impossible
    found = dispersion(counts, exposed)
    scatter = found if found > SCATTERED else 1.0
    parts = 1 if mean >= 2 else 4
    slack_units = max(1, round(slack(mean, mean * rise) * parts))
    low, high = 1, 2
    while run_length(mean, slack_units, high, parts, scatter) < long:
        low, high = high, high * 2
    while high - low > 1:
        mid = (low + high) // 2
        low, high = (mid, high) if run_length(mean, slack_units, mid, parts, scatter) < long else (low, mid)
    quiet = run_length(mean, slack_units, high, parts, scatter)
    return Chart(mean, found, limit(mean, scatter), slack_units / parts, high / parts, quiet)


@dataclass(frozen=True, slots=True)
class Point:
    """A week on its chart: people, who was exposed, the rate, what was to be expected, the CUSUM, and what alarms."""

    people: int
    exposed: int
    rate: float | None
    expected: float
    at_once: int
    cusum: float
    alarm: Literal["", "at_once", "slowly"]


def watch(base: Chart, base_exposed: float, counts: Sequence[int], exposed: Sequence[int]) -> list[Point]:
    """Weeks on a chart. Where exposure changes, what is expected changes with it; after an alarm the sum begins anew."""
    total, found = 0.0, []
    scatter = base.dispersion if base.dispersion > SCATTERED else 1.0
    for people, of in zip(counts, exposed, strict=True):
        share = of / base_exposed if base_exposed > 0 else 1.0
        expected = base.mean * share
        top = limit(expected, scatter) if expected > 0 else 1
        total = max(0.0, total + people - base.slack * share)
        alarm: Literal["", "at_once", "slowly"] = ""
        if people >= top:
            alarm = "at_once"
        elif total >= base.limit:
            alarm = "slowly"
        found.append(Point(people, of, rate(people, of), expected, top, total, alarm))
        total = 0.0 if alarm else total
    return found


def events_needed(fall: float) -> int:
    """People needed before, to see such a fall in an equally long time after, in four of five times (two-sided 5%)."""
    after = 1 - fall
    return round(float((Z95 + Z80) ** 2 * (1 + 1 / after) / np.log(after) ** 2))


def visible(before: int) -> float | None:
    """The least of the falls of 20, 30 and 50% that so many people before let one see; nothing: too few to tell."""
    return next((fall for fall in (0.2, 0.3, 0.5) if before >= events_needed(fall)), None)
