"""Refusals of merchants, of payments by code and of refunds."""

from __future__ import annotations

from farthing.kit.money import Money
from farthing.payments.codes import tlv
from farthing.payments.merchants import refunds_service as refunds
from farthing.payments.merchants import rules
from farthing.payments.merchants import service as merchants
from farthing.payments.merchants import terms_service as terms
from farthing.payments.merchants.model import (
    AddTill,
    ChangeContract,
    EndMerchant,
    Fee,
    MakeCode,
    OpenMerchant,
    RefundPayment,
    ShowPayerCode,
    StopCode,
)
from tests.conftest import Bank
from tests.errors.gallery import reproduces
from tests.payments.codes.test_codes import BEIJING
from tests.payments.merchants.shops import shop
from tests.payments.packets.people import herself, yuan


def _contract(**change: object) -> None:
    usual = {"party_id": "p", "name": "Shop", "city": "Chengdu", "category": "5812", "fee": Fee("0.006")}
    rules.check_open(OpenMerchant(**{**usual, **change}))  # type: ignore[arg-type]


@reproduces("merchants.bad_fee")
def a_fee_of_a_third() -> None:
    _contract(fee=Fee("0.33"))


@reproduces("merchants.bad_contract")
def gross_with_a_fee_that_was_taken_before() -> None:
    _contract(settles="gross")


@reproduces("merchants.bad_name")
def a_name_that_no_code_carries() -> None:
    _contract(name="The longest name of all shops in town")


@reproduces("merchants.too_many")
def a_till_too_many(bank: Bank) -> None:
    noodles = shop(bank)
    with bank.superuser() as connection:
        connection.execute(
            "INSERT INTO merchant_till SELECT 'paytill_' || n, %s, 'East gate', n::text FROM generate_series(2, 1000) AS n",
            [noodles.merchant.id],
        )
    add = AddTill(noodles.owner, noodles.merchant.id, "East gate", "Till 1001")
    bank.run(merchants.add_till, add, actor=herself(noodles.owner))


@reproduces("merchants.ended")
def a_code_of_a_merchant_who_ended(bank: Bank) -> None:
    noodles = shop(bank)
    code = noodles.code()
    bank.run(terms.end_merchant, EndMerchant(noodles.merchant.id))
    noodles.pay(code, "1.00")


@reproduces("merchants.contract_too_soon")
def other_terms_from_today(bank: Bank) -> None:
    noodles = shop(bank)
    today = bank.kernel.clock().business_date
    bank.run(terms.change_contract, ChangeContract(noodles.merchant.id, today, Fee("0.005")))


@reproduces("merchants.no_static_code")
def a_code_withdrawn_that_was_never_made(bank: Bank) -> None:
    noodles = shop(bank)
    bank.run(terms.stop_code, StopCode(noodles.till.id))


@reproduces("merchants.code_withdrawn")
def a_paper_that_was_taken_down(bank: Bank) -> None:
    noodles = shop(bank)
    code = noodles.code()
    bank.run(terms.stop_code, StopCode(noodles.till.id))
    noodles.pay(code, "1.00")


@reproduces("merchants.over_code")
def more_than_whoever_shows_the_code_lets_be_charged(bank: Bank) -> None:
    noodles = shop(bank)
    shown = bank.run(
        merchants.show_payer_code, ShowPayerCode(noodles.buyer, yuan("20.00")), actor=herself(noodles.buyer)
    )
    noodles.charge(shown.text, "20.01")


@reproduces("merchants.unknown")
def a_merchant_that_is_not(bank: Bank) -> None:
    bank.read(lambda tx: merchants.merchant_of(tx, "merchant_none"))


@reproduces("merchants.unknown_till")
def a_till_that_is_not(bank: Bank) -> None:
    bank.read(lambda tx: merchants.till_of(tx, "paytill_none"))


@reproduces("merchants.not_owner")
def a_till_of_another(bank: Bank) -> None:
    noodles = shop(bank)
    add = AddTill(noodles.stranger, noodles.merchant.id, "East", "1")
    bank.run(merchants.add_till, add, actor=herself(noodles.stranger))


@reproduces("merchants.not_cashier")
def a_code_for_anothers_till(bank: Bank) -> None:
    noodles = shop(bank)
    noodles.code("1.00", cashier=noodles.stranger)


@reproduces("merchants.code_unknown")
def a_code_of_another_house(bank: Bank) -> None:
    shop(bank).pay(BEIJING)


@reproduces("merchants.code_forged")
def a_code_with_another_amount_and_the_right_checksum(bank: Bank) -> None:
    noodles = shop(bank)
    noodles.pay(tlv.sealed(noodles.code("12.50")[:-8].replace("12.50", "11.50")))


@reproduces("merchants.code_expired")
def a_code_from_long_ago(bank: Bank) -> None:
    noodles = shop(bank)
    code = noodles.code("1.00")
    noodles.later(301)
    noodles.pay(code)


@reproduces("merchants.code_used")
def a_code_that_was_paid(bank: Bank) -> None:
    noodles = shop(bank)
    code = noodles.code("1.00")
    noodles.pay(code)
    noodles.pay(code)


@reproduces("merchants.no_amount")
def a_static_code_without_an_amount(bank: Bank) -> None:
    noodles = shop(bank)
    noodles.pay(noodles.code())


@reproduces("merchants.other_amount")
def another_amount_than_is_asked(bank: Bank) -> None:
    noodles = shop(bank)
    noodles.pay(noodles.code("2.00"), "1.00")


@reproduces("merchants.foreign_currency")
def a_code_in_dollars(bank: Bank) -> None:
    noodles = shop(bank)
    command = MakeCode(noodles.cashier, noodles.till.id, Money(100, "USD"))
    bank.run(merchants.make_code, command, actor=herself(noodles.cashier))


@reproduces("merchants.over_day")
def more_by_a_static_code_than_the_law_lets_pass(bank: Bank) -> None:
    noodles = shop(bank)
    noodles.pay(noodles.code(), "500.01")


@reproduces("merchants.unknown_payment")
def a_refund_of_nothing(bank: Bank) -> None:
    shop(bank).refund("codepay_none", "1.00")


@reproduces("merchants.refund_of_refund")
def a_refund_of_a_refund(bank: Bank) -> None:
    noodles = shop(bank)
    back = RefundPayment(noodles.cashier, noodles.merchant.id, "refund_one", yuan("1.00"))
    bank.run(refunds.refund, back, actor=herself(noodles.cashier))


@reproduces("merchants.refund_too_much")
def more_back_than_was_paid(bank: Bank) -> None:
    noodles = shop(bank)
    noodles.refund(noodles.pay(noodles.code("1.00")).id, "1.01")


@reproduces("merchants.too_little_to_refund")
def back_what_the_fee_took(bank: Bank) -> None:
    noodles = shop(bank, fee=Fee("0.01", returned=False))
    noodles.refund(noodles.pay(noodles.code("100.00")).id, "100.00")
