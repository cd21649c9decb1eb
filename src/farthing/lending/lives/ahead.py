"""Own what money does that comes before anything asks for it, of a loan that was signed: it is principal, and bears no more.

The plan changes from that day on, as by a payment out of less than nothing. The loan is shorter, for the last instalments ask
for less, or its instalments are smaller, for what is left is levelled anew: as the borrower chose.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from farthing.lending.lives.allocation import pay
from farthing.lending.lives.events import Allocation, Component
from farthing.lending.lives.instalments import Instalment
from farthing.lending.lives.levels import settle
from farthing.lending.lives.loan import Loan
from farthing.lending.lives.paying_out import next_due, raise_by, reckon_again
from farthing.lending.lives.penalties import drop, half_up, not_begun


def pay_ahead(
    loan: Loan, on: date, amount: int, allocation: Allocation, costs: Decimal
) -> tuple[dict[Component, int], int]:  # fmt: skip
    """Pay what is due, then principal and what repaying it early costs (:func:`_part`); what is left after that pays interest
    that is not due yet. Returns as ``pay``."""
    due = replace(allocation, order=tuple(bucket for bucket in allocation.order if bucket[0] != "in_advance"))
    parts, left = pay(loan, on, amount, due)
    if left and loan.principal and any(each.due_on > on and each.outstanding for each in loan.of_plan):
        smaller = allocation.surplus == "re_amortise"
        part = _part(loan, on, min(left, loan.principal), costs, smaller=smaller)
        fee = half_up(min(left * part / (1 + part), loan.principal * part))
        taken = min(left - fee, loan.principal)
        _reduce(loan, on, taken, fee, smaller=smaller)
        parts["principal"] += taken
        parts["fee"] += fee
        left -= taken + fee
    if left and loan.outstanding:
        more, left = pay(loan, on, left, allocation)
        parts = {component: parts[component] + more[component] for component in parts}
    return parts, left


def _part(loan: Loan, on: date, amount: int, costs: Decimal, *, smaller: bool) -> Fraction:
    """What a part of principal that is paid ahead costs of itself: as was agreed, never more than the interest that it saves."""
    if not costs:
        return Fraction(0)
    tried = loan.copy()
    _reduce(tried, on, amount, 0, smaller=smaller)
    borne, bears = (sum(each.owed["interest"] for each in one.instalments) for one in (loan, tried))
    return min(Fraction(costs), Fraction(max(0, borne - bears), amount))


def _reduce(loan: Loan, on: date, amount: int, fee: int, *, smaller: bool) -> None:
    """Principal that is paid ahead is an instalment of its own, with what that costs, paid as soon as it is there."""
    desk = loan.desk
    assert desk is not None
    reckon_again(loan, on)
    if smaller and amount < loan.principal:
        raise_by(desk, on, -amount)
    else:
        desk.paid_out[on] = desk.paid_out.get(on, 0) - amount
        settle(desk, next_due(desk, on))
    loan.agree(on)
    empty = [each for each in loan.of_plan if not each.owed["principal"] and not each.owed["interest"]]
    drop([(each, gone) for each, gone in not_begun(loan, on) if any(each is other for other in empty)], on)
    ahead = Instalment(on, on, ahead=True)
    ahead.owed["principal"] = amount
    ahead.pay("principal", amount, on)
    ahead.owed["fee"] = fee
    ahead.pay("fee", fee, on)
    loan.instalments.append(ahead)
    loan.sort()
