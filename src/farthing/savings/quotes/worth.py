"""Own what a deposit pays if it is closed on any day, past its last change.

Never changes the deposit: it looks at a state and the published rates only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from farthing.kit.money import Money, total
from farthing.products.deposit import Terms
from farthing.savings.rules import rule, settle_until
from farthing.savings.rules.model import Change, Deposit, Event, Facts


@dataclass(frozen=True)
class Closing:
    """What closing on a day pays: the principal out, the interest (capitalised before or paid with it), together."""

    on: date
    paid_out: Money
    interest: Money


def advanced(terms: Terms, facts: Facts, deposit: Deposit, on: date) -> list[Change]:
    """Everything the deposit does by itself until the start of ``on``, in order."""
    return list(settle_until(terms, facts, deposit, on))


def closing_value(terms: Terms, facts: Facts, deposit: Deposit, on: date) -> Closing:
    """What the holder receives, from now on, if the deposit is closed on ``on``; the rules decide, nothing is saved."""
    changes = advanced(terms, facts, deposit, on)
    last = changes[-1].deposit if changes else deposit
    if last.closed_on is None:
        changes.append(rule(terms, facts, last, Event(on, "close")))
    interest = [each for change in changes for each in change.interest]
    paid = [change.principal_out for change in changes] + [each.amount for each in interest if not each.capitalised]
    return Closing(on, total(paid, terms.currency), total([each.amount for each in interest], terms.currency))
