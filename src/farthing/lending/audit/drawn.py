"""Decide whether what a loan says was paid out of it, and may still be, is what its events and its contract come to. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from farthing.kit.money import Money, total
from farthing.lending.acts.entries import GIVES_UP
from farthing.lending.draws.model import UNDRAWN
from farthing.lending.life import GIVES_BACK, Life
from farthing.lending.model import Loan, LoanEvent


def misdrawn(life: Life, on: date) -> list[str]:
    """What differs of a loan on the business date: what was paid out, of which its holders hold shares; what is agreed beside it;
    and whether each further payment was within what was agreed, in number, amount and time."""
    loan = life.loan
    if loan.disbursed_on is None:
        return ["was not paid out, and says until when more is"] if loan.undrawn_until is not None else []
    out = [each for each in life.events if each.kind == "pay_out"]
    paid = total([each.amount for each in out], life.currency)
    shares = total([each.share for each in loan.holders], life.currency)
    found = [] if loan.principal == paid else [f"says that {loan.principal} was paid out, and its events say {paid}"]
    found += [] if shares == paid else [f"has holders of {shares}, and {paid} was paid out"]
    found += [] if loan.asked == paid else [f"asks for {loan.asked} of principal, and {paid} was paid out"]
    kept, pays = life.events[0].about.get(UNDRAWN), loan.conditions.payments_out
    if kept is None or pays is None:
        parts = len(out) > 1 or loan.undrawn is not None or loan.undrawn_until is not None
        return [*found, "is paid out in parts, and was agreed to be paid out at once"] if parts else found
    until = date.fromisoformat(kept["until"])
    wanted = min(loan.disbursed_on + timedelta(days=pays.within_days), life.plan[-1].due_on - timedelta(days=1))
    if (until, loan.undrawn_until) != (wanted, wanted):
        found.append(
            f"is paid out up to {loan.undrawn_until}, by its first payment up to {until}, and was agreed to {wanted}"
        )
    if len(out) > pays.at_most:
        found.append(f"was paid out in {len(out)} payments, and {pays.at_most} were agreed")
    found += [f"was paid {each.amount} on {each.on}, and could be up to {until}" for each in out[1:] if each.on > until]
    return found + _left(loan, life.events, Money(kept["minor"], life.currency), on)


def _left(loan: Loan, events: Sequence[LoanEvent], agreed: Money, on: date) -> list[str]:
    """Whether what may still be paid out is what was agreed, less what was paid out since or given back. On its last day both are
    right, all of it and nothing: the close of that day lets it lapse."""
    left, found = agreed, []
    for each in events[1:]:
        if each.kind == GIVES_BACK and each.amount != left:
            found.append(f"gave back {each.amount} on {each.on}, and {left} was left of what was agreed")
        left -= each.amount if each.kind in ("pay_out", GIVES_BACK) else each.amount * 0
    if left < agreed * 0:
        return [*found, f"was paid {-left} more than was agreed"]
    given_up = any(each.kind in GIVES_UP for each in events)  # for good, also where that was taken back
    over, until = loan.state != "active" or given_up, loan.undrawn_until or date.min
    nothing = left * 0
    may = {nothing} if over or until < on else {left, nothing} if until == on else {left}
    if loan.to_draw not in may:
        found.append(f"says that {loan.to_draw} may still be paid out, and {max(may)} may by its events")
    return found
