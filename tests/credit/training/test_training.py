"""A table is read or refused row by row, columns that know the outcome are caught, and what is trained is data that stays."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from farthing.credit.catalogue.law import check_lawful
from farthing.credit.models.artefact import Chance
from farthing.credit.models.as_card import card_of
from farthing.credit.models.file import load as load_model
from farthing.credit.models.file import load_artefact, text_of
from farthing.credit.models.points import Bins, Card
from farthing.credit.models.shipped import Shipped
from farthing.credit.scorecard import load as load_card
from farthing.credit.training import chances, metrics, running
from farthing.credit.training.coding import coded, direction
from farthing.credit.training.fitting import fit
from farthing.credit.training.leaks import check_leaks
from farthing.credit.training.rejects import assumed
from farthing.credit.training.spec import Rejects, Spec, load
from farthing.credit.training.table import People, as_numbers, read
from farthing.credit.training.trees_of import trees_of
from farthing.credit.training.validating import periods
from farthing.kit.errors import Refusal
from tests.credit.training.made import HEADER, SPEC, rows, table


def refused(code: str, spec: str = SPEC, content: bytes | None = None) -> Refusal:
    """The refusal of a training before anything is fitted."""
    with pytest.raises(Refusal) as caught:
        asked = load(spec, "made")
        people = read(asked, table(rows()) if content is None else content, "made.csv")
        for figure in people.figures:
            check_lawful(figure.name)
        check_leaks(asked, people)
        periods(asked, people)
    assert caught.value.code == code
    return caught.value


def people(spec: str = SPEC, count: int = 300) -> tuple[Spec, People]:
    asked = load(spec, "made")
    return asked, read(asked, table(rows(count)), "made.csv")


def test_a_table_is_read_as_the_spec_says() -> None:
    _, found = people(IGNORED)
    assert [each.name for each in found.figures] == ["income", "debt", "age", "home", "hobby"]
    assert found.counts["bad"] + found.counts["good"] == found.counts["rows"] == 300
    assert np.isnan(found.figures[0].numbers).any(), "what is not known stays unknown"
    assert found.group is not None
    assert set(found.group.tolist()) == {"x", "y"}


def test_money_percent_and_what_is_no_number() -> None:
    found = as_numbers(["$1,200.50 ", "12%", "1.00E+05", "many", "inf", "nan", ""])
    assert found[:3].tolist() == [1200.5, 12, 100_000]
    assert np.isnan(found[3:]).all()


def of(went: str, count: int) -> list[list[str]]:
    """So many rows that went so."""
    return [row for row in rows() if row[-1] == went][:count]


YEARS = SPEC.replace("[columns]", '[columns]\nyear = "number"')
IGNORED = SPEC.replace("[columns]", '[columns]\nyear = "ignore"')


@pytest.mark.parametrize(
    ("spec", "code", "says"),
    [
        (SPEC, "credit.training_column_not_named", "year"),
        (IGNORED + 'height = "number"\n', "credit.training_column_missing", "height"),
        (IGNORED.replace('kind = "training"', 'kind = "traning"'), "credit.training_spec_invalid", "kind"),
        (IGNORED.replace('bad = ["bad"]', 'bad = ["bad", "good"]'), "credit.training_spec_invalid", "twice"),
        (IGNORED.replace('bad = ["bad"]', 'bad = ["late"]'), "credit.training_rows_bad", "neither bad nor good"),
        (IGNORED.replace("hobby = ", "went = "), "credit.training_column_not_named", "hobby"),
        (IGNORED + 'went = "category"\n', "credit.training_leaks", "went"),
        ('known_after = ["age"]\n' + IGNORED, "credit.training_leaks", "age"),
        (IGNORED + 'guess = {ratio = ["debt"]}\n', "credit.training_spec_invalid", "two columns"),
        (
            YEARS + '\n[time]\ncolumn = "year"\nfit_until = "spring"\ntest_from = "2004"\n',
            "credit.training_spec_invalid",
            "spring",
        ),
        (
            YEARS + '\n[time]\ncolumn = "year"\nfit_until = "2003"\ntest_from = "2030"\n',
            "credit.training_period_empty",
            "2030",
        ),
    ],
)
def test_a_training_that_cannot_be_is_refused(spec: str, code: str, says: str) -> None:
    assert says in refused(code, spec).detail


def test_bad_rows_are_named_by_their_line_and_left_out_only_where_that_is_said() -> None:
    some = rows()
    some[3][2], some[7] = "plenty", some[7][:-1]
    some[9][0] = some[8][0]
    said = refused("credit.training_rows_bad", IGNORED, table(some)).detail
    assert said.startswith("3 rows")
    for part in ("line 5 income is no number: plenty", "line 9  8 fields", "line 11 id stands twice: p8"):
        assert part in said
    asked = load(IGNORED.replace("[fit]", '[data]\nbad_rows = "leave_out"\n\n[fit]'), "made")
    found = read(asked, table(some), "made.csv")
    assert (found.counts["rows"], found.counts["unreadable"], len(found.bad)) == (300, 3, 297)
    assert {each.line for each in found.bad_rows} == {5, 9, 11}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "credit.training_unreadable"),
        (table([]), "credit.training_unreadable"),
        (b"id,id\n1,2\n", "credit.training_unreadable"),
        ("收入,结果\n1,2\n".encode("gb18030"), "credit.training_unreadable"),
        (table([[*row[:-1], "good"] for row in rows()]), "credit.training_one_class"),
        (table(rows(40)), "credit.training_one_class"),
        (table(of("bad", 15) + of("good", 40)), "credit.training_too_few"),
    ],
)  # fmt: skip
def test_a_table_that_holds_too_little_is_refused(content: bytes, code: str) -> None:
    refused(code, IGNORED, content)


def test_what_nearly_tells_the_outcome_alone_is_caught_whichever_way_it_runs() -> None:
    """A term that is whole years unless the loan ended badly: no order of its values tells, its values do."""
    chance = np.random.default_rng(1)
    some = [
        [*row, str(12 * int(chance.integers(1, 8)) + (int(chance.integers(1, 12)) if row[-1] == "bad" else 0))]
        for row in rows()
    ]
    spec = IGNORED.replace("[columns]", '[columns]\nterm = "number"')
    said = refused("credit.training_leaks", spec, table(some, (*HEADER, "term"))).detail
    assert "term alone tells the outcome" in said
    asked = load(IGNORED, "made")
    honest = check_leaks(asked, read(asked, table(rows()), "made.csv"))
    assert max(honest.values()) < 0.9


def test_what_is_named_after_a_payment_back_is_caught_unless_it_is_of_before() -> None:
    some = [[*row, str(number % 97)] for number, row in enumerate(rows())]
    for name in ("paid_total", "ChgOffPrinGr", "recoveries", "balance"):
        spec = IGNORED.replace("[columns]", f'[columns]\n{name} = "number"')
        assert name in refused("credit.training_leaks", spec, table(some, (*HEADER, name))).detail
        asked = load(f'known_before = ["{name}"]\n{spec}', "made")
        check_leaks(asked, read(asked, table(some, (*HEADER, name)), "made.csv"))


def test_what_the_law_forbids_is_no_figure_but_may_be_a_group() -> None:
    for name in ("SEX", "religion", "personal_status_sex", "民族", "MaritalStatus", "foreign_worker"):
        with pytest.raises(Refusal) as caught:
            check_lawful(name)
        assert caught.value.code == "credit.feature_forbidden"
    for name in ("income", "sextant", "racetrack", "unionised_share", "months_since_last"):
        check_lawful(name)


def test_directions_are_found_where_people_say_so() -> None:
    _, found = people(IGNORED, 1200)
    income, debt, age = (each.numbers for each in found.figures[:3])
    assert (direction(income, found.bad), direction(debt, found.bad), direction(age, found.bad)) == (
        "higher",
        "lower",
        "either",
    )
    home = coded(found)[3]
    assert home.codes == {"own": 0, "family": 1, "rent": 2}, "the safest first"


def test_a_calibration_falls_with_the_score_and_is_true_in_the_large() -> None:
    chance = np.random.default_rng(8)
    scores = chance.integers(500, 700, 3_000)
    bad = (chance.random(3_000) < 1 / (1 + np.exp((scores - 560) / 25))).astype(np.int64)
    found = chances.chances(scores, bad, np.ones(3_000))
    told = [each.probability for each in found]
    assert told == sorted(told, reverse=True)
    assert all(each.low <= each.probability <= each.high for each in found)
    at = np.array([each.at_least for each in found])
    each = np.array([float(one.probability) for one in found])[np.searchsorted(at, scores, side="right") - 1]
    assert abs(each.mean() - bad.mean()) < 0.005
    assert metrics.calibration(bad, each).error < 0.02


def test_the_refused_are_one_person_drawn_or_two_parts_of_one() -> None:
    asked, found = people(IGNORED)
    refused_ones = np.arange(300) % 3 == 0
    some = replace(found, rejected=refused_ones, bad=np.where(refused_ones, -1, found.bad))
    risk = np.full(100, 0.4)
    drawn = assumed(some, risk, Rejects("parcelling", "x", ("y",), Decimal(1)))
    assert len(drawn.bad) == 300
    assert 25 <= drawn.bad[refused_ones].sum() <= 55
    both = assumed(some, risk, Rejects("fuzzy", "x", ("y",), Decimal("1.5")))
    assert len(both.bad) == 400
    assert both.weight.sum() == pytest.approx(300)
    assert both.weight[both.bad == 1][-1] <= 1
    assert float(both.weight[:300][refused_ones].sum()) == pytest.approx(60)
    assert asked.rejects.assume == "none"


def test_what_is_missing_to_train_is_said_with_the_extra_that_brings_it() -> None:
    with pytest.raises(Refusal, match=r"\.\[train\]") as caught:
        running.check_extra(("json", "no_such_library_of_anybody"))
    assert caught.value.code == "credit.training_extra_missing"
    assert "json" not in caught.value.detail


@pytest.mark.long
def test_trees_are_the_boosters_to_the_last_bit_and_their_parts_are_its_own() -> None:
    """Thousands of people, a tenth of whose values are unknown, against what the library itself answers."""
    import lightgbm

    from farthing.credit.models.paths import parts
    from farthing.credit.models.trees import Seen

    chance = np.random.default_rng(1)
    some = chance.normal(size=(4_000, 8))
    some[chance.random((4_000, 8)) < 0.1] = np.nan
    some[:, 3], some[:, 4] = np.round(some[:, 3]), chance.random(4_000)
    some[:, 7] = chance.integers(0, 2, 4_000)
    bad = (
        chance.random(4_000) < 1 / (1 + np.exp(-np.nan_to_num(some[:, 0]) - np.nan_to_num(some[:, 1] * some[:, 2])))
    ).astype(int)
    asked = {"objective": "binary", "num_leaves": 16, "max_depth": 7, "verbose": -1, "num_threads": 1, "seed": 1,
             "bagging_fraction": 0.7, "bagging_freq": 1, "deterministic": True}  # fmt: skip
    booster = lightgbm.train(asked, lightgbm.Dataset(some, bad), 60)
    trees = trees_of(booster.dump_model(), [Seen(at) for at in range(8)], 600.0, 57.7)
    assert trees.raw(some).tolist() == booster.predict(some, raw_score=True).tolist()
    told = booster.predict(some[:40], pred_contrib=True)
    for person, theirs in zip(some[:40], told, strict=True):
        base, ours = parts(trees, person)
        assert base == pytest.approx(theirs[-1], abs=1e-9)
        assert [ours.get(at, 0.0) for at in range(8)] == pytest.approx(theirs[:-1].tolist(), abs=1e-9)


@pytest.mark.long
def test_a_training_gives_the_same_twice_and_its_models_score_as_they_were_measured() -> None:
    spec = YEARS.replace("folds = 3", 'folds = 2\nkinds = ["scorecard", "blend"]') + (
        '\n[time]\ncolumn = "year"\nfit_until = "2003"\ntest_from = "2004"\n'
    )
    asked, content, steps = load(spec, "made"), table(rows()), []
    files = running.train(asked, content, "made.csv", lambda *told: steps.append(told[1:]))
    assert steps[-1][0] == steps[-1][1]
    found = read(asked, content, "made.csv")
    learn, later = periods(asked, found)
    assert later is not None
    about = {"data_sha256": hashlib.sha256(content).hexdigest()}
    assert fit(asked, learn, ("blend",), about)["blend"].text == files["blend.model.json"], "again, the same bytes"
    told, model = json.loads(files["metrics.json"]), load_model(files["blend.model.json"])
    measured = told["models"]["blend"]["measured"]
    assert told["models"]["blend"]["sha256"] == model.digest
    columns = {each.name: list(each.texts) if each.texts is not None else each.numbers for each in later.figures}
    again = metrics.auc(later.bad, -model.scores(columns).astype(float)).value
    assert again == pytest.approx(measured["out_of_time"]["auc"], abs=0.02)
    assert measured["folds"]["auc"]["mean"] > 0.65
    assert {each["name"]: each["better"] for each in told["figures"]}["income"] == "higher"
    assert all(abs(sum(each["shares"]) - 1) < 1e-5 and each["psi"] is not None for each in told["figures"])
    richer = [
        model.scored({"income": Decimal(value), "debt": Decimal(100)}).score for value in (1000, 3000, 5000, 9000)
    ]
    assert richer == sorted(richer), "a better figure never costs points"
    for language, word in (("en", "Model card"), ("zh", "模型卡")):
        assert word in files[f"model-card.{language}.md"]
        assert "income" in files[f"data-sheet.{language}.md"]
    assert "scorecard.toml" not in files, "decisions know none of these figures"


def test_a_scorecard_of_what_decisions_know_is_one_of_theirs_and_scores_the_same() -> None:
    """Edges rounded up to the four places that figures have part the same values; nothing else changes."""
    cards = [(1.0, Card(500, (Bins(0, (0.12345, 1.0), (-20, 5, 30), -3), Bins(1, (0.5,), (12, -8), 0))))]
    table_of = (Chance(0, Decimal("0.1"), Decimal("0.1"), Decimal("0.1")),)
    names = [("lowest_level", "higher", None), ("spending_variation", "lower", None)]
    model = load_artefact(text_of("mine", "2", "person", 470, names, cards, table_of, {}))
    text = card_of(model, (600, 20, 40), {"data": 'a "table"', "loans": 300})
    assert text is not None
    card = load_card(text)
    assert (card.name, card.version, card.refuse_below, card.provenance["model_sha256"]) == (
        "mine",
        "2",
        470,
        model.digest,
    )
    for level in ("0.1234", "0.1235", "0.9999", "1", None):
        values = {"lowest_level": None if level is None else Decimal(level), "spending_variation": Decimal("0.5")}
        assert Shipped(card).scored(values).score == model.scored(values).score
    strange = load_artefact(text_of("mine", "2", "person", 470, [("a", "higher", None), names[1]], cards, table_of, {}))
    assert card_of(strange, (600, 20, 40), {}) is None
