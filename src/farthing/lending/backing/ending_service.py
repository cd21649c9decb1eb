"""End what stands behind a loan with the loan, in its own transaction. Called by lending where a loan is over."""

from __future__ import annotations

from farthing.db.tx import Tx
from farthing.ledger import pledges as holds
from farthing.ledger import service as ledger
from farthing.lending.backing import store


def release(tx: Tx, loan_id: str) -> None:
    """Nobody answers for a loan that is over, and what was held for it is free; a loan with nothing behind it stays as it
    is."""
    freed = store.release(tx, loan_id, tx.business_date)
    if freed:
        ledger.must(tx, [holds.released(each.reference) for each in freed])
