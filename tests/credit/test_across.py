"""A payment that a bill and an institution tell stands once in a history, whichever came first, in either wallet's format."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.credit import service as credit
from farthing.credit import store
from farthing.credit.bills.across import same_name
from farthing.credit.bills.identity import known, unknown_rows
from farthing.credit.bills.model import Transaction
from farthing.credit.bills.read import read_bill
from farthing.credit.bills.sample import graduate_bill
from farthing.credit.features import Feature, flow_of, person_features
from farthing.credit.history.pulled_service import keep
from farthing.credit.model import ImportBill
from farthing.credit.movements import classify
from farthing.sharing.pulling.rules import transactions_of
from tests.conftest import Bank
from tests.credit.made import alipay, alipay_row, wechat, wechat_row
from tests.credit.test_decision import consent
from tests.hands import city
from tests.parties.people import register_person

ALIPAY, WECHAT = "2026071022001400000000000001", "4200002168202407076349888061"
AT = datetime(2026, 7, 10, 10, 0, 0)
BILLS = {
    "alipay": (alipay(alipay_row("城西便利店", "水", "10.00", order=ALIPAY)), ALIPAY),
    "wechat": (wechat(wechat_row("城西便利店", "水", "¥10.00", order=WECHAT)), WECHAT),
}


def pulled(*rows: tuple[str, datetime, int, str, str]) -> list[Transaction]:
    """Rows as an institution gives them: id, time, amount, other side, words."""
    page = [
        {"id": name, "at": at.isoformat(), "minor": minor, "kind": "payment", "other": other, "memo": memo}
        for name, at, minor, other, memo in rows
    ]
    return transactions_of("giver_bank", json.dumps(page, ensure_ascii=False))


def kept(*files: Sequence[Transaction]) -> list[Transaction]:
    """What stands in a history after files in their order."""
    found: list[Transaction] = []
    for each in files:
        found += unknown_rows([known(row) for row in found], each)
    return found


CASES = {
    "its number is the order's": ("ORDER", AT + timedelta(hours=30), "Tenpay", "", 1),
    "the number stands in the words": ("p-1", AT + timedelta(hours=5), "支付宝（中国）网络技术有限公司", "消费 ORDER", 1),
    "same side, a minute later": ("p-1", AT + timedelta(minutes=1), "支付宝-城西便利店", "", 1),
    "same side, masked": ("p-1", AT, "城西**店", "", 1),
    "same side, another minute": ("p-1", AT + timedelta(minutes=3), "城西便利店", "", 2),
    "another side": ("p-1", AT, "城东便利店", "", 2),
    "nobody named": ("p-1", AT, "", "", 2),
    "another number in the words": ("p-1", AT, "城西便利店", "消费 OTHER", 2),
}  # fmt: skip


@pytest.mark.parametrize("wallet", BILLS)
@pytest.mark.parametrize("case", CASES)
def test_one_payment_of_a_bill_and_a_bank_is_counted_once(wallet: str, case: str) -> None:
    bill, order = BILLS[wallet]
    name, at, other, memo, count = CASES[case]
    other_order = order[:-1] + ("7" if order[-1] != "7" else "8")
    row = (
        name.replace("ORDER", order),
        at,
        -1_000,
        other,
        memo.replace("ORDER", order).replace("OTHER", other_order),
    )
    rows, bank = list(read_bill(bill).transactions), pulled(row)
    for order_of_files in ((rows, bank), (bank, rows), (rows, bank, rows, bank), (bank, rows, bank, rows)):
        assert len(kept(*order_of_files)) == count, "the same again adds nothing either"


@pytest.mark.parametrize("wallet", BILLS)
def test_another_sum_or_the_other_way_is_another_payment(wallet: str) -> None:
    rows = list(read_bill(BILLS[wallet][0]).transactions)
    for minor in (-1_001, 1_000):
        assert len(kept(rows, pulled(("p-1", AT, minor, "城西便利店", "")))) == 2
    refund = [replace(each, outcome="refund") for each in pulled(("p-1", AT, -1_000, "城西便利店", ""))]
    assert len(kept(rows, refund)) == 2


def test_one_row_stands_for_one_row() -> None:
    two = alipay(*(alipay_row("城西便利店", "水", "10.00", order=ALIPAY[:-1] + last) for last in "12"))
    rows, bank = list(read_bill(two).transactions), pulled(("p-1", AT, -1_000, "城西便利店", ""))
    assert len(kept(rows, bank)) == len(kept(bank, rows)) == len(kept(bank, rows, rows, bank)) == 2


def figures(rows: Sequence[Transaction]) -> tuple[Feature, ...]:
    movements = classify(rows, holder="测试员").movements
    return person_features(flow_of(movements, date(2026, 4, 1), date(2026, 7, 31), "CNY"))


@pytest.mark.parametrize("wallet", BILLS)
def test_the_figures_of_a_decision_are_those_of_the_bill_alone(wallet: str) -> None:
    rows = list(read_bill(BILLS[wallet][0]).transactions)
    alone = figures(kept(rows))
    assert figures(kept(rows, pulled(("p-1", AT, -1_000, "支付宝-城西便利店", "")))) == alone
    assert figures(kept(rows, pulled(("p-1", AT, -1_000, "城东便利店", "")))) != alone


@pytest.mark.parametrize("bill_first", [True, False])
def test_a_bank_keeps_it_once_whichever_door_it_came_by(bank: Bank, bill_first: bool) -> None:
    """By the doors themselves: a bill that is brought, and a page that was fetched."""
    city(bank)
    party = register_person(bank, 0)
    consent(bank, party.id)
    content = graduate_bill(random.Random(7), bank.kernel.clock().business_date - timedelta(days=1), party.name)
    brought = ImportBill(party.id, "bill.csv", base64.b64encode(content).decode())
    rows = read_bill(content).transactions
    paid = [
        each for each in rows if each.direction == "out" and each.outcome == "settled" and len(each.counterparty) > 1
    ][:3]
    page = pulled(*(
        (f"p-{at}", each.occurred_at + timedelta(minutes=1), -each.amount.minor, f"支付宝-{each.counterparty}", "")
        for at, each in enumerate(paid)
    ), ("p-own", AT.replace(year=2020), -999, "另一家店", ""))  # fmt: skip

    def fetch() -> int:
        return bank.kernel.tidy(lambda tx: keep(tx, party.id, ("giver_bank", "A bank"), page, b"page", hers=True))

    if bill_first:
        assert bank.run(credit.import_bill, brought).added == len(rows)
        assert fetch() == 1
    else:
        assert fetch() == 4
        assert bank.run(credit.import_bill, brought).added == len(rows) - 3
    assert fetch() == 0 and bank.run(credit.import_bill, brought).added == 0
    assert len(bank.read(lambda tx: store.transactions(tx, party.id))) == len(rows) + 1


MINUTES = st.lists(st.tuples(st.integers(0, 4), st.integers(1, 3)), min_size=1, max_size=8)


@given(MINUTES, MINUTES)
def test_nothing_is_lost_and_nothing_counts_twice(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> None:
    """Between the larger of both counts and their sum stand in the end, of every sum; and each again adds none."""
    rows = [
        alipay_row("甲店", "水", f"{minor}.00", at=f"2026-07-10 10:0{minute}:00", order=f"20260710220014{number:014}")
        for number, (minute, minor) in enumerate(one)
    ]
    bill = list(read_bill(alipay(*rows)).transactions)
    bank = pulled(*(
        (f"p-{number}", AT + timedelta(minutes=minute), -100 * minor, "甲店", "")
        for number, (minute, minor) in enumerate(other)
    ))  # fmt: skip
    for first, second in ((bill, bank), (bank, bill)):
        found = kept(first, second)
        for minor in (100, 200, 300):
            mine, theirs, both = (sum(each.amount.minor == minor for each in some) for some in (first, second, found))
            assert max(mine, theirs) <= both <= mine + theirs
        assert len({each.digest for each in found}) == len(found)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("王*明", "王小明", True),
        ("**", "王小明", False),
        ("A", "AB", False),
        ("ＡＢ公司", "ab公司", True),
        ("", "", False),
    ],
)
def test_a_name_is_anothers(one: str, other: str, same: bool) -> None:
    assert same_name(one, other) is same_name(other, one) is same
