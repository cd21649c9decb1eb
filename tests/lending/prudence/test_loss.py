"""Roll rates, their powers, and the loss that is to be expected: worked figures, laws, and numpy's own powers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.money import Money
from farthing.lending.prudence import loss, rolls
from farthing.lending.prudence.assess import assess
from farthing.products.prudence import Debtor, Prudence, Reserve
from tests.laws import examples
from tests.lending.prudence.cases import ON, case, known, law

CN = law()
BARE = replace(CN.expected_loss, default_min=Decimal(0))
"""Without a floor, as the worked figures are."""
COUNTS = st.dictionaries(st.tuples(st.integers(0, 3), st.integers(0, 5)), st.integers(0, 5_000), max_size=24)


def curves(months: int) -> list[list[int]]:
    return rolls.default_curves(BARE, rolls.matrix(BARE, {}), months)


@pytest.mark.parametrize(("bucket", "percent"), [(0, "4.0860"), (1, "15.1122"), (2, "42.1412"), (3, "80.7286")])
def test_the_probability_of_default_in_a_year(bucket: int, percent: str) -> None:
    """Monthly 4%, 30%, 50%, 80% forward and the rest in time again: worked out apart from this program."""
    found = Decimal(100 * curves(12)[bucket][-1]) / rolls.WHOLE
    assert str(found.quantize(Decimal("0.0001"))) == percent


def test_the_loss_of_a_loan_that_stays_and_of_one_that_falls() -> None:
    """LGD 60%, 1% a month: 22,659.33 of a million in time that stays, 24,515.76 undiscounted; 22,011.29 of 100,000 at 31 to
    60 days that fall evenly to nothing in a year."""
    lost = Fraction(6, 10)
    found, worth = curves(12), loss.discounts(Decimal("0.12"), 12)
    stays = [1_000_000_00] * 12
    assert loss.expected(stays, loss.weights(found[0], worth), lost) == 22_659_33
    assert loss.expected(stays, loss.weights(found[0], [rolls.WHOLE] * 12), lost) == 24_515_76
    even = [(month, Fraction(100_000_00, 12)) for month in range(1, 13)]
    falls = [round(100_000_00 - sum(part for at, part in even if at <= month)) for month in range(12)]
    assert loss.expected(falls, loss.weights(found[2], worth), lost) == 22_011_29


@examples(12)
@given(COUNTS)
def test_rows_come_to_one_and_their_powers_are_those_of_numpy(counts: dict[tuple[int, int], int]) -> None:
    found = rolls.matrix(CN.expected_loss, counts)
    assert all(sum(row) == 1 and all(part >= 0 for part in row) for row in found.rows)
    whole = numpy.vstack([numpy.array(found.rows, dtype=float), numpy.eye(6)[4:]])
    for months, came in ((1, 0), (12, 11), (60, 59)):
        power = numpy.linalg.matrix_power(whole, months)
        ours = [one[came] / rolls.WHOLE for one in rolls.reached(found, months)]
        assert numpy.allclose(power[:4, 4], ours, rtol=0, atol=1e-12)


def test_powers_are_exact_and_stable_over_thirty_years() -> None:
    counts = {(0, 0): 9_973, (0, 1): 401, (1, 0): 311, (1, 2): 97, (2, 3): 89, (2, 1): 83, (3, 4): 79, (3, 5): 7}
    (first, *_), whole = rolls.reached(rolls.matrix(BARE, counts), 360), rolls.WHOLE
    assert all(later >= earlier for earlier, later in pairwise(first)) and first[-1] <= whole


@examples(12)
@given(COUNTS)
def test_a_later_bucket_is_never_safer_and_time_never_heals_a_default(counts: dict[tuple[int, int], int]) -> None:
    found = rolls.default_curves(CN.expected_loss, rolls.matrix(CN.expected_loss, counts), 24)
    for one, later in pairwise(found):
        assert all(a <= b for a, b in zip(one, later, strict=True))
        assert all(a <= b <= rolls.WHOLE for a, b in pairwise(one))
    assert found[0][11] >= rolls.WHOLE * CN.expected_loss.default_min


def test_a_thin_row_says_so_and_the_law_weighs_more_than_the_few() -> None:
    law_alone = rolls.matrix(BARE, {})
    few = rolls.matrix(BARE, {(1, 1): 20})
    many = rolls.matrix(BARE, {(1, 1): 20_000})
    assert few.thin == (True, True, True, True) and many.thin == (True, False, True, True)
    assert law_alone.rows[1][2] == Fraction(3, 10)
    assert Fraction(27, 100) < few.rows[1][2] < Fraction(3, 10) and many.rows[1][2] < Fraction(1, 300)
    assert few.moves == (0, 20, 0, 0)


def test_who_is_nowhere_a_month_later_was_repaid() -> None:
    assert rolls.counted(CN.scale, {(0, 0): 7, (0, 1): 2, (1, 0): 1}, {0: 12, 1: 1}) == {
        (0, 0): 7, (0, 1): 2, (0, 5): 3, (1, 0): 1,
    }  # fmt: skip


def test_what_is_lost_of_a_default_comes_from_our_own_once_there_are_enough() -> None:
    found = CN.expected_loss
    assert loss.lost(found, 0, 0, 0) == loss.Lost(Fraction(6, 10), 0, True)
    even = loss.lost(found, 30, 100_00, 60_00)  # as many as the law weighs, of which 40 in 100 was lost
    assert even == loss.Lost(Fraction(1, 2), 30, False)
    assert loss.lost(found, 10**6, 100_00, 200_00).part == Fraction("0.10"), "never less than the least"


def test_the_regulators_table_is_of_all_loans_or_of_the_bad_ones() -> None:
    assert CN.reserve is not None
    assert loss.least(CN.reserve, 10_000_000_00, 100_000_00) == 150_000_00
    assert loss.least(CN.reserve, 10_000_000_00, 500_000_00) == 600_000_00
    assert loss.least(None, 10_000_000_00, 500_000_00) == 0
    assert loss.least(replace(CN.reserve, of_loans=Decimal("0.015"), of_bad=Decimal(0)), 1, 0) == 1, (
        "a part counts whole"
    )
    assert isinstance(CN.reserve, Reserve)


def test_our_part_alone_is_provided_for_and_what_is_late_stays_owed() -> None:
    assert loss.exposures(100, [(1, 40), (3, 40)], 5) == [100, 60, 60, 20, 20], "20 are late, and stay"
    assert loss.horizon([(1, 5), (36, 5)]) == 36 and loss.horizon([]) == 12 and loss.horizon([(999, 1)]) == 360
    half = replace(case(0, 1_000_00), own=Money(500_00, "CNY"))
    (whole,), (part,) = (assess(CN, ON, [each], known(CN)) for each in (case(0, 1_000_00), half))
    assert 0 < part.expected.minor < whole.expected.minor


DAYS = st.integers(0, 800)


@examples(30)
@given(DAYS, DAYS, COUNTS, st.integers(1, 10**9), st.integers(0, 60), st.sampled_from(["cn", "eu", "in"]))
def test_more_days_late_never_lessens_class_stage_or_loss(
    one: int, other: int, counts: dict[tuple[int, int], int], own: int, months: int, pack: str
) -> None:
    found = law(pack)
    few, many = sorted((one, other))
    ahead = tuple((month, own // (months + 1)) for month in range(1, months + 1))
    beside = known(found, counts=counts)
    (less,), (more,) = (assess(found, ON, [case(days, own, ahead=ahead)], beside) for days in (few, many))
    assert less.class_number <= more.class_number and less.stage <= more.stage
    assert less.expected <= more.expected <= Money(own, "CNY")
    assert less.non_accrual <= more.non_accrual


@examples(30)
@given(st.lists(st.tuples(st.integers(1, 10**7), DAYS, st.integers(1, 3)), min_size=1, max_size=12))
def test_the_classes_together_are_the_whole_portfolio(loans: list[tuple[int, int, int]]) -> None:
    cases = sorted(
        (case(days, own, loan=f"loan_{n}", party=f"party_{who}") for n, (own, days, who) in enumerate(loans)),
        key=lambda each: each.party_id,
    )
    found = assess(pulling(CN), ON, cases, known(CN, uses=("business",)))
    by_class = [sum(each.case.own.minor for each in found if each.class_number == at) for at in range(5)]
    assert sum(by_class) == sum(own for own, _, _ in loans)
    assert all(each.class_number >= each.law_class for each in found)


def pulling(found: Prudence) -> Prudence:
    """A law by which any bad loan pulls the others."""
    assert isinstance(found.debtor, Debtor)
    return replace(found, debtor=replace(found.debtor, share_over=Decimal(0)))


def test_a_day_of_the_calendar_has_no_part_in_a_rate() -> None:
    early = case(disbursed_on=date(2020, 1, 1))
    (one,), (other,) = (assess(CN, ON, [each], known(CN)) for each in (early, case()))
    assert one.expected == other.expected
