"""Own what the kinds of events and the components of a debt are called in a sentence, in both languages."""

from __future__ import annotations

from farthing.kit.words import Words

COMPONENTS = {
    "principal": Words("principal", "本金"), "interest": Words("interest", "利息"), "fee": Words("fee", "费用"),
    "penalty": Words("penalty", "罚息"),
}  # fmt: skip
"""What a component is called."""
EVENTS = {
    "pay_out": Words("payment out", "放款"), "give_back": Words("giving back of what was not paid out", "放弃未提用额度"),
    "repay": Words("repayment", "还款"), "pay_off": Words("pay-off", "提前结清"),
    "goodwill_credit": Words("goodwill credit", "商誉减免"), "merchant_refund": Words("merchant's refund", "商户退款"),
    "payout_refund": Words("return of the payment out", "放款退回"), "interest_refund": Words("refund of interest", "退息"),
    "charge": Words("charge", "收费"), "waive": Words("waiver", "减免"),
    "waive_interest": Words("waiver of interest", "利息减免"),
    "change_rate": Words("change of rate", "利率调整"), "reset_rate": Words("reset of the rate", "利率重定价"),
    "pause_interest": Words("pause of interest", "暂停计息"),
    "move_due": Words("move of due days", "还款日调整"), "add_instalments": Words("addition of instalments", "期数增加"),
    "re_age": Words("re-ageing", "欠款重排"), "re_amortise": Words("spreading of what is late", "逾期分摊"),
    "charge_off": Words("charge-off", "转销"), "write_off": Words("write-off", "核销"), "recover": Words("recovery", "核销收回"),
    "refund_credit": Words("refund of what was paid too much", "溢缴款退还"), "charge_back": Words("charge-back", "还款退回"),
    "capitalise": Words("addition to the principal", "转入本金"), "end": Words("termination", "终止"),
    "reverse": Words("reversal", "撤销"), "set_surplus": Words("choice of what paying more does", "提前还款方式选择"),
}  # fmt: skip
"""What an event of a kind is called, after "the"."""


def unpaid(component: str) -> Words:
    """What is left of a component."""
    named = COMPONENTS[component]
    return Words(f"the unpaid {named.en}", f"未还{named.zh}")


def event_named(do: str) -> dict[str, str]:
    """The facts ``event`` and ``event_zh`` of a refusal about an event; a kind that nobody knows is called as it is written."""
    named = EVENTS.get(do, Words(do or "event", do or "事件"))
    return {"event": named.en, "event_zh": named.zh}
