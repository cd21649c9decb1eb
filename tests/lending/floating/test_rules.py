"""Laws of rates that float: on any day a loan bears the reference of its last reset and its margin, within the law's ceiling, and
a loan that is told something late is what it would be had it been told in time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.lending import life, telling
from farthing.lending.acts.cost import annual_cost
from farthing.lending.acts.model import LowerRate
from farthing.lending.acts.rules import check, fact_of
from farthing.lending.audit import rules as audit
from farthing.lending.floating import history, rules
from farthing.lending.life import Life
from farthing.lending.lives.events import Event
from farthing.lending.model import LoanEvent
from farthing.lending.offering.plan import build, plan_of
from farthing.lending.pinned import conditions_of
from farthing.products import files
from farthing.products.floating import RESETS, next_reset, priced
from farthing.products.model import LoanTerms
from tests.laws import examples
from tests.lending.acts.test_lives import PLACES
from tests.lending.test_product_schedules import RAINY, START
from tests.lending.test_rules import AT, begun

LENT = Money(1_200_000, "CNY")
PARTS = st.integers(0, 1200).map(lambda each: Decimal(each) / 10_000)
Board = list[tuple[date, Decimal]]


def floating(resets: str = "monthly", margin: str = "0.05", method: str = "equal_instalment") -> str:
    """The rainy-day loan as its file would say that it floats."""
    source = RAINY.replace(
        'rate = {annual = "0.12", day_count = "actual/365"}',
        f'rate = {{reference = "lpr-1y", margin = "{margin}", resets = "{resets}", day_count = "actual/365"}}',
    )
    source = source.replace('annual = "0.18"', 'multiple = "1.5"').replace("max = 12}", "max = 24}")
    return source.replace('method = "equal_instalment"', f'method = "{method}"')


def decoded(source: str) -> LoanTerms:
    _, _, terms = files.decode("rainy-day-loan", source)
    assert isinstance(terms, LoanTerms)
    return terms


def figures(board: Board) -> Callable[[date], Decimal]:
    days = [day for day, _ in board]
    return lambda on: board[bisect_right(days, on) - 1][1]


def loan(source: str, figure: Decimal, periods: int = 12) -> Life:
    terms = priced(decoded(source), figure, START)
    plan = plan_of(terms, LENT, Money(0, "CNY"), periods, START)
    rows = life.agreed(build(terms.method, plan))
    return kept(begun(conditions_of(terms, periods), rows, plan.principal, START), START)


def kept(found: Life, on: date) -> Life:
    return Life(found.loan, found.plan, found.events, on)


def lived(found: Life, figure_on: Callable[[date], Decimal], until: date, ceiling: Decimal | None = None) -> Life:
    """A loan after the resets of the days up to one, as the close would tell them."""
    follows, began_on = found.loan.conditions.floating, found.loan.disbursed_on
    assert follows is not None and began_on is not None
    while found.loan.resets_on is not None and found.loan.resets_on <= until:
        day = found.loan.resets_on
        made = rules.reset(found, figure_on(day), ceiling, f"reset {day}", day)
        found = replace(found, loan=replace(found.loan, resets_on=next_reset(follows.resets, began_on, day)))
        if made is not None:
            found = kept(telling.amend(found, made.fact, made.about, PLACES, AT, day).after, day)
    return found


def told(found: Life, event: Event, on: date) -> Life:
    return kept(telling.amend(found, event, {}, PLACES, AT, on).after, on)


boards = st.lists(st.tuples(st.integers(1, 500), PARTS), max_size=8, unique_by=lambda each: each[0]).map(
    lambda moves: [(date(2020, 1, 1), Decimal("0.03"))] + [(START + timedelta(days=day), part) for day, part in sorted(moves)]
)  # fmt: skip
methods = st.sampled_from(["equal_instalment", "equal_principal", "interest_first", "bullet"])


@given(st.sampled_from(RESETS), st.dates(date(2024, 1, 1), date(2028, 12, 31)), st.integers(0, 1500))
def test_days_of_reset_follow_the_payment_out_and_each_other(resets: str, began_on: date, later: int) -> None:
    on = began_on + timedelta(days=later)
    day = next_reset(resets, began_on, on)
    assert day > on
    every, last = [], began_on
    while last <= on:
        last = next_reset(resets, began_on, last)
        every.append(last)
    assert every[-1] == day and all(one < other for one, other in pairwise(every))
    if resets == "new_year":
        assert all((each.month, each.day) == (1, 1) for each in every)
    elif began_on.day <= 28:
        assert all(each.day == began_on.day for each in every)


@examples(20)
@given(
    boards,
    st.sampled_from(RESETS),
    methods,
    st.sampled_from(["-0.02", "0.05", "0.09"]),
    st.sampled_from([None, "0.15"]),
)
def test_on_any_day_a_loan_bears_its_last_reset_within_the_ceiling(
    board: Board, resets: str, method: str, margin: str, most: str | None
) -> None:
    figure_on, ceiling = figures(board), None if most is None else Decimal(most)
    found = loan(floating(resets, margin, method), figure_on(START))
    last = found.loan.instalments[-1].due_on
    found = lived(found, figure_on, last, ceiling)
    assert audit.replayed(found) == []
    assert rules.misset(found, figure_on, last) == []
    assert sum(each.principal.minor for each in found.loan.instalments) == LENT.minor
    for days in range(0, (last - START).days, 11):
        on = START + timedelta(days=days)
        reset_on = history.last_reset(found, on + timedelta(days=1))
        wanted = max(Decimal(0), figure_on(reset_on or START) + Decimal(margin))
        capped = {each.on for each in rules.shown(found) if each.ceiling is not None}
        bears = history.rate_on(found, on)
        assert bears == wanted or (reset_on in capped and bears < wanted)
        assert history.penalty_on(found, on) == bears * Decimal("1.5")
    for each in rules.shown(found):
        if each.ceiling is not None:
            before = replace(found, events=tuple(one for one in found.events if one.on < each.on))
            assert rules.costs(before, each.annual, each.on) <= max(ceiling or 0, annual_cost(before, each.on))
            assert rules.costs(before, each.annual + rules.STEP, each.on) > (ceiling or 0)


@examples(20)
@given(boards, st.integers(20, 330), st.integers(1, 60), st.integers(1_000, 90_000), methods)
def test_a_loan_that_floats_and_is_told_late_is_one_that_was_told_in_time(
    board: Board, after: int, late: int, amount: int, method: str
) -> None:
    """A repayment that is told after resets came between is as if it had been told on its day."""
    figure_on, begun_as = figures(board), loan(floating(method=method), figures(board)(START))
    of, now = START + timedelta(days=after), START + timedelta(days=after + late)
    paid = Event(of, "repay", amount, name="paid")
    in_time = lived(begun_as, figure_on, of - timedelta(days=1))
    in_time = lived(told(in_time, paid, of), figure_on, now)
    late_told = told(lived(begun_as, figure_on, now), paid, now)
    one, other = (life.view(each, life.stands(each, now), now) for each in (in_time, late_told))
    assert one.instalments == other.instalments
    assert audit.replayed(late_told) == []
    assert rules.misset(late_told, figure_on, now) == rules.misset(in_time, figure_on, now) == []


def test_a_reset_leaves_what_fell_due_and_lays_the_rest_anew() -> None:
    board = [(date(2020, 1, 1), Decimal("0.03")), (date(2027, 2, 1), Decimal("0.05"))]
    found = loan(floating(margin="0.09"), Decimal("0.03"))
    plan = found.loan.instalments
    after = lived(found, figures(board), date(2027, 2, 5))
    assert after.loan.resets_on == date(2027, 3, 5) and len(after.events) == 2
    assert after.loan.instalments[0] == brought(plan[0], after)
    at_new = loan(floating(margin="0.09"), Decimal("0.05")).loan.instalments
    assert all(
        was.amount < now.amount < dear.amount
        for was, now, dear in zip(plan[1:], after.loan.instalments[1:], at_new[1:], strict=True)
    )
    again = lived(after, figures(board), date(2027, 12, 5))
    assert [each.on for each in rules.shown(again)] == [date(2027, 2, 5)], "a reset that changes nothing tells nothing"


def brought(planned: object, after: Life) -> object:
    """An instalment of the plan as it stands once it fell due and its interest is earned."""
    first = after.loan.instalments[0]
    earned = tuple(
        replace(one, recognised=one.amount) if one.component == "interest" else one
        for one in planned.obligations  # type: ignore[attr-defined]
    )
    assert first.due_on == date(2027, 2, 5)
    return replace(planned, obligations=earned)  # type: ignore[type-var]


def test_a_rate_that_was_lowered_keeps_what_was_agreed_over_resets() -> None:
    board = [(date(2020, 1, 1), Decimal("0.03")), (date(2027, 3, 1), Decimal("0.04"))]
    found = loan(floating(margin="0.09"), Decimal("0.03"))
    on = date(2027, 2, 20)
    found = lived(found, figures(board), on)
    command = LowerRate("loan_x", Decimal("0.10"), "agreed")
    fact = fact_of(command, "change_rate", "act_1", on, found.loan.conditions)
    check(found, command, fact, on, None)
    margin = history.margin_of(found, Decimal("0.10"), on, figures(board))
    assert margin == Decimal("0.07")
    found = kept(telling.amend(found, fact, {history.MARGIN: str(margin)}, PLACES, AT, on).after, on)
    found = lived(found, figures(board), date(2027, 6, 5))
    assert history.rate_on(found, date(2027, 6, 5)) == Decimal("0.11")
    assert rules.misset(found, figures(board), date(2027, 6, 6)) == []
    for other in (LowerRate("loan_x", Decimal("0.05"), "agreed", date(2027, 3, 1)),):
        late = fact_of(other, "change_rate", "act_2", date(2027, 6, 6), found.loan.conditions)
        with pytest.raises(Refusal) as refused:
            check(found, other, late, date(2027, 6, 6), None)
        assert refused.value.code == "lending.reset_since"


def planted(found: Life, number: int, **changes: object) -> Life:
    events = [
        replace(each, about={**each.about, **changes}) if each.number == number else each for each in found.events
    ]
    return replace(found, events=tuple(events))


def test_a_rate_that_the_reference_does_not_say_is_named() -> None:
    board = [(date(2020, 1, 1), Decimal("0.03")), (date(2027, 3, 1), Decimal("0.04"))]
    found, on = (
        lived(loan(floating(margin="0.09"), Decimal("0.03")), figures(board), date(2027, 5, 6)),
        date(2027, 5, 7),
    )
    assert rules.misset(found, figures(board), on) == []
    for changes in ({"annual": "0.12"}, {"penalty": "0.2"}, {"figure": "0.05"}, {"ceiling": "0.24"}):
        assert rules.misset(planted(found, 2, **changes), figures(board), on), changes
    gone = replace(found, events=found.events[:1])
    assert rules.misset(gone, figures(board), on) == ["bears 12.00% after 2027-03-05, and by the reference of that day 13.00%",
        "bears 12.00% after 2027-04-05, and by the reference of that day 13.00%",
        "bears 12.00% after 2027-05-05, and by the reference of that day 13.00%"]  # fmt: skip
    never = replace(found, loan=replace(found.loan, resets_on=None))
    assert rules.misset(never, figures(board), on) == [
        "has its rate reset next on None, and by its contract on 2027-06-05"
    ]
    moved: LoanEvent = replace(found.events[1], on=date(2027, 3, 6))
    stray = replace(found, events=(found.events[0], moved))
    assert any("no day of reset" in each for each in rules.misset(stray, figures(board), on))
    fixed = replace(found, loan=replace(found.loan, conditions=replace(found.loan.conditions, floating=None)))
    assert rules.misset(fixed, None, on) == ["has a rate that was reset, and follows no reference rate"]


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ('reference = "lpr-1y", ', 'reference = "lpr-1y", annual = "0.12", ', "rate.annual"),
        ('reference = "lpr-1y", ', "", "rate.reference"),
        ('margin = "0.05", ', "", "rate.margin"),
        ('resets = "monthly"', 'resets = "weekly"', "rate.resets"),
        ('"lpr-1y"', '"LPR 1Y"', "rate.reference"),
        ('multiple = "1.5"', 'annual = "0.18"', "penalty.annual"),
        ('multiple = "1.5"', 'multiple = "1.5", annual = "0.18"', "penalty.annual"),
        ('method = "equal_instalment"', 'method = "flat"', "method"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused_by_its_key(before: str, after: str, key: str) -> None:
    with pytest.raises(Refusal) as refused:
        decoded(floating().replace(before, after))
    assert refused.value.code == "products.invalid"
    assert key in str(refused.value.facts)
