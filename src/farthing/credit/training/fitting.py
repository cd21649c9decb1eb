"""Own the fit of models: every choice is made from the people given, calibration from models that did not see them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from farthing.credit.models.artefact import Artefact, Chance, whole
from farthing.credit.models.file import Member, load_artefact, text_of
from farthing.credit.models.model import Floats, Whole
from farthing.credit.training.card_fit import fit_card
from farthing.credit.training.chances import chances
from farthing.credit.training.coding import Coded, coded, matrix
from farthing.credit.training.metrics import Outcomes
from farthing.credit.training.rejects import assumed
from farthing.credit.training.spec import Kind, Spec, told
from farthing.credit.training.table import People
from farthing.credit.training.trees_fit import fit_trees
from farthing.kit.later import Later

selection = Later("sklearn.model_selection")
SEED = 42
FEW = 5_000
CALIBRATING, CALIBRATING_FEW = 3, 10
"""Folds by which scores are made of people whom the model did not see. Of few people a model of two thirds scores otherwise than
the one of all that is then used, and its probabilities would be off by that: there each fold leaves a tenth out."""
Members = tuple[tuple[float, Member], ...]
Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Fitted:
    """A model of one kind: its text, and as it was read back from it."""

    kind: Kind
    text: str
    model: Artefact
    known: tuple[Coded, ...]

    def points(self, people: People) -> Floats:
        """Scores before rounding."""
        return self.model.points(matrix(people, self.known))

    def probabilities(self, points: Floats) -> Floats:
        """The probabilities of default that they stand for."""
        at = np.array([each.at_least for each in self.model.chances])
        chance = np.array([float(each.probability) for each in self.model.chances])
        found: Floats = chance[np.maximum(np.searchsorted(at, whole(points), side="right") - 1, 0)]
        return found


def folds(bad: Outcomes, count: int, seed: int = SEED) -> Iterator[tuple[Places, Places]]:
    """Places to learn from and to test on: stratified, shuffled by the seed."""
    split = selection.StratifiedKFold(count, shuffle=True, random_state=seed)
    yield from split.split(np.zeros(len(bad)), bad)


def fit(
    spec: Spec, people: People, kinds: Sequence[Kind], about: Mapping[str, Any] | None = None
) -> dict[Kind, Fitted]:
    """Models of these kinds; of the refused what the spec assumes."""
    accepted = people.rows(~people.rejected)
    if people.rejected.any() and spec.rejects.assume != "none":
        plain = replace(spec, rejects=replace(spec.rejects, assume="none"))
        first = fit(plain, accepted, ("scorecard",))["scorecard"]
        refused = people.rows(people.rejected)
        people = assumed(people, first.probabilities(first.points(refused)), spec.rejects)
    else:
        people = accepted
    known, members = _members(spec, people, kinds)
    unseen = _unseen(spec, people, accepted, kinds)
    found = {}
    for kind in kinds:
        table = chances(unseen[kind], accepted.bad, accepted.weight)
        text = text_of(
            f"{spec.name}-{kind}", spec.version, spec.subject, _refuse_below(spec, table[0].at_least, table),
            [(each.name, each.better, each.codes) for each in known], members[kind], table,
            {**told(spec), "kind": kind, "people": len(accepted.bad), "bad": int(accepted.bad.sum()), **(about or {})},
        )  # fmt: skip
        found[kind] = Fitted(kind, text, load_artefact(text, f"{spec.name}-{kind}"), known)
    return found


def _refuse_below(spec: Spec, lowest: int, table: Sequence[Chance]) -> int:
    """The lowest score whose probability of default the spec still takes; without a line nobody is refused by it."""
    if spec.refuse_above is None:
        return lowest
    taken = [each.at_least for each in table if each.probability <= Decimal(spec.refuse_above)]
    return min(taken, default=table[-1].at_least + 1)


def _members(spec: Spec, people: People, kinds: Sequence[Kind]) -> tuple[tuple[Coded, ...], dict[Kind, Members]]:
    known = coded(people)
    return known, _of(spec, people, known, matrix(people, known), kinds)


def _of(
    spec: Spec, people: People, known: tuple[Coded, ...], seen: Floats, kinds: Sequence[Kind]
) -> dict[Kind, Members]:
    """What each kind is made of; a card or trees that two kinds share are fitted once."""
    found: dict[Kind, Members] = {}
    card: Members = ()
    trees: Members = ()
    if {"scorecard", "blend"} & set(kinds):
        card = ((1.0, fit_card(seen, people.bad, people.weight, known, spec.scale)),)
    if {"trees", "blend"} & set(kinds):
        trees = fit_trees(seen, people.bad, people.weight, known, spec.scale)
    for kind in kinds:
        if kind == "scorecard":
            found[kind] = card
        elif kind == "trees":
            found[kind] = trees
        else:
            found[kind] = tuple((weight / 2, member) for weight, member in (*card, *trees))
    return found


def _unseen(spec: Spec, people: People, accepted: People, kinds: Sequence[Kind]) -> dict[Kind, Whole]:
    """The score of each accepted person by models that did not see that person."""
    found = {kind: np.zeros(len(accepted.bad), dtype=np.int64) for kind in kinds}
    lines = people.lines
    for _, test in folds(accepted.bad, CALIBRATING_FEW if len(lines) < FEW else CALIBRATING, SEED + 1):
        others = people.rows(~np.isin(lines, accepted.lines[test]))
        known, members = _members(spec, others, kinds)
        seen = matrix(accepted.rows(test), known)
        for kind in kinds:
            total = np.zeros(len(test))
            for weight, member in members[kind]:
                total = total + weight * member.points(seen)
            found[kind][test] = whole(total)
    return found
