"""Own two plausible years: a graduate's Alipay bill and a shopkeeper's WeChat bill, the same for the same dice.

They feed the demo when nobody brings a bill, through the same parser as anybody's. Pure: chance is handed in.
Names are invented; a resemblance to a real merchant means only the kind of merchant.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, Protocol, TypeVar

from farthing.credit.bills.model import CURRENCY
from farthing.credit.bills.write import Cover, Draft, write_alipay, write_wechat
from farthing.kit.calendar import add_months
from farthing.kit.money import Money

T = TypeVar("T")


class Dice(Protocol):
    """Chance, handed in: the two verbs used here of :class:`random.Random`."""

    def randint(self, a: int, b: int) -> int:
        """A whole number from ``a`` to ``b``, both included."""
        ...

    def choice(self, seq: Sequence[T]) -> T:
        """One of ``seq``."""
        ...


CARD = "招商银行储蓄卡(6217)"
_MEALS = (
    "蓝湾面馆",
    "阿强沙县小吃",
    "大学城食堂",
    "早八包子铺",
    "渝味小面",
    "粤记烧腊饭",
    "饿了么-轻食记",
    "美团外卖-麻辣香锅",
)
_GROCERS = ("永辉超市", "盒马鲜生", "物美便利店", "菜鸟生鲜驿站")
_SHOPS = ("淘宝-晨光文具旗舰店", "淘宝-优衣纺服饰", "天猫-小熊电器", "拼多多-家居百货")
_PUPILS = ("王女士", "陈先生", "周女士")
_SUPPLIERS = ("临江粮油贸易有限公司", "宏达日化商贸有限公司", "洞庭酒业经销部", "顺丰农产品批发市场", "鑫源包装材料厂")
_GOODS = ("粮油", "日化", "烟酒", "零食", "整箱饮料", "礼盒")
_SEASON_PERCENT = {1: 132, 2: 118, 3: 92, 4: 95, 5: 102, 6: 98, 7: 94, 8: 96, 9: 110, 10: 108, 11: 100, 12: 115}
"""Trade of a month against an even year, in percent: a shop sells most before Spring Festival."""


@dataclass(slots=True)
class _Pen:
    """Writes drafts with order ids that look and behave like the wallet's."""

    dice: Dice
    provider: Literal["alipay", "wechat"]
    drafts: list[Draft]

    def at(self, day: date, first_hour: int = 8, last_hour: int = 21) -> datetime:
        hour = self.dice.randint(first_hour, last_hour)
        return datetime.combine(day, time(hour, self.dice.randint(0, 59), self.dice.randint(0, 59)))

    def order(self, when: datetime) -> str:
        tail = self.dice.randint(10**11, 10**12 - 1)
        prefix = (
            f"{when:%Y%m%d}22001"
            if self.provider == "alipay"
            else f"42000{self.dice.randint(10000, 99999)}{when:%Y%m%d}"
        )
        return f"{prefix}{tail:015d}"

    def add(
        self, when: datetime, direction: str, minor: int, kind: str, who: str, what: str,
        method: str, status: str, *, order: str | None = None, note: str = "",
    ) -> Draft:  # fmt: skip
        order_id = order or self.order(when)
        merchant = f"T{order_id[-18:]}" if direction == "支出" else ""
        money = Money(minor, CURRENCY)
        draft = Draft(when, direction, money, kind, who, what, method, status, order_id, merchant, note=note)
        self.drafts.append(draft)
        return draft


def _months(until: date, months: int) -> Iterator[tuple[int, date, date]]:
    """Number, first and last day of the ``months`` month-long windows that end on ``until``."""
    after = until + timedelta(days=1)
    for number in range(months):
        start, end = add_months(after, number - months), add_months(after, number + 1 - months)
        yield number, start, end - timedelta(days=1)


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]


def _cover(holder: str, account: str, until: date, months: int) -> Cover:
    start = add_months(until + timedelta(days=1), -months)
    end = datetime.combine(until, time(23, 59, 59))
    return Cover(holder, account, datetime.combine(start, time(0)), end, end + timedelta(hours=9))


def graduate_bill(dice: Dice, until: date, holder: str, *, months: int = 12) -> bytes:
    """A graduate's Alipay CSV for the ``months`` that end on ``until``: first an internship, then a small salary.

    It holds salary, lessons given, family support, rent, food, transport, refunds in both shapes, closed trades,
    wallet moves, a chemist's bill and one failed card repayment.
    """
    pen = _Pen(dice, "alipay", [])
    for number, first, last in _months(until, months):
        days = _days(first, last)
        _earn(pen, number, months, days)
        _live(pen, days)
        _shop(pen, number, days)
    failed = add_months(until, -max(months // 2, 1))
    pen.add(pen.at(failed, 3, 4), "不计收支", 48_600, "信用借还", "花呗", "花呗自动还款", CARD, "还款失败")
    pen.add(
        pen.at(failed + timedelta(days=1)), "不计收支", 48_600, "信用借还", "花呗", "花呗主动还款", CARD, "还款成功"
    )
    return write_alipay(_cover(holder, "qin***@example.com", until, months), pen.drafts)


def _earn(pen: _Pen, number: int, months: int, days: Sequence[date]) -> None:
    dice, employer = pen.dice, "杭州青禾文化传播有限公司"
    intern = number < months // 4
    pay = 480_000 + 100 * dice.randint(0, 300) if intern else 620_000 + 100 * dice.randint(0, 500)
    payday = days[min(9, len(days) - 1)]
    label = "实习工资" if intern else "工资"
    pen.add(pen.at(payday, 10, 11), "收入", pay, "收入", employer, f"{label}-{payday:%Y年%m月}", "余额", "交易成功")
    for _ in range(dice.randint(2, 4)):
        day = dice.choice(days)
        fee = 100 * dice.choice((150, 200, 240))
        pen.add(pen.at(day, 18, 21), "收入", fee, "转账红包", dice.choice(_PUPILS), "家教课时费", "余额", "交易成功")
    if intern:
        pen.add(pen.at(days[2]), "收入", 80_000, "转账红包", "妈妈", "转账-生活费", "余额", "交易成功")
    moved = 100 * dice.randint(300, 800)
    pen.add(pen.at(days[11]), "不计收支", moved, "投资理财", "余额宝", "余额宝-转入", "余额", "交易成功")
    if number % 3 == 1:
        pen.add(
            pen.at(days[15]),
            "不计收支",
            50_000,
            "充值提现",
            "招商银行(6217)",
            "提现-快速提现",
            "余额",
            "交易成功",
            note="服务费¥0.50",
        )


def _live(pen: _Pen, days: Sequence[date]) -> None:
    dice = pen.dice
    pen.add(pen.at(days[0], 9, 10), "支出", 165_000, "住房物业", "安心青年公寓", "房租", CARD, "交易成功")
    pen.add(
        pen.at(days[6]),
        "支出",
        dice.randint(8_000, 14_000),
        "生活服务",
        "国网浙江省电力有限公司",
        "电费缴纳",
        CARD,
        "交易成功",
    )
    pen.add(pen.at(days[8]), "支出", 3_900, "充值缴费", "中国移动", "话费充值", "余额", "交易成功")
    for day in days:
        for _ in range(dice.randint(1, 2)):
            minor = dice.randint(900, 3_200)
            pen.add(
                pen.at(day, 7, 20), "支出", minor, "餐饮美食", dice.choice(_MEALS), "到店消费", "余额宝", "交易成功"
            )
        if day.weekday() == 5:
            minor = dice.randint(4_000, 11_000)
            pen.add(pen.at(day), "支出", minor, "日用百货", dice.choice(_GROCERS), "超市购物", "余额宝", "交易成功")
        if day.weekday() < 5 and dice.randint(1, 100) <= 70:
            pen.add(
                pen.at(day, 7, 9),
                "支出",
                dice.randint(200, 700),
                "交通出行",
                "杭州地铁",
                "地铁乘车",
                "余额",
                "交易成功",
            )


def _shop(pen: _Pen, number: int, days: Sequence[date]) -> None:
    dice = pen.dice
    for _ in range(dice.randint(2, 4)):
        minor = dice.randint(2_900, 18_900)
        pen.add(
            pen.at(dice.choice(days)), "支出", minor, "服饰装扮", dice.choice(_SHOPS), "网购订单", "花呗", "交易成功"
        )
    if number % 2 == 0:
        pen.add(
            pen.at(dice.choice(days)), "不计收支", 12_900, "日用百货", dice.choice(_SHOPS), "网购订单", "", "交易关闭"
        )
        bought = pen.add(pen.at(days[12]), "支出", 8_800, "服饰装扮", _SHOPS[1], "外套", "余额宝", "交易关闭")
        order = f"{bought.order_id}_{dice.randint(10**7, 10**8 - 1)}"
        pen.add(pen.at(days[14]), "不计收支", 8_800, "退款", _SHOPS[1], "退款-外套", "余额宝", "退款成功", order=order)
    if number % 4 == 1:
        bought = pen.add(pen.at(days[16]), "支出", 15_600, "数码电器", _SHOPS[2], "养生壶", "余额宝", "交易成功")
        order = f"{bought.order_id}_{dice.randint(10**7, 10**8 - 1)}"
        pen.add(
            pen.at(days[19]), "不计收支", 3_600, "退款", _SHOPS[2], "退款-养生壶差价", "余额宝", "退款成功", order=order
        )
    if number % 5 == 2:
        pen.add(
            pen.at(days[20]), "支出", dice.randint(2_000, 6_800), "医疗健康", "仁和大药房", "药品", "余额", "交易成功"
        )


def shopkeeper_bill(
    dice: Dice, until: date, nickname: str, *, months: int = 12, file_format: Literal["csv", "xlsx"] = "csv"
) -> bytes:
    """A shopkeeper's WeChat bill: QR receipts every open day, suppliers, rent, wages, withdrawals, a few refunds.

    Trade follows the season and grows slowly; each customer buys with its own weight, so some come back often.
    """
    pen = _Pen(dice, "wechat", [])
    customers = [f"顾客{number:03d}" for number in range(320)]
    for number, first, last in _months(until, months):
        sold = 0
        for day in _days(first, last):
            if day.month == 2 and day.day <= 3:
                continue
            sold += _trade(pen, day, number, customers)
        _supply(pen, _days(first, last), sold)
    return write_wechat(_cover(nickname, "", until, months), pen.drafts, file_format)


def _trade(pen: _Pen, day: date, number: int, customers: Sequence[str]) -> int:
    dice, sold = pen.dice, 0
    percent = _SEASON_PERCENT[day.month] * (100 + number) // 100
    for _ in range(dice.randint(9, 14)):
        rank = dice.randint(0, len(customers) - 1) * dice.randint(0, len(customers) - 1) // len(customers)
        ticket = dice.choice((4_500, 8_800, 16_800, 36_000, 58_000, 128_000, 236_000))
        minor = ticket * dice.randint(80, 120) // 100 * percent // 100
        when = pen.at(day, 8, 21)
        if dice.randint(1, 400) == 1:
            pen.add(when, "收入", minor, "二维码收款", customers[rank], "收款方备注:退货", "零钱", "已全额退款")
            continue
        goods = f"收款方备注:{dice.choice(_GOODS)}"
        pen.add(when, "收入", minor, "二维码收款", customers[rank], goods, "零钱", "已收钱")
        sold += minor
    return sold


def _supply(pen: _Pen, days: Sequence[date], sold: int) -> None:
    dice = pen.dice
    bought = sold * dice.randint(60, 66) // 100
    orders = Money(bought, CURRENCY).allocate([dice.randint(5, 15) for _ in range(8)])
    for part in orders:
        pen.add(
            pen.at(dice.choice(days), 6, 9),
            "支出",
            part.minor,
            "转账",
            dice.choice(_SUPPLIERS),
            "转账备注:货款",
            "零钱",
            "对方已收钱",
        )
    pen.add(pen.at(days[0], 9, 10), "支出", 850_000, "转账", "房东刘先生", "转账备注:店面房租", "零钱", "朋友已收钱")
    for helper in ("店员小吴", "店员小郑"):
        pen.add(pen.at(days[9], 18, 20), "支出", 420_000, "转账", helper, "转账备注:工资", "零钱", "朋友已收钱")
    pen.add(
        pen.at(days[7]),
        "支出",
        dice.randint(90_000, 140_000),
        "商户消费",
        "国网湖南省电力有限公司",
        "电费",
        "零钱",
        "支付成功",
    )
    for week in range(4):
        taken = 100 * dice.randint(4_000, 9_000)
        fee = Money(max(taken // 1000, 10), CURRENCY)
        pen.add(
            pen.at(days[5 + 7 * week]), "/", taken + fee.minor, "零钱提现", "建设银行(3310)", "/", "建设银行",
            "提现已到账", note=f"服务费¥{fee.plain()}",
        )  # fmt: skip
