"""Own the reasons that rails give: ISO 20022 external codes (status, return, cancellation) with words for people. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from farthing.kit.words import Words

REASONS: Mapping[str, Words] = {
    "AC01": Words("the account number is not right", "账号不正确"),
    "AC03": Words("the payee's account number is not right", "收款账号不正确"),
    "AC04": Words("the account is closed", "账户已销户"),
    "AC06": Words("the account is blocked", "账户已冻结"),
    "AC13": Words("the account is of a kind that may not do this", "账户类型不支持此业务"),
    "AG01": Words("the account may not do this kind of payment", "该账户不允许此类支付"),
    "AG03": Words("the other bank does not take this kind of payment", "对方银行不支持此类支付"),
    "AM01": Words("the amount is nothing", "金额为零"),
    "AM02": Words("the amount is more than is allowed", "金额超过允许上限"),
    "AM03": Words("the currency is not the account's", "币种不符"),
    "AM04": Words("there is too little money on the account", "账户余额不足"),
    "AM05": Words("the payment was there already", "重复支付"),
    "AM09": Words("the amount is not the right one", "金额有误"),
    "AM14": Words("the amount is more than the account's limit", "金额超过账户限额"),
    "ARDT": Words("the money was given back already", "款项已退回"),
    "BE01": Words("the name and the account do not belong together", "户名与账号不符"),
    "CH16": Words("a field holds what it may not", "要素内容不合规"),
    "CH20": Words("the amount has more decimals than its currency", "金额小数位超出币种规定"),
    "CUST": Words("the customer asked for it", "应客户要求"),
    "DS02": Words("the order was cancelled", "指令已撤销"),
    "DT01": Words("the day is past or too far away", "日期无效"),
    "DU05": Words("the instruction id was used before", "指令标识重复"),
    "DUPL": Words("the payment was sent twice", "重复发送"),
    "ED05": Words("the settlement between the banks failed", "银行间清算失败"),
    "FOCR": Words("it was given back because we asked", "应撤回请求退回"),
    "FRAD": Words("it is said to be a fraud", "涉嫌欺诈"),
    "LEGL": Words("a law or a court forbids it", "法律或司法限制"),
    "MD07": Words("the account's holder has died", "账户持有人已故"),
    "MS02": Words("the account's holder gave no reason", "客户未说明原因"),
    "MS03": Words("the other bank gave no reason", "对方银行未说明原因"),
    "NOAS": Words("the payee did not answer", "收款人未答复"),
    "NOOR": Words("the original payment was not found", "未找到原支付"),
    "RC01": Words("the bank's number is not right", "行号不正确"),
    "RF01": Words("the payment has no id of its own", "交易标识不唯一"),
    "RR04": Words("a rule of the supervisor forbids it", "监管规定限制"),
    "TECH": Words("a technical fault", "技术故障"),
    "TM01": Words("it came after the cut-off", "超过截止时间"),
    "UPAY": Words("it was not due", "不应支付"),
}
"""Codes that people meet; any other is told as it is."""
NO_REASON = Words("no reason given", "未说明原因")


def said(code: str, reason: str = "") -> Words:
    """A reason in words: the code's, else what the rail wrote, else the code itself."""
    if code in REASONS:
        return REASONS[code]
    text = reason or code
    return Words(text, text) if text else NO_REASON
