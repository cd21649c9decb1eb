"""A plan of relief is done to the loan, all of it or nothing, by two persons, and is followed by what is paid since."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from farthing.kernel.answers import Pending
from farthing.lending.acts import service as acts
from farthing.lending.collections import relief, relief_service
from farthing.lending.collections import service as collections
from farthing.lending.collections.model import AskHardship, CarryOutRelief, Hardship
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from tests.lending.acts.doing import clean, do, ten_days_late
from tests.lending.house import CARD, House, yuan

WHY = "two months in hospital"


def asked_for_relief(house: House) -> tuple[str, str]:
    """A loan that is ten days late, of which relief is asked for."""
    loan_id = ten_days_late(house)
    return loan_id, house.bank.run(collections.ask_hardship, AskHardship(loan_id, "I was in hospital")).id


@pytest.fixture
def house(database_url: str) -> House:
    return House(database_url, lived=asked_for_relief)


def plan(house: House, **parts: Any) -> CarryOutRelief:
    until = parts.pop("until_on", house.today + timedelta(days=40))
    return CarryOutRelief(house.made[1], until, WHY, "no interest for a month", **parts)


def whole(house: House, **changes: Any) -> CarryOutRelief:
    """Every part that a plan can have."""
    paused = house.loan(house.made[0]).instalments[1].due_on
    return plan(house, **{
        "waived": yuan("0.10"), "annual": Decimal("0.06"), "paused_until": paused, "how": "add_instalments", "count": 2,
        **changes,
    })  # fmt: skip


def stands(house: House) -> Hardship:
    (found,) = house.bank.kernel.ask(relief_service.hardships, house.made[0])
    return found


def test_each_part_becomes_an_act_and_the_story_and_the_log_say_so(house: House) -> None:
    loan_id = house.made[0]
    assert isinstance(house.bank.run(relief_service.carry_out_relief, whole(house)), Pending)
    assert stands(house).state == "asked", "it waits for a second person"
    done = do(house, relief_service.carry_out_relief, whole(house))
    kinds = ["waive", "change_rate", "pause_interest", "add_instalments"]
    told = house.bank.kernel.ask(acts.story, loan_id)[-4:]
    assert [each["kind"] for each in done["events"]] == [each.kind for each in told] == kinds
    assert {each.words for each in told} == {WHY}
    found = stands(house)
    assert (found.state, found.plan, found.followed) == ("granted", "reschedule", "open")
    assert found.event.split() == [each.id for each in told]
    assert len([each for each in house.loan(loan_id).instalments if each.left]) == 8
    clean(house)


@pytest.mark.parametrize(("changes", "code"), [
    ({"annual": Decimal("0.90")}, "lending.rate_raised"),
    ({"waived": yuan("9000")}, "lending.more_than_open"),
    ({"how": "gift"}, "lending.unknown_act_word"),
    ({"paused_until": date(9999, 12, 31)}, "lending.beyond_last_due_day"),
    ({"until_on": date(2020, 1, 1)}, "lending.hardship_plan"),
    ({"how": "move_due", "count": None}, "lending.event_needs"),
])  # fmt: skip
def test_a_part_that_is_refused_refuses_the_whole_plan(house: House, changes: dict[str, Any], code: str) -> None:
    before = house.loan(house.made[0]), len(house.bank.kernel.ask(acts.story, house.made[0]))
    assert house.refused(relief_service.carry_out_relief, whole(house, **changes)) == code
    assert (house.loan(house.made[0]), len(house.bank.kernel.ask(acts.story, house.made[0]))) == before
    assert stands(house).state == "asked"


def test_a_plan_does_something_to_a_request_that_waits(house: House) -> None:
    assert house.refused(relief_service.carry_out_relief, plan(house)) == "lending.relief_empty"
    do(house, relief_service.carry_out_relief, plan(house, annual=Decimal("0.06")))
    again = house.refused(relief_service.carry_out_relief, plan(house, annual=Decimal("0.05")))
    assert again == "lending.hardship_answered", "and what the second plan did is undone with it"
    clean(house)


def test_a_plan_is_kept_by_paying_what_falls_due_in_time_and_broken_for_good(house: House) -> None:
    loan_id, _ = house.made
    due = house.loan(loan_id).instalments[1].due_on
    re_aged = plan(house, how="re_age", due_on=due, count=6, until_on=due + timedelta(days=35))
    do(house, relief_service.carry_out_relief, re_aged)
    house.bank.run(payments.top_up, MoveByRail(house.party.id, yuan("600"), CARD))
    house.wait(due + timedelta(days=2))
    assert stands(house).followed == "open", "the first new instalment was paid on its day"
    second = next(each.due_on for each in house.loan(loan_id).instalments if each.left)
    house.wait(second + timedelta(days=2))
    assert stands(house).followed == "broken"
    house.bank.run(payments.top_up, MoveByRail(house.party.id, yuan("3000"), CARD))
    house.wait(second + timedelta(days=6))
    assert stands(house).followed == "broken", "what came late was not in time"
    clean(house)


def test_followed_is_of_what_fell_due_since_and_to_the_last_day() -> None:
    day = date(2027, 1, 10)
    granted = Hardship(
        "r", "l", "p", day, "her", "granted", "pause", day + timedelta(days=60), "act_a", day, "him", "", ""
    )

    def told(due_on: date, paid_on: date | None, owed: bool, on: date) -> Any:
        return relief.followed(granted, [(due_on, paid_on, owed)], on)

    soon, last, after = (day + timedelta(days=days) for days in (30, 60, 61))
    assert told(soon, soon, False, soon) == told(soon, None, True, soon) == "open", "the day is not over"
    assert told(soon, soon, False, last) == "open" and told(soon, soon, False, after) == "kept"
    assert (
        told(soon, None, True, soon + timedelta(days=1))
        == told(soon, soon + timedelta(days=1), False, after)
        == "broken"
    )
    assert told(after, None, True, after + timedelta(days=9)) == "kept", "it was followed to its end"
    assert told(day - timedelta(days=1), None, True, after) == "kept", "what was late before is no part of it"
    assert relief.followed(Hardship(*[*vars_of(granted)][:8], "", day, "him", "", ""), [], after) is None


def vars_of(made: Hardship) -> list[Any]:
    return [getattr(made, name) for name in made.__slots__]
