"""Own the nouns of a review. Table: ``credit_review``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from farthing.kernel.operation import personal
from farthing.kit.inputs import Id, Statement

Outcome = Literal["upheld", "changed"]


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
    """One review of a decision. ``outcome``, ``answer`` and who answered when are None while it is open."""

    id: str
    decision_id: str
    party_id: str
    asked_on: date
    outcome: Outcome | None
    answered_on: date | None
    answered_by: str | None
    words: str = personal()
    answer: str | None = personal()

    @property
    def open(self) -> bool:
        """Whether it waits for an answer."""
        return self.outcome is None


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many reviews or disputes that were asked for on a day wait for an answer; ``answer_by``: by when, where law says."""

    kind: Literal["review", "dispute"]
    asked_on: date
    answer_by: date | None
    count: int
