"""Proposed, signed under own limits, announced, drawn on its day, stopped, given back, ended: at once, and once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from farthing.kit.errors import Refusal
from farthing.payments import service as payments
from farthing.payments.debits import drawing_service as drawing
from farthing.payments.debits import service as debits
from farthing.payments.debits.audit_service import verify_debits
from farthing.payments.debits.model import AnnounceDebit
from farthing.payments.merchants.model import EndMerchant
from farthing.payments.merchants.terms_service import end_merchant
from farthing.payments.model import Transfer
from tests.conftest import Bank
from tests.payments.debits.drawers import NOTICE, Shop, shop
from tests.payments.packets.people import herself, yuan
from tests.payments.requests.askers import refused


@pytest.fixture
def noodles(bank: Bank) -> Shop:
    return shop(bank)


def clean(noodles: Shop) -> None:
    assert noodles.bank.read(verify_debits, snapshot=True).findings == ()


def test_proposed_signed_announced_and_drawn_on_its_day(noodles: Shop) -> None:
    asked = noodles.propose()
    assert (asked.state, asked.role) == ("proposed", "creditor")
    assert refused(noodles.announce, asked) == "debits.not_in_force"
    signed = noodles.sign(asked, "80.00", "120.00")
    assert (signed.state, signed.name, signed.each_max) == ("active", "面馆", yuan("80.00"))
    assert refused(noodles.sign, asked) == "debits.not_proposed"
    assert refused(noodles.announce, signed, "50.00", NOTICE - 1) == "debits.too_soon"
    debit = noodles.announce(signed, "50.00")
    assert (debit.sequence, debit.state) == ("first", "announced")
    drawing.watch(noodles.bank.kernel)
    assert noodles.people.holds(noodles.rich) == yuan("500.00"), "not before its day"
    noodles.close(NOTICE)
    drawing.watch(noodles.bank.kernel)
    drawing.watch(noodles.bank.kernel)
    assert noodles.people.holds(noodles.owner) == yuan("50.00")
    assert noodles.seen(debit).reference == f"transfer:{debit.id}"
    assert noodles.announce(signed, "20.00").sequence == "recurrent"
    clean(noodles)


def test_limits_hold_when_announced_and_again_when_drawn(noodles: Shop) -> None:
    signed = noodles.signed()
    assert refused(noodles.announce, signed, "100.01") == "debits.over_each"
    first, second = noodles.announce(signed, "90.00"), noodles.announce(signed, "60.00")
    assert refused(noodles.announce, signed, "0.01") == "debits.over_month"
    noodles.limit(signed, "90.00", "100.00")
    noodles.close(NOTICE)
    drawing.watch(noodles.bank.kernel)
    states = {each.id: (noodles.seen(each).state, noodles.seen(each).code) for each in (first, second)}
    assert sorted(states.values()) in ([("drawn", ""), ("failed", "debits.over_month")],)
    assert noodles.people.holds(noodles.owner) in (yuan("90.00"), yuan("60.00"))
    clean(noodles)


def test_of_many_announced_at_once_no_month_is_passed(noodles: Shop) -> None:
    signed = noodles.signed()
    command = AnnounceDebit(noodles.owner, signed.id, yuan("40.00"), noodles.today + timedelta(days=NOTICE))

    def announce(number: int) -> bool:
        try:
            noodles.bank.kernel.run(debits.announce, command, actor=herself(noodles.owner), key=f"k{number}")
            return True
        except Refusal as refusal:
            assert refusal.code == "debits.over_month"
            return False

    with ThreadPoolExecutor(4) as crowd:
        assert sum(crowd.map(announce, range(8))) == 3
    clean(noodles)


def test_ended_with_one_tap_and_at_once(noodles: Shop) -> None:
    signed = noodles.signed()
    debit = noodles.announce(signed)
    assert noodles.end(signed).state == "ended"
    assert refused(noodles.end, signed) == "debits.not_in_force"
    assert noodles.seen(debit).state == "stopped"
    noodles.close(NOTICE + 1)
    assert noodles.people.holds(noodles.rich) == yuan("500.00")
    assert refused(noodles.announce, signed) == "debits.not_in_force"
    other = noodles.propose()
    assert noodles.end(other).state == "refused"
    stranger = noodles.people.others[2]
    assert refused(noodles.end, other, stranger) == "debits.unknown"
    clean(noodles)


def test_a_merchant_who_takes_no_more_money_draws_none_and_is_paid_no_request(noodles: Shop) -> None:
    signed, asked = noodles.signed(), noodles.propose()
    debit = noodles.announce(signed)
    request = noodles.people.ask(noodles.owner, noodles.rich, "20.00", merchant_id=noodles.merchant)
    noodles.bank.run(end_merchant, EndMerchant(noodles.merchant))
    assert refused(noodles.announce, signed) == refused(noodles.sign, asked) == "merchants.ended"
    assert refused(noodles.propose) == refused(noodles.people.pay, noodles.rich, request.id) == "merchants.ended"
    noodles.close(NOTICE + 1)
    assert (noodles.seen(debit).state, noodles.seen(debit).code) == ("failed", "debits.not_in_force")
    assert noodles.people.holds(noodles.rich) == yuan("500.00") and noodles.end(signed).state == "ended"
    clean(noodles)


def test_one_debit_is_stopped_and_the_mandate_stays(noodles: Shop) -> None:
    signed = noodles.signed()
    debit = noodles.announce(signed)
    assert noodles.stop(debit).state == "stopped"
    assert refused(noodles.stop, debit) == "debits.not_announced"
    other = noodles.announce(signed)
    noodles.close(NOTICE + 1)
    assert noodles.seen(other).state == "drawn" and noodles.people.holds(noodles.owner) == yuan("50.00")
    clean(noodles)


def test_too_little_is_tried_at_the_close_and_told(noodles: Shop) -> None:
    signed = noodles.signed()
    debit = noodles.announce(signed)
    noodles.bank.run(
        payments.transfer, Transfer(noodles.rich, noodles.people.others[1], yuan("470.00")), actor=herself(noodles.rich)
    )
    noodles.close(NOTICE)
    drawing.watch(noodles.bank.kernel)
    assert noodles.seen(debit).state == "announced"
    noodles.close()
    seen = noodles.seen(debit)
    assert (seen.state, seen.code) == ("failed", "ledger.insufficient_funds")
    clean(noodles)


def test_what_is_not_drawn_takes_no_room_of_its_month(noodles: Shop) -> None:
    """The payer narrows the month after both were announced; the first fails for want of money, and the second fits."""
    signed = noodles.sign(noodles.propose("450.00", "900.00"), "450.00", "900.00")
    much, little = noodles.announce(signed, "450.00"), noodles.announce(signed, "40.00")
    noodles.limit(signed, "450.00", "460.00")
    spent = Transfer(noodles.rich, noodles.people.others[1], yuan("300.00"))
    noodles.bank.run(payments.transfer, spent, actor=herself(noodles.rich))
    noodles.close(NOTICE)
    drawing.watch(noodles.bank.kernel)
    assert (noodles.seen(much).state, noodles.seen(little).state) == ("announced", "drawn")
    noodles.close()
    assert noodles.seen(much).code == "debits.over_month" and noodles.people.holds(noodles.owner) == yuan("40.00")
    clean(noodles)


def test_had_back_without_a_reason_within_the_days(noodles: Shop) -> None:
    signed = noodles.signed()
    debit = noodles.announce(signed)
    assert refused(noodles.back, debit) == "debits.not_refundable"
    noodles.close(NOTICE)
    drawing.watch(noodles.bank.kernel)
    noodles.bank.run(
        payments.transfer,
        Transfer(noodles.owner, noodles.people.others[1], yuan("30.00")),
        actor=herself(noodles.owner),
    )
    assert refused(noodles.back, debit, noodles.owner) == "debits.unknown"
    assert noodles.back(debit).state == "refunded"
    assert refused(noodles.back, debit) == "debits.not_refundable"
    assert noodles.people.holds(noodles.rich) == yuan("500.00"), "whole, though 20.00 were there"
    assert noodles.people.holds(noodles.owner) == yuan("0.00")
    clean(noodles)
    noodles.announce(signed, "100.00")
    assert refused(noodles.announce, signed, "0.01") == "debits.over_month", "what came back opens no month again"


def test_after_its_days_it_is_not_had_back(noodles: Shop) -> None:
    signed = noodles.signed()
    debit = noodles.announce(signed)
    noodles.close(NOTICE + 1)
    with noodles.bank.superuser() as connection:
        connection.execute("UPDATE mandate_debit SET refund_until = refund_until - 30")
    assert refused(noodles.back, debit) == "debits.not_refundable"


def test_persons_draw_of_nobody_and_who_blocks_is_not_asked(noodles: Shop) -> None:
    friend = noodles.people.others[1]
    assert refused(noodles.propose, creditor=friend, merchant="") == "debits.not_creditor"
    assert refused(noodles.propose, creditor=friend) == "merchants.not_owner"
    assert refused(noodles.propose, "100.00", "99.00") == "debits.bad_limits"
    assert refused(noodles.propose, "5000.01", "9000.00") == "debits.over_law"
    noodles.people.block(noodles.rich, noodles.people.ask(noodles.owner, noodles.rich).id)
    assert refused(noodles.propose) == "requests.not_taken"


PLANTED = {
    "drawn and not": ("UPDATE mandate_debit SET state = 'failed' WHERE state = 'drawn'", "its transfer is there"),
    "back and not": ("UPDATE mandate_debit SET state = 'refunded' WHERE state = 'drawn'", "entry back is not there"),
    "another amount": ("UPDATE mandate_debit SET amount_minor = amount_minor - 1", "moves something else"),
    "one is gone": ("DELETE FROM mandate_debit", "were announced"),
    "owed": ("UPDATE mandate_debit SET owed_minor = 1", "creditors owe"),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_what_is_planted_is_found(noodles: Shop, planted: str) -> None:
    noodles.announce(noodles.signed())
    noodles.close(NOTICE)
    drawing.watch(noodles.bank.kernel)
    sql, problem = PLANTED[planted]
    with noodles.bank.superuser() as connection:
        connection.execute(sql)
    found = noodles.bank.read(verify_debits, snapshot=True).findings
    assert any(problem in each.problem for each in found), found
