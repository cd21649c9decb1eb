"""Payments that go later: held, taken back until they go, gone once whatever is killed."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable

import pytest

from farthing.db.server import Unavailable
from farthing.kernel.day import close_day
from farthing.kit.errors import Refusal
from farthing.ledger import service as ledger
from farthing.ledger.audit.service import verify
from farthing.payments import service as payments
from farthing.payments.delayed import rules, store
from farthing.payments.delayed import service as delayed
from farthing.payments.delayed.audit_service import verify_delayed
from farthing.payments.delayed.model import TakeBackPayment
from tests.conftest import Bank
from tests.kernel.disturbed import collisions, lost_commits
from tests.payments.delayed.laters import Later, later
from tests.payments.packets.people import herself, yuan


@pytest.fixture
def her(bank: Bank) -> Later:
    return later(bank)


def test_it_is_held_and_goes_at_its_time(her: Later) -> None:
    made = her.pay("120.00")
    assert made.state == "waits" and (made.goes_at - made.made_at).total_seconds() == 7200
    assert her.spends() == yuan("380.00") and her.people.holds(her.rich) == yuan("500.00")
    delayed.watch(her.bank.kernel)
    assert her.seen(made).state == "waits"
    her.hours(2)
    delayed.watch(her.bank.kernel)
    gone = her.seen(made)
    assert gone.state == "gone" and her.people.holds(her.friend) == yuan("120.00")
    history = her.bank.read(lambda tx: payments.history(tx, her.rich)).movements
    assert history[0].entry_reference == gone.reference and history[0].memo == "rent"
    with pytest.raises(Refusal, match="already"):
        her.take_back(made)
    assert her.bank.read(verify_delayed).clean and her.bank.read(verify).clean


def test_it_is_taken_back_until_it_goes(her: Later) -> None:
    made = her.pay("120.00", "next_day")
    assert (made.goes_at - made.made_at).total_seconds() == 86_400
    her.hours(25)
    assert her.take_back(made).state == "taken_back"
    delayed.watch(her.bank.kernel)
    assert her.spends() == yuan("500.00") and her.seen(made).state == "taken_back"
    with pytest.raises(Refusal) as caught:
        her.bank.run(delayed.take_back, TakeBackPayment(her.friend, made.id), actor=herself(her.friend))
    assert caught.value.code == "delayed.unknown"


@pytest.mark.parametrize("disturb", [collisions, lost_commits])
def test_killed_twice_it_goes_once(her: Later, monkeypatch: pytest.MonkeyPatch, disturb: Callable[..., None]) -> None:
    made = [her.pay("10.00", key=f"k{number}") for number in range(3)]
    assert her.pay("10.00", key="k0") == made[0]
    her.hours(3)
    for _ in range(2):
        with monkeypatch.context() as disturbed:
            disturb(her.bank, disturbed)
            with contextlib.suppress(Unavailable):
                delayed.watch(her.bank.kernel)
    delayed.watch(her.bank.kernel)
    assert her.people.holds(her.friend) == yuan("30.00") and her.people.holds(her.rich) == yuan("470.00")
    assert her.bank.read(verify_delayed).clean


def test_the_close_lets_go_what_nobody_did(her: Later) -> None:
    made = her.pay()
    her.hours(3)
    close_day(her.bank.kernel)
    assert her.seen(made).state == "gone"


def test_taken_back_and_let_go_at_one_moment_one_of_them_is(her: Later) -> None:
    for _ in range(3):
        made = her.pay()
        her.hours(3)
        done: list[str] = []

        def back(made=made, done=done) -> None:
            try:
                done.append(her.take_back(made).state)
            except Refusal as refusal:
                done.append(refusal.code)

        threads = [threading.Thread(target=back), threading.Thread(target=delayed.watch, args=(her.bank.kernel,))]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert (her.seen(made).state, done[0]) in (("gone", "delayed.gone"), ("taken_back", "taken_back"))
    assert her.bank.read(verify_delayed).clean and her.bank.read(verify).clean


def test_what_cannot_go_is_given_back_and_told(her: Later) -> None:
    made = her.pay("40.00")
    her.hours(3)
    (kept,) = her.bank.read(lambda tx: store.due(tx, 1))
    her.bank.kernel.tidy(lambda tx: ledger.must(tx, [rules.given_back(kept)]))  # by another hand
    delayed.watch(her.bank.kernel)
    failed = her.seen(made)
    assert failed.state == "failed" and failed.code.startswith("ledger.hold") and her.spends() == yuan("500.00")


def test_what_was_changed_by_hand_is_found(her: Later) -> None:
    made = her.pay()
    for state in ("gone", "taken_back"):
        with her.bank.superuser() as connection:
            if state == "taken_back":
                her.hours(3)
                connection.execute("UPDATE delayed_payment SET state = 'waits', ended_at = NULL")
                delayed.watch(her.bank.kernel)
            connection.execute(
                "UPDATE delayed_payment SET state = %s, ended_at = now() WHERE id = %s", [state, made.id]
            )
        assert not her.bank.read(verify_delayed).clean
