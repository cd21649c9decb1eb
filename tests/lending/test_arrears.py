"""How late the loans are, from their instalments, and what they were thirty days ago, from what was paid since."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from psycopg import errors

from farthing.bank.founding import agreed
from farthing.credit.tally import service as tally
from farthing.db.tx import Tx
from farthing.kit.actor import SYSTEM
from farthing.lending import service as lending
from farthing.lending.acts import service as acts
from farthing.lending.acts.model import GiveUp, Reschedule, ReverseEvent
from farthing.lending.arrears import service as arrears
from farthing.lending.arrears.model import Move
from farthing.lending.model import LoanCommand, Repay
from farthing.lending.shelf import service as loan_shelf
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail
from farthing.products import service as products
from farthing.products.model import Publish
from tests.lending.house import CARD, House, yuan


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    opened = House(database_url)
    yield opened
    opened.bank.kernel.database.close()


@pytest.mark.long
def test_lateness_and_moves_follow_a_loan_from_in_time_to_late_to_repaid(house: House) -> None:
    ask, run = house.bank.kernel.ask, house.bank.run
    assert ask(arrears.lateness) == [] and ask(arrears.moves) == []
    loan = house.active("5000")
    (fresh,) = ask(arrears.lateness)
    assert (fresh.late_from, fresh.loans, fresh.outstanding) == (0, 1, loan.principal)
    assert ask(arrears.moves) == [], "it was not there thirty days ago"
    run(payments.pay_out, MoveByRail(house.party.id, yuan("5000"), CARD))  # nothing is left that could be collected
    first = loan.instalments[0].due_on
    house.wait(first)
    assert [each.late_from for each in ask(arrears.lateness)] == [0], "what falls due today is not late"
    house.wait(first + timedelta(days=5))
    assert [each.late_from for each in ask(arrears.lateness)] == [1]
    assert ask(arrears.moves) == [Move(0, 1, 1)]
    house.wait(first + timedelta(days=35))
    assert [each.late_from for each in ask(arrears.lateness)] == [31]
    assert ask(arrears.moves) == [Move(1, 31, 1)]
    run(payments.top_up, MoveByRail(house.party.id, yuan("9000"), CARD))
    run(lending.repay, Repay(loan.id, ask(lending.owed, loan.id)[0]))
    assert ask(arrears.moves) == [Move(1, 0, 1)], "what was late then is known from what was paid since"
    run(lending.settle, LoanCommand(loan.id))
    assert ask(arrears.lateness) == [] and ask(arrears.moves) == [Move(1, None, 1)]


@pytest.mark.long
def test_an_instalment_that_was_moved_since_was_late_by_the_day_it_fell_due_on_then(house: House) -> None:
    ask = house.bank.kernel.ask
    loan = house.active("5000")
    house.bank.run(payments.pay_out, MoveByRail(house.party.id, yuan("5000"), CARD))
    first = loan.instalments[0].due_on
    house.wait(first + timedelta(days=12))
    late = Reschedule(loan.id, "re_age", "in hospital", due_on=house.today + timedelta(days=20), count=6)
    agreed(house.bank.kernel, acts.reschedule, late)
    assert [each.late_from for each in ask(arrears.lateness)] == [0]
    house.wait(house.today + timedelta(days=19))
    assert house.today - arrears.A_MONTH == first + timedelta(days=1)
    assert ask(arrears.moves) == [Move(1, 0, 1)]


@pytest.mark.long
def test_a_move_of_due_days_that_was_taken_back_since_stood_then(house: House) -> None:
    ask = house.bank.kernel.ask
    loan = house.active("5000")
    second = loan.instalments[1].due_on
    house.wait(second - timedelta(days=10))
    house.bank.run(payments.pay_out, MoveByRail(house.party.id, yuan("4000"), CARD))
    later = Reschedule(loan.id, "move_due", "in hospital", due_on=second, until=second + timedelta(days=60))
    moved: Any = agreed(house.bank.kernel, acts.reschedule, later)
    house.wait(second + timedelta(days=2))
    agreed(house.bank.kernel, acts.reverse_event, ReverseEvent(loan.id, moved["id"], "it was another borrower"))
    house.wait(second + timedelta(days=31))
    assert ask(arrears.moves) == [Move(0, 31, 1)], "it is late now, and a month ago it was not"


def test_a_loan_that_was_given_up_is_neither_late_nor_repaid(house: House) -> None:
    ask = house.bank.kernel.ask
    loan = house.active("5000")
    house.bank.run(payments.pay_out, MoveByRail(house.party.id, yuan("5000"), CARD))
    house.wait(loan.instalments[0].due_on + timedelta(days=5))
    agreed(house.bank.kernel, acts.charge_off, GiveUp(loan.id, "nobody is found"))
    assert ask(arrears.lateness) == [] and ask(arrears.moves) == [Move(0, None, 1, given_up=True)]
    agreed(house.bank.kernel, acts.write_off, GiveUp(loan.id, "nobody is found"))
    assert ask(arrears.moves) == [Move(0, None, 1, given_up=True)]


def test_decisions_are_counted_by_bands_of_the_score(house: House) -> None:
    assert house.bank.kernel.ask(tally.tally, actor=SYSTEM) == []
    made = [house.apply(amount).decision_id for amount in ("1000", "2000")]
    house.apply("50000")
    decisions = [house.bank.read(lambda tx, each=each: tx.one(
        "SELECT decision FROM credit_decision WHERE id = %(id)s", {"id": each}))["decision"] for each in made]  # fmt: skip
    bands = house.bank.kernel.ask(tally.tally, actor=SYSTEM)
    assert sum(each.decided for each in bands) == 3 and sum(each.approved for each in bands) >= 2
    assert all(each.low <= decisions[0]["score"] < each.high for each in bands if each.decided == 3)
    assert all(each.high - each.low == tally.WIDTH for each in bands)


def test_decisions_are_counted_by_what_stands_beside_them_and_cannot_differ(house: House) -> None:
    house.apply("1000")
    counted = house.bank.kernel.ask(tally.tally)
    assert sum(each.decided for each in counted) == 1
    for change in ("score = score + 50", "approved = NOT approved"):
        with pytest.raises(errors.CheckViolation), house.bank.superuser() as connection:
            connection.execute(f"UPDATE credit_decision SET {change}")
    with house.bank.superuser() as connection:
        connection.execute("UPDATE credit_decision SET decision = '{}'")  # it is not opened
    assert house.bank.kernel.ask(tally.tally) == counted


def test_a_decision_of_the_release_before_is_counted_too(house: House) -> None:
    house.apply("1000")
    counted = house.bank.kernel.ask(tally.tally)
    with house.bank.superuser() as connection:
        connection.execute("UPDATE credit_decision SET score = NULL, approved = NULL")
    assert house.bank.kernel.ask(tally.tally) == counted


def test_the_classes_of_lateness_are_those_of_the_policy_in_force(house: House) -> None:
    ask = house.bank.kernel.ask
    assert ask(arrears.classes) == [0, 1, 31, 61, 91] == list(house.policy().prudence.scale.first_days)
    loan = house.active("5000")
    house.bank.run(payments.pay_out, MoveByRail(house.party.id, yuan("5000"), CARD))
    source = (products.ROOT / "policies" / "cn.toml").read_text(encoding="utf-8")
    finer = source.replace("late_over = [0, 30, 60, 90]", "late_over = [0, 7, 30, 90]")
    assert finer != source
    agreed(house.bank.kernel, loan_shelf.publish, Publish(products.POLICY, finer))
    house.wait(loan.instalments[0].due_on + timedelta(days=9))
    assert ask(arrears.classes) == [0, 1, 8, 31, 91]
    assert [each.late_from for each in ask(arrears.lateness)] == [8] and ask(arrears.moves) == [Move(0, 8, 1)]


def test_what_was_paid_and_what_ended_since_a_day_is_found_by_an_index(house: House) -> None:
    def plan(tx: Tx, statement: str) -> str:
        tx.execute("SET LOCAL enable_seqscan = off")
        return " ".join(str(row[0]) for row in tx.tuples(f"EXPLAIN {statement}"))  # type: ignore[arg-type]

    for statement, index in (
        ("SELECT loan_id FROM loan_event WHERE on_day > '2026-11-28'", "loan_event_on"),
        ("SELECT id FROM loan WHERE closed_on > '2026-11-28'", "loan_closed"),
        ("SELECT id FROM rail_payment ORDER BY recorded_at DESC, id DESC LIMIT 5", "rail_payment_recorded"),
    ):
        assert index in house.bank.kernel.read(lambda tx, s=statement: plan(tx, s))
