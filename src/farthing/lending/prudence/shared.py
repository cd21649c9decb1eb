"""Decide which part of a loan is ours. Pure; the same largest remainders by which repayments are shared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from farthing.kit.money import Money
from farthing.lending.model import OWN_BOOK


def own_part(holders: Sequence[dict[str, Any]], principal: Money, outstanding: Money) -> Money:
    """Our part of what is outstanding: our share of the principal, less our part of what was repaid of it."""
    if all(holder["name"] == OWN_BOOK for holder in holders):
        return outstanding
    weights = [holder["share"]["minor"] for holder in holders]
    repaid = (principal - outstanding).allocate(weights)
    ours = sum(
        weight - part.minor
        for holder, weight, part in zip(holders, weights, repaid, strict=True)
        if holder["name"] == OWN_BOOK
    )
    return Money(ours, principal.currency)
