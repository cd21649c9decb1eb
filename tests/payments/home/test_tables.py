"""Banks' tables as they come: known by their header row, read to the cent, or refused with the row that is wrong."""

from __future__ import annotations

from datetime import datetime

import pytest

from farthing.kit.errors import Refusal
from farthing.payments.home.model import Part, Row
from farthing.payments.home.tables import read_table
from tests.conftest import SHARED
from tests.payments.home.files import boc

CMB_CARD = """招商银行信用卡对账单（个人消费卡账户 2024年01月）（补）
交易日,记账日,交易摘要,人民币金额,卡号末四位,交易地金额
,12/29,掌上生活还款,-1.23,1234,-1.23
01/05,01/07,中国移动,"8,000.00",1234,"8,000.00(CN)"
"""
BOCOM = """序号,交易日期,交易时间,交易类型,借贷,交易金额,余额,对方账号,对方户名,交易地点,摘要
1,2025-01-01,00:00:00,存款利息,贷 Cr,1.23,1334.63,132,应付利息,批处理,
2,2024-02-02,13:15:12,网上支付,借 Dr,3.21,2334.62,666,哈哈,其他,
"""


def parts(content: bytes | str, tail: str = "") -> list[Part]:
    found = read_table(content.encode() if isinstance(content, str) else content, tail)
    assert found is not None and found[1] == 0
    return found[0]


def shown(row: Row) -> tuple[str, bool, int]:
    return f"{row.at:%Y-%m-%d %H:%M:%S}", row.exact, row.minor if row.direction == "in" else -row.minor


def test_a_signed_table_with_hours_and_the_cards_own_number() -> None:
    (part,) = parts(
        boc(
            [
                ("2025-08-12 16:49:29", "-2,600.00", "跨行转账", "某公司"),
                ("2025-08-05 16:00:44", "5,771.00", "工资", "某公司"),
            ]
        )
    )
    assert (part.account.layout, part.account.tail, part.account.currency) == ("boc", "1234", "CNY")
    assert [shown(each) for each in part.rows] == [
        ("2025-08-05 16:00:44", True, 577100),
        ("2025-08-12 16:49:29", True, -260000),
    ]
    assert part.rows[0].counterparty == "某公司" and part.rows[0].description == "工资"


def test_a_card_statement_without_years_spans_new_year() -> None:
    (part,) = parts(CMB_CARD)
    assert [shown(each) for each in part.rows] == [
        ("2023-12-29 00:00:00", False, 123),
        ("2024-01-05 00:00:00", False, -800000),
    ]


def test_sides_of_a_ledger_and_a_number_that_is_asked_for() -> None:
    (part,) = parts(BOCOM, "4321")
    assert [shown(each) for each in part.rows] == [
        ("2024-02-02 13:15:12", True, -321),
        ("2025-01-01 00:00:00", False, 123),
    ]
    with pytest.raises(Refusal) as refused:
        read_table(BOCOM.encode(), "")
    assert refused.value.code == "home.tail_missing"


def test_the_same_line_has_one_name_in_every_file_and_equal_lines_are_counted() -> None:
    rows = [("2025-08-05 16:00:44", "-5.00", "消费", "面馆")] * 2 + [("2025-08-06 08:00:00", "-7.00", "消费", "面馆")]
    whole, again = parts(boc(rows))[0].rows, parts(boc(rows[:2]))[0].rows
    assert len({each.id for each in whole}) == 3 and {each.id for each in again} < {each.id for each in whole}


def test_a_table_that_cannot_be_read_is_refused_and_one_bad_row_of_many_is_told() -> None:
    rows = [(f"2025-08-{1 + number:02} 10:00:00", "-5.00", "消费", "面馆") for number in range(21)]
    bad = boc([*rows, ("2025-13-40 10:00:00", "-5.00", "消费", "面馆")])
    found = read_table(bad, "")
    assert found is not None and found[1] == 1 and len(found[0][0].rows) == 21
    with pytest.raises(Refusal) as refused:
        read_table(boc([("2025-08-01 10:00:00", "五元", "消费", "面馆")]), "")
    assert refused.value.code == "home.unreadable"


def test_what_is_no_such_table_is_left_to_others() -> None:
    assert read_table("微信支付账单明细\n交易时间,交易类型,交易对方,商品,收/支,金额(元)\n".encode(), "") is None
    assert read_table(b"", "") is None


EXPORTS = {
    "abc_debit__example-abc_debit-records.csv": ("abc", 5, -235588), "boc__debit__example-boc-records.csv": ("boc", 17, 42670),
    "bocom_credit__example-bocom_credit-records.csv": ("bocom-card", 8, 73169),
    "cgb_credit__example-cgb_credit-records.csv": ("cgb-card", 4, 82456),
    "cmb__debit__example-cmb-records.csv": ("cmb", 5, -77914),
    "hsbchk__credit__example-hsbchk-credit-records.csv": ("hsbc-card", 10, 173227),
    "icbc__credit__example-icbc-credit-records.csv": ("icbc-card", 9, 425788),
    "icbc__debit-v1__example-icbc-debit-v1-records.csv": ("icbc", 11, -139934),
    "icbc__debit-v2__example-icbc-debit-v2-records.csv": ("icbc", 11, -139934),
    "bmo__debit__example-bmo-records.csv": ("bmo", 4, -15831),
}  # fmt: skip


@pytest.mark.parametrize("name", EXPORTS)
def test_real_exports(name: str) -> None:
    file = SHARED / "cn_bills" / name
    if not file.exists():
        pytest.skip("the shared data are not here")
    layout, count, total = EXPORTS[name]
    part = parts(file.read_bytes(), "1234")[0]
    signed = sum(each.minor if each.direction == "in" else -each.minor for each in part.rows)
    assert (part.account.layout, len(part.rows), signed) == (layout, count, total)
    assert all(each.at > datetime(2020, 1, 1) for each in part.rows)
