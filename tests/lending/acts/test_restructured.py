"""Easing the terms of a loan that is late, or not of the best class, restructures it, and it is watched since then."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from farthing.kit.calendar import month_end
from farthing.lending.acts import service as acts
from farthing.lending.acts.model import LowerRate, PauseInterest, Reschedule, ReverseEvent
from farthing.lending.collections import service as collections
from farthing.lending.collections.model import AskHardship, DecideHardship
from farthing.lending.prudence import cases_store, ruling_service, service
from farthing.lending.prudence.model import ClassLoan
from tests.lending.acts.doing import WORDS, clean, do
from tests.lending.house import House


def since(house: House, on: date | None = None) -> date | None:
    """Since when the loan is restructured, as prudence sees it on a day."""
    (case,) = house.bank.read(lambda tx: cases_store.cases(tx, on or tx.business_date))
    return case.restructured_on


def class_of(house: House, month: date | None = None) -> str:
    """The class of the one loan, at the end of a month or today."""
    (found,) = house.bank.kernel.ask(service.classes, month=month).classes
    return str(found.class_name)


def eased(house: House, how: str) -> Any:
    """One of the acts that ease terms, done today."""
    loan = house.loan(house.made)
    last, soon = loan.instalments[-1].due_on, house.today + timedelta(days=30)
    operation, command = {
        "move_due": (acts.reschedule, Reschedule(loan.id, how, WORDS, due_on=last, until=last + timedelta(days=9))),
        "add_instalments": (acts.reschedule, Reschedule(loan.id, how, WORDS, count=2)),
        "re_age": (acts.reschedule, Reschedule(loan.id, how, WORDS, due_on=soon, count=6)),
        "re_amortise": (acts.reschedule, Reschedule(loan.id, how, WORDS)),
        "pause_interest": (acts.pause_interest, PauseInterest(loan.id, last, WORDS)),
        "change_rate": (acts.lower_rate, LowerRate(loan.id, Decimal("0.05"), WORDS)),
    }[how]
    return do(house, operation, command)


EASES = ("move_due", "add_instalments", "re_age", "re_amortise", "pause_interest", "change_rate")


@pytest.mark.parametrize("how", EASES)
def test_what_eases_a_late_loan_restructures_it(late_house: House, how: str) -> None:
    house = late_house
    assert since(house) is None
    eased(house, how)
    assert since(house) == house.today
    assert since(house, house.today - timedelta(days=1)) is None, "the day before it was not"


def test_a_loan_that_was_re_aged_is_not_late_and_is_watched_all_the_same(late_house: House) -> None:
    house = late_house
    done = eased(house, "re_age")
    assert not any(each.due_on < house.today and each.left for each in house.loan(house.made).instalments)
    assert class_of(house) == "special_mention"
    month = month_end(house.today)
    do(house, acts.reverse_event, ReverseEvent(house.made, done["id"], WORDS))
    assert since(house) is None, "an act that was taken back eased nothing"
    eased(house, "re_age")
    house.wait(month + timedelta(days=1))
    assert class_of(house, month) == "special_mention"
    clean(house)


def test_a_loan_in_order_is_not_restructured_and_one_that_an_officer_doubts_is(house: House) -> None:
    eased(house, "move_due")
    assert (since(house), class_of(house)) == (None, "normal")
    house.bank.run(ruling_service.class_loan, ClassLoan(house.made, "special_mention", "the shop is closed"))
    eased(house, "change_rate")
    assert since(house) == house.today


@pytest.mark.parametrize("granted", [None, True, False])
def test_who_asks_for_relief_is_in_difficulty_before_anything_is_late(house: House, granted: bool | None) -> None:
    asked = house.bank.run(collections.ask_hardship, AskHardship(house.made, "I lost my work"))
    if granted is not None:
        plan, until = ("lower_rate", house.today + timedelta(days=60)) if granted else ("", None)
        house.bank.run(collections.decide_hardship, DecideHardship(asked.id, granted, "we looked", plan, until))
    eased(house, "change_rate")
    assert (since(house) == house.today) is (granted is not False), "what was declined is no difficulty that was seen"
    assert class_of(house) == ("normal" if granted is False else "special_mention")
    clean(house)
