"""Own which rule clears a batch: all of them behind one door."""

from __future__ import annotations

from collections.abc import Callable

from farthing.funding.clearing import pro_rata, stable, uniform_price
from farthing.funding.clearing.model import Batch, Cleared, Rule

BY_RULE: dict[Rule, Callable[[Batch], Cleared]] = {
    "pro_rata": pro_rata.clear, "uniform_price": uniform_price.clear, "stable": stable.clear,
}  # fmt: skip


def clear(batch: Batch) -> Cleared:
    """Clear a batch by its own rule: again the same, whoever does it and in whatever order its lines stand."""
    return BY_RULE[batch.rule](batch)
