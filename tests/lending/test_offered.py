"""What is offered is what exact fractions say: the level instalment rounded once, interest rounded once a period."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.money import Money
from farthing.kit.rates import round_ratio
from farthing.lending.offering.plan import Plan, build
from tests.lending.months import monthly_dates

START = date(2026, 1, 31)


def exact(principal: int, annual: Decimal, start: date, days: tuple[date, ...]) -> list[tuple[int, int]]:
    """(principal, interest) of each equal instalment, by fractions alone and half up, as this bank always signed."""
    parts = [Fraction(annual) * (b - a).days / 365 for a, b in zip((start, *days[:-1]), days, strict=True)]
    discount, annuity = Fraction(1), Fraction(0)
    for part in parts:
        discount /= 1 + part
        annuity += discount
    level = principal / annuity
    each, left, rows = round_ratio(level.numerator, level.denominator, "half_up"), principal, []
    for place, part in enumerate(parts):
        charged = round_ratio((left * part).numerator, (left * part).denominator, "half_up")
        paid = left if place == len(parts) - 1 else min(max(each - charged, 0), left)
        left -= paid
        rows.append((paid, charged))
    return rows


@given(
    st.integers(50_000, 50_000_000), st.sampled_from(["0.12", "0.096", "0.18", "0"]), st.integers(1, 36), st.integers(0, 27)
)  # fmt: skip
def test_an_equal_instalment_by_actual_days_is_to_the_fen_what_fractions_say(
    minor: int, annual: str, count: int, later: int
) -> None:
    start, days = START + timedelta(days=later), monthly_dates(START, count)
    made = build(
        "equal_instalment", Plan(Money(minor, "CNY"), Decimal(annual), "actual/365", start, days, Money(0, "CNY"))
    )
    assert [(each.principal.minor, each.interest.minor) for each in made] == exact(minor, Decimal(annual), start, days)
