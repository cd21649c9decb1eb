"""Single cells: times, amounts and states as wallets and spreadsheets print them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from farthing.credit.bills import cells
from farthing.credit.bills.cells import BadCell
from farthing.credit.bills.statuses import outcome_of
from farthing.kit.money import Money


@pytest.mark.parametrize(
    "text",
    [
        "2026-07-05 09:05:00",
        "2026/07/05 09:05",
        "2026/7/5 9:05",
        "2026-7-5 9:05:00",
        "2026.7.5 9:05",
        "2026年7月5日 9:05",
        "2026年07月05日 09:05:00",
        "2026年7月5日 上午9:05",
        "2026年7月5日 9时5分",
        "2026年7月5日 9时5分0秒",
        "2026/7/5 上午 9:05:00",
        "2026/7/5 9:05:00 AM",
        "2026/7/5 9:05 a.m.",
        "2026-07-05T09:05:00",
        "2026-07-05T09:05:00+08:00",
        "2026-07-05 09:05:00.000",
        "２０２６-０７-０５ ０９:０５",
        "2026年7月5日 星期日 09:05",
        "20260705 090500",
        "20260705090500",
        "46208.378472222222",
        " 2026/07/05  09:05 ",
        "2026年7月5日（周日）09：05",
    ],
)
def test_times(text: str) -> None:
    assert f"{cells.instant(text.strip())}" == "2026-07-05 09:05:00"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2026/7/5 下午1:05", "13:05:00"),
        ("2026/7/5 1:05 PM", "13:05:00"),
        ("2026/7/5 12:05 AM", "00:05:00"),
        ("2026/7/5 12:05 PM", "12:05:00"),
        ("2026/7/5 晚上8:05", "20:05:00"),
        ("2026/7/5 凌晨12:05", "00:05:00"),
        ("2026/7/5 中午12:05", "12:05:00"),
        ("2026/7/5", "00:00:00"),
    ],
)
def test_halves_of_the_day(text: str, told: str) -> None:
    assert f"{cells.instant(text)}" == f"2026-07-05 {told}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/",
        "many",
        "2026-13-05 09:05:00",
        "2026-02-30 00:00:00",
        "2026-07-05 25:00:00",
        "5/7/2026",
        "1" * 5000,
        "99999.5",
        "2026-07-05 09:05:00x",
        "1999-01-01 00:00:00",
        "20260705",
        "46208." + "3" * 4000,
        "0000-00-00 00:00:00",
    ],
)
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(BadCell):
        cells.instant(text)


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("49.74", 4974),
        ("¥28.16", 2816),
        ("￥28.16", 2816),
        ("28.16元", 2816),
        ("1,028.16", 102816),
        ("￥１，０２８．１６", 102816),
        ("28", 2800),
        ("28.1", 2810),
        ("+28.16", 2816),
        ("-28.16", -2816),
        ("¥-28.16", -2816),
        ("-¥28.16", -2816),
        ("－28.16", -2816),
        ("−28.16", -2816),
        ("(28.16)", -2816),
        ("（28.16）", -2816),
        ("CNY 28.16", 2816),
        ("28.16 CNY", 2816),
        ("RMB28.16", 2816),
        ("人民币28.16元", 2816),
        ("0.30000000000000004", 30),
        ("9.7799999999999994", 978),
        ("1.02E+3", 102000),
        ("1e2", 10000),
        ("0", 0),
        ("0.00", 0),
        ("1,234,567.89", 123456789),
        ("¥ 28.16", 2816),
        ("12345678901.23", 1234567890123),
    ],
)
def test_amounts(text: str, minor: int) -> None:
    assert cells.minor_units(text) == minor


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("$28.16", "other_currency"),
        ("28.16 USD", "other_currency"),
        ("HK$28.16", "other_currency"),
        ("€1", "other_currency"),
        ("£1", "other_currency"),
        ("1,000円", "other_currency"),
        ("₩1000", "other_currency"),
        ("港币1", "other_currency"),
        ("many", "amount_unreadable"),
        ("", "amount_unreadable"),
        ("1.005", "amount_unreadable"),
        ("12,34.00", "amount_unreadable"),
        ("1.020,00", "amount_unreadable"),
        ("1O.00", "amount_unreadable"),
        ("28.16-", "amount_unreadable"),
        ("(28.16", "amount_unreadable"),
        ("9" * 5000, "amount_unreadable"),
        ("1e99", "amount_unreadable"),
        ("NaN", "amount_unreadable"),
        ("Infinity", "amount_unreadable"),
    ],
)
def test_what_is_no_amount(text: str, reason: str) -> None:
    with pytest.raises(BadCell) as caught:
        cells.minor_units(text)
    assert caught.value.args[0] == reason


@given(st.integers(0, 10**11))
def test_every_amount_is_read_back_as_plain_grouped_and_as_a_float(minor: int) -> None:
    for text in (f"{minor // 100}.{minor % 100:02}", f"¥{minor // 100:,}.{minor % 100:02}", repr(minor / 100)):
        assert cells.minor_units(text) == minor


@pytest.mark.parametrize(
    ("status", "kind", "outcome"),
    [
        *(
            (status, "日用百货", "settled")
            for status in (
                "交易成功",
                "支付成功",
                "付款成功",
                "等待确认收货",
                "买家已付款，等待卖家发货",
                "卖家已发货，等待买家确认",
                "还款成功",
                "代付成功",
                "朋友已收钱",
                "对方已收钱",
                "已收钱",
                "已转账",
                "已存入零钱",
                "已存入零钱通",
                "提现已到账",
                "充值完成",
                "已全额退款",
                "已退款(￥16.00)",
                "已退款（¥16.00）",
                "缴费成功",
                "交易成功 ",
                "已支付",
                "待收货",
                "已完成",
            )
        ),
        *(
            (status, "日用百货", "open")
            for status in (
                "等待付款",
                "等待买家付款",
                "待付款",
                "待支付",
                "未付款",
                "未支付",
                "等待对方收款",
                "待朋友收钱",
                "等待对方收钱",
                "处理中",
                "支付中",
                "付款处理中",
                "退款中",
                "退款处理中",
                "等待退款",
                "交易创建",
                "待确认",
                "提现处理中",
                "交易进行中",
                "受理中",
                "已冻结",
                "申请退款",
                "未成功",
            )
        ),
        *(
            (status, "日用百货", "closed")
            for status in (
                "交易关闭",
                "已关闭",
                "交易取消",
                "已取消",
                "已撤销",
                "超时关闭",
                "订单已作废",
                "已过期",
                "退款关闭",
            )
        ),
        *(
            (status, "日用百货", "failed")
            for status in ("支付失败", "还款失败", "交易失败", "提现失败", "扣款失败", "退款失败")
        ),
        ("退款成功", "退款", "refund"),
        ("退款成功", "餐饮美食", "refund"),
        ("已全额退款", "商户消费-退款", "refund"),
        ("支付成功", "某店-退款", "refund"),
        ("已退款", "微信红包-退款", "refund"),
        ("交易成功", "退款", "refund"),
        ("", "日用百货", "unknown"),
        ("谜之状态", "日用百货", "unknown"),
        ("/", "日用百货", "unknown"),
        ("不成功", "日用百货", "unknown"),
    ],
)
def test_states(status: str, kind: str, outcome: str) -> None:
    assert outcome_of(status, kind) == outcome


@pytest.mark.parametrize(
    ("status", "minor"),
    [
        ("已退款(￥16.00)", 1600),
        ("已退款（￥16.00）", 1600),
        ("已退款￥16.00", 1600),
        ("已退款(¥1,016.00)", 6600),
        ("已退款（１６元）", 1600),
        ("已退款 16.00元", 1600),
        ("已部分退款(¥16.00)", 1600),
        ("部分退款：￥16.00", 1600),
        ("已全额退款", 6600),
        ("对方已退还", 6600),
        ("已退还", 6600),
        ("支付成功", 0),
        ("已退款[￥16.00]", 1600),
    ],
)
def test_how_much_a_state_says_came_back(status: str, minor: int) -> None:
    assert cells.refunded(status, Money(6600, "CNY")) == Money(minor, "CNY")


@pytest.mark.parametrize(
    ("method", "tail"),
    [
        ("招商银行(0000)", "0000"),
        ("招商银行（0000）", "0000"),
        ("招商银行［0000］", "0000"),
        ("建设银行储蓄卡尾号1234", "1234"),
        ("零钱", None),
        ("银行(12345)", None),
    ],
)
def test_the_tail_of_a_card(method: str, tail: str | None) -> None:
    assert cells.card_tail(method) == tail


@pytest.mark.parametrize(
    ("note", "minor"),
    [("服务费¥0.10", 10), ("服务费：￥0.10", 10), ("服务费 0.10元", 10), ("手续费（¥1,000.00）", 0), ("", 0), ("/", 0)],
)
def test_fees(note: str, minor: int) -> None:
    assert cells.fee(note) == Money(minor, "CNY")
