"""Own ``ProtectionFund``: money set aside for lenders of loans that are given up. It pays as far as it has money: no guarantee.

Table: ``market_claim``. The money lies on ``liabilities:escrow:protection``, client money like any escrow,
and is nobody's income.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from farthing.kit.money import Money
from farthing.kit.words import Words


@dataclass(frozen=True, slots=True)
class Claim:
    """What lenders of a loan that was given up had left of its principal, and what the fund paid them of it, once. None is paid
    before the close of the day. ``back``: what the fund had of what came in later."""

    loan_id: str
    claimed: Money | None
    paid: Money | None
    paid_on: date | None
    back: Money


@dataclass(frozen=True, slots=True)
class FundMonth:
    """A month of the fund, to its last day or today: what ``came`` in (fees, and what it had back), what it ``paid``, and what
    was in it then."""

    on: date
    came: Money
    paid: Money
    balance: Money


@dataclass(frozen=True, slots=True)
class ProtectionFund:
    """The fund today. ``expected``: what is expected to be lost of all that lenders have out, by the valuations of its loans;
    ``coverage``: what is in the fund as a part of that, none where nothing is expected.
    ``claimed``, ``paid``: so far; ``waiting``: claims that the next close pays. ``months``: the last
    twelve, the newest first, none before there is a fund. ``allowed``: whether the law in force lets fees go to it; ``article``:
    what forbids it, where the policy pack says so."""

    balance: Money
    expected: Money
    coverage: Decimal | None
    claims: int
    claimed: Money
    paid: Money
    says: Words
    waiting: int
    allowed: bool
    article: Words | None
    months: tuple[FundMonth, ...]
