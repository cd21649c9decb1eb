"""Answer what the reference rate of a loan was on a day."""

from __future__ import annotations

from farthing.db.tx import Tx
from farthing.kit.errors import InvariantBroken
from farthing.lending.floating.history import Figures
from farthing.lending.model import Loan
from farthing.products.reference.model import ReferenceRate
from farthing.products.reference.service import reference


def reference_of(tx: Tx, loan: Loan) -> ReferenceRate:
    """The reference rate that a loan which floats follows."""
    follows = loan.conditions.floating
    if follows is None:
        raise InvariantBroken(f"{loan.id} follows no reference rate")
    return reference(tx, follows.reference, loan.principal.currency)


def figures_of(tx: Tx, loan: Loan) -> Figures:
    """What the reference rate of a loan which floats was on each day."""
    return reference_of(tx, loan).on
