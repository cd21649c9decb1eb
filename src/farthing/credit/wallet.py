"""Own ``Wallet``: what a person's own wallet here took in and paid, as rows like a bill's, by this bank's own books. Pure.

Whoever may look into the books of payments reads it when a decision is made, under the person's own consent; the rows are
classified with those of bills, by the same rules, so that what law forbids is set aside alike. Nothing of it is kept but the
figures. A time before the first movement is not told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from farthing.credit.bills.model import Transaction
from farthing.kit.inputs import Count
from farthing.kit.money import Money, total


@dataclass(frozen=True, slots=True)
class Wallet:
    """Rows of every day from ``since`` to ``until``, oldest first."""

    currency: str
    since: date
    until: date
    rows: tuple[Transaction, ...]

    def between(self, since: date, until: date) -> tuple[Transaction, ...]:
        """The rows of a part of the time."""
        return tuple(each for each in self.rows if since <= each.occurred_at.date() <= until)


@dataclass(frozen=True, slots=True)
class WalletCounted:
    """What of a wallet a decision counted, as it is told and kept: names nobody. ``alone``: no bill was counted beside it."""

    since: date
    until: date
    payments: Count
    came_in: Money
    went_out: Money
    alone: bool


def without_round(rows: Sequence[Transaction]) -> tuple[Transaction, ...]:
    """Rows without what went to somebody and came back, or the other way round, whenever that was: money that goes round between
    two people is neither earned nor spent. ``counterparty_account`` says who it was; rows without one are left as they are."""
    came, went = Counter[str](), Counter[str]()
    for each in rows:
        if each.counterparty_account and each.outcome == "settled":
            (came if each.direction == "in" else went)[each.counterparty_account] += each.amount.minor
    left = {way: {who: min(came[who], went[who]) for who in came} for way in ("in", "out")}
    kept = []
    for each in rows:
        part = 0
        if each.counterparty_account and each.outcome == "settled":
            rest = left[each.direction if each.direction == "in" else "out"]
            part = min(rest.get(each.counterparty_account, 0), each.amount.minor)
            if part:
                rest[each.counterparty_account] -= part
        kept.append(replace(each, refunded=each.refunded + Money(part, each.amount.currency)) if part else each)
    return tuple(kept)


def counted(wallet: Wallet, since: date, until: date, *, alone: bool) -> WalletCounted:
    """What of a wallet a decision counted that looks at these days."""
    used = [each for each in wallet.between(since, until) if each.direction != "neutral" and each.outcome == "settled"]

    def sums(way: str) -> Money:
        return total([each.amount - each.refunded for each in used if each.direction == way], wallet.currency)

    return WalletCounted(since, until, len(used), sums("in"), sums("out"), alone)
