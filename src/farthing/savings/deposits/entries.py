"""Own the journal entries of a deposit: what a change of it moves, and between which accounts. Pure.

All interest passes through the deposit's own account, so that its statement reads like a passbook. A change makes at
most three entries, in this order::

    deposit:<id>:<n>:in        savings.deposit      Dr wallet or counter    Cr deposit
    deposit:<id>:<n>:interest  savings.interest     Dr interest payable     Cr deposit
    deposit:<id>:<n>:out       savings.withdrawal   Dr deposit              Cr wallet or counter

The payable account is filled day by day by the accrual of the product (:func:`accrual`). Never one entry with other
people's money in it, but for the quarter's interest of demand savings: there one debit serves up to 999 deposits.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from farthing.kit.money import Money, total
from farthing.ledger.model import JournalEntry, Posting
from farthing.products.deposit import Terms
from farthing.savings.rules.accounts import deposit_path, expense_path, payable_path
from farthing.savings.rules.model import Change

DEPOSIT, INTEREST, WITHDRAWAL, ACCRUAL = (
    "savings.deposit", "savings.interest", "savings.withdrawal", "savings.accrual",
)  # fmt: skip


def interest_of(terms: Terms, change: Change) -> Money:
    """All interest of a change; negative where more is taken back than paid."""
    return total([each.amount for each in change.interest], terms.currency)


def paid_out(terms: Terms, change: Change) -> Money:
    """What leaves the deposit: principal, and interest that does not join it."""
    leaving = [each.amount for each in change.interest if not each.capitalised]
    return change.principal_out + total(leaving, terms.currency)


def entries(terms: Terms, change: Change, deposit_id: str, number: int, other: str) -> list[JournalEntry]:
    """The entries of one change; ``other`` is the account that pays in or is paid."""
    account = deposit_path(terms, deposit_id)
    reference = f"deposit:{deposit_id}:{number}"
    made = [
        _entry(f"{reference}:in", DEPOSIT, change.on, other, account, change.principal_in),
        _entry(f"{reference}:interest", INTEREST, change.on, payable_path(terms), account, interest_of(terms, change)),
        _entry(f"{reference}:out", WITHDRAWAL, change.on, account, other, paid_out(terms, change)),
    ]
    return [entry for entry in made if entry is not None]


def _entry(reference: str, kind: str, on: date, debit: str, credit: str, amount: Money) -> JournalEntry | None:
    if not amount:
        return None
    return JournalEntry(reference, kind, on, (Posting(debit, amount), Posting(credit, -amount)))


def settlement(terms: Terms, on: date, first: str, paid: Sequence[tuple[str, int]]) -> JournalEntry | None:
    """One quarter's interest of up to 999 demand deposits, (account, minor units) each.

    ``settlement:<product>:<day>:<first deposit>``: Dr interest payable, Cr each deposit.
    """
    whole = sum(minor for _, minor in paid)
    if not whole:
        return None
    credits = tuple(Posting(account, Money(-minor, terms.currency)) for account, minor in paid if minor)
    debit = Posting(payable_path(terms), Money(whole, terms.currency))
    return JournalEntry(f"settlement:{terms.product}:{on}:{first}", INTEREST, on, (debit, *credits))


def accrual(terms: Terms, on: date, amount: Money) -> JournalEntry | None:
    """A day's accrual of a whole product: Dr interest expense, Cr interest payable; the other way round if negative."""
    return _entry(f"accrual:{terms.product}:{on}", ACCRUAL, on, expense_path(terms), payable_path(terms), amount)
