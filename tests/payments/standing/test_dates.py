"""A standing payment's days are exact, whatever the first is: no month is lost, and no end is passed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.calendar import days_in_month
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.payments.standing import rules
from farthing.payments.standing.dates import coming, due, next_due
from farthing.payments.standing.model import MakeStanding, Order, Plan
from farthing.products.standing_orders import StandingOrders
from tests.laws import examples

DAYS = st.dates(date(2024, 1, 1), date(2100, 12, 31))
NUMBERS = st.integers(0, 400)
NOW = datetime(2026, 6, 10, 1, tzinfo=UTC)


def plan(first: date, every: str = "month", **more: object) -> Plan:
    usual = {"last_day": False, "until": None, "times": None, "total": None}
    return Plan(first, every, **{**usual, **more})  # type: ignore[arg-type]


@examples(200)
@given(DAYS, NUMBERS)
def test_each_month_has_its_day_or_its_last(first: date, number: int) -> None:
    found = due(plan(first), number)
    assert found is not None
    assert (found.year * 12 + found.month) - (first.year * 12 + first.month) == number, "one a month, none lost"
    assert found.day == min(first.day, days_in_month(found.year, found.month)), "31 January is 28 February and 31 March"


@examples(100)
@given(DAYS, NUMBERS)
def test_the_last_day_is_the_last_of_each_month(first: date, number: int) -> None:
    found = due(plan(first, last_day=True), number)
    assert found is not None and (found + timedelta(days=1)).day == 1 and found >= first
    assert (found.year * 12 + found.month) - (first.year * 12 + first.month) == number


@examples(100)
@given(DAYS, NUMBERS)
def test_weeks_are_of_seven_days(first: date, number: int) -> None:
    assert due(plan(first, "week"), number) == first + timedelta(days=7 * number)


@examples(200)
@given(
    DAYS, st.sampled_from(["week", "month"]), st.integers(0, 2_000), st.integers(1, 30), st.integers(1, 10**6),
    st.integers(0, 10**7), st.booleans(),
)  # fmt: skip
def test_no_end_is_ever_passed(
    first: date, every: str, span: int, times: int, amount: int, total: int, last_day: bool
) -> None:
    until, most = first + timedelta(days=span), Money(total, "CNY")
    found = list(coming(plan(first, every, until=until, times=times, total=most, last_day=last_day), 0, 0, amount, 40))
    assert found == sorted(set(found)) and len(found) <= times
    assert all(each <= until for each in found) and len(found) * amount <= total
    after = next_due(plan(first, every, last_day=last_day), len(found), 0, amount)
    assert len(found) == times or (len(found) + 1) * amount > total or after is None or after > until, (
        "none is left out"
    )


def test_a_payment_once_is_on_its_day_alone() -> None:
    assert due(plan(date(2026, 6, 10), "once"), 0) == date(2026, 6, 10)
    assert due(plan(date(2026, 6, 10), "once"), 1) is None


LIMITS = StandingOrders(3, 60, 2, 50, Words("the article", "条文"))


def order() -> Order:
    command = MakeStanding("party_me", "payee_you", Money(100, "CNY"), date(2026, 6, 10), "week")
    return rules.first("standing_1", "party_me", "party_you", command, rules.plan_of(command), NOW)


@examples(100)
@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=40))
def test_whatever_tries_come_to_each_payment_is_paid_or_missed_after_the_policys_tries(
    tries: list[tuple[bool, bool]],
) -> None:
    found, on, done = order(), date(2026, 6, 10), []
    in_vain = 0
    for works, closing in tries:
        on = max(on, found.try_on)
        before = found
        tried = rules.after_try(found, "" if works else "ledger.insufficient_funds", LIMITS, on, NOW, closing)
        found = tried.order
        if tried.done is None:
            in_vain += 1
            assert not works and found.number == before.number
            assert found.try_on > on or (found.try_at > NOW and not closing), "later that day, or another day"
            continue
        done.append(tried.done)
        assert tried.done.became == ("paid" if works else "missed")
        if not works:
            assert before.days == LIMITS.days - 1 and (closing or before.tries == LIMITS.day_tries - 1), (
                "never before the last"
            )
        assert found.due_on == due(found.plan, found.number)
    assert [each.number for each in done] == list(range(len(done))) and found.number == found.paid + found.missed
    assert in_vain + len(done) == len(tries)


@pytest.mark.parametrize(
    ("more", "code"),
    [({"first_on": date(2026, 6, 9)}, "standing.passed"), ({"first_on": date(2027, 7, 1)}, "standing.too_far"),
     ({"every": "once", "times": 2}, "standing.once"), ({"until": date(2026, 6, 9)}, "standing.never"),
     ({"total": Money(99, "CNY")}, "standing.never"), ({"amount": Money(0, "CNY")}, "money.not_positive")],
)  # fmt: skip
def test_what_cannot_be_is_refused(more: dict[str, object], code: str) -> None:
    usual = {"payer": "p", "whom": "q", "amount": Money(100, "CNY"), "first_on": date(2026, 6, 10), "every": "week"}
    with pytest.raises(Refusal) as caught:
        rules.check_make(MakeStanding(**{**usual, **more}), date(2026, 6, 10))  # type: ignore[arg-type]
    assert caught.value.code == code
