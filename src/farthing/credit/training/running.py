"""Own a training from its spec and table to what is written of it: models, measures, cards; twice the same. Pure."""

from __future__ import annotations

import hashlib
import importlib.util
import json
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from functools import partial
from typing import Any

import numpy as np

from farthing.credit.catalogue.law import check_lawful
from farthing.credit.models.as_card import card_of
from farthing.credit.training import metrics, sheets
from farthing.credit.training.alternatives import check_group, search
from farthing.credit.training.coding import matrix
from farthing.credit.training.fitting import Fitted, fit
from farthing.credit.training.groups import compare
from farthing.credit.training.leaks import check_leaks
from farthing.credit.training.spec import Kind, Spec
from farthing.credit.training.table import People, read
from farthing.credit.training.validating import Going, Measured, Seen, crossed, measure, periods, together
from farthing.kit.errors import declined

NEEDED = ("lightgbm", "optbinning", "sklearn")
MOST_TOLD = 100
EXTRA_MISSING = declined(
    "credit.training_extra_missing",
    'Training needs {missing}, which deciding does not: install its extra from the clone: .venv/bin/pip install ".[train]".',
    '训练需要 {missing}，审批无需；请在代码目录中安装附加组件：.venv/bin/pip install ".[train]"。',
)


def check_extra(needed: tuple[str, ...] = NEEDED) -> None:
    """Refuse ``credit.training_extra_missing`` where what fits models is not installed."""
    missing = [name for name in needed if importlib.util.find_spec(name) is None]
    if missing:
        raise EXTRA_MISSING(missing=", ".join(missing))


def train(spec: Spec, content: bytes, name: str, going: Going, alternatives: bool = False) -> dict[str, str]:
    """The files of a training by their names: each kind's model, ``metrics.json``, model card and data sheet in two languages.
    ``alternatives``: the less discriminatory of each kind are looked for too.

    Refuses ``credit.training_*`` and ``credit.feature_forbidden``.
    """
    check_extra()
    if alternatives:
        check_group(spec)
    people = read(spec, content, name)
    for figure in people.figures:
        check_lawful(figure.name)
    alone = check_leaks(spec, people)
    learn, later = periods(spec, people)
    by_fold = crossed(spec, learn, spec.kinds, going)
    data = {"data_sha256": hashlib.sha256(content).hexdigest()}
    fitted = fit(spec, learn, spec.kinds, data)
    measured = measure(spec.kinds, by_fold, fitted, learn.rows(~learn.rejected), later)
    told = report(
        spec, learn, later, alone, fitted, measured, {kind: together(by_fold[kind][0]) for kind in spec.kinds}
    )
    told["data"] |= data
    if alternatives:
        for kind in spec.kinds:
            told["models"][kind]["alternatives"] = search(spec, learn, kind, partial(going, spec.name))
    going(spec.name, 1, 1)
    plain = rounded(told)
    return {
        **_for_decisions(spec, fitted, plain),
        **{f"{kind}.model.json": fitted[kind].text for kind in spec.kinds},
        "metrics.json": json.dumps(plain, ensure_ascii=False, indent=2, sort_keys=True) + "\n",
        **{f"model-card.{language}.md": sheets.model_card(spec, plain, language) for language in ("en", "zh")},
        **{f"data-sheet.{language}.md": sheets.data_sheet(spec, plain, language) for language in ("en", "zh")},
    }


def _for_decisions(spec: Spec, fitted: Mapping[Kind, Fitted], told: Mapping[str, Any]) -> dict[str, str]:
    """The scorecard in the form that decisions take, where it asks for what decisions know."""
    if "scorecard" not in fitted:
        return {}
    model, measured = fitted["scorecard"].model, told["models"]["scorecard"]["measured"]
    scale = spec.scale.score, spec.scale.odds, spec.scale.points_to_double
    provenance = {
        "method": "monotone bins and logistic regression with weights not negative", "data": spec.source,
        "licence": spec.licence, "data_sha256": told["data"]["data_sha256"], "loans": told["data"]["fitted"]["people"],
        "bad": told["data"]["fitted"]["bad"], "auc": f"{measured['folds']['auc']['mean']:.3f}",
        "auc_sd": f"{measured['folds']['auc']['sd']:.3f}", "ks": f"{measured['folds']['ks']['mean']:.3f}",
        "brier": f"{measured['folds']['brier']['mean']:.4f}", "rejects": spec.rejects.assume,
    }  # fmt: skip
    text = card_of(model, scale, provenance)
    return {} if text is None else {"scorecard.toml": text}


def report(
    spec: Spec, learn: People, later: People | None, alone: Mapping[str, float], fitted: Mapping[Kind, Fitted],
    measured: tuple[Measured, ...], seen: Mapping[Kind, Seen],
) -> dict[str, Any]:  # fmt: skip
    """Everything that was measured, and what is expected of those who come: shares of each figure and score by their bins."""
    known = learn.rows(~learn.rejected)
    first = fitted[spec.kinds[0]]
    models = {}
    for each in measured:
        model, of = fitted[each.kind].model, seen[each.kind]
        edges = metrics.edges_of(fitted[each.kind].points(known))
        models[each.kind] = {
            "model": model.name, "version": model.version, "sha256": model.digest, "refuse_below": model.refuse_below,
            "measured": each, "score": {"edges": edges, "shares": metrics.shares(fitted[each.kind].points(known), edges)},
            "groups": None if of.group is None
            else compare(of.group, of.bad, of.points, of.probability, float(spec.approve)),
        }  # fmt: skip
    return {
        "spec": {
            "name": spec.name, "version": spec.version, "sha256": spec.digest, "folds": spec.folds, "repeats": spec.repeats,
            "rejects": spec.rejects.assume, "harsher": str(spec.rejects.harsher), "h_severity_mode": "bad rate",
        },
        "data": {
            "counts": dict(learn.counts), "fitted": {"people": len(known.bad), "bad": int(known.bad.sum())},
            "later": None if later is None else {"people": len(later.bad), "bad": int(later.bad.sum())},
            "bad_rows": list(learn.bad_rows[:MOST_TOLD]), "bad_rows_told": min(len(learn.bad_rows), MOST_TOLD),
        },
        "figures": _figures(first, known, later, alone), "models": models,
    }  # fmt: skip


def _figures(model: Fitted, known: People, later: People | None, alone: Mapping[str, float]) -> list[dict[str, Any]]:
    before = matrix(known, model.known)
    after = None if later is None else matrix(later, model.known)
    found = []
    for at, each in enumerate(model.known):
        edges = (
            metrics.edges_of(before[:, at])
            if each.codes is None
            else np.arange(1, len(each.codes), dtype=np.float64) - 0.5
        )
        shares = metrics.shares(before[:, at], edges)
        found.append({
            "name": each.name, "better": each.better, "codes": each.codes, "auc_alone": alone[each.name], "edges": edges,
            "shares": shares,
            "psi": None if after is None else metrics.psi(shares, metrics.shares(after[:, at], edges)),
        })  # fmt: skip
    return found


def rounded(value: Any) -> Any:
    """A value as plain JSON, its fractions to six places."""
    if is_dataclass(value) and not isinstance(value, type):
        return rounded(asdict(value))
    if isinstance(value, Mapping):
        return {str(key): rounded(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(each) for each in value]
    if isinstance(value, np.ndarray):
        return rounded(value.tolist())
    return round(value, 6) + 0.0 if isinstance(value, float) else value
