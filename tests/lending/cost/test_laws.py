"""The European annex by its published examples, the simple rate, and what holds of every rate that is found."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
import pyxirr
from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.lending.cost.flows import Credit, Flow, credit
from farthing.lending.cost.laws import DEAREST, actuarial, effective, intervals, simple, years
from farthing.lending.cost.root import exactly
from tests.lending.cost.flows import Paid, lent, series

START = date(2026, 1, 10)
CENT = Decimal("0.01")


def at(text: str) -> date:
    """A day as the Commission writes it."""
    day, month, year = (int(each) for each in text.split("/"))
    return date(year, month, day)


@pytest.mark.parametrize(
    ("by", "start", "end", "years_between"),
    [
        ("months", "12/01/2019", "12/01/2020", Fraction(1)),
        ("months", "12/01/2012", "15/02/2012", Fraction(1, 12) + Fraction(3, 365)),
        ("months", "12/01/2012", "15/04/2012", Fraction(3, 12) + Fraction(3, 365)),
        ("months", "12/01/2013", "15/02/2013", Fraction(1, 12) + Fraction(3, 366)),
        ("months", "25/02/2013", "28/03/2013", Fraction(1, 12) + Fraction(3, 366)),
        ("months", "26/02/2013", "29/03/2013", Fraction(1, 12) + Fraction(2, 366)),
        ("months", "26/02/2012", "29/03/2012", Fraction(1, 12) + Fraction(3, 366)),
        ("years", "12/01/2012", "15/02/2012", Fraction(34, 365)),
        ("years", "12/01/2012", "15/02/2014", 2 + Fraction(34, 365)),
        ("years", "01/01/2020", "15/03/2021", 1 + Fraction(74, 366)),
        ("weeks", "12/01/2012", "26/01/2012", Fraction(2, 52)),
        ("weeks", "12/01/2012", "10/01/2013", Fraction(1)),
        ("weeks", "12/01/2012", "30/01/2012", Fraction(2, 52) + Fraction(4, 365)),
        ("weeks", "12/01/2012", "12/01/2013", Fraction(1) + Fraction(2, 365)),
    ],
)
def test_intervals_are_those_of_the_commissions_guidelines(
    by: str, start: str, end: str, years_between: Fraction
) -> None:
    """Guidelines on the application of Directive 2008/48/EC, SWD(2012) 128, 4.1.1."""
    assert years(lent([(at(start), "100")], [(at(end), "101")]), by)[-1] == years_between


DIRECTIVE = {
    "1200 after 18 months": ([("1000", 0)], [("1200", 18)], "12.92"),
    "50 kept back for expenses": ([("950", 0)], [("1200", 18)], "16.85"),
    "600 after one year and after two": ([("1000", 0)], [("600", 12), ("600", 24)], "13.07"),
    "272, 272 and 544 after 3, 6 and 12 months": ([("1000", 0)], [("272", 3), ("272", 6), ("544", 12)], "13.19"),
}
"""The examples of Directive 98/7/EC annex II, whose equation Directive 2008/48/EC took over."""


@pytest.mark.parametrize("name", DIRECTIVE)
def test_an_example_of_the_directive(name: str) -> None:
    def dated(flows: list[tuple[str, int]]) -> list[Paid]:
        return [(series(START, month + 1, amount, 1)[-1][0], amount) for amount, month in flows]

    advances, payments, published = DIRECTIVE[name]
    found = effective(lent(dated(advances), dated(payments)), "months")
    assert round(found.annual * 100, 2) == Decimal(published)


def test_a_year_and_a_half_by_days_of_a_year_of_365_and_of_365_and_a_quarter() -> None:
    """The directive's first example by its dates: 546 days from 1 January 1994 to 1 July 1995; 12.96 % over 365."""
    money = lent([(date(1994, 1, 1), "1000")], [(date(1995, 7, 1), "1200")])
    assert round(effective(money, "days/365").annual * 100, 2) == Decimal("12.96")
    assert round(effective(money, "days/365.25").annual * 100, 2) == Decimal("12.97")


def test_months_unless_all_are_whole_weeks() -> None:
    assert intervals(lent([(START, "100")], series(date(2026, 2, 10), 3, "34", 1))) == "months"
    assert intervals(lent([(START, "100")], series(date(2026, 1, 17), 3, "34", days=7))) == "weeks"
    assert intervals(lent([(START, "100")], series(date(2026, 1, 15), 3, "34", days=5))) == "months"


def test_a_monthly_fee_of_half_a_percent_is_nearly_eleven_percent_a_year() -> None:
    """12,000 in twelve parts with 60 a month: 10.9 % simply, not 6 %."""
    found = lent([(START, "12000")], series(date(2026, 2, 10), 12, "1060", 1), "CNY")
    assert round(simple(found).annual * 100, 2) == Decimal("10.90")
    assert round(effective(found, "months").annual * 100, 2) == Decimal("11.46")


# What holds of every rate ---------------------------------------------------------------------------------------------

amounts = st.integers(1, 10**9)
gaps = st.integers(1, 400)


@st.composite
def loans(draw: st.DrawFn) -> Credit:
    """One advance and up to thirty payments, in any order."""
    paid, day = [], START
    for gap, amount in draw(st.lists(st.tuples(gaps, amounts), min_size=1, max_size=30)):
        day += timedelta(days=gap)
        paid.append(Flow(day, "payment", Money(amount, "CNY")))
    whole = sum(each.amount.minor for each in paid)
    share = draw(st.fractions(Fraction(1, 2), Fraction(1)))
    advance = Flow(START, "advance", Money(max(int(whole * share), 1), "CNY"))
    return credit(draw(st.permutations([advance, *paid])))


@given(loans(), st.sampled_from(["months", "weeks", "years", "days/365", "days/365.25"]))
def test_at_the_rate_the_flows_are_worth_nothing_to_half_a_minor_unit(money: Credit, by: str) -> None:
    found = effective(money, by)
    with exactly():
        worth = sum(
            minor * (-found.found.force * time.numerator / time.denominator).exp()
            for time, (_, minor) in zip(years(money, by), money.net, strict=True)
        )
        assert abs(worth) < Decimal("0.5")
    assert found.proven


@given(loans())
def test_at_the_rate_of_appendix_j_the_flows_are_worth_nothing(money: Credit) -> None:
    found = actuarial(money)
    with exactly():
        rate = found.rate.found.growth()
        assert abs(found.rate.annual - rate * found.unit.a_year.numerator / found.unit.a_year.denominator) < CENT**6
    assert found.rate.proven


@given(loans(), st.integers(2, 10**6))
def test_ten_times_the_money_costs_the_same_rate(money: Credit, times: int) -> None:
    larger = credit([Flow(each.on, each.kind, each.amount * times) for each in money.flows])
    pairs = (
        (effective(larger, "days/365"), effective(money, "days/365")),
        (actuarial(larger).rate, actuarial(money).rate),
    )
    for ours, theirs in pairs:
        assert abs(ours.annual - theirs.annual) <= max(Decimal(1), theirs.annual) * Decimal("1e-15")


@given(loans(), st.integers(1, 300))
def test_paying_later_lowers_the_rate_of_what_costs_something_and_paying_more_raises_it(
    money: Credit, days: int
) -> None:
    """By the logarithm of the rate, which is found to 25 digits. Where money is so dear that the last fen is worth nothing
    on the day of the loan, nothing is measured and the rate only does not turn round."""
    *others, last = money.flows
    later = credit([*others, Flow(last.on + timedelta(days=days), last.kind, last.amount)])
    more = credit([*others, Flow(last.on, last.kind, last.amount + Money(1, "CNY"))])
    before, longer, dearer = (effective(each, "days/365").found.force for each in (money, later, more))
    with exactly():
        fen = (-before * (last.on - START).days / 365).exp()
        least = Decimal(0) if fen > Decimal("1e-9") else -max(before, Decimal(1)) * Decimal("1e-22")
        assert dearer - before > least
        if money.cost.minor > 0:
            assert before - longer > least


@given(loans())
def test_the_effective_rate_agrees_with_another_library(money: Credit) -> None:
    days, flows = zip(*money.net, strict=True)
    theirs = pyxirr.xirr(days, [float(each) for each in flows])
    ours = effective(money, "days/365").annual
    if theirs is not None and ours < 10**6:
        assert float(ours) == pytest.approx(theirs, rel=1e-6, abs=1e-6)


def test_closed_forms() -> None:
    """Nothing costs nothing; a loan of one payment is a power; a perpetual interest-only loan costs its interest."""
    assert effective(lent([(START, "0.01")], [(date(2026, 1, 17), "0.01")]), "days/365").annual == 0
    assert actuarial(lent([(START, "100")], series(date(2026, 2, 10), 4, "25", 1))).rate.annual == 0
    week = lent([(START, "100")], [(date(2026, 1, 17), "110")])
    assert abs(effective(week, "weeks").annual - (Decimal("1.1") ** 52 - 1)) < Decimal("1e-20")
    assert abs(actuarial(week).rate.annual - Decimal("0.1") * 365 / 7) < Decimal("1e-20")
    interest = lent([(START, "1000")], [*series(date(2026, 2, 10), 359, "10", 1), (date(2056, 1, 10), "1010")])
    assert abs(simple(interest).annual - Decimal("0.12")) < Decimal("1e-20")
    assert abs(actuarial(interest).rate.annual - Decimal("0.12")) < Decimal("1e-20")


def test_a_rate_beyond_measure_is_not_told_and_one_below_nought_is() -> None:
    fen = lent([(START, "0.01")], [(date(2026, 1, 11), "0.02")], "CNY")
    assert effective(fen, "days/365").annual > DEAREST
    assert effective(fen, "days/365").told is None
    assert actuarial(fen).rate.told == 365
    assert effective(lent([(START, "100")], [(date(2027, 1, 10), "90")]), "months").told == Decimal("-0.1")


def test_money_owed_to_the_borrower_in_between_is_no_one_rate() -> None:
    """100 lent, 230 paid in a year, 132 lent again in two: 10 % and 20 % both."""
    twice = lent([(START, "100"), (date(2028, 1, 10), "132")], [(date(2027, 1, 10), "230")])
    with pytest.raises(Refusal) as refused:
        effective(twice, "months")
    assert refused.value.code == "lending.flows_several_rates"
    assert refused.value.facts["rates"] == "0.100000, 0.200000"


def test_several_rates_are_told_also_where_one_is_beyond_measure() -> None:
    """Lent every third day and paid back every second: the larger of the rates has more digits than a rate is cut to."""
    every = [(START + timedelta(days=3 * number), "5") for number in range(300)]
    back = [(START + timedelta(days=1 + 2 * number), "6") for number in range(300)]
    with pytest.raises(Refusal) as refused:
        effective(lent(every, back), "months")
    assert refused.value.code == "lending.flows_several_rates"
    assert "E+" in refused.value.facts["rates"]


def test_owed_in_between_and_yet_one_rate_is_answered_and_not_called_proven() -> None:
    found = effective(
        lent([(START, "100"), (date(2026, 3, 10), "50")], [(date(2026, 2, 10), "110"), (date(2026, 4, 10), "52")]),
        "months",
    )
    assert found.annual > 0
    assert not found.proven


def test_lent_for_ever_is_no_rate() -> None:
    with pytest.raises(Refusal) as refused:
        effective(lent([(START, "100"), (date(2026, 3, 10), "150")], [(date(2026, 2, 10), "20")]), "months")
    assert refused.value.code == "lending.flows_no_rate"


@pytest.mark.parametrize(
    ("advances", "payments", "code"),
    [
        ([], [(START, "1")], "lending.flows_one_way"),
        ([(START, "1")], [], "lending.flows_one_way"),
        ([(START, "100")], [(date(2026, 1, 9), "1"), (date(2026, 2, 9), "101")], "lending.flows_begin_with_payment"),
        ([(START, "100")], [(START, "100"), (date(2026, 2, 9), "1")], "lending.flows_begin_with_payment"),
        ([(START, "100")], [(START, "101")], "lending.flows_no_time"),
    ],
)
def test_flows_that_are_no_credit_are_refused(advances: list[Paid], payments: list[Paid], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        lent(advances, payments)
    assert refused.value.code == code
