"""Let drafts lapse at the close of a day by the policy in force, and forget counts of days long gone."""

from __future__ import annotations

from datetime import timedelta

from farthing.db.tx import Tx
from farthing.kernel import approvals
from farthing.kernel.day import PIECE, CloseStep, Stepped
from farthing.kernel.operation import operation
from farthing.kernel.whose import STAFF
from farthing.kit.errors import NotFound
from farthing.kit.words import Words
from farthing.products import service as products
from farthing.products.alone.store import forget

COUNTS_KEPT = timedelta(days=31)
"""How long the sums of what staff did alone are kept; the log keeps each act for ever."""


@operation(
    "products.lapse_drafts", title=Words("Drafts lapsed", "复核事项逾期失效"),
    permission="kernel:close_day", whose=STAFF,
)  # fmt: skip
def lapse_drafts(tx: Tx, command: CloseStep) -> Stepped:
    """End drafts that waited as long as the policy lets them, and all that were made for a customer who was there today."""
    forget(tx, tx.business_date - COUNTS_KEPT)
    try:
        limit = products.policy_in_force(tx).draft_days_max
    except NotFound:  # a bank that has published no policy yet
        limit = None
    days = None if limit is None else limit.value
    lapsed = approvals.lapse(tx, days, PIECE)
    return Stepped(lapsed, str(int(command.after or "0") + 1) if lapsed == PIECE else None)
