"""Fit the scorecard ``payment-history`` on the Berka bank's loans and print (or write) it with its measures.

    python bench/train_scorecard.py --data ../shared/data/berka [--write CARD.toml]

The figures come from ``farthing.credit.features``, the very functions that a decision uses. Each is cut into at most
five bins whose bad rates rise or fall the way the figure must (pool adjacent violators), turned into weights of
evidence, and joined by a logistic regression whose weights may not be negative: a better figure never costs points.
Five folds, seed 42; binning and fit happen inside the fold.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

try:
    import numpy as np
    from scipy.optimize import minimize
    from sklearn.metrics import brier_score_loss, roc_auc_score, roc_curve
    from sklearn.model_selection import RepeatedStratifiedKFold, StratifiedKFold
except ImportError as missing:
    raise SystemExit(f"{missing}; training needs what requirements-dev.lock installs: make test sets it up") from None

from farthing.credit.features import ENGINE_VERSION, flow_of, person_features
from farthing.credit.movements import Movement
from farthing.kit.money import Money

SEED, FOLDS = 42, 5
BETTER = {
    "income_months_share": "higher",
    "income_variation": "lower",
    "income_floor": "higher",
    "largest_income_share": "lower",
    "left_over_share": "higher",
    "deficit_months_share": "lower",
    "deepest_fall": "lower",
    "spending_variation": "lower",
    "income_trend": "higher",
    "month_end_buffer": "higher",
    "lowest_level": "higher",
    "lean_days_share": "lower",
    "returned_payments": "lower",
}
"""The figures tried, and which way each must point."""
CHOSEN = ("lowest_level", "income_floor", "income_trend", "left_over_share", "spending_variation")
"""Returned payments are tried and left out: that bank charges its penalty interest to whoever is about to default, which a
bill does not show, so their weight would not travel. They are a rule of their own in ``credit.rules``."""
NEUTRAL_WHEN_MISSING = frozenset({"income_trend"})
"""No trend can be drawn from less than six months: that is a short history, which the rules judge, and not a bad sign.
Any other figure is missing where there was no income, and counts as its worst bin."""
BASE_SCORE, BASE_ODDS, DOUBLE = 600, 20, 40
RIDGE = 1.0


def day(text: str) -> date:
    """``960728``: 28 July 1996."""
    return date(1900 + int(text[:2]), int(text[2:4]), int(text[4:6]))


def movement(row: dict[str, str]) -> Movement | None:
    """A bank transaction as a movement. The bank's own interest is left out, as a wallet pays none."""
    amount = Money(int(Decimal(row["amount"]) * 100), "CZK")
    symbol = row["k_symbol"].strip()
    if symbol == "interest credited":
        return None
    on, number = day(row["date"]), row["trans_id"]
    if row["type"] == "credit":
        return Movement(on, "in", amount, "earned", row["account"] or row["operation"], number)
    if symbol.startswith("sanction interest"):
        return Movement(on, "out", amount, "returned", "", number)
    regular = symbol in ("household", "insurrance payment", "payment for statement")
    return Movement(on, "out", amount, "essential" if regular else "other", "", number)


def load(folder: Path) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Names, figures (loans x figures, nan where there is none) and outcomes (1 bad) of the loans with a history."""
    with (folder / "loan.asc").open() as file:
        loans = {row["account_id"]: row for row in csv.DictReader(file, delimiter=";")}
    history: dict[str, list[dict[str, str]]] = defaultdict(list)
    with (folder / "trans_preloan_354loans_en.csv").open() as file:
        for row in csv.DictReader(file, delimiter=";"):
            history[row["account_id"]].append(row)
    figures, bad, names = [], [], list(BETTER)
    for account, rows in history.items():
        loan = loans[account]
        movements = [found for found in map(movement, rows) if found is not None]
        since = min(day(row["date"]) for row in rows)
        flow = flow_of(movements, since, day(loan["date"]) - timedelta(days=1), "CZK")
        known = {item.name: item.value for item in person_features(flow)}
        figures.append([np.nan if known[name] is None else float(known[name]) for name in names])
        bad.append(loan["status"] in "BD")
    return names, np.array(figures), np.array(bad, dtype=int)


@dataclass
class Bins:
    """Upper edges (the last bin has none), weights of evidence (good over bad), counts and bad counts."""

    edges: list[float]
    weights: list[float]
    counts: list[int]
    bads: list[int]

    missing: float

    def weigh(self, values: np.ndarray) -> np.ndarray:
        """Weight of evidence of each value."""
        where = np.searchsorted(np.array(self.edges), np.nan_to_num(values, nan=0.0), side="right")
        result = np.array(self.weights)[where]
        result[np.isnan(values)] = self.missing
        return result


def bin_up(
    values: np.ndarray, bad: np.ndarray, better: str, neutral: bool = False, quantiles: int = 8, least: int = 12
) -> Bins:
    """Cut a figure into bins whose bad rate is monotone in the direction it must have."""
    known = ~np.isnan(values)
    v, b = values[known], bad[known]
    cuts = sorted({round(float(c), 3) for c in np.quantile(v, np.linspace(0, 1, quantiles + 1)[1:-1])})
    if len(cuts) < 2:  # a figure that is mostly one value: cut beside it
        common = float(np.median(v))
        cuts = [round(common + 0.0001, 4)]
    groups = [[int(((v >= low) & (v < high)).sum()), int(b[(v >= low) & (v < high)].sum()), high]
              for low, high in zip([-np.inf, *cuts], [*cuts, np.inf], strict=True)]  # fmt: skip
    groups = [group for group in groups if group[0]]
    sign = 1 if better == "lower" else -1

    def merge(at: int) -> None:
        left, right = groups[at], groups.pop(at + 1)
        groups[at] = [left[0] + right[0], left[1] + right[1], right[2]]

    def rate(group: Sequence[float]) -> float:
        return (group[1] + 0.5) / (group[0] + 1)

    changed = True
    while changed and len(groups) > 1:
        changed = False
        for at in range(len(groups) - 1):
            small = groups[at][0] < least or groups[at + 1][0] < least
            if small or sign * (rate(groups[at + 1]) - rate(groups[at])) <= 0.005:
                merge(at)
                changed = True
                break
    while len(groups) > 5:
        gaps = [abs(rate(groups[i + 1]) - rate(groups[i])) for i in range(len(groups) - 1)]
        merge(int(np.argmin(gaps)))
    all_bad, all_good = b.sum() + 0.5, (len(b) - b.sum()) + 0.5
    weights = [float(np.log(((n - k + 0.5) / all_good) / ((k + 0.5) / all_bad))) for n, k, _ in groups]
    return Bins([float(g[2]) for g in groups[:-1]], weights, [g[0] for g in groups], [g[1] for g in groups],
                0.0 if neutral else min(weights))  # fmt: skip


def fit(weights: np.ndarray, bad: np.ndarray) -> np.ndarray:
    """Logistic regression of the log odds of good; weights not negative, a ridge towards zero; intercept first."""
    design = np.column_stack([np.ones(len(bad)), weights])
    good = 1 - bad

    def loss(beta: np.ndarray) -> tuple[float, np.ndarray]:
        z = design @ beta
        p = 1 / (1 + np.exp(-z))
        value = np.logaddexp(0, -z)[good == 1].sum() + np.logaddexp(0, z)[good == 0].sum()
        gradient = design.T @ (p - good)
        gradient[1:] += RIDGE * beta[1:]
        return value + 0.5 * RIDGE * (beta[1:] ** 2).sum(), gradient

    bounds = [(None, None)] + [(0, None)] * weights.shape[1]
    return minimize(loss, np.zeros(design.shape[1]), jac=True, bounds=bounds, method="L-BFGS-B").x


def train(figures: np.ndarray, bad: np.ndarray, names: Sequence[str]) -> tuple[dict[str, Bins], np.ndarray]:
    """Bins of each chosen figure, and the weights that join them."""
    bins = {
        name: bin_up(figures[:, at], bad, BETTER[name], name in NEUTRAL_WHEN_MISSING) for at, name in enumerate(names)
    }
    return bins, fit(np.column_stack([bins[name].weigh(figures[:, at]) for at, name in enumerate(names)]), bad)


def chance_of_bad(figures: np.ndarray, names: Sequence[str], bins: dict[str, Bins], beta: np.ndarray) -> np.ndarray:
    """Probability of default of each row."""
    weights = np.column_stack([bins[name].weigh(figures[:, at]) for at, name in enumerate(names)])
    return 1 / (1 + np.exp(beta[0] + weights @ beta[1:]))


def measure(figures: np.ndarray, bad: np.ndarray, names: Sequence[str], repeats: int = 1) -> dict[str, float]:
    """Out-of-fold AUC, KS and Brier: mean of the folds and their spread."""
    split = (
        StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
        if repeats == 1
        else RepeatedStratifiedKFold(n_splits=FOLDS, n_repeats=repeats, random_state=SEED)
    )
    found = []
    for learn, test in split.split(figures, bad):
        bins, beta = train(figures[learn], bad[learn], names)
        p = chance_of_bad(figures[test], names, bins, beta)
        wrong, right, _ = roc_curve(bad[test], p)
        found.append((roc_auc_score(bad[test], p), (right - wrong).max(), brier_score_loss(bad[test], p)))
    mean, spread = np.mean(found, axis=0), np.std(found, axis=0)
    return {
        "auc": mean[0], "auc_sd": spread[0], "ks": mean[1], "brier": mean[2],
        "brier_of_the_base_rate": float(bad.mean() * (1 - bad.mean())),
    }  # fmt: skip


def points_of(bins: Bins, beta: float) -> list[int]:
    """Whole points of each bin: weight times evidence, in units of the score."""
    return [round(DOUBLE / float(np.log(2)) * beta * weight) for weight in bins.weights]


def card(
    figures: np.ndarray, bad: np.ndarray, names: Sequence[str], measures: dict[str, float],
    repeated: dict[str, float], source: str,
) -> str:  # fmt: skip
    """The scorecard as TOML: points for each bin, what it was fitted on, and how well it does out of fold."""
    bins, beta = train(figures, bad, names)
    factor = DOUBLE / float(np.log(2))
    constant = round(BASE_SCORE + factor * (beta[0] - float(np.log(BASE_ODDS))))
    lines = [
        "# Fitted by bench/train_scorecard.py; written by the program, not by hand. Model card: docs/guides/scorecard.md",
        'kind = "scorecard"',
        'name = "payment-history"',
        'version = "1"',
        'subject = "person"',
        f'features = "{ENGINE_VERSION}"',
        f"constant = {constant}",
        f"scale = {{score = {BASE_SCORE}, odds = {BASE_ODDS}, points_to_double = {DOUBLE}}}",
        "refuse_below = 560",
        "",
        "[provenance]",
        'method = "monotone weights of evidence and logistic regression with weights not negative"',
        'data = "PKDD 1999 challenge (a Czech bank): loans with every transaction before the loan"',
        'licence = "research data; only counts and weights are kept here"',
        f'data_sha256 = "{source}"',
        f"loans = {len(bad)}",
        f"bad = {int(bad.sum())}",
        f'auc = "{measures["auc"]:.3f}"',
        f'auc_sd = "{measures["auc_sd"]:.3f}"',
        f'ks = "{measures["ks"]:.3f}"',
        f'brier = "{measures["brier"]:.4f}"',
        f'validation = "{FOLDS}-fold stratified, seed {SEED}, binning and fit inside the fold"',
        f'auc_of_ten_repeats = "{repeated["auc"]:.3f}"',
        f'auc_of_ten_repeats_sd = "{repeated["auc_sd"]:.3f}"',
        'made_by = "bench/train_scorecard.py"',
        'fitted_on = "2026-11-24"',
        'limits = "one bank, 1993-1998, employed people; ratios travel, base rates do not: watch it from the first loan"',
    ]
    for at, name in enumerate(names):
        points = points_of(bins[name], beta[1 + at])
        lines += [
            "",
            "[[figure]]",
            f'name = "{name}"',
            f'better = "{BETTER[name]}"',
            f"missing = {0 if name in NEUTRAL_WHEN_MISSING else min(points)}",
            "bins = [",
        ]
        for edge, value, count, bads in zip(
            [*bins[name].edges, None], points, bins[name].counts, bins[name].bads, strict=True
        ):
            below = f'below = "{edge:.4f}", ' if edge is not None else ""
            lines.append(f"    {{{below}points = {value}, loans = {count}, bad = {bads}}},")
        lines.append("]")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, and with ``--write`` keep the scorecard."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, default=Path("../shared/data/berka"))
    parser.add_argument("--write", type=Path)
    options = parser.parse_args()
    names, figures, bad = load(options.data)
    for name in names:
        alone = measure(figures[:, [names.index(name)]], bad, [name])
        print(json.dumps({"figure": name, "auc_alone": round(alone["auc"], 3)}))
    chosen = figures[:, [names.index(name) for name in CHOSEN]]
    measures = measure(chosen, bad, CHOSEN)
    print(json.dumps({"chosen": CHOSEN, **{key: round(value, 4) for key, value in measures.items()}}))
    repeated = measure(chosen, bad, CHOSEN, repeats=10)
    print(json.dumps({"repeats": 10, **{key: round(value, 4) for key, value in repeated.items()}}))
    if options.write:
        source = hashlib.sha256((options.data / "trans_preloan_354loans_en.csv").read_bytes()).hexdigest()
        options.write.write_text(card(chosen, bad, CHOSEN, measures, repeated, source), encoding="utf-8")


if __name__ == "__main__":
    main()
