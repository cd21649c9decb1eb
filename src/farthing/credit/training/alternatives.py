"""Own the search for a less discriminatory alternative: as good a model, under which groups fare more alike. Pure.

Tried are models of fewer figures: each left out in turn, and pairs of those whose absence helps most. The group is never a
figure; it is only looked at afterwards. What a model loses is measured on people whom it did not see, fold by fold. The law
behind it: whoever can reach the same aim with less disparate an effect must (12 CFR 1002.6, comment 6(a)-2 †).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from farthing.credit.training import metrics
from farthing.credit.training.groups import compare
from farthing.credit.training.spec import Kind, Spec
from farthing.credit.training.table import People
from farthing.credit.training.validating import Seen, crossed, together
from farthing.kit.errors import malformed

AUC_LOSS, BRIER_MORE = 0.005, 0.01
"""Equal loss: the AUC at most so much below the whole model's, and the Brier score at most this part above it."""
NO_GROUP = malformed(
    "credit.training_no_group",
    'The spec {name} names no group, so no alternative can be compared; say group = "COLUMN".',
    '训练规格 {name} 未指明群体列，无法比较替代模型；请写明 group = "列名"。',
)
HELPERS = 3
"""Of so many figures whose absence helps most the pairs are tried too."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """A model without some figures, measured. The ratios are none where fewer than two groups can be compared."""

    without: tuple[str, ...]
    auc: float
    brier: float
    adverse_impact_ratio: float | None
    equal_opportunity_ratio: float | None


@dataclass(frozen=True, slots=True)
class Found:
    """All that were tried, the whole model first; the one that is proposed, none where the whole model is the fairest of equal
    loss; and the frontier: those that no other beats at both AUC and the ratio."""

    tried: tuple[Alternative, ...]
    proposed: Alternative | None
    frontier: tuple[Alternative, ...]


def check_group(spec: Spec) -> None:
    """Refuse ``credit.training_no_group``."""
    if spec.group is None:
        raise NO_GROUP(name=spec.name)


def search(spec: Spec, people: People, kind: Kind, going: Callable[[int, int], None]) -> Found | None:
    """The alternatives of one kind of model; none where there is only one figure."""
    names = [each.name for each in people.figures]
    if len(names) < 2:
        return None
    pairs = HELPERS * (HELPERS - 1) // 2
    total = 1 + len(names) + pairs
    tried: list[Alternative] = []

    def attempt(without: tuple[str, ...]) -> None:
        going(len(tried), total)
        tried.append(_measured(spec, people, kind, without))

    attempt(())
    for name in names:
        attempt((name,))
    if len(names) > 2:
        helpers = sorted(tried[1:], key=lambda each: (-(each.adverse_impact_ratio or 0), each.without))[:HELPERS]
        for one, two in combinations(sorted(each.without[0] for each in helpers), 2):
            attempt((one, two))
    going(total, total)
    return Found(tuple(tried), choose(tried), frontier(tried))


def _measured(spec: Spec, people: People, kind: Kind, without: tuple[str, ...]) -> Alternative:
    kept = replace(people, figures=tuple(each for each in people.figures if each.name not in without))
    seen: Seen = together(crossed(replace(spec, repeats=1), kept, (kind,), lambda *_: None)[kind][0])
    ratios = None
    if seen.group is not None:
        ratios = compare(seen.group, seen.bad, seen.points, seen.probability, float(spec.approve))
    return Alternative(
        without, metrics.auc(seen.bad, -seen.points).value, metrics.brier(seen.bad, seen.probability),
        None if ratios is None else ratios.adverse_impact_ratio, None if ratios is None else ratios.equal_opportunity_ratio,
    )  # fmt: skip


def choose(tried: Sequence[Alternative]) -> Alternative | None:
    """Of those whose loss equals the whole model's, which stands first, the one under which groups fare most alike; none where no
    ratio is better. Of two as fair the one with the better AUC, then of fewer figures left out."""
    whole = tried[0]
    equal = [
        each for each in tried[1:]
        if each.auc >= whole.auc - AUC_LOSS and each.brier <= whole.brier * (1 + BRIER_MORE)
        and each.adverse_impact_ratio is not None and whole.adverse_impact_ratio is not None
        and each.adverse_impact_ratio > whole.adverse_impact_ratio
    ]  # fmt: skip
    return max(equal, key=_worth, default=None)


def _worth(each: Alternative) -> tuple[float, float, int]:
    return each.adverse_impact_ratio or 0.0, each.auc, -len(each.without)


def frontier(tried: Sequence[Alternative]) -> tuple[Alternative, ...]:
    """Those that no other beats at one of AUC and ratio without losing at the other, the best AUC first."""
    known = [each for each in tried if each.adverse_impact_ratio is not None]
    kept: list[Alternative] = []
    for each in sorted(known, key=lambda one: (-one.auc, -(one.adverse_impact_ratio or 0), len(one.without))):
        if not kept or (each.adverse_impact_ratio or 0) > (kept[-1].adverse_impact_ratio or 0):
            kept.append(each)
    return tuple(kept)
