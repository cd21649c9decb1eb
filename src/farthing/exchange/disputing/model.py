"""Own the nouns of a dispute: the item, its outcome, its due day, and the notice that tells an earlier reader.

Tables: ``exchange_dispute``, ``exchange_statement``, ``exchange_notice``. Never changes a record: what is deleted is not shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from farthing.kernel.operation import personal
from farthing.kit.calendar import add_months

Outcome = Literal["confirmed", "corrected", "deleted", "undetermined"]
Grounds = Literal["not_mine", "paid_on_time", "amount_wrong", "closed", "too_old", "other"]
Notice = Literal["dispute", "correction", "withdrawal"]
NoticeState = Literal["waiting", "told", "unreached"]
SILENT = "silent"
"""Who decided, where the furnisher said nothing by the last day: the law."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """A disputed item: a month of an account, or the account (no ``period``), as it stood at ``revision``.

    It is marked from ``revision`` until ``closed_revision``. ``decided_by``: the furnisher, the node, or nobody in time
    (``silent``).
    """

    subject_id: str
    id: str
    tradeline_id: str
    furnisher: str
    period: date | None
    grounds: Grounds
    statement: str
    opened_on: date
    ask_by: date
    due_on: date
    further: bool
    revision: int
    outcome: Outcome | None
    finding: str
    decided_by: str
    closed_on: date | None
    closed_revision: int | None

    @property
    def open(self) -> bool:
        """Whether it waits for an answer."""
        return self.outcome is None

    def marks(self, revision: int) -> bool:
        """Whether the item is marked as disputed in a report of this revision."""
        return self.revision <= revision and (self.closed_revision is None or revision < self.closed_revision)

    def deletes(self, revision: int) -> bool:
        """Whether the item is not shown any more in a report of this revision."""
        closed = self.closed_revision
        return self.outcome == "deleted" and closed is not None and closed <= revision

    def notes(self, revision: int) -> bool:
        """Whether a report of this revision says that it could not be determined."""
        closed = self.closed_revision
        return self.outcome == "undetermined" and closed is not None and closed <= revision


@dataclass(frozen=True, slots=True)
class Statement:
    """What a person says beside an account of hers, or beside all of it (no ``tradeline_id``)."""

    subject_id: str
    id: str
    tradeline_id: str
    revision: int
    recorded_at: datetime
    text: str = personal()


@dataclass(frozen=True, slots=True)
class NoticeSent:
    """A notice for a member: what it is about and whether it reached it. It is fetched, or brought to its address."""

    member_id: str
    id: str
    subject_id: str
    kind: Notice
    about: str
    body: dict[str, Any]
    made_at: datetime
    due_on: date
    state: NoticeState
    told_at: datetime | None


@dataclass(frozen=True, slots=True)
class Given:
    """A view that was given: to whom, of which revision, which kinds, and how many months back from ``as_of`` (none: all)."""

    view_id: str
    given_to: str
    revision: int
    kinds: tuple[str, ...]
    months: int | None
    as_of: date

    def showed(self, cls: str, period: date | None) -> bool:
        """Whether an account of a class, or a month of it, was in its scope."""
        if cls not in self.kinds:
            return False
        return period is None or self.months is None or period >= add_months(self.as_of.replace(day=1), 1 - self.months)
