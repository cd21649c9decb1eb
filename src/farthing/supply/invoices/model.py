"""Own ``InvoiceFile``: what an invoice or a credit note says of itself, and what makes it the one that it is. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from farthing.kit.ids import derived, prefixed
from farthing.kit.money import Money

Format = Literal["ubl", "cii", "cn"]


@dataclass(frozen=True, slots=True)
class InvoiceFile:
    """An invoice as its file says it: ``amount`` is what is to be paid, tax included. ``seller`` and ``buyer`` are unified social
    credit codes. ``credits``: the number of the invoice that a credit note takes back from; none of an invoice."""

    format: Format
    seller: str
    buyer: str
    number: str
    issued_on: date
    amount: Money
    due_on: date | None
    credits: str | None
    seller_name: str
    buyer_name: str

    @property
    def id(self) -> str:
        """The id that the same invoice always has, in whichever format or file: of who issued it under which number.

        Day, amount and currency are compared and are no part of it: an invoice that says another amount under the same number
        is the same one, changed.
        """
        kind = "credit note" if self.credits else "invoice"
        return prefixed("invoice", derived(f"{kind} of {self.seller}: {self.number}"))

    def referred(self) -> str:
        """The id of the invoice that a credit note takes back from."""
        return prefixed("invoice", derived(f"invoice of {self.seller}: {self.credits}"))
