"""Own how loans of this bank were repaid, as a figure. Pure.

Somebody who never borrowed here was never late: that is missing, not zero. A loan only accepted, or withdrawn, says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from farthing.credit.features import Feature, ratio
from farthing.credit.owing.model import Commitment
from farthing.kit.calendar import full_months

DRAWN = ("drawn", "repaid", "written_off")


@dataclass(frozen=True, slots=True)
class Paid:
    """One instalment of a loan here: when it fell due, when it was paid in full, if it was, and its amount in minor units."""

    due_on: date
    paid_on: date | None
    minor: int


def repaid_features(
    loans: Sequence[Commitment], on: date, instalments: Sequence[Paid] | None = None
) -> tuple[Feature, ...]:
    """Every figure of repayment here; ``instalments``: of all loans paid out here, where they are known."""
    drawn = [loan for loan in loans if loan.state in DRAWN]
    ended = [loan.ended_on for loan in drawn if loan.state == "repaid" and loan.ended_on is not None]
    due = [each for each in instalments or () if each.due_on < on or (each.paid_on is not None and each.paid_on <= on)]
    paid = [each for each in due if each.paid_on is not None and each.paid_on <= on]
    late = sum(each.paid_on is None or each.paid_on > each.due_on for each in due)
    early = sum(each.minor for each in paid if each.paid_on is not None and each.paid_on < each.due_on)

    def figure(name: str, value: Decimal | int | None) -> Feature:
        return Feature(name, None if value is None else Decimal(value), 0, len(drawn))

    return (
        figure("loans_repaid_here", len(ended) if drawn else None),
        figure("worst_days_late_here", max((loan.worst_days_late for loan in drawn), default=None)),
        figure("late_instalments_share_here", ratio(late, len(due))),
        figure("early_share_here", ratio(early, sum(each.minor for each in paid))),
        figure("months_since_repaid_here", full_months(max(ended), on) if ended else None),
        figure("written_off_here", sum(loan.state == "written_off" for loan in drawn) if drawn else None),
    )
