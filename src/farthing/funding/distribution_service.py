"""Run the sharing out of loans: what was paid out is charged to who funds it, what was collected is given to who holds it.

Lending enqueues :func:`distribute` in the transaction in which money moved; the close of a day shares out what still waits,
before partners are settled with. Either finds what waits under the loan's lock, hence each flow is shared out once.
"""

from __future__ import annotations

from dataclasses import dataclass

from farthing.db.tx import Tx
from farthing.funding import entries, notes_store, shares
from farthing.kernel.day import PIECE, CloseStep, Stepped
from farthing.kernel.operation import operation
from farthing.kernel.whose import STAFF
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.lending import books_service as books
from farthing.lending.model import LoanCommand


@dataclass(frozen=True, slots=True)
class SharedOut:
    """How many flows of a loan were shared out, now."""

    loan_id: str
    flows: int


@operation(
    "funding.distribute", title=Words("Share a loan out to who funds it", "贷款资金分配"),
    permission="kernel:close_day", whose=STAFF,
)  # fmt: skip
def distribute(tx: Tx, command: LoanCommand) -> SharedOut:
    """Share out all of a loan that waits, over the holders of the day on which it moved, in one posting.

    Again it finds nothing to do. Refuses ``lending.unknown_loan``.
    """
    loan, flows = books.sharing(tx, command.loan_id)
    waiting = [flow for flow in flows if flow.waits]
    if not waiting:
        return SharedOut(loan.id, 0)
    for flow in waiting:
        if flow.kind == "disbursed":
            begun = shares.issued(loan, flow.on)
            notes_store.issue(tx, begun)
            ledger.open_accounts(tx, entries.accounts_of(loan, begun, tx.home))
    notes = notes_store.of_loans(tx, [loan.id])[loan.id]
    if any(flow.kind in ("given_up", "recovered") for flow in waiting):  # one paid out before these had accounts
        ledger.open_accounts(tx, entries.accounts_of(loan, notes, tx.home))
    books.post(tx, loan, [one for flow in waiting for one in entries.shared_out(loan, notes, flows, flow, tx.home)])
    books.shared_out(tx, loan.id)
    return SharedOut(loan.id, len(waiting))


@operation(
    "funding.distribute_day", title=Words("Loans shared out", "贷款资金日终分配"),
    permission="kernel:close_day", whose=STAFF,
)  # fmt: skip
def distribute_day(tx: Tx, command: CloseStep) -> Stepped:
    """Close a day for the funders: what no job has shared out yet is, so that partners are settled with for the day."""
    waiting = books.awaiting(tx, command)
    for loan_id in waiting:
        distribute(tx, LoanCommand(loan_id))
    return Stepped(len(waiting), waiting[-1] if len(waiting) == PIECE else None)
