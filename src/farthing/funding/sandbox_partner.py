"""The partner lender named ``sandbox``: decides by its own rules, remembers, and answers twice alike. Pure.

``town`` serves it over HTTP, so that the port's client, deadline and failures are the real ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from farthing.funding.settling.sandbox_books import SandboxBooks
from farthing.kit.calendar import add_months
from farthing.kit.canonical import canonical
from farthing.kit.ids import derived

GIVEN_WAY = timedelta(days=45)
"""So much later the last day may be: a payment out that comes after the question, a first period that is longer, a holiday."""


@dataclass
class SandboxPartner:
    """Lends to scores of ``least_score`` and better until ``capacity_minor`` of its ``currency`` is used up."""

    capacity_minor: int
    least_score: int
    most_months: int = 24
    currency: str = "CNY"
    committed: dict[str, int] = field(default_factory=dict)
    released: set[str] = field(default_factory=set)
    books: SandboxBooks = field(default_factory=SandboxBooks)

    def decide(self, question: Mapping[str, Any]) -> bytes:
        """Answer a question (the JSON of :class:`farthing.funding.model.Question`); the same inquiry the same."""
        inquiry, share = str(question["inquiry_id"]), int(question["share"]["minor"])
        reason = self._reason_against(question, inquiry, share)
        if not reason:
            self.committed[inquiry] = share
            self.books.agree(question)
        reference = f"SBX-{derived(inquiry).hex[:12].upper()}"
        return canonical({"agreed": not reason, "reference": reference, "reason": reason})

    def release(self, about: Mapping[str, Any]) -> bytes:
        """Take back what was kept ready for an inquiry, for good, also where its question comes later than its release."""
        inquiry = str(about["inquiry_id"])
        self.released.add(inquiry)
        self.committed.pop(inquiry, None)
        return canonical({"released": inquiry})

    def _reason_against(self, question: Mapping[str, Any], inquiry: str, share: int) -> str:
        if inquiry in self.released:
            return "the share was released"
        if inquiry in self.committed:
            return "" if self.committed[inquiry] == share else "the same inquiry came with another share"
        if question["share"]["currency"] != self.currency:
            return f"lends {self.currency} only"
        if int(question["score"]) < self.least_score:
            return f"score below {self.least_score}"
        asked_on, ends_on = date.fromisoformat(question["asked_at"][:10]), date.fromisoformat(question["ends_on"])
        if ends_on > add_months(asked_on, self.most_months) + GIVEN_WAY:
            return f"longer than {self.most_months} months"
        if sum(self.committed.values()) + share > self.capacity_minor:
            return "capacity used up"
        return ""
