"""Own ``Earned``: one movement of an account of income or expenses, with the name of its entry."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Earned:
    """What an entry did to an account of income or expenses: ``profit`` in minor units, an expense below zero."""

    path: str
    currency: str
    reference: str
    profit: int
