"""What unequal loans may lose together: a distribution that is one, of every way in which they may fail."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from math import prod

from hypothesis import given
from hypothesis import strategies as some

from farthing.funding.valuing import curve
from farthing.funding.valuing.losses import AtRisk, losses
from tests.laws import examples

CURVE = curve.shipped()
CLOSE = Decimal("0.000001")
lives = some.integers(0, 400).map(lambda each: Decimal(each) / 1_000)
sums = some.integers(0, 9).map(lambda each: each * 100)
loans = some.lists(some.builds(AtRisk, lives, sums), max_size=6)


@given(loans)
@examples(60)
def test_the_distribution_is_that_of_every_way_in_which_loans_may_fail(at_risk: list[AtRisk]) -> None:
    found = losses(at_risk, CURVE, 100)
    wanted = dict.fromkeys(range(0, 10_000, 100), Decimal(0))
    for chance, times in ((1 - CURVE.bad_chance, Decimal(1)), (CURVE.bad_chance, CURVE.bad_times)):
        lives = [min(each.life * times, Decimal(1)) for each in at_risk]
        for fails in product((False, True), repeat=len(at_risk)):
            lost = sum(each.loses for each, failed in zip(at_risk, fails, strict=True) if failed)
            wanted[lost] += chance * prod(
                (life if failed else 1 - life) for life, failed in zip(lives, fails, strict=True)
            )
    assert abs(sum(found.chances) - 1) < CLOSE
    for at, chance in enumerate(found.chances):
        assert abs(chance - wanted[at * 100]) < CLOSE
    mean = sum(lost * chance for lost, chance in wanted.items())
    assert abs(found.expected - mean) <= 1
    assert list(found.fan) == sorted(found.fan)


@given(loans, some.integers(0, 6_000), some.integers(0, 6_000))
@examples(60)
def test_who_lost_more_stands_later(at_risk: list[AtRisk], one: int, other: int) -> None:
    found = losses(at_risk, CURVE, 100)
    less, more = sorted((one, other))
    assert 0 <= found.place(less) <= found.place(more) <= 1


def test_hundreds_of_loans_are_reckoned_in_a_moment_and_a_bad_year_stays_in_the_fan() -> None:
    many = [AtRisk(Decimal("0.03"), 150_000)] * 300
    found = losses(many, CURVE, 5_000)
    assert abs(found.expected - 300 * 4_500 * Decimal("1.15")) <= 1
    assert found.fan[-1] > found.fan[2] * Decimal("1.8")
