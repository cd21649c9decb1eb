"""When a rail sends what is paid out: before its cut-off the same day, after it or on a day without work the next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from farthing.kernel.day import close_day
from farthing.kit.calendar import is_business_day
from farthing.kit.words import Words
from farthing.payments import hours_service as hours
from farthing.payments import rules
from farthing.payments.life import asked_service as asked
from farthing.products import service as products
from farthing.products.rails import RailRules, Timetable
from tests.conftest import Bank
from tests.payments.life.house import House, house_of, refused

FRIDAY, MONDAY = date(2026, 6, 12), date(2026, 6, 15)
SEPA = Timetable("sepa", "business_days", time(15))


@pytest.mark.parametrize(
    ("at", "today", "closed", "on"),
    [
        ("2026-06-12 14:59", FRIDAY, (), FRIDAY),
        ("2026-06-12 15:00", FRIDAY, (), MONDAY),
        ("2026-06-13 09:00", date(2026, 6, 13), (), MONDAY),
        ("2026-06-12 16:00", FRIDAY, (MONDAY,), date(2026, 6, 16)),
        ("2026-06-13 00:30", FRIDAY, (), MONDAY),  # the day is not closed yet, and its cut-off is past
    ],
)
def test_before_the_cut_off_today_and_else_the_next_day_of_work(
    at: str, today: date, closed: tuple[date, ...], on: date
) -> None:
    assert rules.sends_on(SEPA, datetime.fromisoformat(at), today, closed) == on


@settings(max_examples=60, deadline=None)
@given(st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 30)), st.sets(st.integers(0, 20)), st.booleans())
def test_it_is_sent_on_a_day_of_work_and_never_before_it_was_asked_for(
    at: datetime, off: set[int], stops: bool
) -> None:
    today = at.date()
    closed = frozenset(today + timedelta(days=each) for each in off)
    on = rules.sends_on(Timetable("r", "business_days", time(15) if stops else None), at, today, closed)
    assert on >= today and is_business_day(on, closed)
    always = rules.sends_on(Timetable("r", "every_day", None), at, today, closed)
    assert always == today


@pytest.fixture
def house(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    found = house_of(bank)
    law = RailRules(10, 1, 24, 2, 5, Words("x", "x"), (Timetable("sandbox", "business_days", time(0)),))
    monkeypatch.setattr(products, "rail_rules", lambda tx: law)  # the data of a pack that has such a rail
    yield found


def test_what_is_paid_out_after_the_cut_off_is_held_told_and_sent_on_its_day(house: House) -> None:
    today = house.bank.kernel.clock().business_date
    sends = house.bank.read(lambda tx: hours.rail_sends(tx, "sandbox"))
    assert (sends.at_once, sends.cut_off, sends.on > today) == (False, time(0), True)
    made = house.pay_out(300)
    assert (made.state, made.send_on) == ("asked", sends.on)
    assert house.books()["available"] == 99_700 and made.id not in house.rail.seen
    house.ask()
    assert house.payment(made.id).state == "asked" and made.id not in house.rail.seen
    assert house.bank.read(asked.stuck) == []
    while house.bank.kernel.clock().business_date < sends.on:
        close_day(house.bank.kernel)
        assert made.id not in house.rail.seen or house.bank.kernel.clock().business_date > sends.on
    house.settle()
    assert house.payment(made.id).state == "settled" and house.rail.calls.count(made.id) == 1
    assert house.top_up(500).state == "settled"  # what comes in is asked for at once
    assert refused(house.bank.read, lambda tx: hours.rail_sends(tx, "nowhere")) == "payments.rail_unknown"
    assert house.clean()
