"""Day counts, rounding and interest against computations made another way."""

from __future__ import annotations

from calendar import isleap
from datetime import date, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.money import MAX_MINOR, Money, exponent
from farthing.kit.rates import DAY_COUNTS, ROUNDINGS, interest, percent, round_fraction, year_fraction
from tests.laws import examples

days = st.dates(date(1990, 1, 1), date(2060, 12, 31))
spans = st.tuples(days, st.integers(0, 3000)).map(lambda pair: (pair[0], pair[0] + timedelta(days=pair[1])))
annual_rates = st.decimals(min_value=0, max_value=1, places=6)


@given(spans)
@examples(50)
def test_actual_actual_counts_each_day_over_its_own_year(span: tuple[date, date]) -> None:
    start, end = span
    counted = sum(
        (Fraction(1, 366 if isleap((start + timedelta(days=day)).year) else 365) for day in range((end - start).days)),
        Fraction(0),
    )
    assert year_fraction("actual/actual", start, end) == counted


def test_examples_of_the_isda_definitions() -> None:
    """ISDA, EMU and market conventions (1998), the worked example of 1 November 2003 to 1 May 2004."""
    assert year_fraction("actual/actual", date(2003, 11, 1), date(2004, 5, 1)) == Fraction(61, 365) + Fraction(121, 366)
    assert year_fraction("30E/360", date(2003, 11, 1), date(2004, 5, 1)) == Fraction(180, 360)
    assert year_fraction("actual/360", date(2003, 11, 1), date(2004, 5, 1)) == Fraction(182, 360)
    assert year_fraction("actual/365", date(2003, 11, 1), date(2004, 5, 1)) == Fraction(182, 365)


@pytest.mark.parametrize(
    ("start", "end", "expected_days"),
    [
        (date(2007, 1, 31), date(2007, 3, 31), 60),
        (date(2007, 2, 28), date(2007, 3, 31), 32),
        (date(2007, 8, 31), date(2008, 2, 28), 178),
        (date(2008, 2, 29), date(2009, 2, 28), 359),
    ],
)
def test_the_31st_counts_as_the_30th(start: date, end: date, expected_days: int) -> None:
    assert year_fraction("30E/360", start, end) == Fraction(expected_days, 360)


@pytest.mark.parametrize("name", ["actual/365", "actual/360", "actual/actual"])
@given(spans, st.integers(0, 3000))
def test_a_term_is_the_sum_of_its_parts(name: str, span: tuple[date, date], cut: int) -> None:
    start, end = span
    middle = min(end, start + timedelta(days=cut))
    assert year_fraction(name, start, middle) + year_fraction(name, middle, end) == year_fraction(name, start, end)


@pytest.mark.parametrize("name", sorted(DAY_COUNTS))
@given(days)
def test_no_time_is_no_part_of_a_year(name: str, day: date) -> None:
    assert year_fraction(name, day, day) == 0


@given(st.fractions(-(10**12), 10**12, max_denominator=10**9), st.sampled_from(sorted(ROUNDINGS)))
def test_rounding_agrees_with_decimal(value: Fraction, rounding: str) -> None:
    """The decimal module, with digits enough to tell a tie from anything near it."""
    with localcontext() as context:
        context.prec = 80
        shown = Decimal(value.numerator) / Decimal(value.denominator)
        expected = shown.quantize(Decimal("0.01"), rounding=ROUNDINGS[rounding])
    assert round_fraction(value, "CNY", rounding).decimal() == expected


@pytest.mark.parametrize(
    ("rounding", "minors"),
    [("half_even", (0, 2, 2)), ("half_up", (1, 2, 3)), ("down", (0, 1, 2)), ("up", (1, 2, 3))],
)
def test_ties(rounding: str, minors: tuple[int, ...]) -> None:
    halves = (Fraction(1, 200), Fraction(3, 200), Fraction(5, 200))
    assert tuple(round_fraction(half, "CNY", rounding).minor for half in halves) == minors
    assert tuple(-round_fraction(-half, "CNY", rounding).minor for half in halves) == minors


@given(
    st.integers(0, MAX_MINOR // 100),
    annual_rates,
    st.integers(0, 3660),
    st.sampled_from(["CNY", "JPY", "KWD"]),
)
def test_simple_interest_agrees_with_whole_number_arithmetic(
    minor: int, annual: Decimal, term_days: int, currency: str
) -> None:
    """Round half to even of minor * rate * days / 365, in integers only."""
    micro = int(annual * 10**6)
    whole, rest = divmod(minor * micro * term_days, 365 * 10**6)
    tie = 2 * rest - 365 * 10**6
    expected = whole + (tie > 0 or (tie == 0 and whole % 2 == 1))
    assert interest(Money(minor, currency), annual, Fraction(term_days, 365)).minor == expected


def test_a_year_on_ten_thousand() -> None:
    earned = interest(Money.parse("10000", "CNY"), Decimal("0.0175"), Fraction(1))
    assert str(earned) == "CNY 175.00"
    assert exponent(earned.currency) == 2


def test_chinese_retail_deposits_count_whole_months() -> None:
    """Whole months over 12, single days over 360 (People's Bank of China, notice 129 of 2005)."""
    assert year_fraction("months/12", date(2025, 1, 31), date(2025, 7, 31)) == Fraction(6, 12)
    assert year_fraction("months/12", date(2025, 1, 10), date(2025, 7, 22)) == Fraction(6, 12) + Fraction(12, 360)


@pytest.mark.parametrize(
    ("fraction", "shown"),
    [
        ("0.00345", "0.345%"), ("0.0035", "0.35%"), ("0.02", "2.00%"), ("0", "0.00%"), ("12.5", "1,250.00%"),
        ("-0.001", "-0.10%"), ("1E-7", "0.00001%"),
    ],
)  # fmt: skip
def test_a_rate_is_shown_as_it_is(fraction: str, shown: str) -> None:
    assert percent(Decimal(fraction)) == shown


def test_a_computed_rate_is_shown_to_so_many_decimals() -> None:
    assert percent(Decimal("0.126825"), most=2) == "12.68%"
    assert percent(Decimal("0.24"), least=0) == "24%"
