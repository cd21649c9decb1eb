"""A worked example of a deposit: a case of the quote document, what it must pay line by line, and where the rule stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

BOC = "boc-2015-06-28"
"""Bank of China, 28 June 2015: demand 0.35; lump 1.85, 2.05, 2.25, 2.75, 3.25, 3.35; instalment 1.85, 2.05, 2.15; notice
0.80, 1.35 per cent a year."""


@dataclass(frozen=True)
class Example:
    """``pays`` is each payment's day, rule and amount, in order; ``closed_on`` and ``left`` are checked where given."""

    source: str
    case: dict[str, Any]
    pays: tuple[tuple[str, str, str], ...]
    left: str = "0.00"
    matures_on: str | None = None


def on(day: str, do: str, amount: str | None = None, **more: Any) -> dict[str, Any]:
    """One event."""
    return {"on": day, "do": do, **({} if amount is None else {"amount": amount}), **more}


def case(product: Any, *events: dict[str, Any], closing_on: str | None = None, **more: Any) -> dict[str, Any]:
    """A case under the Bank of China's board unless ``rates`` says otherwise."""
    return {"product": product, "rates": BOC, "events": list(events), "closing_on": closing_on, **more}


def check(example: Example, answer: dict[str, Any]) -> None:
    """Every payment as worked out by hand, and the money adds up."""
    assert [(each["paid_on"], each["rule"], each["amount"]) for each in answer["payments"]] == list(example.pays)
    assert answer["balance"] == example.left
    if example.matures_on is not None:
        assert answer["matures_on"] == example.matures_on
