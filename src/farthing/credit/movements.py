"""Own ``Movement``: what a transaction means for a person's cash flow, or why it means nothing. Pure.

Never reads what the law keeps out of a credit opinion: payments that tell of illness, religion or genes are set
aside before any figure is formed (Credit Reporting Regulation, art. 14). Structure speaks first (state, direction,
type, who the other side is), then whole words (``lexicon``); a state that is not known never counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from farthing.credit.bills.model import Transaction
from farthing.credit.lexicon import is_kin, is_worship, marks_of
from farthing.credit.own_transfers import between_own
from farthing.credit.refunds import given_back
from farthing.kit.money import Money

Category = Literal["earned", "support", "essential", "operating", "other", "debt_service", "returned"]
Aside = Literal[
    "disputed", "protected", "own", "borrowed", "closed", "refund", "nothing", "open", "doubtful", "shared"
]  # fmt: skip

RULES_VERSION = "movements-3"

HEALTH_KINDS = frozenset({"医疗健康", "互助保障", "医疗", "保健"})
BOUGHT_KINDS = frozenset({
    "餐饮美食", "日用百货", "服饰装扮", "家居家装", "数码电器", "运动户外", "美容美发", "宠物", "交通出行", "爱车养车",
    "酒店旅游", "文化休闲",
})  # fmt: skip
"""Types that say that something everyday was bought: there a word is part of a dish's or a shop's name."""


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
    not in any bill is set aside. Moves between a person's own accounts are set aside, where one row or two of different
    bills tell them, and so is borrowed money.
    """
    listed = sorted(items, key=lambda item: (item.occurred_at, item.natural_key))
    back = given_back(listed, disputed)
    moved = between_own(listed, holder, disputed)
    aside: Counter[Aside] = Counter()
    found: list[Movement] = []
    for item in listed:
        digest = item.digest
        meaning = meaning_of(item, holder, digest in disputed if disputed else False)
        if isinstance(meaning, str):
            aside[meaning] += 1
            continue
        if digest in moved:
            aside["own"] += 1
            continue
        flow, category = meaning
        minor = item.amount.minor - item.refunded.minor
        if flow == "out" and category != "returned":
            minor -= back.get(digest, 0)
        if minor <= 0:
            aside["refund"] += 1
            continue
        amount = Money(minor, item.amount.currency)
        found.append(Movement(item.occurred_at.date(), flow, amount, category, item.counterparty, digest))
    return Classified(tuple(found), dict(aside))


def meaning_of(item: Transaction, holder: str, disputed: bool = False) -> Aside | tuple[Literal["in", "out"], Category]:
    """The meaning of one row; the order of the checks is the precedence."""
    if disputed:
        return "disputed"
    about = marks_of(item.kind) | marks_of(item.description)
    marks = about | marks_of(item.counterparty)
    if _is_protected(item, marks, about):
        return "protected"
    if item.outcome == "refund" or (item.direction == "in" and item.description.startswith(("退款", "退货款"))):
        return "refund"
    if item.outcome == "failed":
        return "nothing" if item.direction == "in" or "退" in item.kind + item.status else ("out", "returned")
    if item.outcome == "closed":
        return "closed"
    if item.outcome != "settled":
        return "open" if item.outcome == "open" else "doubtful"
    if item.direction == "neutral":
        return ("out", "debt_service") if {"l", "r"} <= marks else "own"
    if item.counterparty and item.counterparty == holder:
        return "own"
    return _incoming(item, marks, about) if item.direction == "in" else _outgoing(item, marks)


def _is_protected(item: Transaction, marks: frozenset[str], about: frozenset[str]) -> bool:
    """Whether a row tells of illness, blood, genes or religion.

    Wages do not, whoever pays them: a nurse is not ill. A dish's name does not either.
    """
    if item.kind in HEALTH_KINDS:
        return True
    if item.kind in BOUGHT_KINDS:
        return False
    if not ("h" in marks or is_worship(item.counterparty) or "h" in marks_of(item.note)):
        return False
    return not (item.direction == "in" and "w" in about)


def _incoming(
    item: Transaction, marks: frozenset[str], about: frozenset[str]
) -> Aside | tuple[Literal["in", "out"], Category]:
    kin = is_kin(item.counterparty)
    if "w" in about and "o" not in about and not kin:
        return "in", "earned"
    if "l" in marks:
        return "borrowed"
    if "o" in marks:
        return "own"
    if "s" in about:
        return "shared"
    if kin:
        return "in", "support"
    if "v" in marks or "w" in marks:
        return "in", "earned"
    return ("in", "support") if "t" in marks_of(item.kind) or "f" in marks else ("in", "earned")


def _outgoing(item: Transaction, marks: frozenset[str]) -> Aside | tuple[Literal["in", "out"], Category]:
    bought = item.kind in BOUGHT_KINDS
    if not bought and {"l", "r"} <= marks:
        return "out", "debt_service"
    if not bought and "o" in marks and "d" not in marks:
        return "own"
    if "p" in marks:
        return "out", "operating"
    return ("out", "essential") if "e" in marks else ("out", "other")
