"""Kinds of bills that people reported to the makers of other importers, each made again small.

Named after the public thread where it was told: deg is double-entry-generator, cashbook, ezbookkeeping, beancount-gs and
my-beancount-scripts are themselves.
"""

from __future__ import annotations

import io
import zipfile

from farthing.credit.bills.read import read_bill
from farthing.credit.bills.write import WECHAT_COLUMNS
from tests.credit.made import (
    WEB_COLUMNS,
    alipay,
    alipay_row,
    earned,
    reasons,
    spent,
    supported,
    wechat,
    wechat_row,
    workbook,
)

ORDER = "2024111422001138361434487255"


def test_deg_137_a_refund_whose_type_is_food_and_income_that_was_closed() -> None:
    bought = alipay_row(
        "饿了么", "饺子", "27.00", kind="餐饮美食", at="2026-07-14 12:00:00", order="13120600724111419446389943669"
    )
    back = alipay_row(
        "饿了么", "退款-饺子", "27.00", kind="餐饮美食", at="2026-07-14 13:00:00", direction="不计收支", status="退款成功",
        order=f"{ORDER}_13130601324111427241160943669", merchant="13120600724111419446389943669",
    )  # fmt: skip
    sold = alipay_row(
        "n", "logitech", "150.00", kind="收入", direction="收入", status="交易关闭", method="", order=ORDER + "1"
    )
    content = alipay(bought, back, sold)
    assert (spent(content), earned(content), supported(content)) == ("0.00", "0.00", "0.00")


def test_deg_44_closed_without_payment_and_closed_after_payment() -> None:
    never = alipay_row(amount="82.00", status="交易关闭", direction="不计收支", method="", order=ORDER)
    paid = alipay_row(amount="50.00", status="交易关闭", order=ORDER + "2", merchant="T1")
    back = alipay_row(
        amount="50.00", kind="退款", direction="不计收支", status="退款成功", order=ORDER + "2_57", merchant="T1",
        at="2026-07-11 10:00:00",
    )  # fmt: skip
    kept = alipay_row(amount="50.00", order=ORDER + "3")
    assert spent(alipay(never, paid, back, kept)) == "50.00"


def test_my_beancount_scripts_5_closed_by_state_but_paid_by_the_state_of_the_money() -> None:
    at = "2026-07-26 13:11:25"
    row = [
        ORDER,
        "S1",
        at,
        at,
        at,
        "淘宝",
        "即时到账交易",
        "某店",
        "杯子",
        "30.00",
        "支出",
        "交易关闭",
        "0.00",
        "12.00",
        "",
        "已支出",
    ]
    assert spent(alipay(row, columns=WEB_COLUMNS)) == "18.00"
    row[-1], row[13] = "", "0.00"
    assert spent(alipay(row, columns=WEB_COLUMNS)) == "0.00"


def test_cashbook_170_a_fourth_note_above_and_amounts_that_are_numbers() -> None:
    above = [["微信支付账单明细"], ["微信昵称：[某人]"], ["注："], ["1. 充值/提现等交易，将计入中性交易"]]
    above += [
        ["4. 本账单中所有时间均为UTC+08:00时间"],
        [],
        ["----------------------微信支付账单明细列表--------------------"],
    ]
    row: list[object] = wechat_row(amount="0")
    row[5] = 4.5
    assert spent(workbook([("Sheet1", [*above, list(WECHAT_COLUMNS), row])])) == "4.50"


def test_cashbook_30_and_33_lines_taken_away_above_and_goods_that_are_a_number() -> None:
    content = wechat(wechat_row("杂粮煎饼", '"11111111111111"', "¥7.00")).decode("utf-8-sig")
    assert spent(content.partition("\r\n")[2].encode()) == "7.00"
    assert spent(content[content.index("交易时间") :].encode()) == "7.00"


def test_deg_138_a_type_that_nobody_knew() -> None:
    row = wechat_row("腾讯公益慈善基金会", '"焕新乐园"', "¥0.01", kind="分分捐")
    assert (spent(wechat(row)), reasons(wechat(row))) == ("0.01", [])


def test_ezbookkeeping_123_tabs_outside_the_quotation_marks() -> None:
    row = wechat_row(amount="¥4.50")
    row[8], row[9] = '"4200002986202512113091615320"\t\t', '"202512111814101160000184210108"\t\t'
    (item,) = read_bill(wechat(row)).transactions
    assert (item.order_id, item.merchant_order_id) == ("4200002986202512113091615320", "202512111814101160000184210108")


def test_deg_35_no_seconds_and_accounts_in_quotation_marks() -> None:
    row = alipay_row(amount="12.00", at="2026-07-10 10:00")
    row[3] = '"abc***@example.com"'
    (item,) = read_bill(alipay(row)).transactions
    assert (item.counterparty_account, spent(alipay(row))) == ("abc***@example.com", "12.00")


def test_beancount_gs_15_rows_with_another_number_of_cells() -> None:
    rows = [alipay_row(amount="1.00", order=f"20260710220014000000{n:08}") for n in range(4)]
    rows[1] += ["", "", ""]
    rows[2] = rows[2][:11]
    assert (spent(alipay(*rows)), reasons(alipay(*rows))) == ("4.00", [])


def test_my_beancount_scripts_14_the_archive_as_it_came_by_mail() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("alipay_record.csv", alipay(alipay_row()))
    assert read_bill(packed.getvalue()).transactions == read_bill(alipay(alipay_row())).transactions


def test_wechat_withdrawals_with_their_fee_and_wallet_moves_are_no_spending() -> None:
    out = wechat_row(
        "招商银行(0000)", "/", "¥100.10", kind="零钱提现", direction="/", status="提现已到账", note='"服务费¥0.10"'
    )
    into = wechat_row(
        "/", "/", "¥500.00", kind="转入零钱通-来自零钱", direction="/", order="18000070012002140012244807617589"
    )
    content = wechat(out, into)
    assert (spent(content), f"{read_bill(content).transactions[0].fee}") == ("0.00", "CNY 0.10")
