"""Many callers' repayments in one transaction: each is answered, and stands, as if it had come alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from farthing.credit import service as credit
from farthing.credit.features import Feature, ratio
from farthing.credit.model import ReplayDecision
from farthing.kernel.answers import Outcome
from farthing.kernel.operation import Call, operation_of
from farthing.kit.actor import SYSTEM, Actor
from farthing.kit.errors import Refusal
from farthing.lending import books_service as books
from farthing.lending import history_service as history
from farthing.lending import service as lending
from farthing.lending.audit.service import verify
from farthing.lending.model import LoanCommand, Repay, Repayment
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from tests.lending.house import CARD, House, yuan

REPAY = operation_of(lending.repay)


def two_late_loans(house: House) -> list[str]:
    """Two loans of one borrower, whose wallet was empty when they fell due; today it holds ten yuan."""
    loans = [house.active("2000"), house.active("1000")]
    house.bank.run(payments.pay_out, MoveByRail(house.party.id, yuan("3000"), CARD))
    house.wait(loans[0].instalments[0].due_on)
    house.wait(house.today.replace(day=house.today.day + 1))
    house.bank.run(payments.top_up, MoveByRail(house.party.id, yuan("10"), CARD))
    return [loan.id for loan in loans]


@pytest.fixture
def late(database_url: str) -> Iterator[House]:
    house = House(database_url, lived=two_late_loans)
    yield house
    house.bank.kernel.database.close()


def told(house: House, *calls: Call) -> list[Any]:
    """What each call is answered: a repayment, or the code of its refusal."""
    answers = house.bank.kernel.execute_batch(REPAY, calls)
    return [
        each.result if isinstance(each, Outcome) else each.code
        for each in answers
        if isinstance(each, Outcome | Refusal)
    ]


def test_each_of_a_batch_is_answered_for_itself_and_two_of_one_loan_follow_each_other(late: House) -> None:
    first, second = late.made
    somebody = Actor("somebody", frozenset({"lending:repay"}), party_id="party_00000000000000000000000000")
    answers = told(
        late, Call(Repay(first, yuan("4")), SYSTEM, "a"), Call(Repay("loan_nobody", yuan("1")), SYSTEM, "b"),
        Call(Repay(second, yuan("5")), SYSTEM, "c"), Call(Repay(first, yuan("2")), SYSTEM, "d"),
        Call(Repay(second, yuan("99999")), SYSTEM, "e"), Call(Repay(first, yuan("1")), SYSTEM, "f"),
        Call(Repay(second, yuan("1")), somebody, "g"), Call(Repay(first, yuan("4")), SYSTEM, "a"),
    )  # fmt: skip
    assert [each if isinstance(each, str) else (each.loan_id, each.amount) for each in answers] == [
        (first, yuan("4")), "lending.unknown_loan", (second, yuan("5")), "ledger.insufficient_funds", "lending.more_than_due",
        (first, yuan("1")), answers[6], (first, yuan("4")),
    ]  # fmt: skip
    assert isinstance(answers[6], str) and answers[7] == answers[0], (
        "somebody else's is refused; a key is answered again"
    )
    kept: list[Repayment] = late.bank.read(lambda tx: lending.repayments(tx, first))
    assert kept == [answers[0], answers[5]]
    assert [len(late.bank.read(lambda tx, it=it: books.entries_of(tx, lending.loan(tx, it)))) for it in late.made] == [
        4,
        3,
    ]
    assert late.bank.read(verify, snapshot=True).findings == ()


def test_a_decision_is_told_which_instalments_came_late_and_which_early(late: House) -> None:
    """Both loans' first instalments are late; one is paid today, and so is a later one, before its day."""
    first, second = late.made
    late.bank.run(payments.top_up, MoveByRail(late.party.id, yuan("6000"), CARD))
    due, _, _ = late.bank.read(lambda tx: lending.owed(tx, first))
    late.bank.run(lending.repay, Repay(first, due))
    late.bank.run(lending.settle, LoanCommand(second))
    paid = late.bank.read(lambda tx: history.instalments(tx, [first, second]))
    whole = [each for each in paid if each.paid_on is not None]
    assert {each.paid_on for each in whole} == {late.today} and history.BOOKS.instalments is history.instalments
    early = sum(each.minor for each in whole if each.due_on > late.today)
    tardy = sum(each.due_on < late.today for each in paid)
    figures = {each.name: each.value for each in _features(late)}
    assert tardy == 2 and figures["late_instalments_share_here"] == ratio(2, len(whole))
    assert figures["early_share_here"] == ratio(early, sum(each.minor for each in whole)) and early > 0


def _features(house: House) -> tuple[Feature, ...]:
    answer = house.apply("1000")
    assert house.bank.run(credit.replay_decision, ReplayDecision(answer.decision_id)).identical
    features: tuple[Feature, ...] = house.bank.read(lambda tx: credit.decision_inputs(tx, answer.decision_id)).features
    return features
