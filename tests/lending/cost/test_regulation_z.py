"""Regulation Z, Appendix J (c): every published example of one advance to the published precision, and its unit-periods."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from farthing.kit.calendar import add_months
from farthing.lending.cost.laws import actuarial
from farthing.lending.cost.unit_periods import Period, Transaction, count, unit_period
from tests.lending.cost.flows import Paid, lent, series

JANUARY = date(1978, 1, 10)
MONTH, WEEK, YEAR = Period("month"), Period("week"), Period("year")


def halves(count: int, amount: str) -> list[Paid]:
    """On the 1st and the 16th, from March."""
    return [(add_months(date(1978, 3, 1 if n % 2 == 0 else 16), n // 2), amount) for n in range(count)]


EXAMPLES: dict[str, tuple[date, str, list[Paid], str, Period, Fraction]] = {
    "(1)(i) monthly": (JANUARY, "5000", series(date(1978, 2, 10), 24, "230", 1), "9.69", MONTH, Fraction(1)),
    "(1)(ii) monthly, long first period": (
        date(1978, 2, 10), "6000", series(date(1978, 4, 1), 36, "200", 1), "11.82", MONTH, Fraction(49, 30),
    ),
    "(1)(iii) semimonthly, short first period": (
        date(1978, 2, 23), "5000", halves(24, "219.17"), "10.34", Period("semimonth"), Fraction(6, 15),
    ),
    "(1)(iv) quarterly, long first period": (
        date(1978, 5, 23), "10000", series(date(1978, 10, 1), 40, "385", 3), "8.97", Period("month", 3), Fraction(129, 90),
    ),
    "(1)(v) weekly, long first period": (
        date(1978, 3, 20), "500", series(date(1978, 4, 21), 30, "17.60", days=7), "14.96", WEEK, Fraction(32, 7),
    ),
    "(2)(i) monthly, odd first payment": (
        JANUARY, "5000", [(date(1978, 2, 10), "250"), *series(date(1978, 3, 10), 23, "230", 1)], "10.08", MONTH, Fraction(1),
    ),
    "(2)(ii) every four weeks, long first period, odd first payment": (
        date(1978, 3, 18), "400", [(date(1978, 4, 20), "39.50"), *series(date(1978, 5, 18), 11, "38.31", days=28)],
        "28.50", Period("week", 4), Fraction(33, 28),
    ),
    "(3)(i) monthly, odd last payment": (
        JANUARY, "5000", [*series(date(1978, 2, 10), 23, "230", 1), (date(1980, 1, 10), "280")], "10.50", MONTH, Fraction(1),
    ),
    "(3)(ii) every two weeks, short first period, odd last payment": (
        date(1978, 4, 3), "200",
        [*series(date(1978, 4, 11), 19, "9.50", days=14), (date(1978, 4, 11) + timedelta(days=266), "30")],
        "12.22", Period("week", 2), Fraction(8, 14),
    ),
    "(4)(i) monthly, odd first and last payment": (
        JANUARY, "5000",
        [(date(1978, 2, 10), "250"), *series(date(1978, 3, 10), 22, "230", 1), (date(1980, 1, 10), "280")],
        "10.90", MONTH, Fraction(1),
    ),
    "(4)(ii) every two months, short first period, odd first and last payment": (
        JANUARY, "8000",
        [(date(1978, 3, 1), "449.36"), *series(date(1978, 5, 1), 18, "465", 2), (date(1981, 5, 1), "200")],
        "7.30", Period("month", 2), Fraction(52, 60),
    ),
    "(5)(i) one payment in 255 days": (
        date(1978, 1, 3), "1000", [(date(1978, 9, 15), "1080")], "11.45", Period("day", 255), Fraction(1),
    ),
    "(5)(ii) one payment in six months": (
        date(1978, 7, 15), "1000", [(date(1979, 1, 15), "1044")], "8.80", Period("month", 6), Fraction(1),
    ),
    "(5)(iii) one payment in a year and a half": (
        date(1978, 1, 15), "1000", [(date(1979, 7, 15), "1135.19")], "8.76", YEAR, Fraction(3, 2),
    ),
    "(5)(iv) one payment in two years": (JANUARY, "1000", [(date(1980, 1, 10), "1240")], "11.36", YEAR, Fraction(2)),
}  # fmt: skip


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_published_example(name: str) -> None:
    on, amount, payments, published, unit, first = EXAMPLES[name]
    found = actuarial(lent([(on, amount)], payments))
    assert round(found.rate.annual * 100, 2) == Decimal(published)
    assert (found.unit, found.first, found.regular) == (unit, first, True)


def test_february_is_a_month_and_not_four_weeks_where_months_are_more_frequent() -> None:
    assert unit_period(Transaction(date(2026, 2, 10), (), (date(2026, 3, 10), date(2026, 4, 10)))) == MONTH
    assert unit_period(Transaction(date(2026, 2, 10), (), (date(2026, 3, 10), date(2026, 4, 7)))) == Period("week", 4)


def test_of_two_common_periods_as_frequent_the_smaller_is_the_unit_period() -> None:
    """(b)(4)(i)(A)."""
    ends = (date(2026, 2, 1), date(2026, 3, 1), date(2026, 5, 1), date(2026, 7, 1))
    assert unit_period(Transaction(date(2026, 1, 1), (), ends)) == MONTH


def test_without_a_common_period_it_is_the_average_rounded_to_a_standard_interval() -> None:
    """(b)(4)(i)(B): 20 and 43 days are 31.5 on average, nearest to a month; 8 and 13 are 10.5, as near to one week as to
    two, so that the lower holds."""
    begins = date(2026, 1, 5)
    uneven = Transaction(begins, (), (begins + timedelta(days=20), begins + timedelta(days=63)))
    assert unit_period(uneven) == MONTH
    between = Transaction(begins, (), (begins + timedelta(days=8), begins + timedelta(days=21)))
    assert unit_period(between) == WEEK


def test_months_on_the_last_day_go_from_last_day_to_last_day() -> None:
    """(b)(3)(iv)."""
    ends = (date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30))
    assert unit_period(Transaction(date(2026, 1, 31), (), ends)) == MONTH
    assert count(MONTH, date(2026, 1, 31), date(2026, 4, 30), 31) == (3, 0)
    assert count(MONTH, date(2026, 1, 30), date(2026, 2, 28), 30) == (1, 0)
    assert count(MONTH, date(2026, 1, 28), date(2026, 3, 31), 31) == (2, Fraction(3, 30))


def test_a_year_as_unit_period_counts_whole_months_by_twelve_and_else_days_by_365() -> None:
    """(b)(5)(v)."""
    assert count(YEAR, date(2026, 1, 10), date(2028, 7, 10), None) == (2, Fraction(6, 12))
    assert count(YEAR, date(2026, 1, 10), date(2027, 1, 20), None) == (1, Fraction(10, 365))


def test_several_advances_count_from_the_first_and_are_held_to_a_quarter_of_a_point() -> None:
    """The general equation, (b)(8): 100 now and 100 in a month, paid back by two of 101.505 after two and three months, are
    worth nothing at 0.75...% a month; checked by putting the rate back."""
    found = actuarial(
        lent([(date(2026, 1, 1), "100"), (date(2026, 2, 1), "100")], series(date(2026, 3, 1), 2, "102", 1))
    )
    rate = found.rate.annual / 12
    worth = 100 + 100 / (1 + rate) - 102 / (1 + rate) ** 2 - 102 / (1 + rate) ** 3
    assert abs(worth) < Decimal("1e-15")
    assert (found.unit, found.first, found.regular) == (MONTH, Fraction(2), False)


def test_the_charge_may_begin_later_than_the_advance() -> None:
    """(b)(2): interest from 1 February on what was lent in January."""
    money = lent([(date(2026, 1, 15), "1000")], [(date(2026, 8, 1), "1060")])
    assert round(actuarial(money, date(2026, 2, 1)).rate.annual * 100, 2) == 12
    assert actuarial(money).rate.annual < Decimal("0.12")


@pytest.mark.parametrize(
    ("first", "months", "allowed"),
    [
        (date(2026, 2, 23), 6, True), (date(2026, 2, 24), 6, False), (date(2026, 2, 4), 6, True), (date(2026, 2, 3), 6, False),
        (date(2026, 2, 28), 24, True), (date(2026, 3, 1), 24, False),
        (date(2026, 1, 30), 24, True), (date(2026, 1, 29), 24, False),
        (date(2026, 3, 11), 240, True), (date(2026, 3, 12), 240, False),
    ],
)  # fmt: skip
def test_a_minor_irregularity_of_the_first_period_may_be_disregarded(first: date, months: int, allowed: bool) -> None:
    """12 CFR 1026.17(c)(4): 6 days shorter or 13 longer under a year; 11 or 21 under ten; 32 longer from ten years on."""
    found = actuarial(lent([(JANUARY.replace(year=2026), "1000")], series(first, months, "200", 1)))
    assert (found.minor is not None) is allowed
    if found.minor is not None:
        even = actuarial(lent([(JANUARY.replace(year=2026), "1000")], series(date(2026, 2, 10), months, "200", 1)))
        assert abs(found.minor.annual - even.rate.annual) < Decimal("1e-20")
