"""Own what asking for more on a running loan is, and what it would come to.

A top-up is a loan of its own, with its decision, offer, contract and signatures, that names the loan it replaces.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from farthing.kit.inputs import Amount, Id, Instalments, Purpose
from farthing.kit.money import Money
from farthing.lending.model import Instalment, Settlement

TOPPED_UP_BY = "topped_up_by"
"""Where a pay-off keeps the loan out of whose money it was paid."""
PAYS_OFF = "pays_off"
"""Where a payment out keeps what of it paid another loan off: its ``loan``, and the amount in ``minor`` units."""


@dataclass(frozen=True, slots=True)
class TopUp:
    """Ask for a larger loan of the same product that pays ``loan_id`` off: ``amount`` is all that is lent, of which the rest is
    paid out; ``instalments`` is their number."""

    loan_id: Id
    amount: Amount
    instalments: Instalments
    purpose: Purpose


@dataclass(frozen=True, slots=True)
class TopUpQuote:
    """What asking for more would come to, were it decided and paid out on a day. Nothing is promised by it.

    ``pays_off``: what ends the running loan that day, with the interest of the days that have passed and what paying early costs;
    ``reaches_you``: the rest of ``amount``, but for what is kept back. ``next_now``: the next instalment of the running loan.
    ``cost_if_kept``: interest, fees and penalties still to pay if the running loan is kept; ``cost_if_topped_up``: those of the
    new loan, and what of them the pay-off asks for.
    """

    loan_id: str
    product: str
    on: date
    amount: Money
    instalments: int
    pays_off: Settlement
    reaches_you: Money
    fee: Money
    schedule: tuple[Instalment, ...]
    total_interest: Money
    total_cost: Money
    annual_percentage_rate: Decimal
    next_now: Money
    cost_if_kept: Money
    cost_if_topped_up: Money
