"""Own what must lie at each bank for clients: by account, so that nobody's overdraft is paid with another's money. Pure.

Our side of the proof. It knows no statement of a custodian; ``resource`` knows nothing of this.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Owing = Literal["client", "escrow", "payout"]
"""A client's own account, money held for an agreed end, a payout that was accepted and that nobody has confirmed yet."""


@dataclass(frozen=True, slots=True)
class Owed:
    """What one account is owed in minor units, and the bank that its money lies at."""

    bank: str
    currency: str
    account: str
    owing: Owing
    minor: int


@dataclass(frozen=True, slots=True)
class Required:
    """What must lie at one bank in one currency. ``overdrawn`` is told beside it, less than nothing, and lowers nothing."""

    bank: str
    currency: str
    clients: int
    escrow: int
    payouts: int
    overdrawn: int

    @property
    def minor(self) -> int:
        """All that must lie there."""
        return self.clients + self.escrow + self.payouts


def required(owed: Iterable[Owed]) -> tuple[Required, ...]:
    """What must lie at each bank, in the order of banks and currencies. What an account is below zero is added back, whosever
    it is: not even her own other account is lowered by it, as in the proof of liabilities."""
    sums: dict[tuple[str, str], dict[str, int]] = {}
    for each in owed:
        place = sums.setdefault((each.bank, each.currency), {})
        name = each.owing if each.minor > 0 else "overdrawn"
        place[name] = place.get(name, 0) + each.minor
    return tuple(
        Required(bank, currency, *(found.get(name, 0) for name in ("client", "escrow", "payout", "overdrawn")))
        for (bank, currency), found in sorted(sums.items())
    )
