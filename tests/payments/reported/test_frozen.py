"""What is reported is followed and frozen up to what is left; it goes back or is free once, by two persons or the clock."""

from __future__ import annotations

from datetime import timedelta

import pytest

from farthing.bank.founding import agreed
from farthing.kernel.day import close_day
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, Transfer
from farthing.payments.reported import due_service as due
from farthing.payments.reported import service as reported
from farthing.payments.reported.audit_service import verify_reports
from farthing.payments.reported.model import DecideFrozen, ObjectToFreeze, OwnReport, ReportPayment
from tests.conftest import Bank
from tests.payments.customers import CARD
from tests.payments.debits.drawers import shop as drawers
from tests.payments.fraud.victims import Victims, victims
from tests.payments.packets.people import herself, yuan
from tests.payments.requests.askers import refused

A, B, C = 0, 1, 2


@pytest.fixture
def them(bank: Bank) -> Victims:
    return victims(bank, "sandbox")


def report(them: Victims, payment: str, kind: str = "deceived", note: str = "") -> OwnReport:
    command = ReportPayment(them.rich, f"transfer:{payment}", kind, note)  # type: ignore[arg-type]
    found: OwnReport = them.bank.run(reported.report, command, actor=herself(them.rich))
    return found


def on(them: Victims, source: int, to: int, amount: str) -> None:
    """One of the others pays another of them."""
    command = Transfer(them.others[source], them.others[to], yuan(amount))
    them.bank.run(payments.transfer, command, actor=herself(them.others[source]))


def frozen(them: Victims) -> dict[int, str]:
    """What is frozen now with each of the others: what they hold and may not spend."""
    return {
        place: str(held)
        for place, each in enumerate(them.others)
        if (held := (them.holds(each) - them.available(each)).plain()) != "0.00"
    }


def clean(them: Victims) -> None:
    assert them.bank.read(verify_reports, snapshot=True).findings == ()


def test_along_the_wallets_up_to_what_is_left_and_given_back_by_two(them: Victims) -> None:
    paid = them.pay("900.00", A)
    on(them, A, B, "600.00")
    on(them, B, C, "500.00")
    them.bank.run(payments.pay_out, MoveByRail(them.others[A], yuan("150.00"), CARD), actor=herself(them.others[A]))
    done = report(them, paid.id, note="a voice on the phone")
    assert (done.amount, done.frozen, done.gone, done.back) == tuple(map(yuan, ("900.00", "750.00", "150.00", "0.00")))
    assert frozen(them) == {A: "150.00", B: "100.00", C: "500.00"} and done.open
    assert done == report(them, paid.id, note="a voice on the phone"), "once"
    assert refused(report, them, paid.id, "not_me") == "reported.before"
    assert refused(on, them, C, A, "1100.00") == "ledger.insufficient_funds"
    clean(them)
    before = them.holds(them.rich)
    agreed(them.bank.kernel, reported.decide, DecideFrozen(done.id, "release", "her rent", them.others[B]))
    agreed(them.bank.kernel, reported.decide, DecideFrozen(done.id, "return", "nobody explains it"))
    now = them.bank.read(lambda tx: reported.own(tx, them.rich, done.id))
    assert (now.returned, now.released, now.frozen) == tuple(map(yuan, ("650.00", "100.00", "0.00"))) and not now.open
    assert them.holds(them.rich) - before == yuan("650.00") and frozen(them) == {}
    assert (
        refused(agreed, them.bank.kernel, reported.decide, DecideFrozen(done.id, "return", "again"))
        == "reported.not_frozen"
    )
    clean(them)


def test_never_more_than_one_may_spend_and_never_whose_money_was_another(them: Victims) -> None:
    paid = them.pay("500.00", A)
    on(them, B, C, "300.00")  # has nothing to do with it
    on(them, A, C, "200.00")
    on(them, A, B, "1250.00")  # all but 50.00: 300.00 of it reported money
    assert report(them, paid.id).frozen == yuan("500.00")
    assert frozen(them) == {B: "300.00", C: "200.00"}
    other = them.pay("400.00", A)
    on(them, A, B, "450.00")
    assert report(them, other.id).frozen == yuan("400.00") and frozen(them)[B] == "700.00"
    clean(them)


def test_what_came_back_to_the_payer_is_not_frozen_at_his(them: Victims) -> None:
    paid = them.pay("500.00", A)
    command = Transfer(them.others[A], them.rich, yuan("200.00"))
    them.bank.run(payments.transfer, command, actor=herself(them.others[A]))
    done = report(them, paid.id)
    assert (done.frozen, done.back) == (yuan("300.00"), yuan("200.00"))


def test_free_when_its_time_is_over_and_objected_to_meanwhile(them: Victims) -> None:
    done = report(them, them.pay("700.00", A).id)
    holder = them.others[A]
    said = ObjectToFreeze(holder, done.id, " I sold her a bicycle ")
    assert them.bank.run(reported.object_to, said, actor=herself(holder)).words == "I sold her a bicycle"
    case = them.bank.read(lambda tx: reported.case(tx, done.id))
    assert case.objections == 1 and case.parts[0].part.words == "I sold her a bicycle" and case.payer_name
    assert [each.report.id for each in them.bank.read(reported.listed)] == [done.id]
    close_day(them.bank.kernel)
    assert frozen(them) == {A: "700.00"}
    with them.bank.superuser() as connection:
        connection.execute("UPDATE fraud_report SET until_at = until_at - %s", [timedelta(hours=168)])
    due.watch(them.bank.kernel)
    shown = them.bank.read(lambda tx: reported.frozen_one(tx, holder, done.id))
    assert frozen(them) == {} and shown.state == "released" and "in time" in shown.reason
    assert refused(them.bank.run, reported.object_to, said, actor=herself(holder)) == "reported.not_frozen"
    assert not them.bank.read(lambda tx: reported.own(tx, them.rich, done.id)).open
    clean(them)


def test_so_many_at_a_time_by_oneself_and_nobody_elses(them: Victims) -> None:
    for _ in range(5):
        report(them, them.pay("10.00", A).id)
    more = them.pay("10.00", A)
    assert refused(report, them, more.id) == "reported.too_many"
    command = ReportPayment(them.rich, f"transfer:{more.id}", "not_me", "rang us up")
    assert them.bank.run(reported.report_for, command).report.frozen == yuan("10.00")
    theirs = ReportPayment(them.others[A], f"transfer:{more.id}", "not_me")
    assert refused(them.bank.run, reported.report, theirs, actor=herself(them.others[A])) == "reported.no_payment"
    clean(them)


def test_a_debit_goes_by_its_own_ways_back_and_by_no_freeze_beside_them(bank: Bank) -> None:
    noodles = drawers(bank)
    debit = noodles.announce(noodles.signed())
    noodles.close(4)
    drawn = noodles.seen(debit)
    assert drawn.state == "drawn"
    command = ReportPayment(noodles.rich, drawn.reference, "not_me")
    said = refused(bank.run, reported.report, command, actor=herself(noodles.rich))
    assert said == refused(bank.run, reported.report_for, command) == "reported.no_payment"
    assert noodles.back(debit).state == "refunded"
    assert refused(bank.run, reported.report_for, command) == "reported.no_payment"
