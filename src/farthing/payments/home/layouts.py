"""Own the table of banks' statements: which columns make one, by the names in its header row, and how their cells are read. Pure.

As bills are, a table is recognised by its header row alone. A bank that changes its columns gets another line here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from farthing.credit.bills.layouts import column_name
from farthing.kit.words import Words

Amounts = Literal["signed", "charged", "sides", "two", "worded"]
"""signed: more than nothing came in; charged: more than nothing was spent; sides: a column says which; two: a column each;
worded: the first word of the description says it."""
Days = Literal["year first", "day first", "month first"]


@dataclass(frozen=True, slots=True)
class BankLayout:
    """One known table. ``columns``: field -> names, of which all that are there are read, one after the other."""

    name: str
    kind: Literal["bank", "card"]
    amounts: Amounts
    columns: Mapping[str, tuple[str, ...]]
    needs: frozenset[str]
    days: Days = "year first"
    currency: str = "CNY"


def _layout(
    name: str, kind: Literal["bank", "card"], amounts: Amounts, columns: Mapping[str, str], days: Days = "year first",
    currency: str = "CNY",
) -> BankLayout:  # fmt: skip
    split = {field: tuple(names.split("|")) for field, names in columns.items()}
    return BankLayout(
        name, kind, amounts, split, frozenset(each for names in split.values() for each in names), days, currency
    )


LAYOUTS: tuple[BankLayout, ...] = (
    _layout("abc", "bank", "signed", {
        "day": "交易日期", "time": "交易时间", "amount": "交易金额", "balance": "本次余额", "other": "对手信息",
        "what": "交易摘要|交易附言", "reference": "日志号",
    }),
    _layout("boc", "bank", "signed", {
        "day": "记账日期", "time": "记账时间", "currency": "币别", "amount": "金额", "balance": "余额", "what": "交易名称|附言",
        "other": "对方账户名", "other_account": "对方卡号/账号", "tail": "借记卡号",
    }),
    _layout("boc-card", "card", "two", {
        "day": "交易日", "tail": "卡号后四位", "what": "交易描述", "in": "存入", "out": "支出", "currency": "币种",
    }),
    _layout("bocom", "bank", "sides", {
        "day": "交易日期", "time": "交易时间", "what": "交易类型|摘要", "side": "借贷", "amount": "交易金额", "balance": "余额",
        "other_account": "对方账号", "other": "对方户名",
    }),
    _layout("bocom-card", "card", "worded", {"day": "交易日期", "what": "交易说明", "amount": "入账币种/金额"}),
    _layout("cgb-card", "card", "charged", {
        "day": "交易日期", "what": "交易摘要", "amount": "入账金额", "currency": "入账货币",
    }),
    _layout("cmb", "bank", "signed", {
        "day": "记账日期", "currency": "货币", "amount": "交易金额", "balance": "联机余额", "what": "交易摘要|客户摘要",
        "other": "对手信息",
    }),
    _layout("cmb-card", "card", "charged", {
        "day": "交易日", "booked": "记账日", "what": "交易摘要", "amount": "人民币金额", "tail": "卡号末四位",
    }, "month first"),
    _layout("icbc", "bank", "two", {
        "day": "交易日期", "what": "摘要|交易场所", "in": "记账金额(收入)", "out": "记账金额(支出)", "currency": "记账币种",
        "balance": "余额", "other": "对方户名", "cash": "钞/汇",
    }),
    _layout("icbc-card", "card", "two", {
        "day": "交易日期", "booked": "记账日期", "what": "摘要|交易场所", "in": "记账金额(收入)", "out": "记账金额(支出)",
        "currency": "记账币种", "balance": "余额", "other": "对方户名",
    }),
    _layout("hsbc-card", "card", "signed", {
        "day": "Transactiondate", "what": "Description", "amount": "Billingamount", "currency": "Billingcurrency",
        "other": "Merchantname", "side": "Credit/Debit",
    }, "day first"),
    _layout("hsbc", "bank", "signed", {
        "day": "Date", "what": "Description", "amount": "Billingamount", "currency": "Billingcurrency", "balance": "Balance",
    }, "day first"),
    _layout("bmo-card", "card", "charged", {
        "day": "TransactionDate", "booked": "PostingDate", "what": "Description", "amount": "TransactionAmount", "tail": "Card#",
    }, currency="CAD"),
    _layout("bmo", "bank", "signed", {
        "day": "DatePosted", "what": "Description", "amount": "TransactionAmount", "tail": "FirstBankCard",
    }, currency="CAD"),
)  # fmt: skip
"""Where one table's columns are among another's, the longer stands first or differs by a name that only one has."""

NAMES: Mapping[str, Words] = {
    "alipay": Words("Alipay", "支付宝"), "wechat": Words("WeChat Pay", "微信支付"), "camt": Words("Bank account", "银行账户"),
    "abc": Words("Agricultural Bank of China", "农业银行"), "boc": Words("Bank of China", "中国银行"),
    "boc-card": Words("Bank of China card", "中国银行信用卡"), "bocom": Words("Bank of Communications", "交通银行"),
    "bocom-card": Words("Bank of Communications card", "交通银行信用卡"),
    "cgb-card": Words("China Guangfa Bank card", "广发银行信用卡"),
    "cmb": Words("China Merchants Bank", "招商银行"), "cmb-card": Words("China Merchants Bank card", "招商银行信用卡"),
    "icbc": Words("ICBC", "工商银行"), "icbc-card": Words("ICBC card", "工商银行信用卡"), "hsbc": Words("HSBC", "汇丰银行"),
    "hsbc-card": Words("HSBC card", "汇丰银行信用卡"), "bmo": Words("Bank of Montreal", "蒙特利尔银行"),
    "bmo-card": Words("Bank of Montreal card", "蒙特利尔银行信用卡"), "here": Words("Wallet here", "本行钱包"),
}  # fmt: skip
"""What the keeper of an account is called, by the form that its statement came in."""

CURRENCIES: Mapping[str, str] = {
    "人民币": "CNY", "RMB": "CNY", "人民币元": "CNY", "港币": "HKD", "美元": "USD", "欧元": "EUR", "英镑": "GBP", "": "",
}  # fmt: skip
INWARDS = ("退货", "退款", "信用卡还款", "还款", "转入", "存入", "利息", "返现")
"""How lines begin that came in, where only their words say it."""


def layout_of(cells: Sequence[str]) -> tuple[BankLayout, dict[str, tuple[int, ...]]] | None:
    """The layout whose header row this is, with the places of each field's columns; the one with most columns where several
    fit."""
    if not 4 <= len(cells) <= 40:
        return None
    names = [column_name(cell) for cell in cells]
    known = set(names)
    fitting = [each for each in LAYOUTS if each.needs <= known]
    if not fitting:
        return None
    best = max(fitting, key=lambda each: len(each.needs))
    return best, {
        field: tuple(names.index(name) for name in wanted) for field, wanted in best.columns.items()
    }  # fmt: skip
