"""Counting by hand, thresholds, noise that is the same for the same question, and the budget that refuses."""

from __future__ import annotations

import dataclasses
from collections import Counter
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import exp
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from farthing.exchange.blinded.law import LAW_UNREADABLE, law_of
from farthing.exchange.blinded.messages import NOT_SIGNED, said
from farthing.exchange.blinded.parties_service import PARTIES, itself, make
from farthing.exchange.blinded.refusals import REPLAYED
from farthing.exchange.figures.budget import BUDGET_SPENT, RAISED_ALONE, TABLE_CHANGED
from farthing.exchange.figures.counting import counted
from farthing.exchange.figures.model import MEASURES, PERSONS, TOTAL, MonthRow, Rule
from farthing.exchange.figures.noise import Stream, discrete_laplace
from farthing.exchange.figures.rows import COLUMNS, ROWS_UNREADABLE, rows_of, rule_of
from farthing.exchange.figures.service import Raise, Statistician
from farthing.exchange.figures.tables import published, too_few
from tests.exchange.refused import refused

RULE = rule_of("CNY")
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


def row(person: str, lender: str = "A", **changed: object) -> MonthRow:
    made = MonthRow(person, lender, "north", "card", True, 10_000_00, 2_000_00, 0, 1_000_00)
    return dataclasses.replace(made, **changed)  # type: ignore[arg-type]


def test_counted_by_hand_with_unknowns() -> None:
    """Units of 100 yuan; what is not known counts in nothing that needs it."""
    found = counted(
        [
            row("p1"), row("p1", "B", days_past_due=45, before=None), row("p2", limit=None, days_past_due=None),
            row("p3", balance=None), row("p4", balance=0, before=3_000_00), row("p5", "B", revolving=False, balance=900_000_00),
            row("p6", "C", region="south", days_past_due=30, limit=0),
        ],
        RULE,
    )  # fmt: skip
    north = found["north", "card"]
    assert north.values == {
        "persons": 3, "looked": 2, "late": 1, "owed": 20 + 20 + 20 + 5000, "drawn": 20 + 20 + 0, "granted": 100 + 100 + 100,
        "now": 20 + 20 + 0 + 5000, "before": 10 + 10 + 30 + 10,
    }  # fmt: skip
    assert (north.persons, north.lenders, north.lines) == (3, 2, 4)
    assert north.largest == Fraction(5020, 5060)
    assert found["south", "card"].values["late"] == 0 and found["south", "card"].values["granted"] == 0
    assert found[TOTAL, "card"].values["owed"] == 5080 and found[TOTAL, TOTAL].lines == 5


rows_drawn = st.lists(
    st.builds(
        MonthRow,
        st.sampled_from("abcd"), st.sampled_from("ABC"), st.sampled_from(("n", "s")), st.sampled_from(("x", "y")),
        st.booleans(), st.none() | st.integers(0, 10**9), st.none() | st.integers(0, 10**9), st.none() | st.integers(0, 99),
        st.none() | st.integers(0, 10**9),
    ),
    max_size=20,
)  # fmt: skip


@settings(max_examples=25)
@given(rows_drawn)
def test_one_person_changes_all_cells_together_by_no_more_than_is_said(rows: list[MonthRow]) -> None:
    """What the noise is for: all rows of one person taken away."""
    with_her, without = counted(rows, RULE), counted([each for each in rows if each.person != "a"], RULE)
    for name in MEASURES:
        moved = sum(
            abs(found.values[name] - (without[cell].values[name] if cell in without else 0))
            for cell, found in with_her.items()
        )
        assert moved <= RULE.sensitivity(name)
    for region in {cell[0] for cell in with_her} - {TOTAL}:
        inner = [found.lines for cell, found in with_her.items() if cell[0] == region and cell[1] != TOTAL]
        assert sum(inner) == with_her[region, TOTAL].lines


def many(persons: int, lenders: str = "ABCD", **changed: object) -> list[MonthRow]:
    region = changed.get("region", "north")
    return [row(f"{region}{number}", lenders[number % len(lenders)], **changed) for number in range(persons)]


def test_thresholds_hide_cells_that_rest_on_few() -> None:
    def hidden(rows: list[MonthRow]) -> bool:
        return too_few(counted(rows, RULE)["north", "card"], RULE)

    assert hidden(many(9)) and not hidden(many(12))
    assert hidden(many(60, "AB")) and not hidden(many(60, "ABC"))
    assert hidden(many(60, "AAAAABC")) and not hidden(many(60, "AAABC"))
    assert hidden([*many(20, "ABC"), *many(20, "D", balance=400_000_00, region="north")])


def test_a_table_hides_what_would_tell_and_says_the_rest_with_noise() -> None:
    places = {"north": 200, "south": 160, "west": 5}
    rows = [each for region, count in places.items() for each in many(count, region=region)]
    rows += [dataclasses.replace(each, cls="loan", person=each.person + "x") for each in many(120)]
    rows += [dataclasses.replace(each, cls="loan") for each in many(90, region="south")]
    rows += [dataclasses.replace(each, cls="loan") for each in many(80, region="west")]
    table = {(each.region, each.cls): each for each in published(rows, RULE, "2026Q4", b"secret")}
    assert table["west", "card"].hidden == "few" and not table["west", "card"].values
    beside = {cell for cell, each in table.items() if each.hidden == "beside"}
    assert beside == {("west", "loan"), ("south", "loan"), ("south", "card")}
    assert not table[TOTAL, TOTAL].hidden and table[TOTAL, TOTAL].growth_per_mille is not None
    assert published(rows, RULE, "2026Q4", b"secret") == tuple(table[cell] for cell in sorted(table))
    other = {(each.region, each.cls): each for each in published(rows, RULE, "2027Q1", b"secret")}
    assert other[TOTAL, TOTAL].values != table[TOTAL, TOTAL].values
    exact = counted(rows, RULE)[TOTAL, TOTAL].values
    assert all(abs(table[TOTAL, TOTAL].values[name] - exact[name]) < 40 * RULE.sensitivity(name) for name in MEASURES)


def test_the_noise_is_the_discrete_laplace_distribution_in_whole_numbers() -> None:
    """Chi-square over 6,000 draws of one stream: the probabilities are those of the formula."""
    scale, stream = Fraction(3, 2), Stream(b"s", "a question")
    draws = Counter(discrete_laplace(scale, stream) for _ in range(6000))
    ratio = exp(-1 / float(scale))
    expected = {value: 6000 * (1 - ratio) / (1 + ratio) * ratio ** abs(value) for value in range(-6, 7)}
    assert (
        sum((draws[value] - wanted) ** 2 / wanted for value, wanted in expected.items()) < 34.5
    )  # 12 degrees, 1 in 2000
    assert [Stream(b"s", "q").below(1000) for _ in range(3)] == [Stream(b"s", "q").below(1000)] * 3
    assert len({Stream(b"s", each).below(10**9) for each in range(50)}) == 50
    assert {Stream(b"s", "q").below(1)} == {0}


def test_the_budget_refuses_the_same_question_is_free_and_two_raise_it(tmp_path: Path) -> None:
    cards = [make(tmp_path / name, name, "officer") for name in ("li", "wang")]
    (tmp_path / "table").mkdir()
    (tmp_path / "table" / PARTIES).write_text("".join(cards), encoding="utf-8")
    keys, law = {name: itself(tmp_path / name)[1] for name in ("li", "wang")}, law_of()
    office, rows = Statistician(tmp_path / "table"), many(60)
    with refused(BUDGET_SPENT):
        office.publish("2026Q3", rows, RULE)
    words = Raise("3", "n1", NOW + timedelta(minutes=5))
    signed = {name: said(words, name, key) for name, key in keys.items()}
    with refused(RAISED_ALONE):
        office.raised(signed["li"], signed["li"], law, NOW)
    with refused(RAISED_ALONE):
        office.raised(signed["li"], said(dataclasses.replace(words, by="9"), "wang", keys["wang"]), law, NOW)
    with refused(NOT_SIGNED):
        office.raised(signed["li"], {**signed["wang"], "signature": signed["li"]["signature"]}, law, NOW)
    office.raised(signed["li"], signed["wang"], law, NOW)
    with refused(REPLAYED):
        office.raised(signed["li"], signed["wang"], law, NOW)
    first = office.publish("2026Q3", rows, RULE)
    office.close()
    office = Statistician(tmp_path / "table")
    assert office.publish("2026Q3", list(reversed(rows)), RULE) == first
    assert office.budget.spent == sum(RULE.epsilon.values()) == Fraction(5, 2)
    with refused(TABLE_CHANGED):
        office.publish("2026Q3", rows[1:], RULE)
    with refused(TABLE_CHANGED):  # another rule would draw other noise over the same rows
        office.publish("2026Q3", rows, dataclasses.replace(RULE, cap_units=4999))
    with refused(BUDGET_SPENT):
        office.publish("2026Q4", rows, RULE)
    office.close()


@pytest.mark.parametrize(
    "line",
    ["p,A,north,card,yes,1.00,1.00,0", "p,A,north,card,perhaps,1.00,1.00,0,", "p,A,north,card,yes,1.001,1.00,0,",
     "p,A,north,card,yes,-1.00,1.00,0,", "p,A,*,card,yes,1.00,1.00,0,", "p,A,,card,yes,,,,", "p,A,n,card,yes,,,-1,", 'p,"A'],
)  # fmt: skip
def test_rows_that_cannot_be_read_are_refused_by_line(line: str) -> None:
    head = ",".join(COLUMNS)
    with refused(ROWS_UNREADABLE):
        rows_of(f"{head}\n{line}\n", "CNY")


def test_rows_are_read_and_empty_is_unknown(tmp_path: Path) -> None:
    text = ",".join(COLUMNS) + "\np,A,north,card,yes,100.00,,,\n"
    assert rows_of(text, "CNY") == [MonthRow("p", "A", "north", "card", True, 100_00, None, None, None)]
    for bad in ("", "person\n"):
        with refused(ROWS_UNREADABLE):
            rows_of(bad, "CNY")
    (tmp_path / "rule.toml").write_text("[epsilon]\n", encoding="utf-8")
    for path in (tmp_path / "rule.toml", tmp_path / "none.toml"):
        with refused(LAW_UNREADABLE):
            rule_of("CNY", path)
    assert isinstance(RULE, Rule) and set(PERSONS) < set(MEASURES)
