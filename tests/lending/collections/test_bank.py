"""Late borrowers in a bank: reminded before the day and after it, spoken to by the law, left alone while relief is asked for."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from farthing.kernel import errands
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.lending import service as lending
from farthing.lending.collections import relief_service
from farthing.lending.collections import service as collections
from farthing.lending.collections.model import AskHardship, DecideHardship, LogContact
from farthing.lending.model import LoanCommand
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from tests.lending.house import CARD, House, yuan


def two_days_late(house: House) -> None:
    """A loan whose first instalment was due two days ago and is not paid."""
    loan = house.active("5000")
    house.bank.run(payments.pay_out, MoveByRail(house.party.id, yuan("5000"), CARD))
    house.wait(loan.instalments[0].due_on + timedelta(days=2))


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    opened = House(database_url, lived=two_days_late)
    yield opened
    opened.bank.kernel.database.close()


def the_loan(house: House) -> str:
    return str(house.bank.read(lending.all_loans)[0].id)


def spoken(house: House, **changes: Any) -> LogContact:
    return LogContact(**{
        "loan_id": the_loan(house), "channel": "call", "outcome": "reached", "words": "is told what is late", "at_time": "14:30",
        **changes,
    })  # fmt: skip


def test_the_phone_hears_before_the_day_and_after_it(house: House) -> None:
    kernel = house.bank.kernel
    due = house.loan(the_loan(house)).instalments[1].due_on
    house.wait(due + timedelta(days=2))
    errands.sweep(kernel)
    heard = [each.text for each in kernel.ports.peer("gateway").sent_to(house.party.phone)]
    soon, late = ([text for text in heard if word in text] for word in ("届时从您的钱包扣收", "已逾期"))
    assert len(soon) == 1 and str(due) in soon[0] and len(late) == 1 and str(due) in late[0]


def test_contacts_are_written_down_and_a_fourth_of_a_day_is_refused(house: House) -> None:
    first = house.bank.run(collections.log_contact, spoken(house))
    assert (first.number, first.at_time, first.party_id) == (1, "14:30", house.party.id)
    promise = spoken(house, outcome="promised", promised=yuan("10"), promised_on=house.today + timedelta(days=1))
    house.bank.run(collections.log_contact, promise)
    (work,) = house.bank.kernel.ask(collections.worklist).works
    assert work.days_late == 2 and work.last is not None and work.last.outcome == "promised" and work.overdue
    house.bank.run(collections.log_contact, spoken(house))
    assert house.refused(collections.log_contact, spoken(house)) == "lending.contact_too_often"
    assert house.refused(collections.log_contact, spoken(house, person="employer")) == "lending.third_person"
    assert house.refused(collections.log_contact, spoken(house, at_time="23:10")) == "lending.contact_hour"
    assert house.refused(collections.log_contact, spoken(house, loan_id="loan_none")) == "lending.unknown_loan"
    euro = spoken(house, outcome="promised", promised=Money(100, "EUR"), promised_on=house.today)
    assert house.refused(collections.log_contact, euro) == "money.currency_mismatch"
    borrower = Actor(f"customer:{house.party.id}", frozenset({"lending:read"}), house.party.id)
    told = house.bank.kernel.ask(collections.contacts, the_loan(house), actor=borrower)
    assert [each.kept for each in told] == [None, "open", None], "the borrower reads what was said about the loan"
    house.wait(house.today + timedelta(days=2))
    assert house.bank.kernel.ask(collections.contacts, the_loan(house))[1].kept == "broken"


def test_two_who_call_at_once_are_counted_one_after_the_other(house: House) -> None:
    for _ in range(2):
        house.bank.run(collections.log_contact, spoken(house))
    answers: list[str] = []

    def call() -> None:
        try:
            house.bank.run(collections.log_contact, spoken(house))
            answers.append("")
        except Refusal as refusal:
            answers.append(refusal.code)

    threads = [threading.Thread(target=call) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(answers) == ["", *["lending.contact_too_often"] * 3]
    assert [each.number for each in house.bank.kernel.ask(collections.contacts, the_loan(house))] == [1, 2, 3]


def test_relief_is_asked_for_answered_once_and_keeps_collectors_away(house: House) -> None:
    loan = the_loan(house)
    borrower = Actor(f"customer:{house.party.id}", frozenset({"lending:repay", "lending:read"}), house.party.id)
    asked = house.bank.run(collections.ask_hardship, AskHardship(loan, "I was in hospital"), actor=borrower)
    assert house.refused(collections.ask_hardship, AskHardship(loan, "again")) == "lending.hardship_open"
    assert house.refused(collections.log_contact, spoken(house)) == "lending.contact_on_hold"
    (work,) = house.bank.kernel.ask(collections.worklist).works
    assert work.refused == "lending.contact_on_hold" and "纾困" in work.why_zh
    assert [each.id for each in house.bank.kernel.ask(collections.open_hardships)] == [asked.id]
    until = house.today + timedelta(days=2)
    for wrong in (
        DecideHardship(asked.id, True, "yes"), DecideHardship(asked.id, True, "yes", "gift", until),
        DecideHardship(asked.id, True, "yes", "pause", house.today), DecideHardship(asked.id, False, "no", "pause", until),
    ):  # fmt: skip
        assert house.refused(collections.decide_hardship, wrong) == "lending.hardship_plan"
    assert house.refused(collections.decide_hardship, DecideHardship(asked.id, False, " ")) == "lending.words_missing"
    assert house.refused(collections.decide_hardship, DecideHardship("no", False, "no")) == "lending.hardship_unknown"
    done = house.bank.run(collections.decide_hardship, DecideHardship(asked.id, True, "two days", "pause", until))
    assert (done.state, done.plan, done.until_on) == ("granted", "pause", until)
    assert (
        house.refused(collections.decide_hardship, DecideHardship(asked.id, False, "no")) == "lending.hardship_answered"
    )
    assert house.refused(collections.log_contact, spoken(house)) == "lending.contact_on_hold"
    house.wait(until + timedelta(days=1))
    house.bank.run(collections.log_contact, spoken(house))
    (told,) = house.bank.kernel.ask(relief_service.hardships, loan, actor=borrower)
    assert told.answer == "two days"


def test_a_loan_that_is_paid_in_time_is_nobody_s_business(house: House) -> None:
    house.bank.run(payments.top_up, MoveByRail(house.party.id, yuan("6000"), CARD))
    house.bank.run(lending.settle, LoanCommand(the_loan(house)))
    assert house.refused(collections.log_contact, spoken(house)) == "lending.nothing_overdue"
    assert house.refused(collections.ask_hardship, AskHardship(the_loan(house), "late")) == "lending.wrong_state"
    assert house.bank.kernel.ask(collections.worklist).works == ()
