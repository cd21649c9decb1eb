"""Tell a decision on credit what the books of payments and loans say of a party: receipts, and how loans here were repaid. Reads
only; asks nobody whose a loan is: the decision does."""

from __future__ import annotations

from collections.abc import Sequence

from farthing.credit.catalogue.repaid_here import Paid
from farthing.credit.gathering.books_service import Books
from farthing.db.tx import Tx
from farthing.lending import life, store
from farthing.payments import wallet_rows_service as wallets
from farthing.payments.merchants import receipts_service as receipts


def instalments(tx: Tx, loan_ids: Sequence[str]) -> list[Paid]:
    """Every instalment of the plans of some loans, by the fold of their events to today: a repayment that was taken back was not
    paid, and what was written off never was. What was paid ahead of every instalment stands in none."""
    on, found = tx.business_date, list[Paid]()
    for held in store.lives_of(tx, list(loan_ids)) if loan_ids else []:
        for each in life.stands(held, on).instalments:
            if each.of_plan and each.due:
                lost = any(each.written_off.values())
                found.append(Paid(each.due_on, None if lost else each.paid_on, each.total_paid))
    return found


BOOKS = Books(receipts.counted, instalments, wallets.counted)
