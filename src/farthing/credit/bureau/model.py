"""Own the nouns of a credit bureau: the question, the tradelines that it reports, and the port. Tables: none of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal, Protocol

from farthing.kit.inputs import AnyId, Count, Day, Few, Id, Many, Note
from farthing.kit.money import Money

LineKind = Literal["instalment", "revolving", "bnpl", "guarantee", "utility"]
LineRole = Literal["borrower", "joint", "guarantor"]
LenderKind = Literal["bank", "non_bank"]
BureauState = Literal["no_record", "found", "unavailable"]


@dataclass(frozen=True, slots=True)
class LineMonth:
    """One month of a tradeline (its first day): the days past due at its end, and the balance where it is told."""

    month: Day
    days_past_due: Count
    balance: Money | None = None


@dataclass(frozen=True, slots=True)
class Asking:
    """That a lender asked a bureau about a person, for a product."""

    on: Day
    lender: Note
    product: Note


@dataclass(frozen=True, slots=True)
class Tradeline:
    """One account at another lender, as a bureau reports it. What stands after ``worst_days_past_due`` is none where the bureau
    does not say; ``role`` is what the person is to it, and what she guarantees counts in full."""

    lender: Note
    product: Note
    limit: Money
    balance: Money
    instalment: Money
    days_past_due: Count
    worst_days_past_due: Count
    opened_on: Day | None = None
    closed_on: Day | None = None
    kind: LineKind | None = None
    role: LineRole | None = None
    lender_kind: LenderKind | None = None
    months: Annotated[tuple[LineMonth, ...], Few] | None = None

    def open(self, on: date) -> bool:
        """Whether it is open on a day."""
        return self.closed_on is None or self.closed_on > on


@dataclass(frozen=True, slots=True)
class BureauReport:
    """What a bureau answered: nothing known, tradelines, or no answer in time. ``asked``: who asked before, where it is told."""

    bureau: Id
    state: BureauState
    tradelines: Annotated[tuple[Tradeline, ...], Many]
    inquiries_last_90_days: Count
    reference: AnyId
    asked: Annotated[tuple[Asking, ...], Many] | None = None


@dataclass(frozen=True, slots=True)
class BureauQuestion:
    """An inquiry with its purpose and consent (Credit Reporting Regulation art. 18)."""

    inquiry_id: str
    name: str
    number: str
    purpose: str
    consent_id: str
    asked_at: datetime


class Bureau(Protocol):
    """A credit bureau. The built-in peer is named ``sandbox``."""

    @property
    def name(self) -> str:
        """The bureau's name, kept with each answer."""
        ...

    def inquire(self, question: BureauQuestion) -> BureauReport | None:
        """The report, or none where the bureau did not answer properly in time."""
        ...
