"""Refunds find their purchase across order numbers and files, whole or in part, and each purchase once."""

from __future__ import annotations

import pytest

from tests.credit.made import alipay, alipay_row, earned, spent, wechat, wechat_row

BOUGHT = "2026071022001400000000000001"
OTHER = "2026072230000200810048120119"


def back(amount: str = "100.00", who: str = "王记皮具", what: str = "充值卡退卡", **changes: str) -> list[str]:
    given = {
        "at": "2026-07-22 20:08:02",
        "kind": "退款",
        "direction": "不计收支",
        "status": "退款成功",
        "order": OTHER,
        **changes,
    }
    return alipay_row(who, what, amount, **given)


def bought(amount: str = "100.00", who: str = "王记皮具", what: str = "充值卡", **changes: str) -> list[str]:
    return alipay_row(who, what, amount, **{"at": "2026-07-22 20:05:57", "order": BOUGHT, **changes})


@pytest.mark.parametrize(
    ("rows", "out"),
    [
        ([bought(), back()], "0.00"),
        ([back(), bought()], "0.00"),
        ([bought(), back("40.00")], "60.00"),
        ([bought(), back("40.00"), back("60.00", order=OTHER + "1")], "0.00"),
        ([bought(), back("40.00"), back("40.00", order=OTHER + "1"), back("40.00", order=OTHER + "2")], "20.00"),
        ([bought(), back("140.00")], "100.00"),
        ([bought(), back(who="别家")], "100.00"),
        ([bought(), back(who="别家", what="退款-充值卡")], "0.00"),
        ([bought(), back(who="别家", what="退款-充值卡", order=f"{BOUGHT}_88")], "0.00"),
        ([bought(merchant="M20260722"), back(who="别家", merchant="M20260722")], "0.00"),
        ([bought(merchant="M20260722"), back(who="别家", merchant="M20260722_0")], "0.00"),
        ([bought(at="2026-07-23 09:00:00"), back()], "100.00"),
        ([bought(at="2025-07-23 09:00:00"), back()], "100.00"),
        ([bought(), bought(order=BOUGHT + "2"), back()], "100.00"),
        ([bought("250.00", what="皮带"), bought(order=BOUGHT + "2"), back(what="退款-充值卡")], "250.00"),
        ([bought("250.00", what="皮带"), bought("300.00", order=BOUGHT + "2"), back(what="退款-皮带")], "450.00"),
        ([bought(status="交易关闭"), back(), bought(order=BOUGHT + "2", at="2026-07-01 08:00:00")], "100.00"),
        ([bought(status="交易关闭", method="", direction="不计收支"), bought(order=BOUGHT + "2"), back()], "0.00"),
        ([bought(), back(status="退款处理中")], "100.00"),
        ([bought(), back(status="退款失败")], "100.00"),
        ([bought(), back(kind="日用百货")], "0.00"),
        ([bought("100.00"), back("-100.00")], "0.00"),
    ],
)
def test_alipay(rows: list[list[str]], out: str) -> None:
    assert spent(alipay(*rows)) == out
    assert earned(alipay(*rows)) == "0.00"


def test_across_files() -> None:
    assert spent(alipay(bought()), alipay(back())) == "0.00"
    assert spent(alipay(back()), alipay(bought())) == "0.00"
    assert spent(alipay(back(order=f"{BOUGHT}_1")), alipay(bought(who="改了名"))) == "0.00"
    assert (
        spent(
            alipay(bought()),
            wechat(
                wechat_row("王记皮具", amount="¥100.00", kind="王记皮具-退款", direction="收入", status="已全额退款")
            ),
        )
        == "100.00"
    )


def test_wechats_purchase_says_it_itself_and_its_refund_row_does_not_count_again() -> None:
    row = wechat_row("某店", amount="¥66.00", status="已退款(￥16.00)", merchant="M1")
    again = wechat_row(
        "某店",
        amount="¥16.00",
        at="2026-07-11 10:00:00",
        kind="某店-退款",
        direction="收入",
        status="已全额退款",
        merchant="M1",
    )
    assert spent(wechat(row)) == spent(wechat(row, again)) == spent(wechat(again), wechat(row)) == "50.00"
    assert earned(wechat(row, again)) == "0.00"


def test_a_refund_without_a_purchase_is_no_income() -> None:
    assert earned(alipay(back())) == "0.00"
    assert earned(alipay(back(direction="收入"))) == "0.00"
