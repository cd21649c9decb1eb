"""Where a payment belongs, by its words, in both languages; and what comes again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.kit.calendar import add_months
from farthing.payments.home.categories import OTHERWISE, lexicon, like_of
from farthing.payments.home.recurring import Paid, Recurring, recurring
from tests.laws import examples
from tests.payments.home.files import card, wallet


@pytest.mark.parametrize(
    ("other", "what", "kind", "category"),
    [
        ("云膳过桥米线(传奇广场店)", "", "商户消费", "food"), ("中国移动", "话费充值", "充值缴费", "utilities"),
        ("网银在线-京东商城业务CHN", "", "", "shopping"), ("", "消费 支付宝-金拱门(中国)有限公司", "", "food"),
        ("房东", "转账备注:微信转账", "转账", "housing"), ("某人", "", "转账", "giving"), ("SHENZHEN METRO", "", "", "transport"),
        ("YAHUI CATERING CO.,LTD.", "", "", "food"), ("", "[CW]BC HYDRO", "", "utilities"), ("Barbara", "", "", "other"),
        ("xxxx", "商品示例", "日用百货", "groceries"), ("", "", "", "other"),
    ],
)  # fmt: skip
def test_spending_is_named(other: str, what: str, kind: str, category: str) -> None:
    row = wallet("w", "out", 100, counterparty=other, description=what, kind=kind)
    assert lexicon().of(row, "out") == category


@pytest.mark.parametrize(
    ("other", "what", "category"),
    [("美金数据有限公司", "工资", "wages"), ("", "存款利息", "interest"), ("", "SALARY PAYMENT ABC COMPANY LTD", "wages"),
     ("谁", "", "received")],
)  # fmt: skip
def test_income_is_named(other: str, what: str, category: str) -> None:
    assert lexicon().of(card("c", 100, counterparty=other, description=what), "in") == category


def test_every_category_has_two_names_and_its_side_and_each_side_an_otherwise() -> None:
    words = lexicon()
    assert all(each.name.en and each.name.zh for each in words.categories.values())
    for side, category in OTHERWISE.items():
        assert words.categories[category].side == side


def test_the_like_has_no_numbers_and_no_signs() -> None:
    one = wallet("w", "out", 100, counterparty="物美便利店（12号店）*3")
    assert (
        like_of(one, "out")
        == like_of(wallet("v", "out", 5, counterparty="物美便利店(7号店)"), "out")
        == "out:物美便利店号店"
    )
    assert like_of(one, "in") != like_of(one, "out")


TODAY = date(2026, 6, 10)


def paid(days: list[date], minor: int = -3900, like: str = "out:phone") -> list[Paid]:
    return [Paid(f"{like}{minor}{number}", on, minor, like, "CNY") for number, on in enumerate(days)]


def one(found: list[Recurring]) -> Recurring:
    assert len(found) == 1
    return found[0]


@examples(80)
@given(st.integers(1, 28), st.integers(3, 14), st.lists(st.integers(-2, 2), min_size=14, max_size=14))
def test_what_comes_each_month_is_found_though_days_shift(day: int, count: int, shifts: list[int]) -> None:
    days = [add_months(date(2026, 5, day), -back) for back in range(count)]
    shifted = [each + timedelta(days=shift) for each, shift in zip(days, shifts, strict=False)]
    found = one(recurring(paid(shifted), max(shifted)))
    assert (found.every, found.count, found.minor) == ("month", count, -3900)
    expected = add_months(date(2026, 5, day), 1)
    assert abs((found.next_on - expected).days) <= 4, "a month on, on its usual day"
    assert not found.missed


def test_the_order_of_payments_does_not_matter_and_others_do_not_disturb() -> None:
    rent = paid([date(2026, month, 1) for month in range(1, 7)], -165000, "out:rent")
    film = paid([date(2026, month, 15) for month in range(1, 6)], -600, "out:shop")
    more = paid([date(2026, 3, 3), date(2026, 3, 28)], -8800, "out:shop")
    found = recurring([*film, *more, *rent], TODAY)
    assert found == recurring([*rent[::-1], *more, *film[::-1]], TODAY)
    assert [(each.like, each.minor, each.every) for each in found] == [
        ("out:rent", -165000, "month"),
        ("out:shop", -600, "month"),
    ]


@pytest.mark.parametrize(("apart", "every"), [(7, "week"), (14, "fortnight"), (91, "quarter"), (365, "year")])
def test_other_rhythms(apart: int, every: str) -> None:
    days = [TODAY - timedelta(days=apart * back) for back in range(4)]
    found = one(recurring(paid(days), TODAY))
    assert found.every == every and abs((found.next_on - TODAY).days - apart) <= 2


def test_nothing_is_guessed_from_two_of_a_month_from_uneven_days_or_from_what_ended() -> None:
    assert recurring(paid([date(2026, 4, 1), date(2026, 5, 1)]), TODAY) == []
    assert recurring(paid([date(2026, 4, 1), date(2026, 4, 3), date(2026, 4, 20), date(2026, 6, 1)]), TODAY) == []
    ended = [date(2025, month, 1) for month in range(1, 7)]
    assert recurring(paid(ended), TODAY) == []
    late = one(recurring(paid([date(2026, month, 20) for month in range(1, 5)]), TODAY))
    assert late.missed and late.next_on == date(2026, 5, 20)


def test_amounts_that_drift_a_little_are_one_and_others_are_not() -> None:
    days = [date(2026, month, 5) for month in range(1, 7)]
    bills = [Paid(str(number), on, -10000 - 150 * number, "out:power", "CNY") for number, on in enumerate(days)]
    assert one(recurring(bills, TODAY)).count == 6
    wild = [Paid(str(number), on, -10000 * (number + 1), "out:power", "CNY") for number, on in enumerate(days)]
    assert recurring(wild, TODAY) == []
