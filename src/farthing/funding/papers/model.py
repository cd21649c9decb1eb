"""Own the papers of a partner lender: which loans it has a part of, what that part is, and who took a loan's contract.

Table: ``funding_paper``. Only the contract names the borrower; nothing else here does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from farthing.kit.inputs import Id
from farthing.kit.money import Money
from farthing.kit.words import Words
from farthing.lending.model import State


@dataclass(frozen=True, slots=True)
class TakeContract:
    """Take the contract of a loan that the partner has a part of: from then on this login may read it."""

    loan_id: Id


@dataclass(frozen=True, slots=True)
class Taken:
    """Who of which partner took a loan's contract, and when; ``digest`` (SHA-256, hexadecimal) is of the document."""

    loan_id: str
    actor_id: str
    partner: str
    digest: str
    taken_on: date


@dataclass(frozen=True, slots=True)
class Part:
    """A loan that a partner has a part of: what it lent of it, and since when."""

    loan_id: str
    product: Words
    lent: Money
    since: date
    state: State


@dataclass(frozen=True, slots=True)
class PartPage:
    """A page of loans, the latest first; ``next_after`` is the last of them where there are more."""

    parts: tuple[Part, ...]
    next_after: str | None


@dataclass(frozen=True, slots=True)
class PartLine:
    """An instalment and the partner's part of it; ``settled``: nothing is left to pay of it."""

    number: int
    due_on: date
    principal: Money
    interest: Money
    settled: bool


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a partner holds of one loan on the day ``on``.

    ``part`` is its fraction of the ``principal`` of which it lent ``lent`` on ``since``; ``repaid``, ``interest`` and
    ``charges`` (penalties and fees) are what it was credited, of the interest less ``servicing``, which it left us;
    ``outstanding`` is principal not yet repaid, and ``late`` what of it fell due before that day. ``reference`` is its own,
    ``digest`` the contract's. ``schedule`` holds its part of each instalment; ``taken`` is who of it took the contract.
    """

    partner: Words
    loan_id: str
    product: Words
    state: State
    on: date
    since: date
    principal: Money
    lent: Money
    part: Decimal
    annual: Decimal
    repaid: Money
    interest: Money
    servicing: Money
    charges: Money
    outstanding: Money
    late: Money
    reference: str
    digest: str
    schedule: tuple[PartLine, ...]
    taken: tuple[Taken, ...]
