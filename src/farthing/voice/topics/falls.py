"""Decide what a change did: the rate after it against the rate before, with its interval, by regression where there are weeks
enough. Pure.

The day of the change is fixed before the weeks after it are seen. A topic that the change does not touch is the control: what
moved both is not the change's doing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from farthing.credit.models.model import Floats
from farthing.voice.topics.trends import SERIES_LEAST, Z95, visible


@dataclass(frozen=True, slots=True)
class Series:
    """Weeks of a topic: people and who was exposed."""

    people: tuple[int, ...]
    exposed: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Fall:
    """The rate after a change over the rate before it, and between what it lies in 95 of 100 times. ``too_few``: fewer spoke
    before than show even a fall by half. ``how``: by a line through the weeks, or by two sums where weeks are few."""

    ratio: float | None
    low: float | None
    high: float | None
    how: Literal["series", "sums"]
    controlled: bool
    dispersion: float
    before: int
    after: int
    seen_from: float | None
    too_few: bool

    @property
    def fell(self) -> bool:
        """Whether it fell for certain: enough people, and the whole interval below one."""
        return not self.too_few and self.high is not None and self.high < 1


def fall(topic: Series, change: int, control: Series | None = None) -> Fall:
    """What the weeks from number ``change`` on are against those before. A straight line of the logarithm is carried on
    from before; the step at the change is what is told."""
    before, after = sum(topic.people[:change]), sum(topic.people[change:])
    long = min(change, len(topic.people) - change) >= SERIES_LEAST
    seen = visible(before)
    if before == 0 or after + before == 0:
        return Fall(None, None, None, "sums", False, 1.0, before, after, seen, True)
    fitted = _series(topic, change, control) if long else None
    if fitted is not None:
        step, error, scatter, used = fitted
        ends = np.exp([step, step - Z95 * error, step + Z95 * error])
        return Fall(
            float(ends[0]), float(ends[1]), float(ends[2]), "series", used, scatter, before, after, seen, seen is None
        )
    ratio, low, high = _sums(topic, change)
    return Fall(ratio, low, high, "sums", False, 1.0, before, after, seen, seen is None)


def _series(topic: Series, change: int, control: Series | None) -> tuple[float, float, float, bool] | None:
    """The step and its error, by Poisson regression with the exposure as offset; nothing where it cannot be fitted."""
    used = control is not None and sum(control.people[:change]) > 0 and sum(control.people[change:]) > 0
    series = [topic, control] if used and control is not None else [topic]
    rows, seen, of = [], [], []
    for which, each in enumerate(series):
        own = 1.0 if which == 0 else 0.0
        for week, (people, exposed) in enumerate(zip(each.people, each.exposed, strict=True)):
            if exposed <= 0:
                continue
            time, later = (week - change) / len(each.people), float(week >= change)
            rows.append([own * later, 1.0, time] + ([own, own * time, later] if used else []))
            seen.append(float(people))
            of.append(float(exposed))
    found = poisson(np.array(rows), np.array(seen), np.log(np.array(of)))
    if found is None:
        return None
    beta, covariance, scatter = found
    return float(beta[0]), float(np.sqrt(covariance[0, 0])), scatter, used


def poisson(rows: Floats, seen: Floats, offset: Floats) -> tuple[Floats, Floats, float] | None:
    """Coefficients, their covariance (widened by the dispersion where that is above one) and the dispersion, by iteratively
    reweighted least squares; nothing where they do not settle."""
    start = np.log(max(seen.sum(), 0.5) / np.exp(offset).sum())
    eta = offset + start
    beta = np.zeros(rows.shape[1])
    for _ in range(100):
        mu = np.exp(np.clip(eta, -30, 30))
        weighted = rows * mu[:, None]
        information = rows.T @ weighted
        if np.linalg.matrix_rank(information) < rows.shape[1]:
            return None
        new = np.linalg.solve(information, weighted.T @ (eta - offset + (seen - mu) / mu))
        settled = float(np.abs(new - beta).max()) < 1e-9
        beta, eta = new, offset + rows @ new
        if settled:
            break
    else:
        return None
    mu = np.exp(np.clip(eta, -30, 30))
    scatter = float(((seen - mu) ** 2 / mu).sum() / max(1, len(seen) - rows.shape[1]))
    covariance = np.linalg.inv(rows.T @ (rows * mu[:, None])) * max(1.0, scatter)
    return np.asarray(beta, dtype=np.float64), np.asarray(covariance, dtype=np.float64), scatter


def _sums(topic: Series, change: int) -> tuple[float | None, float | None, float | None]:
    """The ratio of two rates and its exact interval: given both sums, the later is binomial (Clopper and Pearson)."""
    before, after = sum(topic.people[:change]), sum(topic.people[change:])
    of_before, of_after = sum(topic.exposed[:change]), sum(topic.exposed[change:])
    if of_before <= 0 or of_after <= 0:
        return None, None, None
    odds = of_before / of_after
    low, high = _binomial(after, before + after)
    return after / before * odds, low / (1 - low) * odds, high / (1 - high) * odds if high < 1 else None


def _binomial(seen: int, of: int) -> tuple[float, float]:
    """Between what a share lies, of which so many were seen of so many (exact, 95%)."""
    low = 0.0 if seen == 0 else _root(lambda share: _upper(seen, of, share) - 0.025)
    high = 1.0 if seen == of else _root(lambda share: 0.025 - (1 - _upper(seen + 1, of, share)))
    return low, high


def _root(of: Callable[[float], float]) -> float:
    """Where a rising function between none and one passes nothing."""
    low, high = 0.0, 1.0
    for _ in range(60):
        mid = (low + high) / 2
        low, high = (low, mid) if of(mid) > 0 else (mid, high)
    return (low + high) / 2


def _upper(least: int, of: int, share: float) -> float:
    """The chance of at least so many of so many."""
    counts = np.arange(1, of + 1, dtype=float)
    steps = np.log((of - counts + 1) / counts) + np.log(share / (1 - share))
    logs = of * np.log1p(-share) + np.concatenate([[0.0], np.cumsum(steps)])
    return float(np.exp(logs[least:]).sum())
