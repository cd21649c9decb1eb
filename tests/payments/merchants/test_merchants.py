"""Paid by a code, captured at once, given back within what was captured, paid out on the next business day: right to the fen."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from farthing.kernel.answers import Outcome
from farthing.kernel.day import close_day
from farthing.kernel.operation import Call, operation_of
from farthing.kit.errors import Refusal
from farthing.kit.money import Money
from farthing.payments import service as payments
from farthing.payments.codes import tlv
from farthing.payments.merchants import refunds_service as refunds
from farthing.payments.merchants import service as merchants
from farthing.payments.merchants import taking_service as taking
from farthing.payments.merchants.model import AddTill, Fee, MakeCode, OpenMerchant, PayByCode, RefundPayment, SetCashier
from tests.conftest import Bank
from tests.payments.merchants.shops import Shop, refused, shop
from tests.payments.packets.people import herself, yuan


@pytest.fixture
def noodles(bank: Bank) -> Shop:
    return shop(bank)


def test_a_code_made_for_one_payment_is_paid_once(noodles: Shop) -> None:
    code = noodles.code("12.50")
    asks = noodles.bank.read(lambda tx: merchants.asks(tx, noodles.buyer, code), actor=herself(noodles.buyer))
    assert (asks.payee, asks.store, asks.till, asks.static, asks.amount) == (
        "面馆", "East gate", "Till 1", False, yuan("12.50"),
    )  # fmt: skip
    done = noodles.pay(code, key="k")
    assert done == noodles.pay(code, key="k"), "the same key is the same payment"
    assert (done.fee, done.level) == (yuan("0.08"), "B"), "0.6 per cent of 12.50 is 7.5 fen: to the nearest, halves up"
    assert noodles.holds(noodles.buyer) == yuan("487.50")
    assert (noodles.waits(), noodles.earned()) == (yuan("12.42"), yuan("0.08"))
    assert refused(noodles.pay, code) == "merchants.code_used"
    assert noodles.holds(noodles.buyer) == yuan("487.50")


def test_a_static_code_is_paid_again_and_again_up_to_the_day(noodles: Shop) -> None:
    code = noodles.code()
    assert code == noodles.code(), "a till has one"
    assert refused(noodles.pay, code) == "merchants.no_amount"
    assert noodles.pay(code, "300.00").level == "D"
    assert refused(noodles.pay, code, "200.01") == "merchants.over_day"
    assert noodles.pay(code, "190.00").level == "D"


def test_a_batch_answers_each_for_itself(noodles: Shop) -> None:
    one, other = noodles.code("400.00"), noodles.code("90.00")
    who = herself(noodles.buyer)
    asked = [PayByCode(noodles.buyer, each) for each in (one, one, other, "0002", noodles.code("90.00"))]
    calls = [Call(each, who, f"k{place}") for place, each in enumerate(asked)]
    answers = noodles.bank.kernel.execute_batch(operation_of(taking.pay), calls)
    told = [str(each.result.amount) if isinstance(each, Outcome) else getattr(each, "code", "") for each in answers]
    assert told == ["CNY 400.00", "merchants.code_used", "CNY 90.00", "codes.bad_checksum", "ledger.insufficient_funds"]
    assert noodles.holds(noodles.buyer) == yuan("10.00")


def test_a_code_that_the_books_refused_is_good_still(noodles: Shop) -> None:
    code = noodles.code("500.01")
    assert refused(noodles.pay, code) == "ledger.insufficient_funds"
    assert refused(noodles.pay, code, payer=noodles.stranger) == "ledger.insufficient_funds"
    assert noodles.holds(noodles.buyer) == yuan("500.00")


def test_a_code_of_which_anything_was_changed_pays_nobody(noodles: Shop) -> None:
    code = noodles.code("12.50")
    for before, after in (
        ("540512.50", "540511.50"),
        ("Noodle house", "Doodle house"),
        ("010212", "010211"),
        ("5812", "5813"),
    ):
        assert refused(noodles.pay, tlv.sealed(code[:-8].replace(before, after, 1))) == "merchants.code_forged"
    assert refused(noodles.pay, code.replace("12.50", "11.50")) == "codes.bad_checksum"
    assert refused(noodles.pay, code, "11.50") == "merchants.other_amount"
    assert noodles.holds(noodles.buyer) == yuan("500.00")


def test_codes_grow_old(noodles: Shop) -> None:
    code, shown = noodles.code("12.50"), noodles.shows()
    noodles.later(61)
    assert refused(noodles.charge, shown.text, "1.00") == "merchants.code_expired"
    assert noodles.pay(code).amount == yuan("12.50")
    late = noodles.code("12.50")
    noodles.later(301)
    assert refused(noodles.pay, late) == "merchants.code_expired"


def test_a_payers_code_is_charged_once_by_who_may(noodles: Shop) -> None:
    shown = noodles.shows()
    assert refused(noodles.charge, shown.text, "20.00", cashier=noodles.stranger) == "merchants.not_cashier"
    assert refused(noodles.pay, shown.text) == "codes.bad_checksum", "it is no till's"
    done = noodles.charge(shown.text, "20.00", key="k")
    assert done == noodles.charge(shown.text, "20.00", key="k")
    assert refused(noodles.charge, shown.text, "20.00") == "merchants.code_used"
    assert noodles.holds(noodles.buyer) == yuan("480.00")


def test_two_who_pay_one_code_at_one_moment_pay_it_once(noodles: Shop) -> None:
    code = noodles.code("12.50")

    def attempt(_: int) -> str:
        try:
            return str(noodles.pay(code).amount)
        except Refusal as refusal:
            return refusal.code

    with ThreadPoolExecutor(4) as pool:
        told = sorted(pool.map(attempt, range(4)))
    assert told == ["CNY 12.50", *["merchants.code_used"] * 3]
    assert noodles.holds(noodles.buyer) == yuan("487.50")


def test_refunds_never_go_beyond_what_was_captured(noodles: Shop) -> None:
    paid = noodles.pay(noodles.code("12.50"))
    first = noodles.refund(paid.id, "2.50", key="k")
    assert first == noodles.refund(paid.id, "2.50", key="k")
    assert (first.left, first.fee) == (yuan("10.00"), yuan("0.01"))
    assert refused(noodles.refund, paid.id, "10.01") == "merchants.refund_too_much"
    assert refused(noodles.refund, first.id, "1.00") == "merchants.refund_of_refund"
    assert refused(noodles.refund, paid.id, "1.00", cashier=noodles.stranger) == "merchants.not_cashier"
    last = noodles.refund(paid.id, "10.00")
    assert last.fee == yuan("0.07"), "the last of a payment takes the last of its fee with it"
    assert noodles.holds(noodles.buyer) == yuan("500.00")
    assert noodles.waits().minor == noodles.earned().minor == 0


def test_many_refunds_at_once_give_back_what_there_is(noodles: Shop) -> None:
    paid = noodles.pay(noodles.code("10.00"))

    def attempt(_: int) -> str:
        try:
            return str(noodles.refund(paid.id, "3.00").amount)
        except Refusal as refusal:
            return refusal.code

    with ThreadPoolExecutor(5) as pool:
        told = sorted(pool.map(attempt, range(5)))
    assert told == ["CNY 3.00"] * 3 + ["merchants.refund_too_much"] * 2
    assert noodles.holds(noodles.buyer) == yuan("499.00")


@pytest.mark.parametrize(
    "fee", [Fee("0.006"), Fee("0.006", earned="settlement"), Fee("0.01", by="payer", returned=False)]
)
def test_merchants_are_paid_out_on_the_next_business_day(bank: Bank, fee: Fee) -> None:
    noodles = shop(bank, fee=fee)
    paid = noodles.pay(noodles.code("12.50"))
    noodles.refund(paid.id, "2.50")
    noodles.pay(noodles.code("30.00"))
    owed = noodles.waits()
    refunds.watch(bank.kernel)
    assert noodles.holds(noodles.owner).minor == 0, "not on the same day"
    with bank.superuser() as connection:
        connection.execute("UPDATE merchant_payment SET due_on = taken_on")
    refunds.watch(bank.kernel)
    refunds.watch(bank.kernel)
    assert (noodles.holds(noodles.owner), noodles.waits().minor) == (owed, 0)
    found = bank.read(
        lambda tx: refunds.settlements(tx, noodles.owner, noodles.merchant.id), actor=herself(noodles.owner)
    )
    assert [(each.payments, each.net) for each in found] == [(2, owed)]
    gone = yuan("500.00") - noodles.holds(noodles.buyer)
    assert owed + noodles.earned() == gone, "what left the buyer is with the merchant and the bank"
    noodles.refund(paid.id, "10.00")
    assert yuan("500.00") - noodles.holds(noodles.buyer) == noodles.holds(noodles.owner) + noodles.earned()


def test_paid_out_gross_the_fee_is_charged_beside(bank: Bank) -> None:
    noodles = shop(bank, fee=Fee("0.01", earned="settlement"), settles="gross")
    noodles.pay(noodles.code("100.00"))
    close_day(bank.kernel)
    assert noodles.holds(noodles.owner).minor == 0
    close_day(bank.kernel)
    close_day(bank.kernel)
    close_day(bank.kernel)
    assert (noodles.holds(noodles.owner), noodles.earned()) == (yuan("99.00"), yuan("1.00"))
    history = bank.read(lambda tx: payments.history(tx, noodles.owner)).movements
    assert [str(each.amount) for each in history] == ["CNY -1.00", "CNY 100.00"]


def test_what_a_merchant_no_longer_has_is_not_given_back(bank: Bank) -> None:
    noodles = shop(bank, fee=Fee("0.01", returned=False))
    paid = noodles.pay(noodles.code("100.00"))
    assert noodles.refund(paid.id, "99.00").left == yuan("1.00")
    assert refused(noodles.refund, paid.id, "1.00") == "merchants.too_little_to_refund"
    assert noodles.earned() == yuan("1.00")


def test_a_day_is_told_to_who_stands_at_the_till(noodles: Shop) -> None:
    paid = noodles.pay(noodles.code("12.50"))
    noodles.refund(paid.id, "2.50")
    noodles.pay(noodles.code("30.00"))
    told = noodles.bank.read(
        lambda tx: refunds.takings(tx, noodles.cashier, noodles.merchant.id, limit=1), actor=herself(noodles.cashier)
    )
    assert (told.count, told.amount, told.refunded) == (2, yuan("42.50"), yuan("2.50"))
    assert told.next_before == told.payments[0].id and told.waits == noodles.waits()
    for party in (noodles.owner, noodles.cashier):
        assert noodles.bank.read(lambda tx, party=party: merchants.mine(tx, party), actor=herself(party)) == [
            noodles.merchant
        ]
    tills = noodles.bank.read(
        lambda tx: merchants.tills(tx, noodles.owner, noodles.merchant.id), actor=herself(noodles.owner)
    )
    assert tills == [noodles.till]


def test_who_no_longer_stands_at_the_till_takes_nothing(noodles: Shop) -> None:
    off = SetCashier(noodles.owner, noodles.merchant.id, noodles.cashier, False)
    noodles.bank.run(merchants.set_cashier, off, actor=herself(noodles.owner))
    assert refused(noodles.code, "1.00") == "merchants.not_cashier"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"fee": Fee("0.21")}, "merchants.bad_fee"),
        ({"fee": Fee("-0.01")}, "merchants.bad_fee"),
        ({"fee": Fee("a little")}, "merchants.bad_fee"),
        ({"settles": "gross"}, "merchants.bad_contract"),
        ({"name": ""}, "merchants.bad_name"),
        ({"city": "Banteay Meanchey"}, "merchants.bad_name"),
        ({"party_id": "party_" + "0" * 26}, "parties.unknown"),
    ],
)
def test_a_contract_that_cannot_be(noodles: Shop, change: dict[str, object], code: str) -> None:
    usual = {"party_id": noodles.owner, "name": "Shop", "city": "Chengdu", "category": "5812", "fee": Fee("0.006")}
    assert refused(noodles.bank.run, merchants.open_merchant, OpenMerchant(**{**usual, **change})) == code  # type: ignore[arg-type]


def test_what_is_not_there_or_not_ones_own(noodles: Shop) -> None:
    run, me = noodles.bank.run, noodles.stranger
    who = herself(me)
    assert (
        refused(run, merchants.add_till, AddTill(me, noodles.merchant.id, "s", "t"), actor=who) == "merchants.not_owner"
    )
    assert refused(run, merchants.add_till, AddTill(me, "merchant_none", "s", "t"), actor=who) == "merchants.unknown"
    assert refused(run, merchants.make_code, MakeCode(me, "paytill_none"), actor=who) == "merchants.unknown_till"
    mine = MakeCode(noodles.cashier, noodles.till.id, Money(100, "USD"))
    assert refused(run, merchants.make_code, mine, actor=herself(noodles.cashier)) == "merchants.foreign_currency"
    back = RefundPayment(noodles.cashier, noodles.merchant.id, "codepay_none", yuan("1.00"))
    assert refused(run, refunds.refund, back, actor=herself(noodles.cashier)) == "merchants.unknown_payment"
    assert refused(noodles.pay, noodles.code("1.00"), payer=noodles.owner) == "payments.same_wallet"
