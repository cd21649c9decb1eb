"""The figures that the reference reckons, each to its last place."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.assurance.prudence import measures, rates
from farthing.assurance.prudence.rates import Shocks


def per_cent(exact: Fraction | None) -> str:
    assert exact is not None
    return f"{float(exact * 100):.2f}"


def test_liquidity_of_the_large_with_what_comes_in_capped() -> None:
    assert per_cent(measures.coverage_ratio(180, 250 + 200 + 100, 400)) == "120.00"
    assert per_cent(measures.coverage_ratio(180, 550, 600)) == "130.91"
    assert measures.coverage_ratio(180, 0, 0) is None


def test_stable_funding() -> None:
    funding = [(700, Fraction(1)), (3_000, Fraction(95, 100)), (1_000, Fraction(9, 10))]
    need = [(2_500, Fraction(1, 2)), (1_800, Fraction(85, 100)), (500, Fraction(5, 100)), (100, Fraction(1))]
    assert per_cent(measures.stable_funding_ratio(funding, need)) == "153.18"


def test_five_classes_coverage_and_the_tables_of_what_is_set_aside() -> None:
    classes = [9_000, 500, 200, 200, 100]
    bad, loans = sum(classes[2:]), sum(classes)
    assert (per_cent(measures.part(bad, loans)), per_cent(measures.part(800, bad)), per_cent(measures.part(800, loans))) == (
        "5.00", "160.00", "8.00",
    )  # fmt: skip
    special = [Fraction(each, 100) for each in (0, 2, 25, 50, 100)]
    assert measures.set_aside(classes, special) == 260
    finance = [Fraction(each) for each in ("0.015", "0.03", "0.30", "0.60", "1")]
    assert measures.set_aside(classes, finance) == 135 + 15 + 60 + 120 + 100 == 430


def test_portfolio_at_risk_counts_the_whole_balance_of_who_is_over_thirty_days_late() -> None:
    loans = [(80, 31), (50, 30), (20, 0), (850, 0)]
    assert per_cent(measures.part(measures.at_risk(loans, 30), 1_000)) == "8.00"
    assert per_cent(measures.part(measures.at_risk(loans, 30) + 20, 1_000)) == "10.00", (
        "with what was rescheduled beside it"
    )


RATE, SIZE = Decimal("0.03"), Shocks(Decimal("0.0225"), Decimal("0.03"), Decimal("0.015"))
FLOWS = [(Decimal(2), 1_000), (Decimal("0.25"), -950)]


def test_six_shocks_on_two_flows() -> None:
    found = rates.changes(FLOWS, RATE, SIZE)
    assert list(found) == ["parallel_up", "parallel_down", "steeper", "flatter", "short_up", "short_down"]
    assert (f"{found['parallel_up']:.4f}", f"{found['parallel_down']:+.4f}") == ("-36.1511", "+38.0286")
    loss = -found["parallel_up"]
    assert (f"{loss / 200 * 100:.2f}", f"{loss / 300 * 100:.2f}") == ("18.08", "12.05"), (
        "an outlier over fifteen per cent of tier 1"
    )
    assert rates.worst(FLOWS, RATE, SIZE) == loss
    assert rates.worst([], RATE, SIZE) == 0


def test_flows_fall_into_nineteen_buckets_and_none_is_lost() -> None:
    assert len(rates.BUCKETS) == 19 == len(rates.EDGES) + 1
    assert all(low < mid for low, mid in zip(rates.EDGES, rates.BUCKETS[1:], strict=True))
    assert rates.bucketed([(Decimal("0.2"), 5), (Decimal("0.25"), 7), (Decimal(30), 1)]) == [
        (Decimal("0.1667"), 12), (Decimal(25), 1),
    ]  # fmt: skip


@given(st.lists(st.tuples(st.integers(0, 30).map(Decimal), st.integers(-(10**9), 10**9)), max_size=12))
def test_no_shock_changes_nothing_and_a_book_turned_round_loses_what_it_gained(
    flows: list[tuple[Decimal, int]],
) -> None:
    nothing = Shocks(Decimal(0), Decimal(0), Decimal(0))
    assert set(rates.changes(flows, RATE, nothing).values()) == {Decimal(0)}
    turned = [(years, -minor) for years, minor in flows]
    for name, change in rates.changes(flows, RATE, SIZE).items():
        assert rates.changes(turned, RATE, SIZE)[name] == pytest.approx(-change)
    assert sum(minor for _, minor in rates.bucketed(flows)) == sum(minor for _, minor in flows)
