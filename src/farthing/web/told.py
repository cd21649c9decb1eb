"""Own what pages call the things that the API knows by a code: states, terms, kinds, reasons and fields.

Pure. A person never meets a code, an id, a permission or a variable's name on a page; the API keeps them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from farthing.kit.words import Words
from farthing.products.rates import Term, parse_term

UNIT = {"d": ("day", "天"), "m": ("month", "个月"), "y": ("year", "年")}
WORDS: Mapping[str, Mapping[str, Words]] = {
    "loan": {
        "accepted": Words("accepted, being funded", "已接受，正在落实资金"),
        "funded": Words("waits for your signature", "待签署"),
        "active": Words("paid out, being repaid", "已放款，还款中"),
        "closed": Words("repaid", "已结清"),
        "cancelled": Words("given up; nothing was paid out and nothing is owed", "已放弃；未放款，无需还款"),
    },
    "proof": {
        "code": Words("by a code to the phone on file", "登记手机验证码"), "document": Words("by the document", "核验证件"),
    },
    "field": {
        "name": Words("the name", "姓名"), "resident_id": Words("the identity number", "身份证号"),
        "number": Words("the number", "证件号码"), "phone": Words("the phone", "手机号"), "code": Words("the code", "验证码"),
        "password": Words("the password", "密码"), "old": Words("the password now", "现密码"),
        "new": Words("the new password", "新密码"), "amount": Words("the amount", "金额"),
        "instalments": Words("the number of instalments", "期数"), "purpose": Words("the purpose", "用途"),
        "product": Words("the product", "产品"), "payee": Words("the payee", "收款方"), "memo": Words("the memo", "附言"),
        "card": Words("the card number", "银行卡号"), "account": Words("the card number", "银行卡号"),
        "term": Words("the term", "存期"), "every": Words("the interval", "间隔"), "notice": Words("the notice", "通知期"),
        "statement": Words("the statement", "说明"), "datum": Words("the item", "数据项"), "note": Words("the note", "意见"),
        "bill": Words("the bill", "账单"), "seal": Words("the seal", "签章文件"), "days": Words("the days", "天数"),
        "customer": Words("the customer", "客户"), "counter": Words("the counter", "柜台"), "words": Words("your words", "说明"),
        "answer": Words("the answer", "答复"), "field": Words("a field", "表单项"), "source": Words("the place", "办理地点"),
    },
}  # fmt: skip


def called(code: str, kind: str) -> Words:
    """What a code of a kind is called; readable at least where it is not known."""
    known = WORDS[kind].get(code)
    plain = code.replace("_", " ")
    return known or Words(plain, plain)


def holder(name: str) -> Words:
    """Who funds a part of a loan."""
    return Words("this bank", "本行") if name == "own" else Words(name.partition(":")[2], name.partition(":")[2])


def term(text: str | Term | None) -> str:
    """A length of time in both languages: ``7 天 7 days``, ``1 年 1 year``."""
    if text is None or text == "":
        return ""
    length = text if isinstance(text, Term) else parse_term(text)
    written = str(length)
    count = int(written[:-1])
    one, zh = UNIT[written[-1]]
    return f"{count} {zh} {count} {one if count == 1 else one + 's'}"


def terms(texts: Iterable[str]) -> str:
    """Several, the shortest first."""
    found = sorted((parse_term(each) for each in texts if each), key=lambda each: (each.months, each.days))
    return " · ".join(term(each) for each in found)


def field(name: str) -> Words:
    """What a field of a form is called, by its name in a command: its last part."""
    return called(name.rpartition(".")[2], "field")


KINDS = {
    "transfer": "转账 Transfer",
    "top-up": "充值 Top-up",
    "pay-out": "提现 Pay-out",
    "savings.deposit": "存入存款 Into savings",
    "savings.withdrawal": "存款转回 From savings",
    "fund.subscribe": "申购基金 Into the fund",
    "fund.cancel": "撤销申购 Order taken back",
    "fund.pay": "基金赎回 From the fund",
    "fund.instant": "基金实时赎回 From the fund at once",
    "disbursement": "放款 Loan paid out",
    "repayment": "还款 Repayment",
}
"""What kinds of entries are called in a wallet's history."""


def kind_name(kind: str) -> str:
    """What an entry's kind is called; its own name where nothing better is known."""
    return KINDS.get(kind, kind)
