"""Own the table of layouts: which columns make a bill, by the structure of its header row, and whose other tables are.

A bill is recognised by the names in its header row alone, never by words in a preamble or in the rows. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from farthing.credit.bills.model import OTHER_CURRENCY, Direction, Provider
from farthing.kit.words import Words


@dataclass(frozen=True, slots=True)
class Layout:
    """One known table: its columns by field (the first name that is there serves) and which of them it needs."""

    name: str
    provider: Provider
    columns: Mapping[str, tuple[str, ...]]
    needs: frozenset[str]
    marks: frozenset[str] = frozenset()
    """Column names that only this layout has."""


_DATED = re.compile(r"\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}日?(?: \d{1,2}:\d\d(?::\d\d)?)?")
_AMOUNT = re.compile(r"-?[\d,]{1,15}\.\d\d")
_ESSENTIAL = frozenset({"time", "counterparty", "direction", "amount", "status", "order"})

_APP = {
    "time": ("交易时间", "交易创建时间"),
    "kind": ("交易分类", "类型"),
    "counterparty": ("交易对方",),
    "account": ("对方账号", "对方帐号"),
    "description": ("商品说明", "商品名称"),
    "direction": ("收/支", "收支"),
    "amount": ("金额", "金额(元)"),
    "method": ("收/付款方式", "收付款方式", "支付方式"),
    "status": ("交易状态",),
    "order": ("交易订单号", "交易号"),
    "merchant_order": ("商家订单号", "商户订单号"),
    "note": ("备注",),
}

LAYOUTS: tuple[Layout, ...] = (
    Layout(
        "alipay-web", "alipay",
        {
            **_APP, "time": ("付款时间", "交易创建时间"), "created": ("交易创建时间",), "fee": ("服务费(元)", "服务费"),
            "refunded": ("成功退款(元)", "成功退款"), "funds": ("资金状态",), "order": ("交易号",),
        },
        _ESSENTIAL, frozenset({"交易号", "交易创建时间"}),
    ),
    Layout("alipay-app", "alipay", _APP, _ESSENTIAL, frozenset({"交易订单号", "商家订单号"})),
    Layout(
        "wechat", "wechat",
        {
            "time": ("交易时间",), "kind": ("交易类型",), "counterparty": ("交易对方",),
            "description": ("商品", "商品名称"), "direction": ("收/支", "收支"),
            "amount": ("金额(元)", "金额", "金额(人民币)"), "method": ("支付方式",),
            "status": ("当前状态", "交易状态"), "order": ("交易单号",), "merchant_order": ("商户单号",), "note": ("备注",),
        },
        _ESSENTIAL, frozenset({"交易类型", "交易单号"}),
    ),
)  # fmt: skip
"""The web export of 16 columns, the app's (whatever the order of its columns: the older app began with 收/支), WeChat's."""

DIRECTIONS: dict[str, Direction] = {
    "收入": "in", "已收入": "in", "收": "in", "支出": "out", "已支出": "out", "支": "out", "不计收支": "neutral",
    "中性交易": "neutral", "其他": "neutral", "其它": "neutral", "/": "neutral", "": "neutral", "资金转移": "neutral",
}  # fmt: skip


def _brought(en: str, zh: str) -> Words:
    """Whose table it is, and what to bring in its place."""
    return Words(f"{en}; bring the bill of Alipay or WeChat Pay", f"{zh}；请改为导出支付宝或微信支付账单")


FOREIGN_TABLES: tuple[tuple[frozenset[str], Words], ...] = tuple(
    (frozenset(names.split("|")), _brought(*whose))
    for names, whose in (
        ("商户名称|交易说明|收/付款方式|交易订单号", ("a JD bill", "京东账单")),
        ("交易创建时间|订单标题|实付金额|商家单号", ("a Meituan bill", "美团账单")),
        ("记账日期|交易金额|联机余额|对手信息", ("a China Merchants Bank statement", "招商银行流水")),
        ("交易日|记账日|交易摘要|卡号末四位", ("a China Merchants Bank card statement", "招商银行信用卡账单")),
        ("交易日|银行记账日|卡号后四位|交易描述", ("a Bank of China card statement", "中国银行信用卡账单")),
        ("记账日期|记账时间|交易名称|对方账户名", ("a Bank of China statement", "中国银行流水")),
        ("交易日期|摘要|交易场所|记账金额(收入)", ("an ICBC statement", "工商银行流水")),
        ("交易日期|交易摘要|本次余额|对手信息", ("an Agricultural Bank of China statement", "农业银行流水")),
        ("交易日期|记账日期|交易说明|交易币种/金额", ("a Bank of Communications card statement", "交通银行信用卡账单")),
        ("交易日期|交易类型|借贷|对方户名", ("a Bank of Communications statement", "交通银行流水")),
        ("交易日期|入账日期|交易摘要|入账货币", ("a China Guangfa Bank card statement", "广发银行信用卡账单")),
        ("Billing amount|Billing currency", ("an HSBC statement", "汇丰银行流水")),
        ("First Bank Card|Transaction Amount", ("a BMO statement", "BMO 流水")),
        ("Item #|Card #|Posting Date", ("a BMO card statement", "BMO 信用卡账单")),
        ("证券代码|证券名称", ("a securities statement", "证券对账单")),
        ("交易对|方向|价格|成交额", ("a crypto-exchange record", "数字币交易记录")),
    )
)


def column_name(text: str) -> str:
    """A column's name as the table above writes it: half-width, without spaces, tabs and quotation marks."""
    return "".join(unicodedata.normalize("NFKC", text).replace("\ufeff", "").replace('"', "").split())


def layout_of(cells: Sequence[str]) -> tuple[Layout, dict[str, int]] | None:
    """The layout whose header row this is, with the index of each field's column; none for any other row."""
    if not 6 <= len(cells) <= 80:
        return None
    names = [column_name(cell) for cell in cells]
    known = set(names)
    for layout in LAYOUTS:
        if not layout.marks <= known:
            continue
        places = {
            field: names.index(next(name for name in wanted if name in known))
            for field, wanted in layout.columns.items()
            if any(name in known for name in wanted)
        }
        missing = layout.needs - places.keys()
        if not missing:
            return layout, places
        if missing == {"amount"}:
            text = next((name for name in names if name.startswith("金额")), "")
            if text:
                raise OTHER_CURRENCY(row=1, text=text)
    return None


def foreign(cells: Sequence[str]) -> Words | None:
    """Whose table this header row begins, where it is known and not read here."""
    if len(cells) < 4:
        return None
    known = {" ".join(unicodedata.normalize("NFKC", cell).strip(" \t\"'").split()) for cell in cells}
    squeezed = {name.replace(" ", "") for name in known} | known
    whose = next((whose for names, whose in FOREIGN_TABLES if names <= squeezed), None)
    if whose is None and _DATED.fullmatch(cells[0].strip()) and _AMOUNT.fullmatch(cells[-1].strip()):
        return _brought("rows without column names, like a bank's statement", "没有列标题的表格，似为银行流水")
    return whose
