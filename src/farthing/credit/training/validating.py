"""Own how models are measured: on people that no choice was made from, fold by fold and out of time. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from farthing.credit.models.model import Floats
from farthing.credit.training import metrics
from farthing.credit.training.fitting import SEED, Fitted, fit, folds
from farthing.credit.training.metrics import Calibration, Difference, Outcomes
from farthing.credit.training.spec import INVALID, Kind, Spec
from farthing.credit.training.table import People, Texts, as_numbers, check_enough, day_of
from farthing.kit.errors import malformed

Going = Callable[[str, int, int], None]
NO_PERIOD = malformed(
    "credit.training_period_empty",
    "The period {period} of {column} holds {bad} bad and {good} good; both are needed to measure.",
    "{column} 的时期 {period} 内坏样本 {bad}、好样本 {good}；检验两类都须具备。",
)


@dataclass(frozen=True, slots=True)
class Figures:
    """Measures of one model on one set of people."""

    people: int
    bad: int
    auc: float
    auc_low: float
    auc_high: float
    ks: float
    h: float
    brier: float
    calibration: Calibration


@dataclass(frozen=True, slots=True)
class Spread:
    """Mean and standard deviation over folds."""

    mean: float
    sd: float


@dataclass(frozen=True, slots=True)
class Measured:
    """A kind of model measured: by folds, all folds together, out of time where there is a time; how stable scores stayed."""

    kind: Kind
    folds: Mapping[str, Spread]
    together: Figures
    out_of_time: Figures | None
    score_psi: float | None
    against_first: Difference | None
    out_of_time_against_first: Difference | None


@dataclass(frozen=True, slots=True)
class Seen:
    """People with an outcome, and what a model that did not see them said of each."""

    bad: Outcomes
    points: Floats
    probability: Floats
    group: Texts | None


def figures(seen: Seen) -> Figures:
    """All measures."""
    risk = -seen.points
    found = metrics.auc(seen.bad, risk)
    low, high = found.interval
    return Figures(
        len(seen.bad), int(seen.bad.sum()), found.value, low, high, metrics.ks(seen.bad, risk),
        metrics.h_measure(seen.bad, risk), metrics.brier(seen.bad, seen.probability),
        metrics.calibration(seen.bad, seen.probability),
    )  # fmt: skip


def crossed(spec: Spec, people: People, kinds: Sequence[Kind], going: Going) -> dict[Kind, list[list[Seen]]]:
    """For each repeat and fold what models said of the people they were not fitted on."""
    known = people.rows(~people.rejected)
    refused = np.flatnonzero(people.rejected)
    own = np.flatnonzero(~people.rejected)
    found: dict[Kind, list[list[Seen]]] = {kind: [] for kind in kinds}
    total = spec.folds * spec.repeats
    for repeat in range(spec.repeats):
        for kind in kinds:
            found[kind].append([])
        for at, (learn, test) in enumerate(folds(known.bad, spec.folds, SEED + repeat)):
            going(spec.name, repeat * spec.folds + at, total)
            models = fit(spec, people.rows(np.concatenate([own[learn], refused])), kinds)
            held = known.rows(test)
            for kind in kinds:
                found[kind][repeat].append(said(models[kind], held))
    return found


def said(model: Fitted, people: People) -> Seen:
    """What a model says of people."""
    points = model.points(people)
    return Seen(people.bad, points, model.probabilities(points), people.group)


def together(parts: Sequence[Seen]) -> Seen:
    """Several folds as one."""
    groups = [each.group for each in parts if each.group is not None]
    return Seen(
        np.concatenate([each.bad for each in parts]), np.concatenate([each.points for each in parts]),
        np.concatenate([each.probability for each in parts]), np.concatenate(groups) if groups else None,
    )  # fmt: skip


def measure(
    kinds: Sequence[Kind], by_fold: Mapping[Kind, Sequence[Sequence[Seen]]], fitted: Mapping[Kind, Fitted],
    learnt: People, later: People | None,
) -> tuple[Measured, ...]:  # fmt: skip
    """The measures of each kind, and how it differs from the first."""
    found = []
    whole = {kind: together(by_fold[kind][0]) for kind in kinds}
    after = {kind: None if later is None else said(fitted[kind], later) for kind in kinds}
    for kind in kinds:
        each_fold = [figures(seen) for repeat in by_fold[kind] for seen in repeat]
        spread = {
            name: Spread(float(np.mean(values)), float(np.std(values)))
            for name in ("auc", "ks", "h", "brier")
            for values in ([getattr(each, name) for each in each_fold],)
        }
        now, first, first_later = after[kind], whole[kinds[0]], after[kinds[0]]
        psi = None
        if now is not None:
            before = fitted[kind].points(learnt)
            edges = metrics.edges_of(before)
            psi = metrics.psi(metrics.shares(before, edges), metrics.shares(now.points, edges))
        other = kind != kinds[0]
        found.append(
            Measured(
                kind, spread, figures(whole[kind]), None if now is None else figures(now), psi,
                metrics.delong(first.bad, -first.points, -whole[kind].points) if other else None,
                metrics.delong(now.bad, -first_later.points, -now.points) if other and now and first_later else None,
            )
        )  # fmt: skip
    return tuple(found)


def periods(spec: Spec, people: People) -> tuple[People, People | None]:
    """Who is fitted on, and who came later and is only measured; refuses ``credit.training_period_empty``."""
    if spec.time is None or people.time is None:
        return people, None
    until, start = _moment(spec, spec.time.fit_until), _moment(spec, spec.time.test_from)
    end = float("inf") if spec.time.test_until is None else _moment(spec, spec.time.test_until)
    learn, later = people.rows(people.time <= until), people.rows((people.time >= start) & (people.time <= end))
    later = later.rows(~later.rejected)
    bad = int(later.bad.sum())
    if not 0 < bad < len(later.bad):
        shown = f"{spec.time.test_from} - {spec.time.test_until or ''}"
        raise NO_PERIOD(period=shown, column=spec.time.column, bad=bad, good=len(later.bad) - bad)
    check_enough(learn)
    return learn, later


def _moment(spec: Spec, text: str) -> float:
    """A moment as the column of time has it: a day where that holds dates, else a number."""
    column = None if spec.time is None else spec.column(spec.time.column)
    if column is not None and column.type == "date":
        on = day_of(text)
        found = float("nan") if on is None else float(on.toordinal())
    else:
        found = float(as_numbers([text])[0])
    if np.isnan(found):
        raise INVALID(
            name=spec.name, problem=f"time: {text} is no moment of it", problem_zh=f"time：{text} 不是有效的时点"
        )
    return found
