"""Own ``Declared``: a feature as it stands in the catalogue (``data/features/*.toml``). Pure.

Never a value: what a feature is worth for one person is a ``Feature`` (:mod:`farthing.credit.features`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from farthing.kit.words import Words

Source = Literal["bill", "bank", "receipts", "bureau", "repayment", "debtor"]
Unit = Literal["ratio", "minor", "count", "days", "months", "grade"]
Better = Literal["higher", "lower", "none"]
Subject = Literal["person", "shop", "any"]
SOURCES: Mapping[Source, Words] = {
    "bill": Words("bills that you brought", "您提交的账单"),
    "bank": Words("statements of a bank account", "银行账户流水"),
    "receipts": Words("what your shop takes here", "店铺在本行的收款"),
    "bureau": Words("the credit bureau's file", "征信报告"),
    "repayment": Words("how you repaid here", "在本行的还款情况"),
    "debtor": Words("this bank's grade of a company", "本行对企业的评级"),
}
UNITS: Mapping[Unit, Words] = {
    "ratio": Words("a part or a multiple", "比例或倍数"), "minor": Words("an amount", "金额"), "count": Words("a number", "次数"),
    "days": Words("days", "天数"), "months": Words("months", "月数"), "grade": Words("a grade", "等级"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Window:
    """Over how much of the past a feature looks: months or days; neither: as things stand on the day."""

    months: int = 0
    days: int = 0

    @property
    def words(self) -> Words:
        """How a person reads it."""
        if self.months:
            return Words(f"the last {self.months} months at most", f"最多近 {self.months} 个月")
        if self.days:
            return Words(f"the last {self.days} days", f"近 {self.days} 天")
        return Words("as it stands on the day", "截至当日")


@dataclass(frozen=True, slots=True)
class Sentence:
    """The sentence that states a value (``said``, with ``{value}``), and what would help (``improve``)."""

    said: Words
    improve: Words


@dataclass(frozen=True, slots=True)
class Declared:
    """One feature. ``by`` names the function that computes it; ``written``: only under a consent in writing that tells the
    consequences, where the law asks for one; ``sentence``: none where no scorecard may ask for it."""

    name: str
    called: Words
    meaning: Words
    sources: tuple[Source, ...]
    window: Window
    unit: Unit
    better: Better
    subject: Subject
    by: str
    law: Words
    written: bool
    sentence: Sentence | None


@dataclass(frozen=True, slots=True)
class LawClass:
    """A class of data that law singles out: the words it is known by, and the article of each policy pack that does."""

    id: str
    called: Words
    words: tuple[str, ...]
    articles: Mapping[str, Words]
