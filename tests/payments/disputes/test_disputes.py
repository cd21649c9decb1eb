"""A payment to a merchant is disputed, answered, decided, contested and ended; what is set aside is given back by nobody else."""

from __future__ import annotations

from datetime import date

import pytest

from farthing.bank.founding import agreed
from farthing.kernel.day import close_day
from farthing.payments import service as payments
from farthing.payments.disputes import opening_service as opening
from farthing.payments.disputes import reading_service as reading
from farthing.payments.disputes import service as disputes
from farthing.payments.disputes.audit_service import verify_disputes
from farthing.payments.disputes.model import (
    AnswerPayer,
    ContestDispute,
    DecideDispute,
    DisputeView,
    OpenDispute,
    WithdrawDispute,
)
from farthing.payments.merchants import receipts_service as receipts
from farthing.payments.merchants.audit_service import verify_merchants
from farthing.payments.merchants.model import CodePaid
from farthing.payments.model import MoveByRail
from tests.conftest import Bank
from tests.payments.customers import CARD
from tests.payments.debits.drawers import Shop as Drawers
from tests.payments.debits.drawers import shop as drawers
from tests.payments.merchants.shops import Shop, refused, shop
from tests.payments.packets.people import herself, yuan

OVER = "UPDATE dispute SET until_on = %s WHERE until_on IS NOT NULL"


@pytest.fixture
def noodles(bank: Bank) -> Shop:
    return shop(bank, "sandbox")


def disputed(noodles: Shop, paid: CodePaid, amount: str | None = None, reason: str = "not_received") -> DisputeView:
    command = OpenDispute(noodles.buyer, paid.reference, reason, "no noodles", yuan(amount) if amount else None)  # type: ignore[arg-type]
    made: DisputeView = noodles.bank.run(opening.open_dispute, command, actor=herself(noodles.buyer))
    return made


def answer(noodles: Shop, dispute: DisputeView, words: str = "a slip with her name", *, accept: bool = False) -> None:
    command = AnswerPayer(noodles.owner, dispute.id, words, "" if accept else "ab" * 32, accept)
    noodles.bank.run(disputes.answer, command, actor=herself(noodles.owner))


def contest(noodles: Shop, dispute: DisputeView, by: str) -> None:
    command = ContestDispute(by, dispute.id, "something new")
    noodles.bank.run(disputes.contest, command, actor=herself(by))


def seen(noodles: Shop, dispute: DisputeView, by: str = "") -> DisputeView:
    party = by or noodles.buyer
    found: DisputeView = noodles.bank.read(lambda tx: reading.one(tx, party, dispute.id))
    return found


def over(noodles: Shop) -> None:
    """Let the day of whoever is to say something be over, and close a day."""
    with noodles.bank.superuser() as connection:
        connection.execute(OVER, [noodles.bank.kernel.clock().business_date])
    close_day(noodles.bank.kernel)


def clean(bank: Bank) -> None:
    assert bank.read(verify_disputes, snapshot=True).findings == ()
    assert bank.read(verify_merchants, snapshot=True).findings == ()


def test_silence_of_the_merchant_loses_and_his_fee_with_it(noodles: Shop) -> None:
    paid = noodles.pay(noodles.code(), "40.00")
    made = disputed(noodles, paid)
    assert made.may == ("withdraw",) and made.until_on and made.provisional and made.lines[0].words == "no noodles"
    assert noodles.holds(noodles.buyer) == yuan("500.00"), "she has it while it lasts"
    assert seen(noodles, made, noodles.owner).may == ("answer",)
    assert refused(disputed, noodles, paid) == "disputes.before"
    close_day(noodles.bank.kernel)
    clean(noodles.bank)
    noodles.bank.run(payments.top_up, MoveByRail(noodles.owner, yuan("100.00"), CARD))
    before = noodles.holds(noodles.owner) + noodles.waits()
    over(noodles)
    done = seen(noodles, made)
    assert (done.state, done.outcome, [each.kind for each in done.lines]) == ("ended", "payer", ["opened", "silent"])
    assert before - noodles.holds(noodles.owner) == yuan("55.00"), "what was paid, and 15.00 for losing"
    assert noodles.holds(noodles.buyer) == yuan("500.00")
    assert refused(answer, noodles, made) == "disputes.not_now"
    clean(noodles.bank)


def test_answered_decided_contested_once_and_for_good_by_two(noodles: Shop) -> None:
    paid = noodles.pay(noodles.code(), "40.00")
    made = disputed(noodles, paid, "30.00")
    answer(noodles, made)
    assert [each.dispute.id for each in noodles.bank.read(reading.listed)] == [made.id]
    noodles.bank.run(disputes.decide, DecideDispute(made.id, "merchant", "the slip is hers"))
    assert seen(noodles, made).may == ("contest",) and seen(noodles, made, noodles.owner).may == ()
    assert refused(contest, noodles, made, noodles.owner) == "disputes.not_now"
    contest(noodles, made, noodles.buyer)
    again = DecideDispute(made.id, "payer", "the slip is another day's")
    assert refused(noodles.bank.run, disputes.decide, again) == "disputes.two_persons"
    agreed(noodles.bank.kernel, disputes.decide_large, again)
    done = seen(noodles, made)
    assert (done.state, done.outcome) == ("ended", "payer") and noodles.holds(noodles.buyer) == yuan("490.00")
    assert refused(noodles.refund, paid.id, "10.01") == "merchants.refund_too_much", "30.00 of it was charged back"
    assert noodles.refund(paid.id, "10.00").left == yuan("0.00")
    clean(noodles.bank)


def test_for_the_merchant_it_stands_after_its_days_and_the_advance_is_taken_back(noodles: Shop) -> None:
    paid = noodles.pay(noodles.code(), "400.00")
    made = disputed(noodles, paid)
    everything = MoveByRail(noodles.buyer, yuan("300.00"), CARD)
    noodles.bank.run(payments.pay_out, everything, actor=herself(noodles.buyer))
    answer(noodles, made)
    noodles.bank.run(disputes.decide, DecideDispute(made.id, "merchant", "eaten"))
    clean(noodles.bank)
    over(noodles)
    done = seen(noodles, made)
    assert (done.state, done.outcome, done.owed) == ("ended", "merchant", yuan("200.00"))
    assert noodles.holds(noodles.buyer) == yuan("0.00")
    clean(noodles.bank)
    noodles.bank.run(payments.top_up, MoveByRail(noodles.buyer, yuan("250.00"), CARD))
    close_day(noodles.bank.kernel)
    assert seen(noodles, made).owed == yuan("0.00") and noodles.holds(noodles.buyer) == yuan("50.00")
    assert noodles.refund(paid.id, "400.00").left == yuan("0.00"), "what is not disputed any more is given back as ever"
    clean(noodles.bank)


def test_accepted_withdrawn_and_never_more_than_is_left(noodles: Shop) -> None:
    one, two, three = (noodles.pay(noodles.code(), "20.00") for _ in range(3))
    noodles.refund(one.id, "5.00")
    assert refused(disputed, noodles, one, "15.01") == "disputes.too_much"
    first = disputed(noodles, one)
    assert first.amount == yuan("15.00") and refused(noodles.refund, one.id, "0.01") == "merchants.refund_too_much"
    answer(noodles, first, accept=True)
    assert seen(noodles, first).outcome == "payer"
    second = disputed(noodles, two, "1.00")
    command = WithdrawDispute(noodles.buyer, second.id)
    assert noodles.bank.run(disputes.withdraw, command, actor=herself(noodles.buyer)).state == "withdrawn"
    assert noodles.refund(two.id, "20.00").left == yuan("0.00")
    assert refused(disputed, noodles, two) == "disputes.before"
    theirs = OpenDispute(noodles.stranger, three.reference, "not_received", "?")
    assert refused(noodles.bank.run, opening.open_dispute, theirs, actor=herself(noodles.stranger)) == (
        "disputes.no_payment"
    )
    assert refused(seen, noodles, second, noodles.stranger) == "disputes.unknown"
    clean(noodles.bank)


def test_what_the_merchant_has_not_he_owes_until_he_has_it(noodles: Shop) -> None:
    made = disputed(noodles, noodles.pay(noodles.code(), "30.00"))
    assert noodles.holds(noodles.owner) == yuan("0.00")
    answer(noodles, made, accept=True)
    assert seen(noodles, made, noodles.owner).owed == yuan("45.00")
    clean(noodles.bank)
    close_day(noodles.bank.kernel)
    close_day(noodles.bank.kernel)
    assert seen(noodles, made, noodles.owner).owed == yuan("15.18"), "his takings of that day went to it"
    clean(noodles.bank)


@pytest.fixture
def creditor(bank: Bank) -> Drawers:
    return drawers(bank)


def test_a_debit_that_was_never_authorised_once_its_own_way_back_is_over(creditor: Drawers) -> None:
    mandate = creditor.signed()
    debit = creditor.announce(mandate)
    creditor.close(4)
    drawn = creditor.seen(debit)
    payer = creditor.rich

    def dispute(reason: str = "not_authorised") -> DisputeView:
        command = OpenDispute(payer, drawn.reference, reason, "never signed", None, mandate.id)  # type: ignore[arg-type]
        made: DisputeView = creditor.bank.run(opening.open_dispute, command, actor=herself(payer))
        return made

    assert refused(dispute) in ("disputes.refund_first", "disputes.too_late")
    with creditor.bank.superuser() as connection:
        connection.execute("UPDATE mandate_debit SET refund_until = %s", [date(2000, 1, 1)])
    assert refused(dispute, "not_received") == "disputes.not_a_reason"
    if creditor.bank.read(reading.law).debit_days:
        assert dispute().amount == drawn.amount
    else:
        assert refused(dispute) == "disputes.too_late"
    assert creditor.bank.read(verify_disputes, snapshot=True).findings == ()


def test_what_is_disputed_or_was_charged_back_is_no_turnover_for_a_loan(noodles: Shop) -> None:
    paid = noodles.pay(noodles.code(), "400.00")
    noodles.pay(noodles.code(), "20.00")
    made = disputed(noodles, paid, "390.00")

    def turnover() -> str:
        return str(
            noodles.bank.read(lambda tx: receipts.receipts(tx, noodles.owner), actor=herself(noodles.owner)).amount
        )

    assert turnover() == "CNY 30.00"
    answer(noodles, made, accept=True)
    assert turnover() == "CNY 30.00", "who pays a friend's shop and has it back makes no turnover"
