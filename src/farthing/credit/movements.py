"""Own ``Movement``: what a transaction means for a person's cash flow, or why it means nothing. Pure.

Never reads what the law keeps out of a credit opinion: payments that tell of illness, religion or genes are set
aside before any figure is formed (Credit Reporting Regulation, art. 14).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from farthing.credit.bills.model import Transaction
from farthing.kit.money import Money

Category = Literal["earned", "support", "essential", "operating", "other", "debt_service", "returned"]
Aside = Literal["disputed", "protected", "own", "borrowed", "closed", "refund", "nothing"]

RULES_VERSION = "movements-1"

PROTECTED = re.compile(
    "医院|医疗|诊所|门诊|卫生院|卫生所|卫生服务|医药|药房|药店|药品|药业|药堂|大药|体检|挂号|医保|牙科|口腔|眼科|齿科|中医|康复|"
    "心理咨询|妇幼|保健院|疾控|核酸|疫苗|血|基因|寺院|寺庙|禅寺|佛|道观|清真寺|教堂|教会|基督|天主|功德|香火|布施"
)
"""Words that tell of illness, blood, genes or religion: art. 14 forbids collecting them for credit."""

_OWN = re.compile(r"余额宝|零钱通|理财|基金|提现|转入|转出|零钱充值|账户充值|信用卡还款|花呗|本人|自己|定期|存款")
_LOAN = re.compile(r"借呗|微粒贷|网商贷|白条|备用金|消费贷|贷款|借款|金条|分付|小贷")
_FAMILY = re.compile(r"妈|爸|父|母|爷|奶|姥|哥|姐|弟|妹|叔|姑|舅|姨|老公|老婆|生活费|亲情|亲属|压岁|红包|家人")
_WORK = re.compile(
    r"工资|薪|课时|劳务|稿费|兼职|佣金|货款|订单|收款|报酬|奖金|实习|外卖|配送|跑腿|运费|补贴|津贴|结算|收入|营业|经营"
)
_TRANSFER = re.compile(r"转账|红包|群收款|赞赏|亲友")
_OPERATING = re.compile(r"货款|进货|批发|贸易|经销|商贸|店员|店面|门面|铺租|摊位|原料|包材|包装材料|物流|快递|加工")
_ESSENTIAL = re.compile(
    r"餐|饮食|美食|食堂|面馆|小吃|包子|粥|米线|外卖|饿了么|超市|便利|生鲜|买菜|菜市|粮|农产品|日用|住房|物业|房租|房东|公寓|租金|电费|电力|"
    r"水费|水务|燃气|暖|话费|移动|联通|电信|缴费|生活服务|交通|地铁|公交|铁路|客运|一卡通|加油|教育|学费|培训|母婴|幼儿"
)


@dataclass(frozen=True, slots=True)
class Movement:
    """Money that came in or went out on a day, for a reason. ``source`` names the transaction it rests on."""

    on: date
    flow: Literal["in", "out"]
    amount: Money
    category: Category
    counterparty: str
    source: str


@dataclass(frozen=True, slots=True)
class Classified:
    """Movements, oldest first, and how many rows were set aside for which reason."""

    movements: tuple[Movement, ...]
    aside: Mapping[Aside, int]


def classify(items: Iterable[Transaction], *, holder: str, disputed: Collection[str] = ()) -> Classified:
    """Say what each transaction means. ``disputed`` holds digests of rows that wait for an answer.

    Refunds are never income: one that gives a purchase back makes that purchase smaller, one whose purchase is
    not in the bill is set aside. Moves between a person's own accounts are set aside, and so is borrowed money.
    """
    listed = sorted(items, key=lambda item: (item.occurred_at, item.natural_key))
    given_back = _given_back(listed, holder, disputed)
    aside: Counter[Aside] = Counter()
    found: list[Movement] = []
    for item in listed:
        meaning = meaning_of(item, holder, item.digest in disputed if disputed else False)
        if isinstance(meaning, str):
            aside[meaning] += 1
            continue
        flow, category = meaning
        amount = item.amount - item.refunded
        if flow == "out" and category != "returned" and given_back.get(item.order_id):
            part = min(given_back[item.order_id], amount.minor)
            given_back[item.order_id] -= part
            amount = Money(amount.minor - part, amount.currency)
        if amount.minor <= 0:
            aside["refund"] += 1
            continue
        found.append(Movement(item.occurred_at.date(), flow, amount, category, item.counterparty, item.digest))
    return Classified(tuple(found), dict(aside))


def _given_back(items: Iterable[Transaction], holder: str, disputed: Collection[str]) -> dict[str, int]:
    """Minor units given back by refund rows, by the purchase's order id.

    WeChat's purchases say themselves how much came back, so only refunds whose purchase is silent count here.
    """
    silent = {item.order_id for item in items if item.direction == "out" and not item.refunded}
    back: Counter[str] = Counter()
    for item in items:
        if item.outcome == "refund" and item.refund_of in silent and item.digest not in disputed:
            back[item.refund_of or ""] += item.amount.minor
    return dict(back)


def meaning_of(item: Transaction, holder: str, disputed: bool = False) -> Aside | tuple[Literal["in", "out"], Category]:
    """The meaning of one row; the order of the checks is the precedence."""
    words = f"{item.kind} {item.counterparty} {item.description}"
    if disputed:
        return "disputed"
    if PROTECTED.search(words) or PROTECTED.search(item.note):
        return "protected"
    if item.outcome == "refund" or (item.direction == "in" and item.description.startswith("退款")):
        return "refund"
    if item.outcome == "failed":
        return ("out", "returned") if item.direction != "in" else "nothing"
    if item.outcome == "closed":
        return "closed"
    if item.direction == "neutral":
        return ("out", "debt_service") if _LOAN.search(words) and "还款" in words else "own"
    if item.counterparty and item.counterparty == holder:
        return "own"
    return _incoming(item, words) if item.direction == "in" else _outgoing(words)


def _incoming(item: Transaction, words: str) -> Aside | tuple[Literal["in", "out"], Category]:
    if _LOAN.search(words) or "放款" in words:
        return "borrowed"
    if _OWN.search(words):
        return "own"
    if _WORK.search(words):
        return "in", "earned"
    if _TRANSFER.search(item.kind) or _FAMILY.search(words):
        return "in", "support"
    return "in", "earned"


def _outgoing(words: str) -> Aside | tuple[Literal["in", "out"], Category]:
    if _LOAN.search(words) and "还" in words:
        return "out", "debt_service"
    if _OWN.search(words):
        return "own"
    if _OPERATING.search(words):
        return "out", "operating"
    return ("out", "essential") if _ESSENTIAL.search(words) else ("out", "other")
