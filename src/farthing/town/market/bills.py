"""Own a short year in a wallet: a wage, a rent and some spending a month, by which borrowers of the story differ. Pure."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta

from farthing.credit.bills.model import CURRENCY
from farthing.credit.bills.write import Cover, Draft, write_alipay
from farthing.kit.calendar import add_months
from farthing.kit.money import Money

MONTHS = 12
WAGE, TREND = (420_000, 900_000), (-0.2, 0.2)
"""A month's wage in fen, and by which part it rises or falls over the year."""
SPENT, DIFFERS = (0.72, 0.86), (0.0, 0.1)
"""Which part of the wage is spent, and by how much more or less a month may differ."""
BOUGHT_PERCENT, LEFT = 75, (0.6, 0.9)
"""How many bought something large two months ago with what they had saved, and what was left of it, as a part of a wage."""
SHARES = (("住房物业", "安心公寓", "房租", 0.34), ("餐饮美食", "蓝湾面馆", "到店消费", 0.22),
          ("日用百货", "惠民超市", "超市购物", 0.24), ("交通出行", "城市地铁", "乘车", 0.08),
          ("服饰装扮", "青禾服装店", "网购订单", 0.12))  # fmt: skip


def year_bill(dice: random.Random, until: date, holder: str) -> bytes:
    """A wallet's year that ends on ``until``, as the wallet exports it."""
    wage, trend = dice.randint(*WAGE), dice.uniform(*TREND)
    part, differs = dice.uniform(*SPENT), dice.uniform(*DIFFERS)
    left = dice.uniform(*LEFT) if dice.randint(1, 100) <= BOUGHT_PERCENT else None
    after, saved = until + timedelta(days=1), 0
    drafts: list[Draft] = []
    for month in range(MONTHS):
        first = add_months(after, month - MONTHS)
        earned = round(wage * (1 + trend * month / (MONTHS - 1)))
        drafts.append(_draft(dice, first + timedelta(days=9), "收入", earned, "收入", "江南纺织有限公司", "工资"))
        spent = wage * part * dice.uniform(1 - differs, 1 + differs)
        saved += earned
        for place, (kind, who, what, share) in enumerate(SHARES):
            minor = round(spent * share * dice.uniform(0.9, 1.1))
            day = first + timedelta(days=2 + 5 * place)
            drafts.append(_draft(dice, day, "支出", minor, kind, who, what))
            saved -= minor
        if month == MONTHS - 2 and left is not None and saved > left * wage:
            large = saved - round(left * wage)
            drafts.append(
                _draft(dice, first + timedelta(days=27), "支出", large, "数码电器", "江南电动车行", "电动三轮车")
            )
            saved -= large
    end = datetime.combine(until, time(23, 59, 59))
    start = datetime.combine(add_months(after, -MONTHS), time(0))
    return write_alipay(Cover(holder, "wallet@example.com", start, end, end + timedelta(hours=9)), drafts)


def _draft(dice: random.Random, day: date, direction: str, minor: int, kind: str, who: str, what: str) -> Draft:
    when = datetime.combine(day, time(dice.randint(8, 20), dice.randint(0, 59), dice.randint(0, 59)))
    order = f"{when:%Y%m%d}22001{dice.randint(10**11, 10**12 - 1):015d}"
    merchant = f"T{order[-18:]}" if direction == "支出" else ""
    return Draft(when, direction, Money(minor, CURRENCY), kind, who, what, "余额", "交易成功", order, merchant)
