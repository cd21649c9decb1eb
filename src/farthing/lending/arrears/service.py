"""Answer how late the loans are, and how they moved in a month; sums and counts alone."""

from __future__ import annotations

from datetime import timedelta

from farthing.db.tx import Tx
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.lending.arrears import store
from farthing.lending.arrears.model import Lateness, Move

A_MONTH = timedelta(days=30)


@question("lending.lateness", permission="reports:read", whose=STAFF)
def lateness(tx: Tx) -> list[Lateness]:
    """Loans being repaid and their outstanding principal, by currency and by how many days the oldest unpaid instalment is
    past due: in time, from 1, 31, 61 and 91 days on."""
    return store.lateness(tx)


@question("lending.moves", permission="reports:read", whose=STAFF)
def moves(tx: Tx) -> list[Move]:
    """Roll rates: of the loans that were being repaid thirty days ago, how many of each class of lateness are in which class
    now, or repaid."""
    return store.moves(tx, tx.business_date - A_MONTH)
