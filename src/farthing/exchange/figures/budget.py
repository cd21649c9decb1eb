"""Own the privacy budget: how much all published tables may tell of one person, in fractions, and what was asked already. Pure.

Tables of a quarter are one question each: asked again it is answered the same and costs nothing. Beyond the budget a question is
refused; two different officers may raise it. Never a float: a budget of floats never runs out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from farthing.exchange.figures.model import Rule
from farthing.kit.errors import declined, forbidden

BUDGET_SPENT = declined(
    "exposure.budget_spent",
    "The privacy budget is {allowed}, {spent} of it are spent, and these tables ask for {wanted}; two officers may raise it.",
    "隐私预算共 {allowed}，已用 {spent}，本次发布需要 {wanted}；可由两名人员共同调高。",
)
RAISED_ALONE = forbidden(
    "exposure.raised_alone",
    "A privacy budget is raised by two different officers, each by a signature over the same words.",
    "调高隐私预算须由两名不同人员对同一内容分别签名。",
)
TABLE_CHANGED = declined(
    "exposure.table_changed",
    "The tables of {question} were published from other rows; what was published stays.",
    "{question} 的统计表此前已按不同数据发布；已发布的内容保持不变。",
)
Record = dict[str, Any]


@dataclass(slots=True)
class Budget:
    """What is allowed and spent, told by records in their order."""

    allowed: Fraction = Fraction(0)
    spent: Fraction = Fraction(0)
    asked: dict[str, str] = field(default_factory=dict)
    """The digest of the rows of each question that was answered."""
    raises: set[str] = field(default_factory=set)

    def take(self, record: Mapping[str, Any]) -> None:
        """Remember a record."""
        if record["kind"] == "raised":
            self.allowed += Fraction(record["by"])
            self.raises.add(record["nonce"])
        elif record["kind"] == "published":
            self.spent += Fraction(record["epsilon"])
            self.asked[record["question"]] = record["rows"]

    def judge(self, question: str, rows: str, rule: Rule) -> Record | None:
        """The record by which a question is paid for, or None where it was asked before; refuses ``exposure.budget_spent``, and
        ``exposure.table_changed`` for other rows under a question that was answered."""
        known = self.asked.get(question)
        if known is not None:
            if known != rows:
                raise TABLE_CHANGED(question=question)
            return None
        wanted = sum(rule.epsilon.values(), Fraction(0))
        if self.spent + wanted > self.allowed:
            raise BUDGET_SPENT(allowed=str(self.allowed), spent=str(self.spent), wanted=str(wanted))
        return {"kind": "published", "question": question, "rows": rows, "epsilon": str(wanted)}
