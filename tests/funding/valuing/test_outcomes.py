"""What many loans may come to, against the figures that the reference works out, exact fractions, and the curve as shipped."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.funding.valuing import curve
from farthing.funding.valuing.outcomes import MOST_LOANS, Prospect, Year, outcomes
from farthing.kit.errors import InvariantBroken, Refusal

SIX, TWELVE, NINETY = Decimal("0.06"), Decimal("0.12"), Decimal("0.90")
ALIKE = Prospect(TWELVE, NINETY, (Year(Decimal(1), SIX),))
WITH_BAD_YEARS = Prospect(
    TWELVE, NINETY, (Year(Decimal("0.9"), SIX), Year(Decimal("0.1"), Decimal("0.15")))
)  # fmt: skip


@pytest.mark.parametrize(
    ("loans", "percent"), [(10, "12"), (25, "19"), (50, "7.8"), (100, "1.7"), (200, "0.1")], ids=str
)
def test_the_chance_of_a_loss_is_that_of_the_reference(loans: int, percent: str) -> None:
    found = outcomes(loans, ALIKE).loss * 100
    assert found.quantize(Decimal(percent)) == Decimal(percent)
    assert outcomes(loans, ALIKE).remains == 0


@pytest.mark.parametrize("loans", [100, 200, 500, MOST_LOANS])
def test_a_bad_year_is_left_however_many_loans_there_are(loans: int) -> None:
    found = outcomes(loans, WITH_BAD_YEARS)
    assert Decimal("0.09") <= found.loss <= Decimal("0.10")
    assert found.remains == Decimal("0.1")
    assert found.worst_year == Decimal("-0.033")


def test_the_fan_narrows_around_what_is_expected() -> None:
    few, many = outcomes(20, ALIKE), outcomes(500, ALIKE)
    assert few.expected == many.expected == Decimal("0.0588")
    assert few.fan == tuple(sorted(few.fan)) and many.fan == tuple(sorted(many.fan))
    assert many.fan[-1] - many.fan[0] < few.fan[-1] - few.fan[0]
    assert many.fan[0] < many.expected < many.fan[-1]


parts = st.decimals("0", "1", places=3)


@given(st.integers(1, 12), parts, parts, parts, parts)
def test_every_outcome_is_counted_as_exact_fractions_count_it(
    loans: int, annual: Decimal, lost: Decimal, default: Decimal, chance: Decimal
) -> None:
    worse = min(Decimal(1), 2 * default)
    found = outcomes(loans, Prospect(annual, lost, (Year(1 - chance, default), Year(chance, worse))))
    loss = Fraction(0)
    for weight, part in ((1 - chance, default), (chance, worse)):
        for failed in range(loans + 1):
            if annual * (loans - failed) < lost * failed:
                each = Fraction(part) ** failed * (1 - Fraction(part)) ** (loans - failed)
                loss += Fraction(weight) * comb(loans, failed) * each
    assert abs(Fraction(found.loss) - loss) <= Fraction(1, 2_000_000)


def test_what_cannot_be_reckoned_is_our_own_fault() -> None:
    with pytest.raises(InvariantBroken):
        outcomes(0, ALIKE)
    with pytest.raises(InvariantBroken):
        Prospect(TWELVE, NINETY, (Year(Decimal("0.9"), SIX),))


def test_the_curve_pays_more_for_more_risk_after_what_is_lost() -> None:
    shipped = curve.shipped()
    expected = [
        outcomes(100, shipped.prospect(each.default_max, each.annual)).expected for each in shipped.grades
    ]  # fmt: skip
    assert all(lower < higher for lower, higher in pairwise(expected))
    bad = shipped.prospect(SIX, TWELVE).years[-1]
    assert (shipped.lost, bad) == (NINETY, WITH_BAD_YEARS.years[-1]), "the figures of the reference"


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('annual = "0.0750"', 'annual = "0.0500"', "grades"),
        ('grade = "B"', 'grade = "A"', "grades"),
        ('lost = "0.90"', 'lost = "1.90"', "lost"),
        ('times = "2.5"', 'times = "0.5"', "bad_year.times"),
        ('grade = "A"', 'grade = "A"\nmood = "good"', "grades.mood"),
    ],
)
def test_what_is_wrong_in_a_curve_is_named(old: str, new: str, key: str) -> None:
    text = curve.PATH.read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(Refusal) as caught:
        curve.decode("curve.toml", text.replace(old, new, 1))
    assert caught.value.facts["key"] == key
