"""What is looked at goes, is warned of, or waits; what waits ends once: let go, refused, taken back, or by the clock."""

from __future__ import annotations

from datetime import timedelta

import pytest

from farthing.kernel.day import close_day
from farthing.kernel.operation import Call, operation_of
from farthing.payments import service as payments
from farthing.payments.fraud import due_service as due
from farthing.payments.fraud import service as fraud
from farthing.payments.fraud.audit_service import verify_fraud
from farthing.payments.fraud.model import LetPair, RefuseHeld, ReleaseHeld, WithdrawHeld
from farthing.payments.model import Transfer, Transferred
from tests.conftest import Bank
from tests.payments.fraud.victims import Victims, victims
from tests.payments.packets.people import herself, yuan
from tests.payments.requests.askers import refused


@pytest.fixture
def them(bank: Bank) -> Victims:
    return victims(bank)


def test_small_goes_larger_is_warned_of_and_very_large_waits(them: Victims) -> None:
    small, warned, held = them.pay("4999.99"), them.pay("5000.00", 1), them.pay("20000.00", 2)
    assert (small.held_until, small.warnings) == (None, ())
    assert warned.held_until is None and [each.en[:7] for each in warned.warnings] == ["A large"]
    assert held.held_until == held.recorded_at + timedelta(hours=24) and len(held.warnings) == 2
    assert them.holds(them.others[2]) == yuan("1000.00"), "nothing has moved"
    assert them.holds(them.rich) == yuan("290000.01") and them.available(them.rich) == yuan("270000.01")
    case = them.case(held)
    assert [each.rule for each in case.hits] == ["new-payee", "new-payee-large"] and case.payment.score == 60
    assert [each.en for each in case.hits[1].figures] == [
        "CNY 20,000.00 (from CNY 20,000.00)", "the first payment to this payee",
    ]  # fmt: skip
    today = {each.id: (each.warned, each.held) for each in them.bank.read(fraud.rules_today)}
    assert today["new-payee"] == (1, 1) and today["new-payee-large"] == (0, 1) and today["fan-out"] == (0, 0)
    them.clean()


def test_a_payee_whom_one_paid_the_day_before_is_known(them: Victims) -> None:
    them.pay("200.00")
    assert them.pay("20000.00").held_until is not None, "a try of today makes nobody known"
    close_day(them.bank.kernel)
    close_day(them.bank.kernel)
    assert them.pay("20000.00", memo="again").held_until is None
    them.clean()


def test_let_go_once_and_told_the_same_under_its_id(them: Victims) -> None:
    held = them.pay("20000.00", id="gift", key="k")
    assert them.pay("20000.00", id="gift", key="k") == held == them.pay("20000.00", id="gift"), "told again"
    assert refused(them.pay, "30.00", id="gift") == "fraud.other_content"
    done = them.bank.run(fraud.release, ReleaseHeld("gift", "called her"))
    assert done.state == "released" and them.holds(them.others[0]) == yuan("21000.00")
    assert them.available(them.rich) == them.holds(them.rich) == yuan("280000.00")
    assert refused(them.bank.run, fraud.release, ReleaseHeld("gift")) == "fraud.ended"
    assert them.own("gift").reference == "transfer:gift"
    again = them.pay("20000.00", id="gift")
    assert again.held_until is None and them.holds(them.others[0]) == yuan("21000.00"), "once"
    them.clean()


def test_refused_with_a_reason_its_payer_reads_or_taken_back(them: Victims) -> None:
    one, two = them.pay("20000.00"), them.pay("21000.00", 1)
    assert refused(them.bank.run, fraud.refuse, RefuseHeld(one.id, " ")) == "fraud.no_reason"
    them.bank.run(fraud.refuse, RefuseHeld(one.id, "she was told to pay a stranger"))
    assert (them.own(one.id).state, them.own(one.id).reason) == ("refused", "she was told to pay a stranger")
    assert refused(them.pay, "20000.00", id=one.id) == "fraud.refused"
    mine = herself(them.rich)
    assert refused(
        them.bank.run, fraud.withdraw, WithdrawHeld(them.others[0], two.id), actor=herself(them.others[0])
    ) == ("fraud.unknown")
    assert them.bank.run(fraud.withdraw, WithdrawHeld(them.rich, two.id), actor=mine).state == "withdrawn"
    assert refused(them.pay, "21000.00", 1, id=two.id) == "fraud.ended"
    assert them.available(them.rich) == yuan("300000.00")
    them.clean()


def test_two_persons_let_a_large_one_go(them: Victims) -> None:
    held = them.pay("50000.00")
    assert refused(them.bank.run, fraud.release, ReleaseHeld(held.id)) == "fraud.two_persons"
    assert operation_of(fraud.release_large).four_eyes is True and them.case(held).needs_two


def test_the_clock_lets_it_go_by_the_worker_or_at_the_close(them: Victims) -> None:
    one = them.pay("20000.00")
    due.watch(them.bank.kernel)
    assert them.case(one).payment.state == "held", "not before its time"
    them.over()
    due.watch(them.bank.kernel)
    due.watch(them.bank.kernel)
    ended = them.case(one).payment
    assert (ended.state, ended.by) == ("released", "system") and them.holds(them.others[0]) == yuan("21000.00")
    two = them.pay("20000.00", 1)
    them.over()
    close_day(them.bank.kernel)
    assert them.case(two).payment.state == "released"
    them.clean()


def test_a_pair_that_is_let_through_is_not_looked_at(them: Victims) -> None:
    gift = LetPair(them.rich, them.others[0], True, "her grandson")
    assert operation_of(fraud.let_pair).needs_two(gift)
    them.bank.kernel.tidy(lambda tx: fraud.let_pair(tx, gift))
    assert them.pay("30000.00").warnings == ()
    assert [each.payee for each in them.bank.read(fraud.pairs)] == [them.others[0]]
    them.bank.run(fraud.let_pair, LetPair(them.rich, them.others[0], False))
    assert them.pay("20000.00").held_until is not None


def test_a_batch_counts_each_payment_for_the_ones_after_it(them: Victims) -> None:
    """Ten people within a day: the tenth is the first that is warned of, whether they come one by one or together."""
    calls = [
        Call(Transfer(them.rich, payee, yuan("1200.00"), "", f"w{number}"), herself(them.rich))
        for number, payee in enumerate(them.others[:11])
    ]
    done = them.bank.kernel.run_batch(operation_of(payments.transfer), calls)
    assert all(isinstance(each, Transferred) for each in done)
    assert [bool(each.warnings) for each in done] == [False] * 9 + [True] * 2
    again = them.bank.kernel.run_batch(operation_of(payments.transfer), calls)
    assert [each.id for each in again] == [each.id for each in done] and them.holds(them.rich) == yuan("286800.00")
    them.clean()


def test_a_payment_that_the_books_refuse_leaves_no_trace(them: Victims) -> None:
    poor = them.others[1]
    assert refused(them.pay, "20000.00", 0, poor) == "ledger.insufficient_funds"
    assert refused(them.pay, "6000.00", 0, poor) == "ledger.insufficient_funds"
    assert them.bank.read(fraud.held) == [] and all(
        (each.warned, each.held) == (0, 0) for each in them.bank.read(fraud.rules_today)
    )


def test_what_is_wrong_is_found(them: Victims) -> None:
    held = them.pay("20000.00")
    them.bank.run(fraud.refuse, RefuseHeld(them.pay("20000.00", 1).id, "no"))
    with them.bank.superuser() as connection:
        connection.execute("UPDATE held_payment SET state = 'released', ended_at = held_at WHERE id = %s", [held.id])
        connection.execute("UPDATE fraud_hit SET weight = 31 WHERE rule = 'new-payee' AND payment_id <> %s", [held.id])
    told = [each.problem for each in them.bank.read(verify_fraud, snapshot=True).findings]
    assert told[:2] == ["it is released and its hold is pending", "it is released and its transfer is not there"]
    assert "its rules come to 61" in told[2] and len(told) == 3
