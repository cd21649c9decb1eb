"""Trees decide as a scorecard does: with reasons that were asked of the model, ways that were tried, and one answer for ever."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from farthing.credit import rules
from farthing.credit.models import asking
from farthing.credit.models.artefact import Artefact, Chance
from farthing.credit.models.file import load_artefact, text_of
from farthing.credit.models.points import Bins, Card
from farthing.credit.ways.levers import LEAST
from tests.credit.models.trained import FIGURES, the_model
from tests.credit.test_reasons import CARDS, figures
from tests.credit.test_ways import GOOD, inputs
from tests.credit.test_ways import check as tried

SHIPPED = CARDS["payment-history"]
values = st.decimals(Decimal("-1.5"), Decimal(2), places=4).map(str) | st.none()
drawn = st.fixed_dictionaries({name: values for name, _ in FIGURES})


def as_data() -> Artefact:
    """The shipped scorecard as a file of JSON, with the probabilities of its scale."""
    card = SHIPPED.card
    bins = tuple(
        Bins(at, tuple(float(each.below) for each in figure.bins if each.below is not None),
             tuple(each.points for each in figure.bins), figure.missing)
        for at, figure in enumerate(card.figures)
    )  # fmt: skip
    chances = [Chance(at, *[card.probability_of_default(at)] * 3) for at in range(0, 1_200)]
    told = [(each.name, each.better, None) for each in card.figures]
    text = text_of("x", "1", "person", card.refuse_below, told, [(1.0, Card(card.constant, bins))], chances, {})
    return load_artefact(text)


CARD = as_data()


@settings(max_examples=80, deadline=None)
@given(drawn)
def test_a_scorecard_decides_alike_in_either_form(said: dict[str, str | None]) -> None:
    """The same answer, score, limit and probability; each reason speaks of the same figures with the same edges."""
    asked = inputs(SHIPPED, said)  # type: ignore[arg-type]
    toml, json = rules.decide(SHIPPED, asked), rules.decide(CARD, asked)
    assert (toml.approved, toml.score, toml.limit) == (json.approved, json.score, json.limit)
    assert toml.probability_of_default == json.probability_of_default
    ours, theirs = {each.code: each for each in toml.reasons}, {each.code: each for each in json.reasons}
    for code in ours.keys() & theirs.keys():
        assert ours[code] == theirs[code]
    if not toml.approved:
        assert ours.keys() == theirs.keys()


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 3), drawn)
def test_each_reason_of_trees_was_asked_of_the_model(seed: int, said: dict[str, str | None]) -> None:
    """Beyond the edge that a reason names the score is another, the way that it says; at most four, none twice."""
    model = the_model(seed)
    asked = inputs(SHIPPED, said)  # type: ignore[arg-type]
    opinion, now = rules.decide(model, asked), float(_points(model, asking.values_of(asked.features)))
    assert len(opinion.reasons) <= 4 and len({each.code for each in opinion.reasons}) == len(opinion.reasons)
    if not opinion.approved and opinion.score < model.refuse_below:
        assert opinion.reasons, "whoever is refused by the score is told why"
    for reason in opinion.reasons:
        name = reason.code.rpartition("_")[0]
        feature = next((each for each in asked.features if each.name == name), None)
        if name not in dict(FIGURES) or feature is None or feature.value is None:
            continue
        shown, edge = figures(reason.en)
        assert shown == feature.value
        beyond = edge - LEAST if shown >= edge else edge
        then = float(_points(model, {**asking.values_of(asked.features), name: beyond}))
        assert then < now if reason.favourable else then > now


def _points(model: Artefact, said: dict[str, Decimal | None]) -> Decimal:
    found = model.scored(said)
    return found.base + sum((part.worth for part in found.parts), Decimal(0))


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 3), drawn)
def test_the_short_answer_is_the_long_one(seed: int, said: dict[str, str | None]) -> None:
    asked, model = inputs(SHIPPED, said), the_model(seed)  # type: ignore[arg-type]
    for each in (model, SHIPPED, CARD):
        long, short = rules.decide(each, asked), rules.decide(each, asked, said=False)
        assert (long.approved, long.score, long.limit) == (short.approved, short.score, short.limit)
        assert long.probability_of_default == short.probability_of_default


@settings(max_examples=6, deadline=None)
@given(st.integers(1, 3), drawn)
def test_ways_out_of_an_answer_of_trees_were_tried(seed: int, said: dict[str, str | None]) -> None:
    tried(the_model(seed), inputs(SHIPPED, {**GOOD, **said}))  # type: ignore[arg-type]


def test_a_cut_is_the_smallest_value_beyond_a_step() -> None:
    """On either side of each cut, and only there, trees may say something else."""
    model = the_model(2)
    for name, _ in FIGURES:
        cuts = model.cuts(name)
        assert cuts == tuple(sorted(set(cuts)))
        steps = next(each.steps for each in model.figures if each.name == name)
        for step in steps:
            (cut,) = [each for each in cuts if each - LEAST <= step < each] or [None]
            assert cut is not None and float(cut) > float(step) >= float(cut - LEAST)
