"""Laws of a shelf's answer: bands only, bounded by what one lender can say, the asker left out, boundaries to the fen."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from farthing.exchange.blinded.law import law_of, period_of, periods_of
from farthing.exchange.shelf.model import Asked, Entry, File
from farthing.exchange.shelf.rules import answered, how_many
from farthing.kit.money import Money
from tests.exchange.exposure.house import BEGAN

LAW = law_of()
TODAY = BEGAN.date()
BANDS = LAW.bands_of("CNY")
COUNTS = {"0", "1", "2-3", "4+"}

entries = st.tuples(st.integers(0, 7), st.integers(0, 7), st.integers(0, 4)).map(lambda e: e if e[1] else (e[0], 0, 0))
files = st.lists(st.tuples(entries, st.integers(0, 90), st.sampled_from(("CNY", "CNY", "EUR"))), max_size=6)
asks = st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 120)), max_size=8)


def found(drawn: list[tuple[Entry, int, str]]) -> list[tuple[File, Entry]]:
    return [
        (File(str(number), TODAY - timedelta(days=old), currency, TODAY, {}), entry)
        for number, (entry, old, currency) in enumerate(drawn)
    ]


def told(drawn: list[tuple[Entry, int, str]], asked: list[tuple[str, int]], contested: bool = False):  # type: ignore[no-untyped-def]
    seen = [Asked(TODAY - timedelta(days=days), lender, lender in "abc") for lender, days in asked]
    return answered(
        LAW, "CNY", found(drawn), seen, edition=TODAY, today=TODAY, asker="f", contested=contested
    )  # fmt: skip


@settings(max_examples=80)
@given(files, asks, st.booleans())
def test_an_answer_is_bands_and_one_lender_alone_is_not_described(
    drawn: list[tuple[Entry, int, str]], asked: list[tuple[str, int]], contested: bool
) -> None:
    answer = told(drawn, asked, contested)
    assert answer.band in {"none", *BANDS.labels} and answer.lenders in COUNTS
    assert {answer.asked_7, answer.asked_30, answer.asked_90} <= COUNTS and answer.asked_nonbank_30 in {
        *COUNTS,
        "withheld",
    }
    counted = [entry for entry, old, currency in drawn if old <= LAW.rows_days_max and currency == "CNY"]
    assert (answer.band == "none") == (not counted)
    if answer.lenders == "1" or len(counted) == 1:
        assert answer.dpd in ("withheld", "disputed")
    assert not contested or answer.dpd == "disputed"
    assert (answer.asked_nonbank_30 == "withheld") == (answer.asked_30 == "1")
    without = told(drawn, [each for each in asked if each[0] != "f"], contested)
    assert without == answer  # whoever asks is not told of itself
    for gone in range(len(drawn)):
        less = told(drawn[:gone] + drawn[gone + 1 :], asked, contested)
        order = ("0", "1", "2-3", "4+")
        assert 0 <= order.index(answer.lenders) - order.index(less.lenders) <= 1  # one lender is one lender


@pytest.mark.parametrize(
    ("amount", "band"),
    [("0", 0), ("0.01", 1), ("10000.00", 1), ("10000.01", 2), ("500000.00", 6), ("500000.01", 7), ("9999999", 7)],
)
def test_bands_begin_a_fen_above_their_edge(amount: str, band: int) -> None:
    assert BANDS.of(Money.parse(amount, "CNY")) == band


def test_answers_windows_editions_and_quarters_to_the_day() -> None:
    assert [BANDS.total([0]), BANDS.total([1]), BANDS.total([3, 2]), BANDS.total([3, 2, 1]), BANDS.total([7])] == [
        "0", "<50k", "<50k", "50-200k", ">200k",
    ]  # fmt: skip
    assert [LAW.dpd_band(days) for days in (0, 1, 30, 31, 60, 61, 90, 91)] == [0, 1, 1, 2, 2, 3, 3, 4]
    for days, within in (
        (0, "1 1 1"),
        (6, "1 1 1"),
        (7, "0 1 1"),
        (29, "0 1 1"),
        (30, "0 0 1"),
        (89, "0 0 1"),
        (90, "0 0 0"),
    ):
        answer = told([], [("a", days)])
        assert f"{answer.asked_7} {answer.asked_30} {answer.asked_90}" == within
    assert [how_many(count) for count in range(6)] == ["0", "1", "2-3", "2-3", "4+", "4+"]
    assert {LAW.edition(TODAY + timedelta(days=each)) for each in range(7)} == {TODAY}
    assert LAW.edition(TODAY + timedelta(days=7)) == TODAY + timedelta(days=7)
    at_once = dataclasses.replace(LAW, edition_days=0)
    assert at_once.edition(TODAY) == TODAY
    assert (period_of(date(2026, 12, 31)), period_of(date(2027, 1, 1))) == ("2026Q4", "2027Q1")
    assert periods_of(BEGAN) == ("2026Q4", "2026Q3")
    assert periods_of(BEGAN + timedelta(days=60)) == ("2027Q1", "2026Q4")
