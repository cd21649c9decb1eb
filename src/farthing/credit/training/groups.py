"""Own how groups fare under a score that never sees them: who would be approved, and who of the good. Pure.

The adverse impact ratio is the least approval rate over the greatest (Uniform Guidelines, 29 CFR 1607.4(D): four fifths). It is
told and decides nothing here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from farthing.credit.models.model import Floats
from farthing.credit.training.metrics import Outcomes
from farthing.credit.training.table import Texts

LEAST = 30
"""Groups of fewer people are told but not compared."""


@dataclass(frozen=True, slots=True)
class Group:
    """One group: its people, its bad rate, its mean probability, the part approved of all and of the good."""

    name: str
    people: int
    bad_rate: float
    probability: float
    approved: float
    good_approved: float


@dataclass(frozen=True, slots=True)
class Groups:
    """All groups when so large a part of everybody is approved; the ratios are the least over the greatest."""

    approve: float
    line: float
    groups: tuple[Group, ...]
    adverse_impact_ratio: float | None
    equal_opportunity_ratio: float | None


def compare(group: Texts, bad: Outcomes, points: Floats, probability: Floats, approve: float) -> Groups:
    """Approve the best ``approve`` of everybody and look at each group."""
    line = float(np.quantile(points, 1 - approve))
    approved = points >= line
    names = np.array([str(each) for each in group.tolist()])
    found = []
    for name in sorted(set(names.tolist())):
        here = names == name
        good = here & (bad == 0)
        found.append(
            Group(
                name, int(here.sum()), float(bad[here].mean()), float(probability[here].mean()),
                float(approved[here].mean()), float(approved[good].mean()) if good.any() else 0.0,
            )
        )  # fmt: skip
    large = [each for each in found if each.people >= LEAST]
    return Groups(
        approve,
        line,
        tuple(found),
        _ratio([each.approved for each in large]),
        _ratio([each.good_approved for each in large]),
    )


def _ratio(rates: list[float]) -> float | None:
    return min(rates) / max(rates) if len(rates) > 1 and max(rates) > 0 else None
