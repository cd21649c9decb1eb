"""Own the nouns of a review. Table: ``credit_review``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from farthing.kernel.operation import personal
from farthing.kit.inputs import Id, Statement

Outcome = Literal["upheld", "changed"]
Light = Literal["green", "amber", "red"]
AMBER_DAYS = 3
"""From so many days before its last on a review is amber."""


@dataclass(frozen=True, slots=True)
class AskReview:
    """Ask that a person looks at a decision, and say in one's own words why (PIPL art. 24)."""

    decision_id: Id
    words: Statement = personal()


@dataclass(frozen=True, slots=True)
class AnswerReview:
    """Answer after looking at the decision: it was right (``upheld``), or should have been another (``changed``)."""

    review_id: Id
    outcome: Outcome
    answer: Statement = personal()


@dataclass(frozen=True, slots=True)
class Review:
    """One review of a decision. ``answer_by``: by when it is to be answered, by the policy of the day on which it was asked for;
    none where it was asked for before there was a clock. ``late_told_on``: when its customer was told that it is late.
    ``outcome``, ``answer`` and who answered when are None while it is open."""

    id: str
    decision_id: str
    party_id: str
    asked_on: date
    outcome: Outcome | None
    answered_on: date | None
    answered_by: str | None
    words: str = personal()
    answer: str | None = personal()
    answer_by: date | None = None
    late_told_on: date | None = None

    @property
    def open(self) -> bool:
        """Whether it waits for an answer."""
        return self.outcome is None

    def light(self, on: date) -> Light:
        """How it stands against its clock on a day."""
        if not self.open or self.answer_by is None or (self.answer_by - on).days > AMBER_DAYS:
            return "green"
        return "amber" if on <= self.answer_by else "red"


LATE = "credit.review_late"
"""The leaf of the log that says that a review was not answered in time."""


@dataclass(frozen=True, slots=True)
class LateTold:
    """That a review was not answered by its day: the customer is told, and so is whoever watches."""

    review_id: str
    decision_id: str
    party_id: str
    answer_by: date


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many reviews or disputes that were asked for on a day wait for an answer; ``answer_by``: by when, where law says."""

    kind: Literal["review", "dispute"]
    asked_on: date
    answer_by: date | None
    count: int
