"""The published figures of a money-market fund, by the formulas of the CSRC's disclosure rules.

Special Provisions on Information Disclosure of Money Market Funds (rule no. 5 of the compilation rules): income per
10,000 units, four decimals; 7-day annualised yield, three decimals of a per cent, in two forms.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.errors import InvariantBroken
from farthing.savings.fund.trading import TradingCalendar, publications
from farthing.savings.fund.units import income_per_ten_thousand, seven_day_compound, seven_day_simple

MONDAY = date(2027, 1, 4)
FIGURES = st.lists(st.integers(0, 30_000).map(lambda n: Decimal(n).scaleb(-4)), min_size=7, max_size=7)


def test_income_per_ten_thousand_units_is_rounded_half_up_at_four_decimals() -> None:
    assert income_per_ten_thousand(Fraction("123.45"), Decimal(1_000_000)) == Decimal("1.2345")
    assert income_per_ten_thousand(Fraction("123.455"), Decimal(1_000_000)) == Decimal("1.2346")
    assert income_per_ten_thousand(Fraction(1), Decimal(0)) == Decimal("0.0000")


def test_both_forms_of_the_seven_day_yield() -> None:
    """1.1 yuan per 10,000 a day: 4.015% simple; (1 + 0.00011)^365 - 1 = 4.096% compound."""
    week = [Decimal("1.1000")] * 7
    assert seven_day_simple(week) == Decimal("0.04015")
    assert seven_day_compound(week) == Decimal("0.04096")
    with pytest.raises(InvariantBroken):
        seven_day_simple(week[:6])


@given(FIGURES)
def test_the_compound_form_is_the_power_of_the_product(week: list[Decimal]) -> None:
    product = 1.0
    for each in week:
        product *= 1 + float(each) / 10_000
    assert abs(float(seven_day_compound(week)) - (product ** (365 / 7) - 1)) < 6e-6
    assert abs(seven_day_simple(week) - sum(week) / 7 * 365 / 10_000) <= Decimal("5e-6")
    assert seven_day_compound(week) >= seven_day_simple(week) - Decimal("1e-5")


@given(st.integers(1, 60), st.sets(st.integers(0, 60)))
def test_publications_cover_each_day_once_and_lose_nothing(count: int, closed: set[int]) -> None:
    calendar = TradingCalendar(frozenset(MONDAY + timedelta(days=each) for each in closed))
    daily = [(MONDAY + timedelta(days=each), Decimal(each).scaleb(-4)) for each in range(count)]
    found = publications(calendar, daily)
    assert sum(each.days for each in found) == count
    assert sum(each.per_ten_thousand for each in found) == sum(figure for _, figure in daily)
    assert all(each.days == 1 for each in found if calendar.trades(each.on))
