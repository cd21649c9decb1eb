"""Give a report for a public purpose (a court, a regulator): no consent of its person stands behind it, and she sees that it was
given, to whom and what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BeforeValidator

from farthing.db.tx import Tx
from farthing.exchange.consents.model import KINDS
from farthing.exchange.inquiring import service as inquiring
from farthing.exchange.inquiring.model import OFFICE, PUBLIC_PURPOSE
from farthing.exchange.inquiring.service import Given
from farthing.exchange.report import service as reports
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit.canonical import digest
from farthing.kit.inputs import Day, Id, Line, Memo
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
    given_to: Line
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
    """Give a report that no consent of its person stands behind, by the law of the node. Refuses
    ``exchange.subject_unknown``."""
    at = command.recorded_at
    stands = reports.revisions_now(tx, command.subject)
    given: Given = inquiring.give(
        tx, command.node, command.subject, tx.new_id("view"), OFFICE + command.given_to, PUBLIC_PURPOSE, KINDS,
        as_of=command.as_of, revisions=stands if at is None else reports.revisions_at(tx, stands, at),
    )  # fmt: skip
    return ReportGiven(given.view_id, command.subject, digest(given.report).hex())


@question("exchange.view", permission="exchange:read", whose=STAFF)
def view(tx: Tx, subject: Id, view: Id) -> ReportAgain:
    """A report that was given for a public purpose, as it was given. Refuses ``exchange.view_unknown``."""
    found = inquiring.given_again(tx, subject, view, OFFICE)
    return ReportAgain(found.view_id, subject, found.as_of, digest(found.report).hex(), found.report)
