"""What goes out in a day of a customer whom nobody confirmed: one sum over transfers, pay-outs and cash."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from farthing.kernel.day import close_day
from farthing.kernel.operation import Call, operation_of
from farthing.kit.actor import SYSTEM
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.parties import service as parties
from farthing.parties.model import Party, Register, VerifyIdentity
from farthing.payments import service as payments
from farthing.payments.model import MoveByRail, OpenWallet, Transfer
from farthing.savings.deposits import service as deposits
from farthing.savings.deposits.model import OpenDeposit, Withdraw
from tests.conftest import Bank
from tests.hands import city, law
from tests.parties.people import register_person, resident_id
from tests.payments.drawers import drawer

CARD = "6222021234567890123"


def yuan(text: str) -> Money:
    return Money.parse(text, "CNY")


def with_money(bank: Bank, party: Party, amount: str = "10000.00") -> str:
    bank.run(payments.open_wallet, OpenWallet(party.id))
    bank.run(payments.top_up, MoveByRail(party.id, yuan(amount), CARD))
    return party.id


def refused(bank: Bank, function: object, command: object) -> str:
    with pytest.raises(Refusal) as caught:
        bank.run(function, command)
    return caught.value.code


def test_it_is_one_sum_over_every_way_out_until_she_is_confirmed(bank: Bank) -> None:
    law(bank)
    ann, bob = (with_money(bank, register_person(bank, number)) for number in range(2))
    bank.run(payments.transfer, Transfer(ann, bob, yuan("1500.00")))
    assert refused(bank, payments.pay_out, MoveByRail(ann, yuan("500.01"), CARD)) == "policy.unconfirmed_out"
    bank.run(payments.pay_out, MoveByRail(ann, yuan("500.00"), CARD))
    assert refused(bank, payments.transfer, Transfer(ann, bob, yuan("0.01"))) == "policy.unconfirmed_out"
    bank.run(payments.transfer, Transfer(bob, ann, yuan("2000.00")))
    bank.run(parties.verify_identity, VerifyIdentity(ann))
    bank.run(payments.pay_out, MoveByRail(ann, yuan("9000.00"), CARD))
    close_day(bank.kernel)
    bank.run(payments.transfer, Transfer(bob, ann, yuan("2000.00")))


def test_a_number_that_fits_a_name_is_not_enough_for_the_phone_may_be_anybodys(bank: Bank) -> None:
    law(bank)
    party = bank.run(parties.register, Register("王一", resident_id(order_code="220"), "139 1234 0404"))
    assert bank.run(parties.verify_identity, VerifyIdentity(party.id)).verification_level == 1
    ann = with_money(bank, party)
    assert refused(bank, payments.pay_out, MoveByRail(ann, yuan("2000.01"), CARD)) == "policy.unconfirmed_out"


def test_a_transfer_of_a_batch_that_the_books_refuse_leaves_the_days_room_to_the_next(bank: Bank) -> None:
    law(bank)
    ann, bob = (with_money(bank, register_person(bank, number), "500.00") for number in range(2))
    transfer = operation_of(payments.transfer)
    calls = [Call(Transfer(ann, bob, yuan(amount)), SYSTEM) for amount in ("1900.00", "200.00", "1999.00", "2000.01")]
    told = bank.kernel.run_batch(transfer, calls)
    codes = [each.code if isinstance(each, Refusal) else "done" for each in told]
    assert codes == ["ledger.insufficient_funds", "done", "policy.unconfirmed_out", "policy.unconfirmed_out"]
    bank.run(payments.top_up, MoveByRail(ann, yuan("9000.00"), CARD))
    assert refused(bank, payments.transfer, Transfer(ann, bob, yuan("1800.01"))) == "policy.unconfirmed_out"
    bank.run(payments.transfer, Transfer(ann, bob, yuan("1800.00")))


def test_many_at_once_are_not_each_the_first_and_what_the_books_refuse_is_not_counted(bank: Bank) -> None:
    law(bank)
    ann, bob = (with_money(bank, register_person(bank, number), "900.00") for number in range(2))
    transfer = operation_of(payments.transfer)
    calls = [Call(Transfer(ann, bob, yuan("1000.00")), SYSTEM), Call(Transfer(ann, bob, yuan("400.00")), SYSTEM)]
    assert [isinstance(each, Refusal) for each in bank.kernel.run_batch(transfer, calls)] == [True, False]
    bank.run(payments.top_up, MoveByRail(ann, yuan("9000.00"), CARD))

    def send(_: int) -> bool:
        try:
            bank.run(payments.pay_out, MoveByRail(ann, yuan("500.00"), CARD))
        except Refusal as refusal:
            assert refusal.code == "policy.unconfirmed_out"
            return False
        return True

    with ThreadPoolExecutor(6) as several:
        assert sum(several.map(send, range(6))) == 3
    together = bank.kernel.run_batch(transfer, [Call(Transfer(ann, bob, yuan("60.00")), SYSTEM) for _ in range(3)])
    assert [isinstance(each, Refusal) for each in together] == [False, True, True]


def test_cash_is_going_out_too_and_her_own_wallet_is_not(bank: Bank) -> None:
    city(bank)
    ann = with_money(bank, register_person(bank))
    drawer(bank)
    opened = bank.run(deposits.open_deposit, OpenDeposit(ann, "savings-demand", yuan("9000.00"), source="counter"))
    draw = opened.deposit.id
    bank.run(deposits.withdraw, Withdraw(draw, yuan("5000.00")))
    assert refused(bank, deposits.withdraw, Withdraw(draw, yuan("2000.01"), "counter")) == "policy.unconfirmed_out"
    bank.run(deposits.withdraw, Withdraw(draw, yuan("2000.00"), "counter"))
    assert refused(bank, payments.pay_out, MoveByRail(ann, yuan("0.01"), CARD)) == "policy.unconfirmed_out"


def test_where_no_policy_is_in_force_nothing_bounds_it(bank: Bank) -> None:
    ann = with_money(bank, register_person(bank))
    bank.run(payments.pay_out, MoveByRail(ann, yuan("9000.00"), CARD))
