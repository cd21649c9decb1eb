"""Give the report of a subject, and print one that was given again, byte for byte.

A view keeps which revisions it was made of and the digest of what was given: as records are never changed, the same revisions
make the same bytes. A subject into which another was merged is shown with the other's records too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from farthing.db.tx import Tx
from farthing.exchange import members_service as members
from farthing.exchange.report import store
from farthing.exchange.report.rules import FORMAT, Records, report_of
from farthing.kit.canonical import canonical
from farthing.kit.errors import InvariantBroken, not_found

VIEW_UNKNOWN = not_found(
    "exchange.view_unknown",
    "No report {view} was given of {subject}.",
    "没有出具过 {subject} 的信用报告 {view}。",
)
SUBJECT_UNKNOWN = not_found(
    "exchange.subject_unknown",
    "Nothing is recorded under this number; that is no record, which is something else than a good one.",
    "该号码下没有任何记录；没有记录不等于记录良好。",
)


@dataclass(frozen=True, slots=True)
class View:
    """A report that was given: its id, of whom, as of which day, made of which revisions, and its canonical JSON."""

    id: str
    subject_id: str
    as_of: date
    revisions: dict[str, int]
    content: bytes

    @property
    def digest(self) -> bytes:
        """SHA-256 of the content."""
        return sha256(self.content).digest()


def give(
    tx: Tx, node: str, subject_id: str, as_of: date, given_to: str, *, classes: Sequence[str] | None = None,
    revisions: dict[str, int] | None = None,
) -> View:  # fmt: skip
    """The report of a subject as its records stand now, or at some revisions, kept as given. Refuses
    ``exchange.subject_unknown``."""
    revisions = revisions_now(tx, subject_id) if revisions is None else revisions
    content = canonical(report(tx, node, subject_id, as_of, revisions, classes))
    view = View(tx.new_id("view"), subject_id, as_of, revisions, content)
    made_of = {"revisions": revisions, "classes": None if classes is None else sorted(classes), "node": node}
    store.keep(tx, subject_id, view.id, as_of, made_of, FORMAT, view.digest, given_to)
    return view


def again(tx: Tx, subject_id: str, view_id: str) -> View:
    """A report that was given, printed again. Refuses ``exchange.view_unknown``; other bytes than were given are our fault."""
    found = store.view(tx, subject_id, view_id)
    if found is None:
        raise VIEW_UNKNOWN(view=view_id, subject=subject_id)
    made_of = found["made_of"]
    content = canonical(
        report(tx, made_of["node"], subject_id, found["as_of"], made_of["revisions"], made_of["classes"])
    )
    view = View(view_id, subject_id, found["as_of"], made_of["revisions"], content)
    if view.digest != bytes(found["digest"]):
        raise InvariantBroken(f"the view {view_id} is not what was given")
    return view


def revisions_at(tx: Tx, subject_id: str, recorded_at: datetime) -> dict[str, int]:
    """How far the records of a subject, and of those merged into it, stood at an instant; refuses
    ``exchange.subject_unknown``."""
    return {each: store.revision_at(tx, each, recorded_at) for each in revisions_now(tx, subject_id)}


def revisions_now(tx: Tx, subject_id: str) -> dict[str, int]:
    """How far the records of a subject stand, and of those merged into it. Refuses ``exchange.subject_unknown``."""
    stands = store.revision(tx, subject_id)
    if stands is None:
        raise SUBJECT_UNKNOWN()
    found = {subject_id: stands}
    for other in _merged(tx, subject_id, stands):
        found[other] = store.revision(tx, other) or 0
    return found


def revisions_of(tx: Tx, subject_id: str) -> dict[str, int]:
    """The same; none of a subject of whom nothing is recorded."""
    return {} if store.revision(tx, subject_id) is None else revisions_now(tx, subject_id)


def report(
    tx: Tx, node: str, subject_id: str, as_of: date, revisions: dict[str, int], classes: Sequence[str] | None = None
) -> dict[str, Any]:
    """The report that records up to these revisions make."""
    found = [store.records(tx, each, until) for each, until in sorted(revisions.items())]
    together = {
        name: [row for each in found for row in each[name]] for name in Records.__slots__ if name != "furnishers"
    }
    furnishers = {
        each.member.id: {"id": each.member.id, "name": each.member.name, "kind": each.member.kind}
        for each in members.members(tx)
    }
    return report_of(node, subject_id, as_of, Records(**together, furnishers=furnishers), classes)


def _merged(tx: Tx, subject_id: str, until: int) -> list[str]:
    others: dict[str, bool] = {}
    for event in store.records(tx, subject_id, until)["events"]:
        others[event["other_id"]] = event["kind"] == "merge"
    return sorted(other for other, stands in others.items() if stands)
