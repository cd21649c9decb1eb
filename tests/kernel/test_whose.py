"""Whose a thing is: default deny, acting for oneself, for any by permission, and for a customer who is there."""

from __future__ import annotations

from datetime import timedelta

import pytest

from farthing.kernel import approvals, attendance
from farthing.kernel.answers import Pending
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from tests.conftest import Bank
from tests.kernel.shop import Enter, Leave, Serve, enter, leave, serve, take_stock

ANN, BOB = "party_ann", "party_bob"
TELLER = Actor("teller:li", frozenset({"shop:serve", "shop:door"}))
CHIEF = Actor("chief:wu", frozenset({"shop:serve", "approvals:decide"}))


def refused(bank: Bank, *arguments: object, **options: object) -> str:
    with pytest.raises(Refusal) as caught:
        bank.run(*arguments, **options)
    return caught.value.code


def last_leaf(bank: Bank) -> str:
    with bank.superuser() as connection:
        row = connection.execute("SELECT convert_from(body, 'UTF8') FROM evidence_leaf ORDER BY id DESC").fetchone()
        return str(row[0])


def test_a_customer_acts_for_itself_and_nobody_else(bank: Bank) -> None:
    ann = Actor("customer:ann", frozenset({"shop:serve"}), ANN)
    assert bank.run(serve, Serve(ANN), actor=ann).acted
    assert refused(bank, serve, Serve(BOB), actor=ann) == "kernel.not_yours"
    everything = Actor("customer:ann", frozenset({"*"}), ANN)
    assert refused(bank, serve, Serve(BOB), actor=everything) == "kernel.not_yours"


def test_nobody_acts_for_anybody_by_being_nobodys(bank: Bank) -> None:
    assert refused(bank, serve, Serve(ANN), actor=TELLER) == "kernel.customer_not_there"
    assert refused(bank, serve, Serve(ANN), actor=Actor("anonymous", frozenset())) == "kernel.forbidden"


def test_who_may_do_it_for_any_may(bank: Bank) -> None:
    guide = Actor("guide", frozenset({"shop:serve", "shop:serve_any"}))
    assert bank.run(serve, Serve(ANN), actor=guide).acted


def test_a_teller_serves_a_customer_who_is_there_and_the_leaf_says_so(bank: Bank) -> None:
    there = bank.run(enter, Enter(ANN), actor=TELLER)
    assert bank.run(serve, Serve(ANN), actor=TELLER).acted
    assert f'"attendance":"{there.id}"' in last_leaf(bank)
    assert refused(bank, serve, Serve(BOB), actor=TELLER) == "kernel.customer_not_there"
    other = Actor("teller:he", frozenset({"shop:serve"}))
    assert refused(bank, serve, Serve(ANN), actor=other) == "kernel.customer_not_there"


def test_an_attendance_ends_when_the_customer_leaves_or_after_half_an_hour(bank: Bank) -> None:
    first = bank.run(enter, Enter(ANN), actor=TELLER)
    again = bank.run(enter, Enter(ANN), actor=TELLER)
    assert refused(bank, leave, Leave(first.id), actor=TELLER) == "attendance.unknown", "a new one ends the old one"
    bank.run(leave, Leave(again.id), actor=TELLER)
    assert refused(bank, serve, Serve(ANN), actor=TELLER) == "kernel.customer_not_there"
    bank.run(enter, Enter(ANN), actor=TELLER)
    wall = bank.kernel.wall
    bank.kernel.wall = lambda: wall() + attendance.LASTS + timedelta(seconds=1)
    assert refused(bank, serve, Serve(ANN), actor=TELLER) == "kernel.customer_not_there"


def test_a_large_thing_for_a_customer_needs_a_second_person_who_need_not_see_the_customer(bank: Bank) -> None:
    ann = Actor("customer:ann", frozenset({"shop:serve"}), ANN)
    assert bank.run(serve, Serve(ANN, 10), actor=ann).acted, "what one does for oneself needs nobody else"
    there = bank.run(enter, Enter(ANN), actor=TELLER)
    pending = bank.run(serve, Serve(ANN, 10), actor=TELLER)
    assert isinstance(pending, Pending)
    decided = bank.run(approvals.decide, approvals.Decide(pending.approval_id, approve=True), actor=CHIEF)
    assert '"acted": true' in decided.result_json
    with bank.superuser() as connection:
        assert connection.execute("SELECT attendance_id FROM approval").fetchone() == (there.id,)


def test_what_is_the_banks_own_is_no_customers(bank: Bank) -> None:
    customer = Actor("customer:ann", frozenset({"kernel:close_day"}), ANN)
    assert refused(bank, take_stock, None, actor=customer) == "kernel.forbidden"
