"""Own what is agreed of a loan and not paid out: asking for it, and giving it up.

Columns ``undrawn_minor`` and ``undrawn_until`` of ``loan``, which :mod:`farthing.lending.store` reads; its events tell both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from farthing.kit.inputs import Amount, Id
from farthing.lending.model import Loan

UNDRAWN = "undrawn"
"""Where the first payment out keeps what is left of what was agreed, in ``minor`` units, and ``until`` when it may be asked
for."""


@dataclass(frozen=True, slots=True)
class Draw:
    """Ask for ``amount`` of what is agreed of a loan and not paid out yet."""

    loan_id: Id
    amount: Amount


@dataclass(frozen=True, slots=True)
class GiveBack:
    """Give up what is agreed of a loan and not paid out: nobody asks for it any more."""

    loan_id: Id


def last_day(loan: Loan, on: date) -> date | None:
    """The last day on which the rest may be asked for of a loan that is paid out first on a day: so many days after it as the
    product says, and before its last instalment falls due. None where there is no rest."""
    pays, ends = loan.conditions.payments_out, max(each.due_on for each in loan.instalments)
    if loan.undrawn is None or pays is None:
        return None
    return min(on + timedelta(days=pays.within_days), ends - timedelta(days=1))
