"""Refusals of files of payment orders, and of single orders in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from farthing.payments.iso20022 import initiation
from farthing.payments.iso20022.initiation import CreditTransfer
from farthing.payments.orders import rules
from farthing.payments.orders import service as orders
from farthing.payments.orders.model import BringOrders
from tests.conftest import Bank
from tests.errors.gallery import reproduces
from tests.payments.orders.files import Order, payroll_of, written

TODAY = date(2026, 6, 10)
AROUND = rules.Around("party_me", TODAY, "CNY", True, {})


def _read(order: Order, **said: object) -> CreditTransfer:
    (found,) = initiation.read(written("party_me", [order], **said)).transfers  # type: ignore[arg-type]
    return found


def _checked(order: Order, on: date = TODAY) -> None:
    read = _read(order, on=on)
    rules.check_order(read, order.id if order.id != "NOTPROVIDED" else "", None, AROUND)


@reproduces("iso20022.not_a_transfer")
def a_file_of_cheques() -> None:
    _read(Order("A"), method="CHK")


@reproduces("iso20022.no_amount")
def an_amount_in_another_money() -> None:
    content = written("party_me", [Order("A")])
    one = b'<InstdAmt Ccy="CNY">3.00</InstdAmt>'
    other = b'<EqvtAmt><Amt Ccy="EUR">3.00</Amt><CcyOfTrf>CNY</CcyOfTrf></EqvtAmt>'
    fault = initiation.read(content.replace(one, other)).transfers[0].fault
    assert fault is not None
    raise fault


@reproduces("iso20022.no_account")
def an_order_to_nobodys_account() -> None:
    content = written("party_me", [Order("A", to="7")]).replace(
        b"<CdtrAcct><Id><Othr><Id>7</Id></Othr></Id></CdtrAcct>", b""
    )
    fault = initiation.read(content).transfers[0].fault
    assert fault is not None
    raise fault


@reproduces("orders.not_base64")
def a_file_that_is_not_sent_as_base_64(bank: Bank) -> None:
    bank.run(orders.bring, BringOrders("party_me", "not base 64!"))


@reproduces("orders.other_debtor")
def a_file_for_another_account() -> None:
    rules.check_debtor(initiation.read(written("party_other", [Order("A")])), "party_me")


@reproduces("orders.message_reused")
def another_file_under_one_id(bank: Bank) -> None:
    payroll = payroll_of(bank)
    payroll.bring(Order("A"))
    payroll.bring(Order("A", "4.00"))


@reproduces("orders.unknown")
def a_file_that_is_not(bank: Bank) -> None:
    payroll = payroll_of(bank)
    payroll.agree(replace(payroll.bring(Order("A")), id="orderfile_none"))


@reproduces("orders.not_brought")
def agreeing_twice(bank: Bank) -> None:
    payroll = payroll_of(bank)
    told = payroll.bring(Order("A"))
    payroll.agree(told)
    payroll.agree(told)


@reproduces("orders.nothing_to_pay")
def agreeing_to_nothing(bank: Bank) -> None:
    payroll = payroll_of(bank)
    payroll.agree(payroll.bring(Order("A", "3.001")))


@reproduces("orders.nothing_waits")
def taking_back_what_was_taken_back(bank: Bank) -> None:
    payroll = payroll_of(bank)
    told = payroll.bring(Order("A"))
    payroll.withdraw(told)
    payroll.withdraw(told)


@reproduces("orders.withdrawn")
def an_order_that_was_taken_back(bank: Bank) -> None:
    payroll = payroll_of(bank)
    (order,) = payroll.withdraw(payroll.bring(Order("A"))).orders
    assert order.code == rules.WITHDRAWN.name
    raise rules.WITHDRAWN()


@reproduces("orders.no_id")
def an_order_without_a_name() -> None:
    _checked(Order("NOTPROVIDED", instruction=False))


@reproduces("orders.id_reused")
def another_order_under_one_name() -> None:
    line = rules.line_of("orderfile_1", 1, _read(Order("A")), AROUND)
    rules.check_same(line, "of another")


@reproduces("orders.day_passed")
def an_order_for_yesterday() -> None:
    _checked(Order("A"), date(2026, 6, 9))


@reproduces("orders.day_too_far")
def an_order_for_after_next_year() -> None:
    _checked(Order("A"), date(2027, 7, 1))


@reproduces("orders.payee_differs")
def an_order_to_nobody_here() -> None:
    _checked(Order("A", to="party_none"))


@reproduces("orders.other_currency")
def an_order_in_euro() -> None:
    _checked(Order("A", currency="EUR"))
