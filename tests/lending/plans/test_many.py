"""Many schedules at once are, to the minor unit, the schedules of one at a time: ties, large amounts and odd terms among them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from farthing.kit.money import Money
from farthing.lending.plans.factors import interest
from farthing.lending.plans.many import MOST, Ask, interest_of, schedules
from farthing.lending.plans.schedule import schedule
from farthing.lending.plans.terms import Custom, Every, Terms
from tests.laws import examples

FIRST = date(2023, 12, 31)
RATES = st.one_of(
    st.sampled_from(["0", "0.12", "0.06", "0.0482", "0.24", "0.3599", "9.5", "30"]),
    st.integers(0, 50_000).map(lambda part: f"0.{part:05d}"),
)
AMOUNTS = st.one_of(
    st.integers(1, 300), st.integers(1, 5_000_000), st.integers(1, 40_000).map(lambda fifty: fifty * 50),
    st.integers(2**47, 2**51),
)  # fmt: skip


@st.composite
def asks(draw: st.DrawFn) -> Ask:
    """A plan of any method, count, grace, multiple and amount."""
    number = draw(st.sampled_from([1, 2, 3, 6, 7, 12, 36]))
    method = draw(st.sampled_from(["equal_instalment", "equal_instalment", "equal_principal", "flat", "interest_only",
                                   "bullet", "custom"]))  # fmt: skip
    on = FIRST + timedelta(days=draw(st.integers(0, 800)))
    levelled = method in ("equal_instalment", "equal_principal")
    rows = tuple(Custom(on + timedelta(days=30 * place + 9), draw(st.integers(0, 900))) for place in range(number))
    by_period = draw(st.booleans())
    return Ask(Terms(
        "EUR", Decimal(draw(RATES)), number,
        Every(draw(st.integers(1, 3)), draw(st.sampled_from(["week", "month"] if by_period else ["day", "week", "month"]))),
        method=method,  # type: ignore[arg-type]
        day_count=draw(st.sampled_from(["30/360", "30e/360", "actual/360", "actual/365", "actual/actual"])),
        interest_by="period" if by_period else "day",
        grace_principal=draw(st.integers(0, number - 1)),
        grace_interest=0 if method == "flat" else draw(st.integers(0, number - 1)),
        free=draw(st.sampled_from([0, 0, 1])),
        down_payment=draw(st.sampled_from(["0", "0", "0.25", "0.9"]).map(Decimal)),
        multiple=draw(st.sampled_from([1, 1, 5, 100, 1_000])),
        balloon=Money(draw(st.integers(0, 9_999)), "EUR") if levelled and draw(st.booleans()) else None,
        flat_interest=draw(st.sampled_from(["each_period", "whole_term"])),
        rows=rows if method == "custom" else (),
    ), Money(draw(AMOUNTS), "EUR"), on)  # fmt: skip


@examples(25)
@given(st.lists(asks(), min_size=1, max_size=12))
def test_many_at_once_are_each_of_them(asked: list[Ask]) -> None:
    found = {
        place: (batch.days[line], batch.rows(line, asked[place].on))
        for batch in schedules(asked)
        for line, place in enumerate(batch.places)
    }
    assert sorted(found) == list(range(len(asked)))
    for place, ask in enumerate(asked):
        assert found[place][1] == schedule(ask.terms, ask.paid_out, ask.on), ask


@examples(80)
@given(st.integers(0, MOST - 1), st.integers(0, 10**19 - 1))
@example(75_000, 10**19 // 1000 * 5)
@example(50, 10**17)
@example(150, 10**17)
@example(1, 5 * 10**18)
@example(3, 5 * 10**18)
@example(123_456_789, 5 * 10**18)
@example(123_456_789, 5 * 10**18 + 1)
@example(123_456_791, 5 * 10**18 - 1)
@example(MOST - 1, 10**19 - 1)
def test_interest_is_rounded_as_one_alone(balance: int, part: int) -> None:
    """Among the examples: halves, and products whose twentieth digit decides and is cut."""
    many = interest_of(np.array([balance], dtype=np.int64), np.array([part], dtype=np.uint64))
    assert many.tolist() == [interest(balance, Decimal(part).scaleb(-19))]


@examples(80)
@given(st.integers(1, MOST - 1), st.integers(0, MOST // 2), st.integers(-3, 3))
def test_interest_near_a_half_is_rounded_as_one_alone(balance: int, whole: int, off: int) -> None:
    part = ((2 * whole + 1) * 10**19 // (2 * balance) + off) % 10**19
    many = interest_of(np.array([balance], dtype=np.int64), np.array([max(part, 0)], dtype=np.uint64))
    assert many.tolist() == [interest(balance, Decimal(max(part, 0)).scaleb(-19))]


def test_plans_of_one_shape_are_walked_together() -> None:
    """Rates, days and amounts differ; one batch answers them all."""
    asked = [
        Ask(Terms("EUR", Decimal(rate), 12), Money(100_000 + rate, "EUR"), FIRST + timedelta(days=rate))
        for rate in range(5)
    ]
    (batch,) = schedules(asked[:1])
    assert batch.principal.shape == (1, 12)
    small = [Ask(Terms("EUR", Decimal(rate) / 100, 12), Money(99_999 + rate, "EUR"), FIRST) for rate in range(50)]
    (batch,) = schedules(small)
    assert batch.principal.sum(axis=1).tolist() == [each.paid_out.minor for each in small]


@pytest.mark.parametrize("paid_out", [1, 60, 149])
def test_a_down_payment_is_never_more_than_what_is_paid_out(paid_out: int) -> None:
    """Rounded to a multiple it once was, and the balance below zero."""
    terms = Terms("EUR", Decimal("0.12"), 3, down_payment=Decimal("0.9"), multiple=100)
    rows = schedule(terms, Money(paid_out, "EUR"), FIRST)
    assert sum(row.principal for row in rows) == paid_out
    assert all(row.principal >= 0 and row.left >= 0 for row in rows)
