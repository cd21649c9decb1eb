"""Decide which part of a loan is ours. Pure; by the rule by which repayments are shared out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from farthing.kit.money import Money
from farthing.lending.held import parts
from farthing.lending.model import OWN_BOOK


def own_interest(holders: Sequence[dict[str, Any]], due_minor: int) -> int:
    """Our part of interest that is owed, by our share of the principal, to the minor unit below."""
    whole = sum(holder["share"]["minor"] for holder in holders)
    ours = sum(holder["share"]["minor"] for holder in holders if holder["name"] == OWN_BOOK)
    return due_minor if ours == whole else due_minor * ours // whole


def own_part(holders: Sequence[dict[str, Any]], principal: Money, outstanding: Money) -> Money:
    """Our part of what is outstanding: our share of the principal, less our part of what was repaid of it."""
    if all(holder["name"] == OWN_BOOK for holder in holders):
        return outstanding
    weights = [holder["share"]["minor"] for holder in holders]
    repaid = parts(weights, (principal - outstanding).minor)
    ours = sum(
        weight - part
        for holder, weight, part in zip(holders, weights, repaid, strict=True)
        if holder["name"] == OWN_BOOK
    )
    return Money(ours, principal.currency)
