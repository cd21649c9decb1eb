"""Own what is told of the use of data: inquiries, bills and the points of a decision. Reads only the tables of ``credit``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from farthing.credit.bills.model import Provider
from farthing.credit.bureau.model import BureauState
from farthing.credit.catalogue.model import Better, Source, Subject, Unit
from farthing.credit.model import Purpose
from farthing.kit.words import Words


@dataclass(frozen=True, slots=True)
class Inquiry:
    """That a bureau was asked about a party: by whom, when, for what, and under which consent of hers."""

    id: str
    bureau: str
    purpose: Purpose
    asked_at: datetime
    state: BureauState
    consent_id: str


@dataclass(frozen=True, slots=True)
class BroughtBill:
    """A bill that was brought: from whom, over which days, and how many of its rows were new."""

    id: str
    provider: Provider
    imported_at: datetime
    rows: int
    added: int
    first_on: date | None
    last_on: date | None
    vouched_by: str


@dataclass(frozen=True, slots=True)
class FigurePoints:
    """What one figure was worth in a decision, the most it could have given, and the datum that it rests on."""

    figure: str
    points: int
    most: int
    name: Words
    datum: Words


@dataclass(frozen=True, slots=True)
class FeatureView:
    """One feature of the catalogue: what it is called and means, from what it is computed, over which days, and which law allows
    it. ``better`` says which way it counts where a scorecard asks for it; ``written``: only by consent in writing where the law
    asks for one."""

    name: str
    called: Words
    meaning: Words
    sources: tuple[Source, ...]
    told_by: tuple[Words, ...]
    window: Words
    unit: Unit
    better: Better
    subject: Subject
    law: Words
    written: bool
