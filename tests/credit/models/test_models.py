"""Models as data: scored by bits as by walking, parts that are exact, a file read strictly, one answer for ever."""

from __future__ import annotations

import itertools
import json
import math
import random
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from farthing.credit.models.artefact import Artefact, Chance
from farthing.credit.models.file import load, load_artefact, text_of
from farthing.credit.models.model import Values
from farthing.credit.models.paths import parts
from farthing.credit.models.points import Bins, Card
from farthing.credit.models.trees import Seen, Split, Tree, Trees
from farthing.credit.scorecard import load as load_card
from farthing.credit.succession.force_service import SCORECARDS
from farthing.kit.errors import Refusal

FIGURES = 4


def a_tree(chance: random.Random, steps: tuple[tuple[float, ...], ...], depth: int) -> Tree:
    """A tree by chance, as deep as ``depth``."""
    splits: list[Split] = []
    leaves: list[float] = []
    rows: list[int] = []

    def grow(left: int) -> int:
        if left == 0 or (splits and chance.random() < 0.2):
            leaves.append(chance.uniform(-1, 1))
            rows.append(chance.randint(1, 50))
            return -len(leaves)
        place, figure = len(splits), chance.randrange(len(steps))
        splits.append(Split(figure, 0, False, 0, 0))
        one, other = grow(left - 1), grow(left - 1)
        splits[place] = Split(figure, chance.randrange(len(steps[figure])), chance.random() < 0.5, one, other)
        return place

    grow(depth)
    return Tree(tuple(splits), tuple(leaves), tuple(rows))


def some_trees(seed: int, count: int = 5, depth: int = 4) -> Trees:
    """Trees by chance over four figures."""
    chance = random.Random(seed)
    steps = tuple(tuple(sorted({round(chance.uniform(-2, 2), 2) for _ in range(5)})) for _ in range(FIGURES))
    trees = tuple(a_tree(chance, steps, depth) for _ in range(count))
    return Trees(tuple(Seen(at, None, each) for at, each in enumerate(steps)), trees, 600.0, 28.85390081777927)


def walked(trees: Trees, person: np.ndarray) -> float:
    """What the trees say, by walking each of them."""
    total = 0.0
    for tree in trees.trees:
        total += tree.leaves[-1 - _leaf(trees, tree, person)]
    return total


def _leaf(trees: Trees, tree: Tree, person: np.ndarray) -> int:
    node = 0 if tree.splits else -1
    while node >= 0:
        split = tree.splits[node]
        value = person[split.seen]
        left = split.missing_left if math.isnan(value) else value <= trees.seen[split.seen].steps[split.step]
        node = split.left if left else split.right
    return node


def expected(trees: Trees, person: np.ndarray, known: set[int]) -> float:
    """The mean of what trees say where only some figures are known: unknown splits go both ways, by their people."""

    def of(tree: Tree, node: int) -> tuple[float, int]:
        if node < 0:
            return tree.leaves[-1 - node], tree.rows[-1 - node]
        split = tree.splits[node]
        (left, left_rows), (right, right_rows) = of(tree, split.left), of(tree, split.right)
        rows = left_rows + right_rows
        if split.seen not in known:
            return (left * left_rows + right * right_rows) / rows, rows
        value = person[split.seen]
        goes_left = split.missing_left if math.isnan(value) else value <= trees.seen[split.seen].steps[split.step]
        return (left if goes_left else right), rows

    return math.fsum(of(tree, 0 if tree.splits else -1)[0] for tree in trees.trees)


def people(seed: int, trees: Trees, count: int) -> np.ndarray:
    """People by chance: many exactly on a step, some unknown."""
    chance = random.Random(seed)

    def value(figure: int) -> float:
        return chance.choice([float("nan"), chance.uniform(-3, 3), *trees.seen[figure].steps])

    return np.array([[value(figure) for figure in range(FIGURES)] for _ in range(count)])


@given(st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_people_are_scored_by_bits_as_by_walking(seed: int) -> None:
    trees = some_trees(seed)
    some = people(seed, trees, 20)
    assert trees.raw(some).tolist() == [walked(trees, person) for person in some]


@given(st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_a_part_is_the_shapley_value_of_its_definition(seed: int) -> None:
    trees = some_trees(seed, count=3)
    (person,) = people(seed, trees, 1)
    base, found = parts(trees, person)
    assert base == pytest.approx(expected(trees, person, set()), abs=1e-12)
    for figure in range(FIGURES):
        others = [each for each in range(FIGURES) if each != figure]
        exact = 0.0
        for size in range(FIGURES):
            weight = math.factorial(size) * math.factorial(FIGURES - size - 1) / math.factorial(FIGURES)
            for some in itertools.combinations(others, size):
                gain = expected(trees, person, {*some, figure}) - expected(trees, person, set(some))
                exact += weight * gain
        assert found[figure] == pytest.approx(exact, abs=1e-12)


CHANCES = (
    Chance(0, Decimal("0.4000"), Decimal("0.3000"), Decimal("0.5000")),
    Chance(600, Decimal("0.0500"), Decimal("0.0400"), Decimal("0.0600")),
)
CARD = Card(550, (Bins(0, (0.0, 1.0), (-20, 5, 30), -3), Bins(3, (0.5,), (12, -8), 0)))
CODES = {"house": 0, "rent": 1}


def an_artefact(seed: int = 1) -> Artefact:
    """Half a card, half trees; the last figure has categories."""
    return load_artefact(
        text_of(
            "both", "1", "any", 580,
            [("income", "higher", None), ("age", "either", None), ("debt", "lower", None), ("home", "either", CODES)],
            [(0.5, CARD), (0.5, some_trees(seed))], CHANCES, {"rows": 100},
        )
    )  # fmt: skip


@given(
    st.fixed_dictionaries({
        "income": st.none() | st.decimals(-3, 3, places=2), "age": st.none() | st.decimals(-3, 3, places=2),
        "debt": st.none() | st.decimals(-3, 3, places=2), "home": st.sampled_from([None, "house", "rent", "boat"]),
    })
)  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_one_person_is_scored_as_many_are_and_the_parts_are_the_score(values: Values) -> None:
    model = an_artefact()
    found = model.scored(values)
    assert model.scores({name: [value, None] for name, value in values.items()})[0] == found.score
    exact = found.base + sum(part.worth for part in found.parts)
    assert abs(exact - found.score) <= Decimal("0.500001")
    assert found.probability == (Decimal("0.0500") if found.score >= 600 else Decimal("0.4000"))
    assert all(part.lost >= 0 for part in found.parts)
    assert [part.figure for part in found.parts] == [each.name for each in model.figures]


def test_a_category_that_is_not_known_is_as_good_as_nothing() -> None:
    model = an_artefact()
    assert model.scored({"home": "boat"}) == model.scored({"home": None}) == model.scored({})


def test_a_scorecard_that_ships_answers_as_it_always_did() -> None:
    """Its scores, points and probabilities are those of the card itself, one by one and in a column."""
    source = (SCORECARDS / "payment-history.toml").read_text(encoding="utf-8")
    card, model = load_card(source), load(source)
    chance = random.Random(3)
    some = [
        {each.name: chance.choice([None, Decimal(chance.randint(-9, 20)) / 10]) for each in card.figures}
        for _ in range(50)
    ]
    for values in some:
        points = [(each.name, each.points(values[each.name]), each.most) for each in card.figures]
        total = card.constant + sum(worth for _, worth, _ in points)
        now = model.scored(values)
        assert now.score == total
        assert now.probability == card.probability_of_default(total)
        assert [(part.figure, int(part.worth), int(part.most)) for part in now.parts] == points
    columns = {each.name: [values[each.name] for values in some] for each in card.figures}
    assert model.scores(columns).tolist() == [model.scored(values).score for values in some]
    assert (model.name, model.digest, model.refuse_below) == (card.name, card.digest, card.refuse_below)


def test_the_same_parts_are_the_same_bytes_and_read_back() -> None:
    one, two = an_artefact(), an_artefact()
    assert one.digest == two.digest != an_artefact(2).digest
    assert isinstance(one.members[1][1], Trees)
    assert one.members[1][1].trees == some_trees(1).trees
    assert one.members[0] == (0.5, CARD)
    assert one.figures[3].codes == CODES
    assert one.about == {"rows": 100}


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("format",), "another"),
        (("members", 1, "trees", 0, "leaves", 0), "nan"),
        (("members", 1, "trees", 0, "leaves", 0), "1e300"),
        (("members", 1, "trees", 0, "splits", 0, 0), 9),
        (("members", 1, "trees", 0, "splits", 0, 3), 0),
        (("members", 1, "seen", 0, "steps"), ["2.0", "1.0"]),
        (("members", 0, "bins", 0, "points"), [1]),
        (("members", 0, "bins", 0, "edges"), [0.5, 1.5]),
        (("chances",), []),
        (("chances", 1), [600, "0.5", "0.4", "0.6"]),
        (("figures", 0, "better"), "sideways"),
        (("surplus",), 1),
    ],
)
def test_a_file_that_does_not_hold_together_is_refused(where: tuple[str | int, ...], value: object) -> None:
    text = text_of(
        "both",
        "1",
        "any",
        580,
        [(name, "either", None) for name in "abcd"],
        [(1.0, CARD), (1.0, some_trees(1))],
        CHANCES,
        {},
    )
    whole = json.loads(text)
    at = whole
    for key in where[:-1]:
        at = at[key]
    at[where[-1]] = value
    with pytest.raises(Refusal) as refused:
        load(json.dumps(whole), "made")
    assert refused.value.code == "credit.model_invalid"
    assert "made" in refused.value.detail


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(Refusal, match=r"credit\.model_invalid"):
        load("{", "made")
