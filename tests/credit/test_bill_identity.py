"""One payment in two files is one payment; two equal payments in one minute are two."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from farthing.credit.bills.identity import differ, is_whole, known, unknown_rows
from farthing.credit.bills.read import read_bill
from tests.credit.made import (
    OLDER_COLUMNS,
    WEB_COLUMNS,
    alipay,
    alipay_row,
    reasons,
    wechat,
    wechat_row,
    wechat_sheet,
    workbook,
)

ORDER = "2026071020040001420000000005"
SALARY = ("某公司", "工资", "6000.00")


def added(first: bytes, second: bytes) -> int:
    """How many rows the second file adds to the first."""
    on_file = [known(item) for item in read_bill(first).transactions]
    return len(unknown_rows(on_file, read_bill(second).transactions))


def salary(at: str = "2026-07-05 09:05:37", order: str = ORDER, amount: str = "6000.00") -> list[str]:
    return alipay_row("某公司", "工资", amount, at=at, direction="收入", kind="收入", order=order)


AGAIN = (
    salary(),
    salary("2026/07/05 09:05"),
    salary("2026/7/5 9:05"),
    salary("2026/7/5 9:05", "2.02607E+27"),
    salary("2026/7/5 9:05", "2.02607102004E+27"),
    salary("2026/7/5 9:05", "2026071020040000000000000000"),
    salary("2026/7/5 9:05", "2026071020040001400000000000"),
    salary("2026/7/5 9:05", f"'{ORDER}"),
    salary("2026/7/5 9:05", f'="{ORDER}"'.replace("\\", "")),
    salary("2026/7/5 9:05", ""),
    salary("2026年7月5日 9:05:37", amount="6000"),
    salary("46208.378900462964", amount="6,000.00".replace(",", "")),
)


@pytest.mark.parametrize("again", AGAIN, ids=range(len(AGAIN)))
@pytest.mark.parametrize("turned", [False, True])
def test_a_row_saved_again_is_the_same(again: Sequence[str], turned: bool) -> None:
    files = alipay(salary()), alipay(list(again))
    assert added(*(files[::-1] if turned else files)) == 0


def test_a_workbook_of_the_same_bill_adds_nothing() -> None:
    row = wechat_row("小王", "货", "¥12.00", order="4200002168202407076349888061", at="2026-07-13 11:40:58")
    saved = [46216.48678240741, *row[1:5], 12.0, *row[6:8], 4.200002168202407e27, *row[9:]]
    assert added(wechat(row), workbook([("S", wechat_sheet(saved))])) == 0
    assert added(workbook([("S", wechat_sheet(saved))]), wechat(row)) == 0


def test_alipays_two_exports_of_one_order_are_one() -> None:
    app = alipay_row("某餐厅", "午餐", "27.00", at="2026-07-26 13:11:25", order="2026072622001100000000000001")
    web = [
        "2026072622001100000000000001",
        "S1",
        "2026-07-26 13:11:25",
        "2026-07-27 09:00:00",
        "2026-07-27 09:00:00",
        "其他",
        "即时到账交易",
    ]
    web += ["某餐厅", "午餐", "27.00", "支出", "交易成功", "0.00", "0.00", "", "已支出"]
    assert added(alipay(app), alipay(web, columns=WEB_COLUMNS)) == 0
    assert added(alipay(web, columns=WEB_COLUMNS), alipay(app)) == 0


def test_the_older_apps_order_of_columns_changes_nothing() -> None:
    row = salary()
    older = [row[5], row[2], row[3], row[4], row[7], row[6], row[8], row[1], row[9], row[10], row[0]]
    assert added(alipay(row), alipay(older, columns=OLDER_COLUMNS)) == 0


def test_two_equal_purchases_in_a_minute_stay_two() -> None:
    one, other = (
        alipay_row(amount="3.00", at=f"2026-07-05 09:05:{second}", order=f"20260710200400014200000000{n}")
        for n, second in ((11, 10), (12, 50))
    )
    both = alipay(one, other)
    cut = [alipay_row(amount="3.00", at="2026/7/5 9:05", order="2.02607E+27")] * 2
    assert len(read_bill(both).transactions) == 2
    assert len(read_bill(alipay(*cut)).transactions) == 2
    assert added(both, both) == 0
    assert added(both, alipay(*cut)) == 0
    assert added(alipay(*cut), both) == 0
    assert added(alipay(*cut[:1]), both) == 1
    assert added(alipay(one), alipay(other)) == 1
    assert added(alipay(other), alipay(one, other)) == 1
    assert added(alipay(one, other), alipay(other, one)) == 0


def test_new_rows_are_numbered_on_from_those_on_file() -> None:
    first = alipay(alipay_row(amount="3.00", at="2026-07-05 09:05:10", order="2026071020040001420000000011"))
    second = alipay(alipay_row(amount="3.00", at="2026-07-05 09:05:50", order="2026071020040001420000000012"))
    old = read_bill(first).transactions
    (new,) = unknown_rows([known(item) for item in old], read_bill(second).transactions)
    assert new.digest not in {item.digest for item in old}


def test_a_row_that_repeats_is_named_and_counts_once() -> None:
    content = alipay(salary(), salary())
    assert len(read_bill(content).transactions) == 1
    assert reasons(content) == [(7, "repeated")]


def test_a_purchase_and_its_refund_in_one_minute_are_two() -> None:
    bought = wechat_row(amount="¥5.00", at="2026-07-05 09:05:10")
    back = wechat_row(amount="¥5.00", at="2026-07-05 09:05:40", kind="某店-退款", direction="收入", status="已全额退款")
    assert added(wechat(bought), wechat(back, bought)) == 1
    assert added(wechat(back, bought), wechat(bought, back)) == 0


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        (ORDER, ORDER[:-1] + "6", True),
        (ORDER, ORDER, False),
        (ORDER, "", False),
        ("2.02607E+27", ORDER, False),
        ("2.02608E+27", ORDER, False),
        ("2.02610E+27", ORDER, True),
        ("2.02607E+26", ORDER, True),
        ("2026071020040000000000000000", ORDER, False),
        ("2026071020050000000000000000", ORDER, True),
        ("xxxx", "yyyy", False),
        ("2xxxxxxxxxxx1", "2xxxxxxxxxxx2", False),
    ],
)
def test_what_order_numbers_tell(one: str, other: str, told: bool) -> None:
    assert differ(one, other) is told
    assert differ(other, one) is told


def test_a_masked_or_rounded_number_names_no_payment() -> None:
    assert is_whole(ORDER)
    assert not any(
        map(
            is_whole,
            ("", "/", "xxxx", "2023xxxxx88", "2.02607E+27", "2026071020040001400000000000", "3985734", "20230***57"),
        )
    )
