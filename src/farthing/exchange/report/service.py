"""Make the report of a subject of the records up to some revisions: as records are never changed, the same revisions make the
same report. A subject into which another was merged is shown with the other's records too.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from farthing.db.tx import Tx
from farthing.exchange import members_service as members
from farthing.exchange.report import store
from farthing.exchange.report.rules import Records, report_of
from farthing.kit.errors import not_found

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


def revisions_at(tx: Tx, subjects: Iterable[str], recorded_at: datetime) -> dict[str, int]:
    """How far the records of subjects stood at an instant."""
    return {each: store.revision_at(tx, each, recorded_at) for each in subjects}


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


def report(tx: Tx, node: str, subject_id: str, as_of: date, revisions: dict[str, int]) -> dict[str, Any]:
    """The report that records up to these revisions make."""
    found = [store.records(tx, each, until) for each, until in sorted(revisions.items())]
    together = {
        name: [row for each in found for row in each[name]] for name in Records.__slots__ if name != "furnishers"
    }
    furnishers = {each.id: {"id": each.id, "name": each.name, "kind": each.kind} for each in members.by_id(tx).values()}
    return report_of(node, subject_id, as_of, Records(**together, furnishers=furnishers))


def _merged(tx: Tx, subject_id: str, until: int) -> list[str]:
    others: dict[str, bool] = {}
    for event in store.records(tx, subject_id, until)["events"]:
        others[event["other_id"]] = event["kind"] == "merge"
    return sorted(other for other, stands in others.items() if stands)
