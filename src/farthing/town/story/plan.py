"""Own what differs between stories: who asks, for what, with which bill. Pure."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from farthing.credit.bills.sample import graduate_bill, shopkeeper_bill
from farthing.kit.money import Money


@dataclass(frozen=True, slots=True)
class Plan:
    """One story. ``codes``: order codes of the resident number, by which the sandbox bureau knows the person."""

    name: str
    title_en: str
    title_zh: str
    person: str
    born_on: date
    codes: range
    product: str
    amount: Money
    instalments: int
    purpose: str
    payee: str
    payee_code: str
    pay: Money
    make_bill: Callable[[date, str], bytes]
    late_instalment: int | None


def _graduate_bill(today: date, holder: str) -> bytes:
    return graduate_bill(random.Random(7), today - timedelta(days=1), holder)  # noqa: S311 - made-up data, repeatable


def _shopkeeper_bill(today: date, holder: str) -> bytes:
    return shopkeeper_bill(random.Random(7), today - timedelta(days=1), holder)  # noqa: S311


def _second_bill(today: date, holder: str) -> bytes:
    return shopkeeper_bill(random.Random(8), today - timedelta(days=1), holder)  # noqa: S311


GRADUATE = Plan(
    name="graduate",
    title_en="A graduate with no credit record; her mother must be operated on tonight, and her savings are CNY 8,000 short",
    title_zh="没有信用记录的毕业生，母亲今夜须手术，积蓄还差八千元",
    person="林美",
    born_on=date(2002, 5, 1),
    codes=range(100, 400, 2),
    product="rainy-day-loan",
    amount=Money.parse("8000.00", "CNY"),
    instalments=6,
    purpose="母亲住院押金",
    payee="沙盒市第一人民医院",
    payee_code="12310000425005621",
    pay=Money.parse("8000.00", "CNY"),
    make_bill=_graduate_bill,
    late_instalment=2,
)

SHOPKEEPER = Plan(
    name="shopkeeper",
    title_en="A shop owner needs 300,000 for stock; his bank lines are used up",
    title_zh="店主进货急需三十万，银行额度已用尽",
    person="王建国",
    born_on=date(1984, 9, 1),
    codes=range(601, 700, 2),
    product="shop-stock-loan",
    amount=Money.parse("300000.00", "CNY"),
    instalments=12,
    purpose="节前进货",
    payee="沙盒小商品批发有限公司",
    payee_code="91330782MA28D0001",
    pay=Money.parse("286000.00", "CNY"),
    make_bill=_shopkeeper_bill,
    late_instalment=None,
)

HARD_YEAR = replace(
    SHOPKEEPER,
    title_en="His second year: the road before the shop is dug up",
    title_zh="第二年：店门前的道路开挖封闭",
    amount=Money.parse("120000.00", "CNY"),
    purpose="换季进货",
    pay=Money.parse("120000.00", "CNY"),
    make_bill=_second_bill,
)

PLANS = {plan.name: plan for plan in (GRADUATE, SHOPKEEPER)}
