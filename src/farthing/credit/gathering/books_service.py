"""Own ``Books``: how whoever asks for a decision reads what the books above credit tell of a party.

Credit stands below payments and lending and knows neither; what they tell is read when a decision is made, and the decision
keeps the figures alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from farthing.credit.catalogue.repaid_here import Paid
from farthing.credit.receipts import Receipts
from farthing.credit.wallet import Wallet
from farthing.db.tx import Tx

ReadReceipts = Callable[[Tx, str], Receipts | None]
"""A party's receipts; none where no shop of hers ever took anything."""
ReadInstalments = Callable[[Tx, Sequence[str]], Sequence[Paid]]
"""The instalments of loans here, by the loans' ids: all that the plan asked for so far, and what was paid before its day."""

ReadWallet = Callable[[Tx, str, str], Wallet | None]
"""What a party's own wallet in a currency took in and paid; none where nothing ever moved."""


@dataclass(frozen=True, slots=True)
class Books:
    """Each way to read, or none where whoever asks has none: then what it would tell is missing."""

    receipts: ReadReceipts | None = None
    instalments: ReadInstalments | None = None
    wallet: ReadWallet | None = None


NO_BOOKS = Books()
