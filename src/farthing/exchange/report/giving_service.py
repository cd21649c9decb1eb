"""Give a report for a public purpose (a court, a regulator), and print any report that was given again, byte for byte."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BeforeValidator

from farthing.db.tx import Tx
from farthing.exchange.report import service as reports
from farthing.exchange.report.service import View
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit.inputs import Day, Id, Memo
from farthing.kit.words import Words

At = Annotated[
    datetime, AwareDatetime,
    BeforeValidator(lambda value: datetime.fromisoformat(value) if isinstance(value, str) else value),
]  # fmt: skip
"""An instant, as a draft keeps it too."""


@dataclass(frozen=True, slots=True)
class GiveReport:
    """The report of a subject as of a day, by what is recorded now or was at an instant; ``node`` as members address this one."""

    node: Id
    subject: Id
    as_of: Day
    given_to: Memo
    why: Memo
    recorded_at: At | None = None


@dataclass(frozen=True, slots=True)
class ReportGiven:
    """Which report was given, and SHA-256 of it, in hexadecimal."""

    view: str
    subject: str
    digest: str


@dataclass(frozen=True, slots=True)
class ReportAgain:
    """A report that was given: as of which day, SHA-256 of its canonical JSON, and what it says."""

    view: str
    subject: str
    as_of: date
    digest: str
    report: dict[str, Any]


@operation(
    "exchange.give", title=Words("Give a report for a public purpose", "因公出具信用报告"), permission="exchange:members",
    whose=STAFF, four_eyes=True,
)  # fmt: skip
def give(tx: Tx, command: GiveReport) -> ReportGiven:
    """Give a report that no consent of its person stands behind. Refuses ``exchange.subject_unknown``."""
    revisions = None if command.recorded_at is None else reports.revisions_at(tx, command.subject, command.recorded_at)
    view = reports.give(tx, command.node, command.subject, command.as_of, command.given_to, revisions=revisions)
    return ReportGiven(view.id, command.subject, view.digest.hex())


@question("exchange.view", permission="exchange:read", whose=STAFF)
def view(tx: Tx, subject: Id, view: Id) -> ReportAgain:
    """A report that was given, as it was given. Refuses ``exchange.view_unknown``."""
    found: View = reports.again(tx, subject, view)
    return ReportAgain(found.id, found.subject_id, found.as_of, found.digest.hex(), json.loads(found.content))
