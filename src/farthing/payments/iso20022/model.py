"""Own ``Statement``: what one account held at the begin and at the end of a day, and each entry between. Pure; no table.

Whoever keeps an account tells it so: a partner lender, a rail, a custodian. Amounts are signed from the side of the account's
owner: more than nothing came in (``CRDT``), less went out (``DBIT``). Never a payment: what a statement tells has happened.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from farthing.kit.money import Money

CHARGE = "CHRG"
"""The word for what the keeper charged for an entry's transactions: it concerns none of them."""


@dataclass(frozen=True, slots=True)
class Detail:
    """One transaction within an entry. ``what`` is the keeper's own word for it, ``concerns`` the end-to-end id: what the owner
    knows it by; ``uetr`` the id that the payment kept on its whole way. In another currency where the payment was; no ``amount``
    where its keeper tells that of the entry alone. ``other`` and ``remitted``: what the other side is called, and what was
    said to the owner."""

    amount: Money | None
    what: str = ""
    concerns: str = ""
    uetr: str = ""
    other: str = ""
    remitted: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One booked entry. ``reference`` is the keeper's own (``AcctSvcrRef``), one for one entry. ``reversal``: it takes back an
    earlier one; the sign is already that of this entry, not of the one taken back."""

    reference: str
    amount: Money
    booked_on: date
    value_on: date
    what: str
    details: tuple[Detail, ...] = ()
    told: str = ""
    reversal: bool = False

    @property
    def parts(self) -> tuple[Detail, ...]:
        """Its transactions where the amount of each is told, in the currency of the account; else none."""
        told = all(each.amount is not None and each.amount.currency == self.amount.currency for each in self.details)
        return self.details if told else ()


@dataclass(frozen=True, slots=True)
class Statement:
    """An account over the day ``on``, whole: ``opening`` + all lines = ``closing``. ``number`` counts the statements of the
    account without a gap; none where its keeper does not count."""

    id: str
    number: int | None
    account: str
    owner: str
    made_at: datetime
    on: date
    opening: Money
    closing: Money
    lines: tuple[Line, ...]
