"""End what stands behind a loan with the loan, in its own transaction. Called by lending where a loan is over."""

from __future__ import annotations

from farthing.db.tx import Tx
from farthing.kit.money import total
from farthing.ledger import pledges as holds
from farthing.ledger import service as ledger
from farthing.lending.backing import rules, store


def check_called(tx: Tx, loan_id: str) -> None:
    """Refuse ``lending.pledge_first``: nobody gives up what a deposit is pledged for."""
    held = [each.left for each in store.pledges_of(tx, [loan_id]) if each.left]
    if held:
        raise rules.PLEDGE_FIRST(loan_id=loan_id, held=str(total(held, held[0].currency)))


def release(tx: Tx, loan_id: str) -> None:
    """Nobody answers for a loan that is over, and what was held for it is free; a loan with nothing behind it stays as it
    is."""
    freed = store.release(tx, loan_id, tx.business_date)
    if freed:
        ledger.must(tx, [holds.released(each.reference) for each in freed])
