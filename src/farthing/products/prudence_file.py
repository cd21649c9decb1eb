"""Decode what a policy pack says of bad loans (``[prudence]``). Pure; each part is there with its article."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from itertools import pairwise
from typing import TypeVar

from farthing.kit.tables import Table
from farthing.products.loan import USES
from farthing.products.prudence import (
    CLASSES,
    Classes,
    Debtor,
    ExpectedLoss,
    NonAccrual,
    Prudence,
    Recovery,
    Reserve,
    Restructured,
    Scale,
    Stages,
)

T = TypeVar("T")

MOST_DAYS = 3_660
MOST_MONTHS = 120


def decode(table: Table) -> Prudence:
    """All of it; refuses ``products.invalid`` where limits do not rise, or where default is said in two ways."""
    scale = Scale(_rising(table, "late_over"), table.words("article"))
    stages = _part(table, "stages", _stages)
    if scale.over[-1] != stages.impaired_over:
        raise table.wrong(
            "late_over", f"must end with the {stages.impaired_over} days of stages.impaired_over, which are default",
            f"最后一项须等于 stages.impaired_over 的 {stages.impaired_over} 天（即违约）",
        )  # fmt: skip
    found = Prudence(
        scale=scale,
        classes=_part(table, "classes", _classes),
        debtor=table.maybe("debtor", lambda key: _part(table, key, _debtor)),
        restructured=_part(table, "restructured", _restructured),
        recovery=_part(table, "recovery", lambda one: Recovery(_months(one, "clean_months"), one.words("article"))),
        stages=stages,
        expected_loss=_part(table, "expected_loss", lambda one: _expected_loss(one, len(scale.over))),
        non_accrual=_part(table, "non_accrual", _non_accrual),
        reserve=table.maybe("reserve", lambda key: _part(table, key, _reserve)),
    )
    table.close()
    return found


def _part(table: Table, key: str, read: Callable[[Table], T]) -> T:
    inner = table.table(key)
    found = read(inner)
    inner.close()
    return found


def _rising(table: Table, key: str) -> tuple[int, ...]:
    """Days that rise from one to the next."""
    found = table.many(key, lambda one: one.whole(key, 0, MOST_DAYS))
    return _risen(table, key, found)


def _risen(table: Table, key: str, days: Iterable[int]) -> tuple[int, ...]:
    found = tuple(days)
    if any(later <= earlier for earlier, later in pairwise(found)):
        raise table.wrong(key, "must rise from one to the next", "须逐项递增")
    return found


def _months(table: Table, key: str) -> int:
    return table.whole(key, 0, MOST_MONTHS)


def _classes(table: Table) -> Classes:
    days = [table.whole(name, 0, MOST_DAYS) for name in CLASSES[1:]]
    return Classes(_risen(table, CLASSES[-1], days), table.words("article"))


def _debtor(table: Table) -> Debtor:
    return Debtor(table.decimal("share_over", "0", "1"), table.choices("uses", USES), table.words("article"))


def _restructured(table: Table) -> Restructured:
    return Restructured(_months(table, "months"), table.choice("at_least", CLASSES), table.words("article"))


def _stages(table: Table) -> Stages:
    risen = table.whole("risen_over", 0, MOST_DAYS)
    impaired = table.whole("impaired_over", 0, MOST_DAYS)
    _risen(table, "impaired_over", (risen, impaired))
    return Stages(risen, impaired, _months(table, "cure_months"), table.words("article"))


def _expected_loss(table: Table, live: int) -> ExpectedLoss:
    rolls: tuple[Decimal, ...] = table.many("rolls", lambda one: one.decimal("rolls", "0", "1"))
    if len(rolls) != live:
        raise table.wrong(
            "rolls",
            f"must give a part for each of the {live} buckets before default",
            f"须为违约前的 {live} 个逾期档各给一项",
        )
    return ExpectedLoss(
        rolls=rolls,
        moves_min=table.whole("moves_min", 1, 10**6),
        history_months=table.whole("history_months", 1, MOST_MONTHS),
        default_min=table.decimal("default_min", "0", "1"),
        lost=table.decimal("lost", "0", "1"),
        lost_min=table.decimal("lost_min", "0", "1"),
        cases_min=table.whole("cases_min", 1, 10**6),
        workout_months=table.whole("workout_months", 1, MOST_MONTHS),
        article=table.words("article"),
    )


def _non_accrual(table: Table) -> NonAccrual:
    return NonAccrual(table.whole("over", 0, MOST_DAYS), _months(table, "clean_months"), table.words("article"))


def _reserve(table: Table) -> Reserve:
    return Reserve(
        table.decimal("of_loans", "0", "1"), table.decimal("of_bad", "0", "10"), table.flag("binds"),
        table.words("article"),
    )  # fmt: skip
