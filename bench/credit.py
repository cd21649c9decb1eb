"""Benchmark of credit models: trained from scratch on public sets and measured on people that no choice was made from.

Prints JSON lines: name, value, unit, against, ratio, machine. Five folds, stratified, seed 42; bins, directions, codes and
calibration are found inside each fold; ``sd`` is over folds (and repeats). The sets stay outside the project, beside it in
``../shared/data``; what is trained of each is its spec in ``bench/specs``, by the command that trains anything else.

    python bench/credit.py                                  all sets, some minutes
    python bench/credit.py --only german                    one set
    python bench/credit.py --only speed                     one decision, and people by the ten thousand
    python bench/credit.py --spec MINE.toml --data MINE.csv  any other table
"""

from __future__ import annotations

import argparse
import sys
import time
from decimal import Decimal
from pathlib import Path

import numpy as np

import berka
from farthing.credit.catalogue.law import check_lawful
from farthing.credit.training import metrics
from farthing.credit.training.coding import coded, matrix
from farthing.credit.training.fitting import fit, folds
from farthing.credit.training.leaks import check_leaks
from farthing.credit.training.spec import Spec, load
from farthing.credit.training.table import People, read
from farthing.credit.training.trees_fit import fit_trees
from farthing.credit.training.validating import Measured, crossed, measure, periods
from lines import show

SPECS = Path(__file__).with_name("specs")
SETS = {
    "german": "german/german.data",
    "taiwan": "taiwan/UCI_Credit_Card.csv",
    "sba": "sba/SBAnational_first22k.csv",
    "berka": "berka",
    "lendingclub": "lendingclub/openintro_loans_full_schema_10k.csv",
}
FLOORS = {
    ("german", "scorecard"): 0.770, ("german", "trees"): 0.785, ("taiwan", "scorecard"): 0.768, ("taiwan", "trees"): 0.783,
    ("sba", "trees"): 0.650, ("berka", "trees"): 0.90, ("berka", "scorecard"): 0.863,
}  # fmt: skip
"""What AUC each is asked to reach; of ``sba`` out of time. A set without one is held against a coin."""
MOST_LOST, MOST_ERROR = 0.005, 0.02
PEOPLE = 20_000


def going(name: str, done: int, total: int) -> None:
    """How far one is, on the error stream."""
    print(f"   {name}: {done} of {total} folds", file=sys.stderr, flush=True)


def content(name: str, data: Path) -> bytes:
    """The table of a set; Berka's is made from its transactions."""
    path = data / SETS[name]
    return berka.table(path) if name == "berka" else path.read_bytes()


def run(spec: Spec, table: bytes) -> None:
    """Train and measure one set."""
    began = time.perf_counter()
    people = read(spec, table, spec.name)
    for figure in people.figures:
        check_lawful(figure.name)
    check_leaks(spec, people)
    learn, later = periods(spec, people)
    by_fold = crossed(spec, learn, spec.kinds, going)
    found = measure(spec.kinds, by_fold, fit(spec, learn, spec.kinds), learn, later)
    for each in found:
        _show(spec, each)
    if "trees" in spec.kinds:
        trees = next(each for each in found if each.kind == "trees")
        _against_free(spec, learn, trees.folds["auc"].mean)
    show(f"credit.{spec.name}.seconds", time.perf_counter() - began, "s", "ten minutes", 600)


def _show(spec: Spec, each: Measured) -> None:
    name, timed = f"credit.{spec.name}.{each.kind}", each.out_of_time is not None
    asked = FLOORS.get((spec.name, each.kind), 0.5)
    fold = each.folds
    if each.out_of_time is not None:
        late = each.out_of_time
        show(
            f"{name}.auc_out_of_time", late.auc, "AUC", "asked", asked, low=round(late.auc_low, 4), high=round(late.auc_high, 4),
            people=late.people, score_psi=round(each.score_psi or 0, 4), calibration=round(late.calibration.error, 4),
        )  # fmt: skip
    show(
        f"{name}.auc", fold["auc"].mean, "AUC", "a coin" if timed or asked == 0.5 else "asked", 0.5 if timed else asked,
        sd=round(fold["auc"].sd, 4), **{key: round(fold[key].mean, 4) for key in ("ks", "h", "brier")},
    )  # fmt: skip
    true = each.together.calibration
    show(
        f"{name}.calibration_error", true.beyond, "beyond chance", "asked, at most", MOST_ERROR, as_it_is=round(true.error, 4),
        by_chance=round(true.by_chance, 4), in_the_large=round(true.in_the_large, 4), slope=round(true.slope, 3),
    )  # fmt: skip


def _against_free(spec: Spec, people: People, mean: float) -> None:
    """What running one way costs: the same trees without directions, on the same folds."""
    known, found = people.rows(~people.rejected), []
    for repeat in range(spec.repeats):
        for learn, test in folds(known.bad, spec.folds, 42 + repeat):
            part, held = known.rows(learn), known.rows(test)
            codes = coded(part)
            total = np.zeros(len(test))
            for weight, trees in fit_trees(
                matrix(part, codes), part.bad, part.weight, codes, spec.scale, monotone=False
            ):
                total = total + weight * trees.raw(matrix(held, codes))
            found.append(metrics.auc(held.bad, total).value)
    free = float(np.mean(found))
    show(
        f"credit.{spec.name}.monotone_cost", free - mean, "AUC", "asked, at most", MOST_LOST, free=round(free, 4),
        monotone=round(mean, 4),
    )  # fmt: skip


def speed(data: Path) -> None:
    """One decision with its parts, and many people at once, by the trees of Taiwan."""
    spec = load((SPECS / "taiwan.toml").read_text(encoding="utf-8"), "taiwan")
    people = read(spec, content("taiwan", data), "taiwan")
    model = fit(spec, people, ("trees",))["trees"].model
    columns = {each.name: each.numbers[:PEOPLE] for each in people.figures}
    began = time.process_time()
    model.scores(columns)
    show("credit.batch", PEOPLE / (time.process_time() - began), "people a second of processor", "asked", 20_000)
    some = [{name: Decimal(repr(float(column[at]))) for name, column in columns.items()} for at in range(50)]
    took = []
    for values in some:
        began = time.process_time()
        model.scored(values)
        took.append(time.process_time() - began)
    show(
        "credit.one_decision",
        1000 * float(np.median(took)),
        "ms of processor",
        "asked, at most",
        5,
        worst=round(1000 * max(took), 2),
    )


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=[*SETS, "speed"], help="one set, or the speed")
    parser.add_argument("--spec", type=Path, help="a spec of your own, with --data its table")
    parser.add_argument("--data", type=Path, default=Path(__file__).resolve().parents[2] / "shared" / "data")
    asked = parser.parse_args()
    if asked.spec:
        run(load(asked.spec.read_text(encoding="utf-8"), asked.spec.name), asked.data.read_bytes())
        return
    for name in [asked.only] if asked.only else SETS:
        if name != "speed":
            run(load((SPECS / f"{name}.toml").read_text(encoding="utf-8"), name), content(name, asked.data))
    if asked.only in (None, "speed"):
        speed(asked.data)


if __name__ == "__main__":
    main()
