"""Paid on their days, tried again, missed and told, stopped at once; many in one group, and once whatever is killed."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import timedelta

import pytest

from farthing.payments import service as payments
from farthing.payments.model import Transfer
from farthing.payments.standing import due_service as due
from farthing.payments.standing import rules, store
from farthing.payments.standing.audit_service import verify_standing
from farthing.payments.standing.model import MakeStanding, Order
from tests.conftest import Bank
from tests.payments.packets.people import herself, yuan
from tests.payments.requests.askers import refused
from tests.payments.standing.payers import Payer, payer


@pytest.fixture
def her(bank: Bank) -> Payer:
    return payer(bank)


def clean(her: Payer) -> None:
    assert her.bank.read(verify_standing, snapshot=True).findings == ()


def test_paid_on_its_day_by_the_worker_once(her: Payer) -> None:
    made = her.make("10.00", after=1, every="week", memo="rent")
    assert made.coming[0] == her.today + timedelta(days=1) and made.name.startswith("*")
    due.watch(her.bank.kernel)
    assert her.holds(her.friend) == yuan("0.00"), "not before its day"
    her.close()
    due.watch(her.bank.kernel)
    due.watch(her.bank.kernel)
    assert her.holds(her.friend) == yuan("10.00")
    seen = her.seen(made)
    assert (seen.paid, seen.next_on) == (1, made.coming[1])
    assert seen.payments[0].reference == f"transfer:{made.id}.0"
    her.close(8)
    assert her.holds(her.friend) == yuan("20.00"), "the close of the day pays what the worker did not"
    clean(her)


def test_too_little_is_tried_again_then_told_and_the_next_is_paid(her: Payer) -> None:
    made = her.make("600.00", every="week")
    due.watch(her.bank.kernel)
    due.watch(her.bank.kernel)
    assert her.seen(made).waits == 1, "not again before its minutes are over"
    her.close()
    assert (her.seen(made).waits, her.seen(made).missed) == (1, 0), "another day"
    due.watch(her.bank.kernel)
    her.close()
    seen = her.seen(made)
    assert (seen.missed, seen.payments[0].became, seen.payments[0].code) == (1, "missed", "ledger.insufficient_funds")
    assert her.holds(her.rich) == yuan("500.00")
    with her.bank.superuser() as connection:
        leaves = connection.execute("SELECT count(*) FROM evidence_leaf WHERE kind = 'standing.missed'").fetchone()
    assert leaves == (1,)
    clean(her)


def test_money_that_comes_in_meanwhile_pays_it(her: Payer) -> None:
    made = her.make("50.00", payer=her.friend)
    due.watch(her.bank.kernel)
    her.bank.run(payments.transfer, Transfer(her.rich, her.friend, yuan("60.00")), actor=herself(her.rich))
    her.close()
    seen = her.seen(made, her.friend)
    assert (seen.paid, seen.missed, seen.state) == (1, 0, "ended")
    assert her.holds(her.friend) == yuan("10.00")
    clean(her)


def test_stopped_at_once(her: Payer) -> None:
    made = her.make("10.00", every="month")
    assert her.stop(made).state == "stopped"
    assert refused(her.stop, made) == "standing.not_active"
    assert refused(her.stop, made, her.friend) == "standing.unknown"
    due.watch(her.bank.kernel)
    her.close()
    assert her.holds(her.rich) == yuan("500.00") and her.seen(made).coming == ()
    clean(her)


@pytest.mark.parametrize(
    ("end", "paid"), [({"times": 2}, 2), ({"total": yuan("29.99")}, 2), ({"until": 14}, 3), ({}, 4)]
)
def test_it_ends_as_it_was_arranged(her: Payer, end: dict[str, object], paid: int) -> None:
    more = {"until": her.today + timedelta(days=14)} if "until" in end else end
    made = her.make("10.00", every="week", **more)
    her.close(22)
    seen = her.seen(made)
    assert (seen.paid, seen.state) == (paid, "ended" if end else "active")
    assert her.holds(her.friend) == yuan("10.00") * paid
    clean(her)


def test_many_are_one_group_and_each_answers_for_itself(her: Payer) -> None:
    orders(her, 40, "20.00")
    due.watch(her.bank.kernel)
    assert her.holds(her.friend) == yuan("500.00"), "25 of 40, and none beyond what is there"
    with her.bank.superuser() as connection:
        found = connection.execute(
            "SELECT sum(paid), sum(tries), count(DISTINCT try_at) FROM standing_order"
        ).fetchone()
    assert found is not None and found[:2] == (25, 15)
    clean(her)


def orders(her: Payer, count: int, amount: str) -> None:
    """So many orders of one, due today, beyond what one arranges on pages."""
    command = MakeStanding(her.rich, "", yuan(amount), her.today)

    def keep(tx: object) -> None:
        made: list[Order] = [
            rules.first(tx.new_id("standing"), her.rich, her.friend, command, rules.plan_of(command), tx.now)  # type: ignore[attr-defined]
            for _ in range(count)
        ]
        store.insert(tx, made)  # type: ignore[arg-type]

    her.bank.kernel.tidy(keep)


RUN = """
import sys
from farthing.bank.day import STEPS
from farthing.db.server import Database
from farthing.kernel.run import Kernel
from farthing.kernel.settings import Settings
from farthing.payments.standing import due_service as due
from farthing.town.ports import ports_of
due.GROUP = 20
due.watch(Kernel(Database(sys.argv[1]).open(), ports=ports_of(Settings()), steps=STEPS))
"""


@pytest.mark.prove
def test_killed_again_and_again_each_is_paid_once(her: Payer) -> None:
    orders(her, 400, "1.00")
    for least in (40, 160, 280):
        with her.bank.superuser() as connection:
            program = subprocess.Popen([sys.executable, "-c", RUN, her.bank.url])
            while _paid(connection) < least and program.poll() is None:
                pass
            program.send_signal(signal.SIGKILL)
            program.wait()
    clean(her)
    due.watch(her.bank.kernel)
    assert her.holds(her.friend) == yuan("400.00") and her.holds(her.rich) == yuan("100.00")
    clean(her)


def _paid(connection: object) -> int:
    found = connection.execute("SELECT count(*) FROM standing_payment").fetchone()  # type: ignore[attr-defined]
    return int(found[0])


PLANTED = {
    "a payment that was not made": ("UPDATE standing_payment SET number = number + 7", "told"),
    "another day": ("UPDATE standing_payment SET due_on = due_on + 1", "another day"),
    "another next day": ("UPDATE standing_order SET due_on = due_on + 1", "next payment falls due"),
    "a payment is forgotten": ("DELETE FROM standing_payment", "is not told as paid"),
    "another amount": ("UPDATE standing_order SET amount_minor = amount_minor + 1", "moved something else"),
    "another count": ("UPDATE standing_order SET paid = paid - 1, missed = missed + 1", "counts other payments"),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_what_is_planted_is_found(her: Payer, planted: str) -> None:
    her.make("10.00", every="week")
    due.watch(her.bank.kernel)
    sql, problem = PLANTED[planted]
    with her.bank.superuser() as connection:
        connection.execute(sql)
    found = her.bank.read(verify_standing, snapshot=True).findings
    assert any(problem in each.problem for each in found), found
