"""What is expected of one loan: by hand for a loan of one instalment, by counting every course of a longer one, by laws."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.credit import service as credit
from farthing.funding.market import valuing_service
from farthing.funding.valuing import curve
from farthing.funding.valuing.valuation import valued
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.lending.model import Instalment
from tests.lending.house import House

BEGINS = date(2026, 6, 10)
CURVE = curve.shipped()


def plan(principal: int, instalments: int, annual: Decimal, days: int) -> list[Instalment]:
    """Equal parts of principal, each so many days after the one before, with the interest of those days."""
    left, found = principal, []
    for number in range(1, instalments + 1):
        interest = round(left * annual * days / 365)
        part = left if number == instalments else principal // instalments
        left -= part
        due = BEGINS + timedelta(days=days * number)
        found.append(Instalment(number, due, *(Money(each, "CNY") for each in (part, interest, 0, left))))
    return found


def test_a_loan_of_a_year_and_one_instalment_by_hand() -> None:
    found = valued(CURVE, Decimal("0.06"), Decimal("0.12"), plan(1_000_000, 1, Decimal("0.12"), 365), BEGINS)
    assert (found.grade, found.curve_annual, found.life) == ("D", Decimal("0.1250"), Decimal("0.069"))
    assert str(found.expected_loss) == "CNY 621.00"  # 6.9 per cent (in nine years of ten 6, in one 15) of 90 of 10,000
    assert found.expected_return == Decimal("0.044034")  # 93.1 per cent of 12 less 5 per cent of it, less 6.21
    assert found.expected_return == found.hundred.expected  # the same loan, the same words
    assert found.hundred.remains == Decimal("0.1")


@given(
    st.integers(1_000, 10**8), st.integers(1, 24), st.decimals("0.01", "0.24", places=4), st.decimals("0", "0.09", places=4),
    st.integers(7, 92),
)  # fmt: skip
def test_the_figures_are_those_of_every_course_that_the_loan_may_take(
    principal: int, instalments: int, annual: Decimal, default: Decimal, days: int
) -> None:
    schedule = plan(principal, instalments, annual, days)
    found = valued(CURVE, default, annual, schedule, BEGINS)
    courses: list[tuple[float, int]] = []
    for likely, fails in (
        (1 - CURVE.bad_chance, default),
        (CURVE.bad_chance, min(default * CURVE.bad_times, Decimal(1))),
    ):
        alive = [float(likely) * float(1 - fails) ** (days * number / 365) for number in range(instalments + 1)]
        courses += [(alive[at] - alive[at + 1], at) for at in range(instalments)] + [(alive[-1], instalments)]
    loss = gain = out = 0.0
    for chance, paid in courses:  # the first so many instalments are paid, and the rest never
        owed = sum(each.principal.minor for each in schedule[paid:])
        interest = sum(each.interest.minor for each in schedule[:paid]) * float(1 - CURVE.fee)
        loss += chance * owed * float(CURVE.lost)
        gain += chance * (interest - owed * float(CURVE.lost))
        outstanding = [(each.outstanding_after + each.principal).minor for each in schedule[: paid + 1]]
        out += chance * sum(outstanding) * days / 365
    assert abs(found.expected_loss.minor - loss) <= 1
    assert abs(float(found.expected_return) - gain / out) < 1e-5
    assert default <= CURVE.by_name[found.grade].default_max
    assert 0 <= found.life < 1


def test_what_no_grade_holds_is_not_valued() -> None:
    with pytest.raises(Refusal) as caught:
        valued(CURVE, Decimal("0.0901"), Decimal("0.16"), plan(1_000, 1, Decimal("0.16"), 30), BEGINS)
    assert (caught.value.code, caught.value.facts["limit"]) == ("market.too_risky", "9.00%")


def test_an_offer_is_valued_for_its_borrower(database_url: str) -> None:
    house = House(database_url)
    offer = house.offer("8000")
    found = house.bank.kernel.ask(valuing_service.valuation, offer.id)
    assert found.default == house.bank.kernel.ask(credit.decision, offer.decision_id).probability_of_default > 0
    assert found.annual == offer.conditions.annual
    assert Money.zero("CNY") < found.expected_loss < offer.amount
    assert found.expected_return < offer.conditions.annual
