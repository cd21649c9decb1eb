"""Flows as tests write them: a series is its first day, how many, the amount, and the months and days between."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from farthing.kit.calendar import add_months
from farthing.kit.money import Money
from farthing.lending.cost.flows import Credit, Flow, credit

Paid = tuple[date, str]


def series(first: date, count: int, amount: str, months: int = 0, days: int = 0) -> list[Paid]:
    return [(add_months(first, months * n) + timedelta(days=days * n), amount) for n in range(count)]


def lent(advances: Iterable[Paid], payments: Iterable[Paid], currency: str = "USD") -> Credit:
    out = [Flow(on, "advance", Money.parse(amount, currency)) for on, amount in advances]
    return credit([*out, *(Flow(on, "payment", Money.parse(amount, currency)) for on, amount in payments)])
