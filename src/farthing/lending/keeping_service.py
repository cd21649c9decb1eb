"""Run what facts about loans come to: posted in one batch, told to whoever else holds the loans, kept, entered in the register.

Loans of any number go in the same few statements. Never decides: what each fact comes to is :mod:`farthing.lending.telling`'s.
"""

from __future__ import annotations

from collections.abc import Sequence

from farthing.credit.owing import service as owing
from farthing.db.tx import Tx
from farthing.kit.errors import Refusal
from farthing.ledger import service as ledger
from farthing.lending import books_service as books
from farthing.lending import entries, life, life_store, store
from farthing.lending.backing import ending_service as backing
from farthing.lending.life import Life
from farthing.lending.refusals import UNKNOWN_LOAN
from farthing.lending.telling import Told


def life_of(tx: Tx, loan_id: str, *, lock: bool = False) -> Life:
    """A loan with its plan and events; ``lock``: held until this transaction ends. Refuses ``lending.unknown_loan``."""
    found = store.find_life(tx, loan_id, lock=lock)
    if found is None:
        raise UNKNOWN_LOAN(loan_id=loan_id)
    return found


def keep(tx: Tx, told: Sequence[Told]) -> None:
    """Post what facts came to, tell it to whoever else holds the loans, and keep them; the loans' rows are held."""
    books.post_all(tx, [(each.loan.id, each.entries) for each in told])
    _keep(tx, told)


def take(tx: Tx, told: Sequence[Told], *, soon: bool = True) -> None:
    """Money came in: :func:`keep` it, and enter what is left of each loan, or that it is over, in the register. Not ``soon``: the
    close of the day, which is under way, shares out what others fund."""
    for refused in take_each(tx, told, soon=soon):
        if refused is not None:
            raise refused


def take_each(tx: Tx, told: Sequence[Told], *, soon: bool = True) -> list[Refusal | None]:
    """As :func:`take`, of different loans: what the ledger refuses is answered, changes nothing and leaves the others."""
    shared = [each.before.loan for each in told if each.event is not None and each.loan.shared]
    # One that was paid out before there were collections has no such account.
    ledger.open_accounts(tx, [account for loan in shared for account in entries.accounts_of(loan)])
    refused = books.post_each(tx, [(each.loan.id, each.entries) for each in told])
    _enter(tx, [each for each, why in zip(told, refused, strict=True) if why is None], soon=soon)
    return refused


def _enter(tx: Tx, taken: Sequence[Told], *, soon: bool) -> None:
    _keep(tx, taken, soon=soon)
    owing.repay_all(
        tx,
        [
            (
                each.loan.id, each.event.outstanding + each.loan.to_draw,
                life.days_past_due(each.before.loan, tx.business_date),
            )
            for each in taken
            if each.event is not None
        ],
    )  # fmt: skip
    for each in taken:
        if each.loan.state == "closed":
            over(tx, each.loan.id, written_off=bool(each.loan.written_off))


def _keep(tx: Tx, told: Sequence[Told], *, soon: bool = True) -> None:
    books.tell(tx, [flow for each in told for flow in each.flows], soon=soon)
    life_store.keep(tx, told, tx.business_date)
    owing.let_go(tx, [(each.loan.id, minor) for each in told if (minor := _let_go(each))])


def _let_go(told: Told) -> int:
    """How much that was agreed will never be paid out, by a fact: the loan is over or was given up, or it was given back."""
    before, after = told.before.loan, told.loan
    return before.agreed.minor - after.agreed.minor


def over(tx: Tx, loan_id: str, *, written_off: bool = False) -> None:
    """A loan is over: it takes no more of a limit, and what stood behind it is free."""
    owing.end(tx, loan_id, written_off=written_off)
    backing.release(tx, loan_id)
