"""A wrong charge on a loan that is over is taken back: what was paid of it goes to the borrower's wallet, by two persons."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from farthing.funding.audit_service import verify as verify_notes
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.lending import service as lending
from farthing.lending.acts import service as acts
from farthing.lending.acts.model import Charge, GiveMoney, ReverseEvent
from farthing.lending.model import LoanCommand, Repay
from tests.lending.acts.doing import WORDS, clean, do, earn, journal, wallet
from tests.lending.house import House, yuan


def charged(house: House) -> ReverseEvent:
    """The loan bears a fee of 30 that was due today, and what takes it back."""
    event = do(house, acts.charge, Charge(house.made, "fee", yuan("30"), WORDS, due_on=house.today))
    return ReverseEvent(house.made, event["id"], WORDS)


def due(house: House) -> Money:
    found: Money = house.bank.read(lambda tx: lending.owed(tx, house.made))[0]
    return found


def with_an_instalment(house: House) -> ReverseEvent:
    house.wait(date(2026, 12, 2))  # of the month that is reported it would be taken back no more
    taken = charged(house)
    house.wait(house.loan(house.made).instalments[0].due_on)
    house.bank.run(lending.repay, Repay(house.made, due(house)))
    house.bank.run(lending.settle, LoanCommand(house.made))
    return taken


def by_settling(house: House) -> ReverseEvent:
    taken = charged(house)
    house.bank.run(lending.settle, LoanCommand(house.made))
    return taken


def last_of_all(house: House) -> ReverseEvent:
    """Paid by a repayment of its own, after the loan would have been over without it."""
    house.wait(house.loan(house.made).instalments[-1].due_on)
    house.bank.run(lending.repay, Repay(house.made, due(house) - yuan("1")))
    taken = charged(house)
    house.bank.run(lending.repay, Repay(house.made, yuan("1")))
    house.bank.run(lending.repay, Repay(house.made, yuan("30")))
    return taken


@pytest.mark.long
@pytest.mark.parametrize("paid", [with_an_instalment, by_settling, last_of_all])
def test_what_was_paid_of_it_goes_to_the_wallet_and_the_loan_stays_over(
    house: House, paid: Callable[[House], ReverseEvent]
) -> None:
    earn(house, "1000")
    taken = paid(house)
    over, had = house.loan(house.made), wallet(house)
    assert over.state == "closed"
    house.wait(house.today + timedelta(days=1))
    do(house, acts.reverse_event, taken)
    after = house.loan(house.made)
    assert (after.state, after.outstanding, after.owed_back) == ("closed", yuan("0"), None)
    assert wallet(house) == had + yuan("30")
    assert [each.kind for each in house.bank.read(lambda tx: acts.story(tx, house.made))][-2:] == [
        "reverse",
        "refund_credit",
    ]
    assert journal(house, "refund") == [["liabilities:owed-back:L 30.00", "liabilities:wallets:B -30.00"]]
    with pytest.raises(Refusal) as caught:
        do(house, acts.reverse_event, taken)
    assert caught.value.code == "lending.reversed_twice"
    house.wait(house.today + timedelta(days=1))
    clean(house)
    assert house.bank.read(verify_notes, snapshot=True).findings == ()


def test_what_goodwill_paid_of_it_is_no_money_for_the_borrower(house: House) -> None:
    taken = charged(house)
    owed = house.bank.read(lambda tx: lending.owed(tx, house.made))[1].amount
    do(house, acts.goodwill, GiveMoney(house.made, owed, WORDS))
    had = wallet(house)
    assert house.loan(house.made).state == "closed"
    with pytest.raises(Refusal) as caught:
        do(house, acts.reverse_event, taken)
    assert caught.value.code == "lending.more_than_open"
    assert (house.loan(house.made).state, wallet(house)) == ("closed", had)
    clean(house)
