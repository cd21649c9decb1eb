"""Own what redress does to the books. Pure."""

from __future__ import annotations

from datetime import date

from farthing.kit.ids import bare
from farthing.kit.money import Money
from farthing.ledger.model import JournalEntry, Posting
from farthing.payments.wallets import wallet_path
from farthing.voice.cases.model import Case

EXPENSE = "expenses:redress"
PAID = "complaint-redress"


def reference(case_id: str, number: int) -> str:
    """The entry's natural key: a case's first redress, its second..."""
    return f"complaint:{bare(case_id)}:redress:{number}"


def redressed(case: Case, number: int, amount: Money, on: date, home: str) -> JournalEntry:
    """What was wrong is made good out of the bank's own money.

    expenses:redress               amount
        liabilities:wallets:PERSON  -amount
    """
    wallet = wallet_path(case.party_id, amount.currency, home)
    lines = (Posting(EXPENSE, amount), Posting(wallet, -amount))
    return JournalEntry(reference(case.id, number), PAID, on, lines)
