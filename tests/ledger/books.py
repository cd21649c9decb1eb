"""Small helpers of the ledger's tests: two accounts, a movement between two accounts, a committed piece of work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from farthing.kit.actor import SYSTEM
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.ledger.model import AccountSpec, JournalEntry, Posting

TODAY = date(2026, 3, 31)
CASH = "assets:cash:till"
WALLET = "liabilities:wallets:ann"


def work(bank: Any, function: Callable[[Any], Any]) -> Any:
    """Run ``function(tx)`` in a transaction of the kernel and commit."""
    return bank.kernel._transact(function, SYSTEM, False)


CORE = ("assets:core:till", "liabilities:core:ann")
"""The same two at a core outside."""


def books_open(bank: Any, cash: str = CASH, wallet: str = WALLET) -> None:
    """A till and a wallet that may not go below zero."""
    work(bank, lambda tx: ledger.open_accounts(tx, [AccountSpec(cash, "CNY"), AccountSpec(wallet, "CNY", floor=0)]))


def move(
    reference: str, debit: str, credit: str, minor: int, *, on: date = TODAY, currency: str = "CNY", **options: Any
) -> JournalEntry:
    """An entry that debits one account and credits another."""
    postings = (Posting(debit, Money(minor, currency)), Posting(credit, Money(-minor, currency)))
    return JournalEntry(reference, "transfer", on, postings, **options)
