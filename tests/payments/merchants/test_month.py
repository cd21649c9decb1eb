"""A merchant's statement of a month ties to the books to the fen: in the whole, in each store, at each till."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from farthing.kernel.day import close_day
from farthing.kit.errors import InvariantBroken
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.payments.merchants import month as months
from farthing.payments.merchants import month_service, rules
from farthing.payments.merchants import service as merchants
from farthing.payments.merchants.model import AddTill, Fee
from farthing.payments.merchants.month import MerchantMonth, MonthSums, Piece
from tests.conftest import Bank
from tests.payments.merchants.shops import Shop, refused, shop
from tests.payments.packets.people import herself, yuan


def month(noodles: Shop, which: str, by: str = "") -> MerchantMonth:
    who = by or noodles.owner
    found: MerchantMonth = noodles.bank.read(
        lambda tx: month_service.month(tx, who, noodles.merchant.id, which), actor=herself(who)
    )
    return found


def adds_up(sums: MonthSums) -> None:
    assert sums.owed_before + sums.added - sums.out_of_owed - sums.paid_out == sums.owed_after


def ties(noodles: Shop, found: MerchantMonth) -> None:
    """Whatever is told adds up at every level, and the whole is what the books hold."""
    escrow = rules.escrow_of(noodles.merchant.id)
    assert found.whole.owed_after == noodles.bank.read(
        lambda tx: ledger.balance(tx, escrow, effective_on=found.until)
    ).owed()  # fmt: skip
    for sums in (found.whole, *(each.sums for each in found.stores), *(each.sums for each in found.lines)):
        adds_up(sums)
    for name in MonthSums.__slots__:
        of_stores = [getattr(each.sums, name) for each in found.stores]
        of_tills = [getattr(till.sums, name) for each in found.stores for till in each.tills]
        zero = Money.zero("CNY") if name not in ("payments", "refunds") else 0
        assert sum(of_stores, start=zero) == sum(of_tills, start=zero) == getattr(found.whole, name), name


@pytest.mark.long
@pytest.mark.parametrize(
    ("fee", "settles"),
    [
        (Fee("0.006"), "net"),
        (Fee("0.01", by="payer", returned=False), "net"),
        (Fee("0.01", earned="settlement"), "gross"),
    ],
)
def test_a_month_ties_to_the_books_over_its_end(bank: Bank, fee: Fee, settles: str) -> None:
    noodles = shop(bank, fee=fee, settles=settles)
    while noodles.bank.kernel.clock().business_date.day < 29:
        close_day(bank.kernel)
    east = noodles.till
    added = AddTill(noodles.owner, noodles.merchant.id, "West gate", "Till 1")
    west = bank.run(merchants.add_till, added, actor=herself(noodles.owner))
    first = bank.kernel.clock().business_date
    old = noodles.pay(noodles.code("50.00"))
    noodles.till = west
    noodles.pay(noodles.code("20.00"))
    noodles.till = east
    noodles.refund(old.id, "10.00")
    while bank.kernel.clock().business_date.month == first.month:
        late = noodles.pay(noodles.code("7.00"))
        close_day(bank.kernel)
    noodles.refund(late.id, "3.00")
    noodles.refund(old.id, "5.00")
    close_day(bank.kernel)
    noodles.pay(noodles.code("2.00"))
    today = bank.kernel.clock().business_date
    before, now = month(noodles, f"{first:%Y-%m}"), month(noodles, f"{today:%Y-%m}")
    ties(noodles, before)
    ties(noodles, now)
    assert before.whole.owed_after == now.whole.owed_before
    assert before.until < today == now.until
    assert (before.whole.refunds, before.whole.given_back) == (1, yuan("10.00"))
    assert (now.whole.refunds, now.whole.given_back) == (2, yuan("8.00")), (
        "a refund stands in the month that gave it back"
    )
    assert [(each.store, each.sums.captured) for each in before.stores][1:] == [("West gate", yuan("20.00"))]
    paid = sum((each.net for each in (*before.payouts, *now.payouts)), start=Money.zero("CNY"))
    assert before.whole.paid_out + now.whole.paid_out == paid and paid.minor
    rows = list(csv.DictReader(io.StringIO(months.sheet(now))))
    assert rows[-1]["what"] == "whole" and rows[-1]["owed"] == now.whole.owed_after.plain()
    days = [row for row in rows if row["what"] == "day"]
    for name in ("captured", "given_back", "fee", "added", "out_of_owed", "paid_out"):
        assert sum(Money.parse(row[name], "CNY").minor for row in days) == getattr(now.whole, name).minor, name
    assert [row["owed"] for row in rows if row["what"] == "till"] == [
        till.sums.owed_after.plain() for each in now.stores for till in each.tills
    ]


def test_a_month_is_for_who_takes_money_there(bank: Bank) -> None:
    noodles = shop(bank)
    today = bank.kernel.clock().business_date
    empty = month(noodles, f"{today:%Y-%m}")
    assert (empty.stores, empty.days, empty.whole.captured.minor) == ((), (), 0)
    noodles.pay(noodles.code("12.50"))
    assert month(noodles, f"{today:%Y-%m}").whole.captured == yuan("12.50")
    for nobody in (noodles.cashier, noodles.stranger):
        assert refused(month, noodles, f"{today:%Y-%m}", nobody) == "merchants.not_owner", (
            "a cashier knows her own till"
        )
    for bad in ("2026-13", "x", f"{today.year + 1}-01"):
        assert refused(month, noodles, bad) == "payments.bad_month"


def test_a_month_that_does_not_tie_is_not_told(bank: Bank) -> None:
    noodles = shop(bank)
    noodles.pay(noodles.code("12.50"))
    with bank.superuser() as connection:
        connection.execute("UPDATE merchant_payment SET held_minor = held_minor - 1")
    with pytest.raises(InvariantBroken):
        month(noodles, f"{bank.kernel.clock().business_date:%Y-%m}")
    books = yuan("1.00"), yuan("2.00")
    piece = Piece(date(2026, 6, 1), noodles.till.id, added=100, paid_out=1)
    with pytest.raises(InvariantBroken, match="payouts"):
        months.statement_of(
            noodles.merchant, (piece.on, piece.on), {noodles.till.id: noodles.till}, [piece], {noodles.till.id: 200}, [],
            (yuan("1.01"), books[1]),
        )  # fmt: skip
