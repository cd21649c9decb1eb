"""Siblings of the layouts that failed once: orders of columns, encodings, line ends, quotation marks, sheets, words."""

from __future__ import annotations

import io
import random
from datetime import date

import pytest

from farthing.credit.bills.read import read_bill
from farthing.credit.bills.sample import shopkeeper_bill
from farthing.credit.bills.write import ALIPAY_COLUMNS
from farthing.kit.errors import Refusal
from tests.credit.made import (
    OLDER_COLUMNS,
    WEB_COLUMNS,
    alipay,
    alipay_row,
    earned,
    reasons,
    spent,
    wechat,
    wechat_row,
    wechat_sheet,
    workbook,
)


def refused(content: bytes, password: str = "") -> str:
    with pytest.raises(Refusal) as caught:
        read_bill(content, password)
    return caught.value.code


def older(*rows: list[str]) -> list[list[str]]:
    """Rows of the app in the order of the older app's columns."""
    return [[row[5], row[2], row[3], row[4], row[7], row[6], row[8], row[1], row[9], row[10], row[0]] for row in rows]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_encodings_and_line_ends(encoding: str, end: str) -> None:
    content = alipay(alipay_row("面馆", amount="12.00"), encoding=encoding, end=end)
    bill = read_bill(content)
    assert bill.header.holder == "测试员"
    assert spent(bill) == "12.00"


@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_separators(separator: str) -> None:
    row = [cell.strip() for cell in alipay_row(amount="12.00")]
    assert spent(alipay(row, separator=separator, encoding="utf-16")) == "12.00"


def test_the_older_app_with_its_preamble_below() -> None:
    rows = older(alipay_row(amount="12.00"), alipay_row(amount="7.50", order="2026071022001400000000000002"))
    below = (
        "------------------------",
        "导出信息：",
        "姓名：测试员",
        "共2笔记录",
        "收入：0笔 0.00元",
        "支出：2笔 19.50元",
        "起始时间：[2026-07-01 00:00:00]    终止时间：[2026-07-31 23:59:59]",
        "1.本回单内容仅供参考，12.00元不计；",
    )
    bill = read_bill(alipay(*rows, columns=OLDER_COLUMNS, above=(), below=below))
    assert (bill.header.holder, bill.header.stated_rows, spent(bill)) == ("测试员", 2, "19.50")
    assert all(check.agrees for check in bill.totals)
    assert not bill.notes


@pytest.mark.parametrize(
    "line",
    [
        "共1笔记录",
        "共1笔记录,,,,,,,,,,,,",
        "合计：1笔，12.00元",
        "----------",
        "已收入:0笔,0.00元",
        "导出时间:[2026-08-01 09:34:22]    用户:测试员",
    ],
)
def test_lines_below_the_table_are_no_payments(line: str) -> None:
    content = alipay(alipay_row(amount="12.00"), below=(line, ""))
    assert spent(content) == "12.00"
    assert reasons(content) == []


def test_a_line_that_nobody_knows_is_named() -> None:
    assert reasons(alipay(alipay_row(), below=("谢谢惠顾",))) == [(7, "not_a_row")]


@pytest.mark.parametrize(
    "words", ["已转到你支付宝账户", "支付宝（中国）电子客户回单", "京东账号名", "招商银行 中国银行 卡别名", "证券代码"]
)
def test_words_in_rows_and_remarks_recognise_nothing(words: str) -> None:
    bill = read_bill(wechat(wechat_row(what=words, amount="¥66.00")))
    assert (bill.layout, spent(bill)) == ("wechat", "66.00")


def web_row(
    amount: str, back: str = "0.00", *, direction: str = "支出", status: str = "交易成功", funds: str = "已支出"
) -> list[str]:
    at = "2026-07-26 13:11:25 "
    return [
        "2026072622001100000000000001\t",
        "S1\t",
        at,
        at,
        at,
        "其他（包括阿里巴巴和外部商家）",
        "即时到账交易",
        "某餐厅 ",
        "午餐 ",
        amount + " ",
        direction + " ",
        status + " ",
        "0.00",
        back,
        "",
        funds,
    ]


@pytest.mark.parametrize(
    ("row", "out"),
    [
        (web_row("27.00", "7.00"), "20.00"),
        (web_row("27.00", "27.00"), "0.00"),
        (web_row("27.00", "27.00", status="交易关闭"), "0.00"),
        (web_row("27.00", status="交易关闭", funds=""), "0.00"),
        (web_row("27.00", status="等待付款", funds=""), "0.00"),
        (web_row("1,027.00"), "1027.00"),
        (web_row("27.00", direction=""), "27.00"),
        (web_row("27.00", direction="", funds="资金转移"), "0.00"),
    ],
)
def test_the_web_export(row: list[str], out: str) -> None:
    above = (
        "支付宝交易记录明细查询",
        "账号:[tester@example.com]",
        "起始日期:[2026-07-01 00:00:00]    终止日期:[2026-08-01 00:00:00]",
    )
    below = ("--------", "共1笔记录", "已收入:0笔,0.00元", "导出时间:[2026-08-01 09:34:22]    用户:测试员")
    bill = read_bill(alipay(row, columns=WEB_COLUMNS, above=above, below=below))
    assert (bill.layout, spent(bill), bill.header.holder, bill.outside_period) == ("alipay-web", out, "测试员", 0)


def test_any_order_of_columns_and_rows() -> None:
    rows = [
        alipay_row(amount=f"{n}.00", order=f"202607102200140000000000{n:04}", at=f"2026-07-{n:02} 10:00:00")
        for n in range(1, 9)
    ]
    assert spent(alipay(*rows)) == spent(alipay(*rows[::-1])) == "36.00"
    turned = [row[::-1] for row in rows]
    assert spent(alipay(*turned, columns=ALIPAY_COLUMNS[::-1])) == "36.00"


@pytest.mark.parametrize(
    "name",
    ['"乙店', '乙"店', '乙店"', '"乙店"', '"""乙店"""', '"乙,店"', '"乙\n店"', '"乙"店', '5" 屏', '"a"b"c', "'乙店'"],
)
def test_quotation_marks_of_every_kind(name: str) -> None:
    orders = ("2026071022001400000000000011", "2026071022001400000000000012", "2026071022001400000000000013")
    first, third = alipay_row(amount="30.50", order=orders[0]), alipay_row(amount="32.50", order=orders[2])
    second = alipay_row(name, amount="31.50", order=orders[1])
    content = alipay(first, second, third, end="\n")
    assert (spent(content), len(read_bill(content).transactions)) == ("94.50", 3)


def test_two_halves_in_one_row_and_in_the_note() -> None:
    row = alipay_row('"乙店', '"货', amount="31.50", note='说"好')
    assert spent(alipay(row, alipay_row(amount="1.00", order="2026071022001400000000000012"))) == "32.50"


@pytest.mark.parametrize(
    ("amount", "out"),
    [
        ("1,020.00", "1020.00"),
        ("12,345,678.90", "12345678.90"),
        ("¥1,020.00", "1020.00"),
        ("￥1,020", "1020.00"),
        ("1,020.5", "1020.50"),
    ],
)
def test_thousands_commas_without_quotation_marks(amount: str, out: str) -> None:
    content = wechat(wechat_row(amount=amount))
    assert (spent(content), reasons(content)) == (out, [(4, "amount_joined")])
    assert spent(alipay(alipay_row(amount=amount))) == out
    assert spent(alipay(*older(alipay_row(amount=amount)), columns=OLDER_COLUMNS)) == out
    quoted = wechat(wechat_row(amount=f'"{amount}"'))
    assert (spent(quoted), reasons(quoted)) == (out, [])


def test_a_comma_in_a_name_is_put_together_or_the_row_is_named() -> None:
    joined = alipay(alipay_row("甲,乙商行", amount="12.00"))
    assert (spent(joined), [reason for _, reason in reasons(joined)]) == ("12.00", ["text_joined"])
    rows = [alipay_row(amount="1.00", order=f"202607102200140000000000{n:04}") for n in range(30)]
    bad = [*alipay_row(amount="12.00"), "?", "?"]
    bad[0:0] = ["?"]
    content = alipay(*rows, bad)
    assert spent(content) == "30.00"
    assert [reason for _, reason in reasons(content)] == ["too_many_cells"]
    assert refused(alipay(bad)) == "credit.bill_unreadable"


def test_rows_that_are_short() -> None:
    trimmed = alipay_row(amount="12.00")[:10]
    assert spent(alipay(trimmed)) == "12.00"
    rows = [alipay_row(amount="1.00", order=f"202607102200140000000000{n:04}") for n in range(30)]
    content = alipay(*rows, alipay_row(amount="12.00")[:6])
    assert [reason for _, reason in reasons(content)] == ["row_cut"]
    assert refused(alipay(alipay_row()[:6])) == "credit.bill_truncated"


@pytest.mark.parametrize("broken", [b"\x81", b"\xe6\x9d", b"\xff", b"\xc3"])
@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_damaged_characters_mark_the_cell_and_keep_the_row(broken: bytes, encoding: str) -> None:
    content = alipay(alipay_row("面MARK馆", amount="12.00"), encoding=encoding).replace(b"MARK", broken)
    bill = read_bill(content)
    assert spent(bill) == "12.00"
    if "\ufffd" in bill.transactions[0].counterparty:
        assert [(note.reason, note.column) for note in bill.notes] == [("characters_broken", "交易对方")]


def test_one_sheet_among_several() -> None:
    row = wechat_row(amount="9.00")
    content = workbook([("说明", [["如何使用"], ["第一步"]]), ("账单", wechat_sheet(row)), ("空", [])])
    assert spent(content) == "9.00"
    twice = workbook([("一", wechat_sheet(row)), ("二", wechat_sheet(row))])
    assert (spent(twice), reasons(twice)) == ("9.00", [(3, "sheet_left_out")])


@pytest.mark.parametrize(
    "extra", ['<dimension ref="A1"/>', '<dimension ref="A1:XFD1048576"/>', '<dimension ref="nonsense"/>', ""]
)
@pytest.mark.parametrize(
    "styles", ["<styleSheet><fills><fill/></fills></styleSheet>", "<styleSheet>", "not xml at all", ""]
)
def test_what_is_wrong_beside_the_rows_does_not_matter(extra: str, styles: str) -> None:
    assert spent(workbook([("S", wechat_sheet(wechat_row(amount="9.00")))], extra=extra, styles=styles)) == "9.00"


@pytest.mark.parametrize(
    ("amount", "out"),
    [
        (0.1 + 0.2, "0.30"),
        (1234.5, "1234.50"),
        (9.779999999999999, "9.78"),
        (1e3, "1000.00"),
        (66, "66.00"),
        (19.99, "19.99"),
    ],
)
def test_amounts_as_binary_floats(amount: float, out: str) -> None:
    assert spent(workbook([("S", wechat_sheet([*wechat_row()[:5], amount, *wechat_row()[6:]]))])) == out


def test_days_counted_from_1900_and_from_1904() -> None:
    serial = 46216.48678240741
    for later, date1904 in ((0, False), (1462, True)):
        row = [serial - later, *wechat_row()[1:]]
        (item,) = read_bill(workbook([("S", wechat_sheet(row))], date1904=date1904)).transactions
        assert f"{item.occurred_at}" == "2026-07-13 11:40:58"


def test_a_locked_workbook_opens_with_its_password() -> None:
    office = pytest.importorskip("msoffcrypto.format.ooxml")
    plain = shopkeeper_bill(random.Random(7), date(2026, 11, 23), "老王", months=1, file_format="xlsx")
    locked = io.BytesIO()
    office.OOXMLFile(io.BytesIO(plain)).encrypt("0714", locked)
    assert refused(locked.getvalue()) == "credit.bill_locked"
    assert refused(locked.getvalue(), "1234") == "credit.bill_wrong_password"
    assert read_bill(locked.getvalue(), "0714") == read_bill(plain)


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"Rar!\x1a",
        b"<!DOCTYPE html>",
        b"hello\nworld\n",
        b"\x00" * 3000,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
    ],
)
def test_other_files_are_named(content: bytes) -> None:
    assert refused(content) == "credit.bill_foreign"


def test_amounts_in_another_currency() -> None:
    row = wechat_row(amount="US$12.00")
    assert refused(wechat(row)) == "credit.bill_other_currency"
    rows = [wechat_row(amount="¥1.00", order=f"420000216820240707634988{n:04}") for n in range(30)]
    content = wechat(*rows, row)
    assert (spent(content), reasons(content)) == ("30.00", [(34, "other_currency")])
    header = wechat(wechat_row()).decode("utf-8-sig").replace("金额(元)", "金额(美元)")
    assert refused(header.encode()) == "credit.bill_other_currency"


def test_a_bill_whose_type_has_never_been_seen_is_read() -> None:
    content = wechat(
        wechat_row(kind="全新的类型", amount="¥0.01"),
        wechat_row("1111111111", "11111111111111", amount="¥7.00", order="42000021682024070763498880"),
    )
    assert spent(content) == "7.01"


def test_income_with_a_minus_is_doubtful_and_spending_with_one_is_spending() -> None:
    rows = [alipay_row(amount=f"-{n}.00", order=f"202607102200140000000000{n:04}") for n in range(1, 4)]
    assert spent(alipay(*rows)) == "6.00"
    back = alipay_row(amount="-4.00", order="202607102200140000000000009", at="2026-07-11 10:00:00")
    bought = alipay_row(amount="10.00")
    assert spent(alipay(bought, back)) == "6.00"
    assert refused(alipay(alipay_row(amount="-6000.00", direction="收入"))) == "credit.bill_unreadable"
    assert earned(alipay(alipay_row("某公司", "工资", "6000.00", direction="收入", kind="收入"))) == "6000.00"
