"""Laws of the gates, of groups and of the order of champions; all pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.credit.succession import gates, groups, rules
from farthing.credit.succession.model import Act, Case, Expected, ModelGate, ModelTurn
from farthing.kit.errors import Refusal
from farthing.kit.words import Words
from farthing.parties.model import Party
from farthing.products import service as products
from farthing.products.model_rules import before

LAW = replace(before(Words("a", "a")), cases_min=1, bad_min=2)
ON = date(2026, 3, 9)
LINE = 560
SCORE = st.integers(450, 750)


def case(score: int, other: int, bad: bool | None, sex: str = "f", figure: Decimal | None = Decimal(1)) -> Case:
    chance = Decimal(max(0, 750 - score)) / 1000
    return Case(ON, True, score, chance, other, chance, {"margin": figure}, bad, {"sex": sex})


CASES = st.lists(
    st.builds(case, SCORE, SCORE, st.sampled_from([True, False, None]), st.sampled_from(["f", "m"])), max_size=60
)
EVEN = (Expected("score", (560.0, 640.0), (0.3, 0.4, 0.3, 0.0)), Expected("margin", (), (1.0, 0.0)))


def by_name(found: tuple[ModelGate, ...]) -> dict[str, ModelGate]:
    return {each.name: each for each in found}


@given(CASES)
def test_a_model_beside_itself_is_never_worse(cases: list[Case]) -> None:
    same = [replace(each, champion_score=each.score, champion_probability=each.probability) for each in cases]
    found = by_name(gates.gates(same, EVEN, LINE, LINE, LAW))
    assert all(found[name].light != "red" for name in ("auc", "brier", "approved"))
    assert all(
        each.light != "red"
        for name, each in found.items()
        if name.startswith(("impact", "opportunity")) and each.figure
    )


@given(CASES, st.randoms(use_true_random=False))
def test_the_order_of_decisions_changes_nothing(cases: list[Case], chance: object) -> None:
    mixed = list(cases)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert groups.rates(mixed, LINE, LINE) == groups.rates(cases, LINE, LINE)
    one, two = gates.gates(cases, EVEN, LINE, LINE, LAW), gates.gates(mixed, EVEN, LINE, LINE, LAW)
    assert [each.light for each in one if each.name != "calibration"] == [
        each.light for each in two if each.name != "calibration"
    ]


@given(CASES)
def test_what_is_not_known_never_passes(cases: list[Case]) -> None:
    blind = [replace(each, bad=None) for each in cases]
    found = by_name(gates.gates(blind, (), LINE, LINE, LAW))
    assert {found[name].light for name in ("bad", "auc", "brier", "calibration", "psi", "figures")} == {"unknown"}
    assert by_name(gates.gates(cases, EVEN, LINE, LINE, replace(LAW, cases_min=61)))["cases"].light == "unknown"


@given(CASES)
def test_bands_and_rates_lose_nobody(cases: list[Case]) -> None:
    bands, rates = gates.bands(cases), groups.rates(cases, LINE, LINE)
    assert sum(each.decided for each in bands) == sum(each.people for each in rates) == len(cases)
    assert sum(each.bad for each in bands) == sum(bool(each.bad) for each in cases)
    curve = gates.curve(cases)
    assert not curve or (curve[-1].good, curve[-1].bad) == (Decimal(1), Decimal(1))
    assert all(one.good <= two.good and one.bad <= two.bad for one, two in pairwise(curve))


def test_a_challenger_that_cannot_tell_bad_from_good_is_refused_by_delong() -> None:
    cases = [case(600 + at * 7 % 40, 500 if bad else 700, bad) for at, bad in enumerate([True, False] * 40)]
    gate = by_name(gates.gates(cases, EVEN, LINE, LINE, LAW))["auc"]
    assert (
        gate.light == "red" and gate.beside == Decimal(1) and gate.figure is not None and gate.figure > Decimal("0.3")
    )
    turned = [replace(each, score=each.champion_score, champion_score=each.score) for each in cases]
    assert by_name(gates.gates(turned, EVEN, LINE, LINE, LAW))["auc"].light == "green"


def test_a_drift_is_amber_and_then_red_and_a_figure_that_ceased_to_be_known_is_one() -> None:
    def light(below: int, known: int = 100) -> tuple[str, str]:
        cases = [
            case(500 if at < below else 600, 600, None, figure=Decimal(1) if at < known else None) for at in range(100)
        ]
        found = by_name(gates.gates(cases, (Expected("score", (560.0,), (0.5, 0.5, 0.0)), EVEN[1]), LINE, LINE, LAW))
        return found["psi"].light, found["figures"].light

    assert [light(50)[0], light(34)[0], light(20)[0]] == ["green", "amber", "red"]
    assert [light(50)[1], light(50, 60)[1]] == ["green", "red"]
    month = gates.drift([case(500, 500, None), replace(case(500, 500, None), decided_on=date(2026, 4, 1))], EVEN, LAW)
    assert [(each.name, each.month) for each in month] == [
        (name, at) for name in ("score", "margin") for at in ("2026-03", "2026-04")
    ]


def test_a_group_below_four_fifths_is_refused_unless_the_champion_was_no_better() -> None:
    def ratio(own: int, other: int, people: int = 40) -> ModelGate | None:
        """Of women so many are approved by the model and by its champion, of men all are."""
        women = [case(600 if at < own else 500, 600 if at < other else 500, False) for at in range(people)]
        men = [case(600, 600, False, "m") for _ in range(people)]
        return by_name(gates.gates([*women, *men], EVEN, LINE, LINE, LAW)).get("impact_sex")

    fair, unfair, no_worse = ratio(32, 40), ratio(31, 40), ratio(31, 30)
    assert fair and unfair and no_worse
    assert [fair.light, unfair.light, no_worse.light] == ["green", "red", "amber"]
    assert (fair.figure, unfair.figure, unfair.beside) == (Decimal("0.8"), Decimal("0.775"), Decimal(1))
    few = ratio(0, 29, people=29)
    assert few and (few.light, few.figure) == ("amber", None), (
        "too few to be compared, which is told and no pass in silence"
    )
    alone = [case(600, 600, False) for _ in range(40)]
    assert "impact_sex" not in by_name(gates.gates(alone, EVEN, LINE, LINE, LAW)), "one group is no comparison"
    nobody = [case(500, 600, False, sex) for sex in ("f", "m") for _ in range(30)]
    assert by_name(gates.gates(nobody, EVEN, LINE, LINE, LAW))["impact_sex"].light == "red"


def test_the_groups_of_a_person_are_read_off_its_number() -> None:
    person = Party("party_1", "person", "x", "110101199003077731", "+86", date(1990, 3, 10))
    assert groups.groups_of(person, ON) == {"sex": "m", "age": "35-44", "region": "11"}
    assert groups.groups_of(replace(person, number="110101199003077721"), date(2026, 3, 10))["sex"] == "f"
    assert groups.groups_of(replace(person, born_on=date(1966, 3, 9)), ON)["age"] == groups.OLDEST
    for nobody in (None, replace(person, kind="organisation", born_on=None), replace(person, number="x" * 18)):
        assert groups.groups_of(nobody, ON) == {}


def turns(*acts: tuple[Act, str]) -> list[ModelTurn]:
    """Acts as they would be kept, each with the champion after it."""
    found: list[ModelTurn] = []
    for act, model in acts:
        champion = (
            model if act == "promoted" else rules.before("s", found) if act == "rolled_back" else rules.champion(found)
        )
        at = datetime(2026, 3, 9, tzinfo=UTC)
        found.append(ModelTurn("s", len(found) + 1, act, model, champion, ON, at, "ann", ""))
    return found


@given(st.lists(st.sampled_from(["promoted", "rolled_back"]), max_size=12))
def test_a_roll_back_is_the_inverse_of_a_promotion_and_brings_nothing_new(acts: list[str]) -> None:
    found: list[ModelTurn] = []
    stack = [""]
    for at, act in enumerate(acts):
        if act == "promoted":
            found, stack = (
                turns(*[(each.act, each.model) for each in found], ("promoted", f"m{at}")),
                [*stack, f"m{at}"],
            )
        elif len(stack) > 1:
            found = turns(*[(each.act, each.model) for each in found], ("rolled_back", stack.pop()))
        else:
            with pytest.raises(Refusal, match="ships with the program"):
                rules.before("s", found)
        assert rules.champion(found) == stack[-1]
    states = {model: rules.state(model, found) for model in stack[1:]}
    assert all(state == ("promoted" if model == stack[-1] else "stopped") for model, state in states.items())


def test_every_pack_says_what_a_model_needs() -> None:
    for name in ("cn", "eu", "in", "sandbox"):
        found = products.shipped_policy(name).models
        assert found is not None and found.psi_amber < found.psi_max and found.ratio_min == Decimal("0.8"), name
    assert before(Words("a", "a")).cases_min == products.shipped_policy("cn").models.cases_min  # type: ignore[union-attr]
