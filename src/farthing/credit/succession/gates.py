"""Own the gates before a challenger, and the figures that officers of risk watch: drift, bands, curve. Pure.

A gate is ``green``, ``amber`` (passed, to be looked at), ``red``, or ``unknown``: too little is known, which does not pass. A
challenger passes where it tells bad from good no worse than its champion on the same people (DeLong: not below by more than the
allowance, and not below with p under 0.05), its probabilities hold, nothing has drifted, the part approved stays near, and no
group fares worse than four fifths of another or than under the champion.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from farthing.credit.models.model import Floats
from farthing.credit.succession.groups import part, ratios
from farthing.credit.succession.model import (
    BadBand,
    Case,
    CurvePoint,
    Expected,
    Light,
    ModelDrift,
    ModelGate,
    ScoreShare,
)
from farthing.credit.training import metrics
from farthing.kit.words import Words
from farthing.products.model_rules import ModelRules

PLACES = Decimal("0.0001")
P_WORSE = 0.05
WIDTH = 20
"""Points of a band of the score."""
SCORE = "score"
CALLED = {
    "cases": Words("decisions in shadow", "影子决定笔数"), "bad": Words("bad and good loans known", "已知好坏贷款数"),
    "auc": Words("AUC below the champion's by", "AUC 低于现行模型"),
    "brier": Words("Brier score above the champion's by", "Brier 分数高于现行模型"),
    "calibration": Words("error of probabilities", "概率校准误差"),
    "psi": Words("stability index of the score", "评分稳定性指数"),
    "figures": Words("largest stability index of a figure", "指标稳定性指数最大值"),
    "approved": Words("change of the part approved", "通过率变动"),
}  # fmt: skip
RATIOS = {
    "impact": Words("adverse impact ratio", "不利影响比率"),
    "opportunity": Words("equal opportunity ratio", "机会均等比率"),
}
GROUPS = {"sex": Words("sex", "性别"), "age": Words("age", "年龄"), "region": Words("region", "地区")}
BRIER_MORE = Decimal("0.002")


def gates(
    cases: Sequence[Case], expected: Sequence[Expected], line: int, champion_line: int, rules: ModelRules
) -> tuple[ModelGate, ...]:
    """Every gate, in the order in which it is told."""
    return (
        _at_least("cases", len(cases), rules.cases_min),
        *_outcomes(cases, rules),
        *_stable(cases, expected, rules),
        _near(cases, line, champion_line, rules),
        *_fair(cases, line, champion_line, rules),
    )


def _at_least(name: str, figure: int, limit: int) -> ModelGate:
    light: Light = "green" if figure >= limit else "unknown"
    return ModelGate(name, light, Decimal(figure), Decimal(limit), None, CALLED[name])


def _outcomes(cases: Sequence[Case], rules: ModelRules) -> list[ModelGate]:
    known = [case for case in cases if case.bad is not None]
    bad = np.array([int(bool(case.bad)) for case in known], dtype=np.int64)
    both = min(int(bad.sum()), len(bad) - int(bad.sum()))
    enough = _at_least("bad", both, rules.bad_min)
    limits = {"auc": rules.auc_loss_max, "brier": BRIER_MORE, "calibration": rules.calibration_max}
    if enough.light != "green":
        return [
            enough,
            *(ModelGate(name, "unknown", None, limit, None, CALLED[name]) for name, limit in limits.items()),
        ]
    own, other = (_column(known, name) for name in ("score", "champion_score"))
    chance, others_chance = (_column(known, name) for name in ("probability", "champion_probability"))
    compared = metrics.delong(bad, -other, -own)
    worse = compared.value < 0 and compared.p_value < P_WORSE
    lost, more = _places(-compared.value), _places(metrics.brier(bad, chance) - metrics.brier(bad, others_chance))
    off = _places(metrics.calibration(bad, chance).beyond)
    return [
        enough,
        ModelGate("auc", "red" if worse or lost > rules.auc_loss_max else "amber" if lost > 0 else "green", lost,
             rules.auc_loss_max, _places(metrics.auc(bad, -other).value), CALLED["auc"]),
        ModelGate("brier", "red" if more > BRIER_MORE else "amber" if more > 0 else "green", more, BRIER_MORE,
             _places(metrics.brier(bad, others_chance)), CALLED["brier"]),
        ModelGate("calibration", "red" if off > rules.calibration_max else "green", off, rules.calibration_max,
             _places(metrics.calibration(bad, others_chance).beyond), CALLED["calibration"]),
    ]  # fmt: skip


def _stable(cases: Sequence[Case], expected: Sequence[Expected], rules: ModelRules) -> list[ModelGate]:
    told = {each.name: psi(cases, each) for each in expected}
    if not cases or not told:
        return [ModelGate(name, "unknown", None, rules.psi_max, None, CALLED[name]) for name in ("psi", "figures")]
    figures = [value for name, value in told.items() if name != SCORE]
    return [
        ModelGate(name, light_of(value, rules), value, rules.psi_max, None, CALLED[name])
        for name, value in (("psi", told[SCORE]), ("figures", max(figures)))
    ]


def _near(cases: Sequence[Case], line: int, champion_line: int, rules: ModelRules) -> ModelGate:
    limit, called = rules.approved_change_max, CALLED["approved"]
    if not cases:
        return ModelGate("approved", "unknown", None, limit, None, called)
    own = part(sum(case.score >= line for case in cases), len(cases))
    other = part(sum(case.champion_score >= champion_line for case in cases), len(cases))
    return ModelGate("approved", "green" if abs(own - other) <= limit else "red", own - other, limit, other, called)


def _fair(cases: Sequence[Case], line: int, champion_line: int, rules: ModelRules) -> list[ModelGate]:
    """A gate for each kind of group of which there are two. Where too few belong to them to be compared it is told as that, for
    a gate that is not there would look like one that was passed."""
    found = []
    for (name, kind), (own, other) in ratios(cases, line, champion_line).items():
        if own is None:
            nobody: Light = "amber" if other is None else "red"  # red: the model would approve nobody
            found.append(ModelGate(f"{name}_{kind}", nobody, None, rules.ratio_min, other, _called(name, kind)))
            continue
        held = own >= rules.ratio_min
        light: Light = "green" if held else "amber" if other is not None and own >= other else "red"
        found.append(ModelGate(f"{name}_{kind}", light, own, rules.ratio_min, other, _called(name, kind)))
    return found


def _called(name: str, kind: str) -> Words:
    return Words(f"{RATIOS[name].en} by {GROUPS[kind].en}", f"{RATIOS[name].zh}（{GROUPS[kind].zh}）")


def light_of(value: Decimal, rules: ModelRules) -> Light:
    """The light of a stability index."""
    return "red" if value > rules.psi_max else "amber" if value >= rules.psi_amber else "green"


def psi(cases: Sequence[Case], of: Expected) -> Decimal:
    """How far a figure, or the score, has moved from where the model was trained. The edges part wholly known people, as a
    share of nobody is bounded there."""
    values = _found(cases, of.name)
    return _places(metrics.psi(np.array(of.shares), metrics.shares(values, np.array(of.edges))))


def drift(cases: Sequence[Case], expected: Sequence[Expected], rules: ModelRules) -> tuple[ModelDrift, ...]:
    """The stability index of the score and each figure, month by month."""
    months: dict[str, list[Case]] = {}
    for case in cases:
        months.setdefault(f"{case.decided_on:%Y-%m}", []).append(case)
    return tuple(
        ModelDrift(each.name, month, len(months[month]), value, light_of(value, rules))
        for each in expected
        for month in sorted(months)
        for value in (psi(months[month], each),)
    )


def bands(cases: Sequence[Case]) -> tuple[BadBand, ...]:
    """Decisions by bands of the score, with how many were bad and how many were expected to be."""
    by: dict[int, list[Case]] = {}
    for case in cases:
        by.setdefault(case.score // WIDTH * WIDTH, []).append(case)
    found = []
    for low in sorted(by):
        known = [case for case in by[low] if case.bad is not None]
        expected = sum((case.probability for case in known), Decimal(0))
        found.append(
            BadBand(low, low + WIDTH, len(by[low]), len(known), sum(bool(case.bad) for case in known), expected)
        )
    return tuple(found)


def shares(cases: Sequence[Case], expected: Sequence[Expected]) -> tuple[ScoreShare, ...]:
    """The score's distribution where the model was trained, and as it was found."""
    of = next((each for each in expected if each.name == SCORE), None)
    if of is None or not cases:
        return ()
    found = metrics.shares(_found(cases, SCORE), np.array(of.edges)).tolist()
    edges = [*(_places(each) for each in of.edges), None]
    return tuple(
        ScoreShare(edge, _places(there), _places(here))
        for edge, there, here in zip(edges, of.shares[:-1], found[:-1], strict=True)
    )


def curve(cases: Sequence[Case]) -> tuple[CurvePoint, ...]:
    """The parts of the good and of the bad at or below each tenth of the scores: the curve of KS, and of ROC."""
    known = [case for case in cases if case.bad is not None]
    bads = sorted(case.score for case in known if case.bad)
    goods = sorted(case.score for case in known if not case.bad)
    if not bads or not goods:
        return ()
    every = sorted({*bads, *goods})
    picked = every if len(every) <= 20 else [every[(len(every) - 1) * at // 20] for at in range(21)]
    return tuple(
        CurvePoint(
            at, part(sum(each <= at for each in goods), len(goods)), part(sum(each <= at for each in bads), len(bads))
        )
        for at in picked
    )


def _found(cases: Sequence[Case], name: str) -> Floats:
    if name == SCORE:
        return _column(cases, "score")
    values = [case.figures.get(name) for case in cases]
    return np.array([np.nan if value is None else float(value) for value in values], dtype=np.float64)


def _column(cases: Sequence[Case], name: str) -> Floats:
    return np.array([float(getattr(case, name)) for case in cases], dtype=np.float64)


def _places(value: float) -> Decimal:
    return Decimal(repr(float(value))).quantize(PLACES) + 0  # no minus before nought
