"""Own ``Programme``: an agreement with a partner lender about loans it takes a part of, as data.

Table: ``funding_programme``, each version of each, the latest in force. Never says who holds a loan: its notes do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from farthing.kit.inputs import Slug, Source
from farthing.kit.money import Money
from farthing.kit.words import Words


@dataclass(frozen=True, slots=True)
class Capacity:
    """How much a partner lends under a programme: ``outstanding`` at once, ``a_day`` in a business day; none: as much as it
    agrees to."""

    outstanding: Money | None = None
    a_day: Money | None = None


@dataclass(frozen=True, slots=True)
class Price:
    """What the partner lends for: its own yearly rate ``annual``, or the borrower's less the part ``fee`` of it. What the
    borrower pays on the partner's part beyond that is kept by us for arranging and servicing."""

    annual: Decimal | None = None
    fee: Decimal = Decimal(0)

    def asks(self, annual: Decimal) -> Decimal:
        """The partner's yearly rate on a loan of ``annual``, exactly."""
        return self.annual if self.annual is not None else annual * (1 - self.fee)


@dataclass(frozen=True, slots=True)
class CoverTerms:
    """Who answers for what the partner loses under a programme, and how far: at most the ``part`` of what it lent, claimed when
    a loan is so many ``days`` past due or is given up, whichever comes first. ``giver``: a partner by its code, or this bank
    itself; ``licence``: by which it may guarantee or insure. ``refills``: what comes in afterwards may be paid out again."""

    part: Decimal
    days: int
    refills: bool
    giver: str = ""
    licence: str = ""

    @property
    def kind(self) -> str:
        """Who gives it, as the law tells givers apart."""
        return "bank" if not self.giver else "licensed" if self.licence else "other"


@dataclass(frozen=True, slots=True)
class Programme:
    """An agreement with a partner. ``place``: where it stands in the waterfall, the lowest first. ``part`` is the most of a
    loan it takes, of loans of ``products`` from ``least`` to ``most``, over ``shortest`` to ``longest`` instalments, whose
    borrower's score is ``least_score`` or better, from the day ``since`` to ``until``. It has ``within_ms`` to answer,
    lends for its ``price`` and up to its ``capacity``; ``cover``: who answers for what it loses."""

    code: str
    partner: str
    name: Words
    place: int
    products: tuple[str, ...]
    part: Decimal
    least: Money
    most: Money
    shortest: int
    longest: int
    least_score: int
    within_ms: int
    since: date
    until: date | None
    version: str = ""
    price: Price = Price()
    capacity: Capacity = Capacity()
    cover: CoverTerms | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is known of a loan when it is looked for who lends a part of it."""

    product: str
    principal: Money
    instalments: int
    score: int
    on: date
    annual: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Asking:
    """A partner that is asked for a part of a loan, by which programme, its place in the waterfall, and its yearly rate.
    ``room``: why it is not asked, the limit in whose way it is; nothing where it is asked."""

    partner: str
    programme: str
    place: int
    share: Money
    within_ms: int
    annual: Decimal
    room: str = ""


@dataclass(frozen=True, slots=True)
class SetProgramme:
    """Put a programme in force by its file, in place of the version before. Two persons must want it."""

    source: Source


@dataclass(frozen=True, slots=True)
class EndProgramme:
    """End a programme: nobody is asked under it from now on; what it holds stays held."""

    programme: Slug


@dataclass(frozen=True, slots=True)
class InForce:
    """A programme as it stands: who put it in force when, its ``source``, and whether it ``ended``."""

    programme: Programme
    source: str
    set_at: datetime
    set_by: str
    ended: bool
