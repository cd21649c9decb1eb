"""Own what being late costs by the day, what of the interest a loan that is paid off early does not owe, and what paying it off
early costs.

Both are counted from sums and rounded once, half up, so that no number of looks in between changes a figure.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction

from farthing.lending.lives.events import LateCharge
from farthing.lending.lives.instalments import Instalment
from farthing.lending.lives.loan import Loan


def count_late(loan: Loan, on: date) -> None:
    """Count what was overdue up to a day: nothing moved since it was counted last, so amount times days is the sum.

    A penalty bears no penalty. It is owed once something was overdue for more than the days of grace, for all days since the due
    day; what was paid within them costs nothing, however much later anybody looks. What is not worth a penalty counts as paid.
    What a missed instalment costs once is owed with it.
    """
    charge = loan.agreement.late
    if charge is None:
        return
    annual = _annual(loan, charge)
    for each in loan.instalments:
        since = max(each.due_on, each.counted_to or each.due_on)
        days = (on - since).days
        if days <= 0:
            continue
        overdue = each.outstanding - each.open("penalty")
        if overdue <= charge.tolerance:
            overdue = 0
        each.late_minor_days += min(overdue, each.open("principal") if charge.principal_alone else overdue) * days
        each.counted_to = on
        if overdue and (on - each.due_on).days > charge.grace_days:
            owed = half_up((each.late_before + each.late_minor_days * annual) / 365) + charge.fixed
            each.owed["penalty"] += owed - each.late_penalty
            each.late_penalty = owed
            each.met(on)


def change_penalty(loan: Loan, annual: Decimal) -> None:
    """Another rate of the penalty from the day on to which it was counted; what the days before cost stands."""
    if loan.agreement.late is None:
        return
    before = _annual(loan, loan.agreement.late)
    for each in loan.instalments:
        each.late_before += each.late_minor_days * before
        each.late_minor_days = 0
    loan.late_annual = annual


def _annual(loan: Loan, charge: LateCharge) -> Fraction:
    return Fraction(charge.annual if loan.late_annual is None else loan.late_annual)


def half_up(amount: Fraction) -> int:
    """An amount of minor units, rounded once."""
    return int(amount + Fraction(1, 2))


def not_run(loan: Loan, on: date) -> list[tuple[Instalment, int]]:
    """The interest of instalments to come that a loan which is paid off on a day does not owe: of the running one what its days
    to come bear (nothing where that is owed whole), of later ones all. What was paid of it already is not given back,
    and what was written off is not owed at all."""
    found, whole = [], loan.agreement.early == "to_period_end"
    for each in loan.of_plan:
        if each.due_on > on and not (whole and each.start < on):
            part = Fraction(max(0, (on - each.start).days), (each.due_on - each.start).days)
            kept = max(each.paid["interest"], half_up(each.owed["interest"] * part))
            gone = each.owed["interest"] - each.waived["interest"] - kept
            found.append((each, max(0, min(gone, each.open("interest")))))
    return found


def not_begun(loan: Loan, on: date) -> list[tuple[Instalment, int]]:
    """The fees of instalments whose period has not begun, which a loan that is paid off on a day does not owe: what they are for
    is not done. The first one's period began with the payment out."""
    later = [each for each in loan.of_plan if each.lapses and each.start >= on]
    return [(each, min(each.lapses, each.open("fee"))) for each in later]


def drop(fees: Iterable[tuple[Instalment, int]], on: date) -> None:
    """Fees of instalments of which the plan has no more are owed by nobody."""
    for instalment, gone in fees:
        instalment.owed["fee"] -= gone
        instalment.lapses -= gone
        instalment.met(on)


def let_lapse(loan: Loan, on: date) -> None:
    """Forgive the fees of instalments whose period has not begun."""
    for instalment, gone in not_begun(loan, on):
        instalment.waived["fee"] += gone
        instalment.met(on)


def early_fee(loan: Loan, on: date) -> int:
    """What paying a loan off on a day costs beside what is owed: the agreed part of the principal that is not due yet, and never
    more than the interest that this saves."""
    if loan.lively or not loan.agreement.early_fee:
        return 0
    ahead = sum(each.open("principal") for each in loan.of_plan if each.due_on > on)
    saved = sum(gone for _, gone in not_run(loan, on)) if loan.agreement.early != "all_interest" else 0
    return min(half_up(ahead * Fraction(loan.agreement.early_fee)), saved)
