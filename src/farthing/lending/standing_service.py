"""Answer how loans stand today, or will on a day to come, many at once. Reads only; asks nobody whose a loan is: the caller
does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from farthing.credit.owing import service as owing
from farthing.db.tx import Tx
from farthing.lending import life, refusals, store
from farthing.lending.life import Life
from farthing.lending.standing import OPEN, Standing


def standings(tx: Tx, loan_ids: Sequence[str], on: date | None = None) -> dict[str, Standing]:
    """How some loans stand today, by id; one that is not there is left out. ``on``: a day to come, as they stand then if
    nothing is paid until it."""
    day = on or tx.business_date
    return {each.loan.id: _standing(each, day) for each in store.lives_of(tx, list(loan_ids))}


def standing(tx: Tx, loan_id: str) -> Standing:
    """How one loan stands today; refuses ``lending.unknown_loan``."""
    found = standings(tx, [loan_id]) if loan_id.isprintable() else {}
    if loan_id not in found:
        raise refusals.UNKNOWN_LOAN(loan_id=loan_id)
    return found[loan_id]


def held(tx: Tx, loan_id: str) -> Standing:
    """How one loan stands today, and whatever else would change it waits for this transaction; refuses ``lending.unknown_loan``.

    For what begins to stand behind a loan: the loan ends with all of it (:mod:`farthing.lending.backing.ending_service`), hence
    not while something is being added.
    """
    found = store.find_life(tx, loan_id, lock=True) if loan_id.isprintable() else None
    if found is None:
        raise refusals.UNKNOWN_LOAN(loan_id=loan_id)
    return _standing(found, tx.business_date)


def open_loans(tx: Tx, party_ids: Sequence[str], on: date | None = None) -> list[Standing]:
    """The loans of some parties that are not over, the oldest first, as they stand today or ``on`` a day to come."""
    ids = [each.id for each in owing.open_of(tx, list(party_ids))]
    found = standings(tx, ids, on)
    return [found[each] for each in ids if each in found]


def _standing(found: Life, on: date) -> Standing:
    loan, nothing = found.loan, found.loan.principal * 0
    kept = loan.id, loan.party_id, loan.conditions.product, loan.state, loan.principal
    if loan.state != "active":
        undrawn = loan.to_draw if loan.state in OPEN else nothing
        return Standing(*kept, nothing, nothing, nothing, 0, undrawn)
    state = life.stands(found, on)
    return Standing(
        *kept, loan.outstanding, life.due_of(found.currency, state, on), life.settlement_of(found, state, on).amount,
        life.days_past_due(loan, on), loan.to_draw,
    )  # fmt: skip
