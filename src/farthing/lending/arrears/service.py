"""Answer how late the loans are, and how they moved in a month; sums and counts alone."""

from __future__ import annotations

from datetime import timedelta

from farthing.db.tx import Tx
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit.errors import NotFound
from farthing.lending.arrears import store
from farthing.lending.arrears.model import USUAL, Lateness, Move
from farthing.products import service as products

A_MONTH = timedelta(days=30)


@question("lending.late_classes", permission="reports:read", whose=STAFF)
def classes(tx: Tx) -> list[int]:
    """The one scale of lateness: the first day past due of each class, as the policy in force has it; the first is 0, for what
    is in time."""
    try:
        prudence = products.policy_in_force(tx).prudence
    except NotFound:  # a bank that has published no policy yet
        prudence = None
    return list(USUAL if prudence is None else prudence.scale.first_days)


@question("lending.lateness", permission="reports:read", whose=STAFF)
def lateness(tx: Tx) -> list[Lateness]:
    """Loans being repaid and their outstanding principal, by currency and by the policy's classes of days past due; none of which
    the books hold no claim any more.

    The days are those of the oldest unpaid instalment; the classes are those of :func:`classes`.
    """
    return store.lateness(tx, classes(tx))


@question("lending.moves", permission="reports:read", whose=STAFF)
def moves(tx: Tx) -> list[Move]:
    """Roll rates: of the loans that were being repaid thirty days ago, how many of each class of lateness are in which class
    now, repaid, or given up."""
    return store.moves(tx, tx.business_date - A_MONTH, classes(tx))
