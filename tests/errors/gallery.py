"""The error gallery: for each refusal code, the shortest thing a person can do to meet it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Case = Callable[..., Any]
CASES: dict[str, Case] = {}


def reproduces(code: str) -> Callable[[Case], Case]:
    """Mark a function that must be refused with ``code``; it may take the ``bank`` fixture."""

    def mark(case: Case) -> Case:
        assert code not in CASES, f"{code} is reproduced twice"
        CASES[code] = case
        return case

    return mark
