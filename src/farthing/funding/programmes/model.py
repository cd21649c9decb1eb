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
class Programme:
    """An agreement with a partner. ``place``: where it stands in the waterfall, the lowest first. ``part`` is the most of a
    loan it takes, of loans of ``products`` from ``least`` to ``most``, over ``shortest`` to ``longest`` instalments, whose
    borrower's score is ``least_score`` or better, from the day ``since`` to ``until``. It has ``within_ms`` to answer."""

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


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is known of a loan when it is looked for who lends a part of it."""

    product: str
    principal: Money
    instalments: int
    score: int
    on: date


@dataclass(frozen=True, slots=True)
class Asking:
    """A partner that is asked for a part of a loan, by which programme, and its place in the waterfall."""

    partner: str
    programme: str
    place: int
    share: Money
    within_ms: int


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
