"""A person looks at a decision: asked for by its customer, once while one is open, and answered in words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from farthing.credit import service as credit
from farthing.credit.review import service as review
from farthing.credit.review.model import AnswerReview, AskReview
from farthing.kernel.day import CloseStep
from farthing.kit.errors import Refusal
from tests.lending.house import House


def test_a_review_is_asked_for_answered_and_asked_for_again_and_changes_no_decision(database_url: str) -> None:
    house = House(database_url)
    run, read = house.bank.run, house.bank.read
    decision_id = house.apply().decision_id
    before = read(lambda tx: credit.decision(tx, decision_id))
    asked = run(review.ask_review, AskReview(decision_id, "我的工资每月分两次发放"))
    assert (asked.open, asked.party_id, asked.asked_on) == (True, house.party.id, house.today)
    assert read(review.open_reviews) == [asked]
    with pytest.raises(Refusal) as caught:
        run(review.ask_review, AskReview(decision_id, "again"))
    assert caught.value.code == "credit.review_open"
    answered = run(review.answer_review, AnswerReview(asked.id, "changed", "您说得对，请重新申请"))
    assert (answered.outcome, answered.answer, answered.answered_on) == ("changed", "您说得对，请重新申请", house.today)
    assert read(review.open_reviews) == []
    second = run(review.ask_review, AskReview(decision_id, "还有一处"))
    assert read(lambda tx: review.reviews(tx, decision_id)) == [answered, second]
    assert read(lambda tx: credit.decision(tx, decision_id)) == before
    with house.bank.superuser() as connection:
        bodies = b"".join(bytes(row[0]) for row in connection.execute("SELECT body FROM evidence_leaf").fetchall())
    assert "分两次发放".encode() not in bodies


def test_the_clock_of_a_review_turns_amber_then_red_and_its_customer_is_told_once(database_url: str) -> None:
    house = House(database_url)
    run, read = house.bank.run, house.bank.read
    decision_id = house.apply().decision_id
    asked = run(review.ask_review, AskReview(decision_id, "请看一下"))
    due = house.today + timedelta(days=15)
    assert asked.answer_by == due, "by the policy of the day on which it is asked for"
    assert [asked.light(due + timedelta(days=each)) for each in (-4, -3, 0, 1)] == ["green", "amber", "amber", "red"]
    assert read(review.complaints)[0].answer_by == due
    with house.bank.superuser() as connection:  # as if it had been asked for long ago
        connection.execute("UPDATE credit_review SET answer_by = %s", [house.today - timedelta(days=1)])
    step = CloseStep(house.today, "")
    assert run(review.tell_late, step).handled == 1
    assert run(review.tell_late, step).handled == 0, "each is told of once"
    (late,) = read(review.open_reviews)
    assert (late.late_told_on, late.light(house.today), late.open) == (house.today, "red", True)
    with house.bank.superuser() as connection:
        leaves = [bytes(row[0]) for row in connection.execute("SELECT body FROM evidence_leaf").fetchall()]
    assert sum(b"credit.review_late" in each for each in leaves) == 1
    answered = run(review.answer_review, AnswerReview(late.id, "upheld", "已核对"))
    assert answered.light(due + timedelta(days=99)) == "green"
