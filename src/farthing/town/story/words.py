"""Own what a story says for the code words of the bank: an answer about identity, of a bureau, of a partner; who lends. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from farthing.kit.words import Words
from farthing.lending.model import MARKETPLACE

PROVIDERS: Mapping[str, Words] = {
    "alipay": Words("Alipay", "支付宝"), "wechat": Words("WeChat Pay", "微信支付"),
}  # fmt: skip
IDENTITY: Mapping[str, Words] = {
    "matched": Words("all confirmed", "全部一致"),
    "name_mismatch": Words("name and number do not belong together", "姓名与证件号码不符"),
    "number_unknown": Words("no such number is known", "查无此证件号码"),
    "phone_mismatch": Words("the phone belongs to somebody else", "手机号不属于本人"),
    "phone_unknown": Words("no such phone is known", "查无此手机号"),
}
HOLDER: Mapping[str, Words] = {
    "matched": Words("is the applicant", "与申请人一致"),
    "masked": Words("is partly hidden and fits the applicant", "部分隐藏，与申请人相符"),
    "unverifiable": Words("is named in full by no line", "账单未载明全名，无法核对"),
}
BUREAU: Mapping[str, Words] = {
    "no_record": Words("has no record", "查无记录"), "found": Words("has a file", "有记录"),
    "unavailable": Words("did not answer in time", "未及时答复"),
}  # fmt: skip
ANSWERS: Mapping[str, Words] = {
    "asked": Words("was asked", "已征询"), "agreed": Words("agreed", "同意"), "declined": Words("declined", "拒绝"),
    "passed_over": Words("too late, passed over", "逾时，跳过"),
    "released": Words("agreed, and was not needed", "已同意，未使用"),
    "spared": Words("need not answer", "无需答复"), "not_asked": Words("was not asked, for want of room", "额度不足，未征询"),
}  # fmt: skip
"""What partners answered."""


LENGTHS = {"d": ("day", "天"), "m": ("month", "个月"), "y": ("year", "年")}
AGREED: Mapping[str, Words] = {
    "term": Words(", for {}", "，存期 {}"), "every": Words(", a part every {}", "，每 {}支取一次"),
    "notice": Words(", at {} notice", "，提前 {}通知"),
}  # fmt: skip


def agreed_on(terms: Mapping[str, object]) -> Words:
    """What was agreed on when a deposit was opened, as one says it."""
    said = [(AGREED[key], *_length(str(value))) for key, value in terms.items() if key in AGREED]
    return Words(
        "".join(each.en.format(en) for each, en, _ in said), "".join(each.zh.format(zh) for each, _, zh in said)
    )


def _length(text: str) -> tuple[str, str]:
    count, (en, zh) = int(text[:-1]), LENGTHS[text[-1]]
    return f"{count} {en}{'' if count == 1 else 's'}", f"{count} {zh}"


def lender(name: str) -> Words:
    """Who holds a part of a loan, as a story says it: the bank itself, lenders of the marketplace together, or a partner."""
    if name == MARKETPLACE:
        return Words("lenders of the marketplace", "平台出借人")
    partner = name.removeprefix("partner:")
    return Words("the bank itself", "本行") if name == "own" else Words(f"partner {partner}", f"合作方 {partner}")
