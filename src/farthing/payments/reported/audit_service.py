"""Run the verification of reports: each part met with its hold and with what the books posted; no report above its payment."""

from __future__ import annotations

from dataclasses import dataclass

from farthing.db.tx import Tx
from farthing.kit.findings import Audit, Finding
from farthing.ledger import service as ledger
from farthing.ledger.model import Posting, entry_id
from farthing.ledger.recent import service as recent
from farthing.payments.reported import rules, store
from farthing.payments.reported.model import FraudReport, FrozenPart

PAGE = 500
STANDS = {"frozen": "pending", "returned": "settled", "released": "released"}
WHAT = "report"


@dataclass(frozen=True, slots=True)
class ReportAudit(Audit):
    """What a verification of reports counted and found."""

    reports: int
    parts: int


def verify_reports(tx: Tx) -> ReportAudit:
    """Meet every part with its hold and its entry, and every report with its parts and its payment."""
    found, counts, after = list[Finding](), [0, 0], ""
    while some := store.page(tx, after, PAGE):
        parts = store.parts(tx, [each.id for each in some])
        counts[0], counts[1] = counts[0] + len(some), counts[1] + sum(map(len, parts.values()))
        for each in some:
            found += _sums(each, parts.get(each.id, []))
        found += _paid(tx, some) + _books(tx, [(each, part) for each in some for part in parts.get(each.id, ())])
        after = some[-1].id
    return ReportAudit(counts[0], counts[1], findings=tuple(found))


def _sums(report: FraudReport, parts: list[FrozenPart]) -> list[Finding]:
    frozen = sum(each.amount.minor for each in parts)
    found = []
    if frozen != report.frozen.minor:
        found.append(Finding(WHAT, report.id, f"it froze {report.frozen}, and its parts come to {frozen} minor units"))
    if report.open != any(each.state == "frozen" for each in parts):
        found.append(Finding(WHAT, report.id, "it is open though nothing is frozen, or ended though something is"))
    return found


def _paid(tx: Tx, reports: list[FraudReport]) -> list[Finding]:
    """The entry of which each is: there, and of its amount."""
    there = ledger.found_by_id(tx, [entry_id(each.reference) for each in reports])
    found = []
    for each in reports:
        posted = there.get(entry_id(each.reference))
        if posted is None or each.amount not in [abs_of(line) for line in posted.entry.postings]:
            found.append(Finding(WHAT, each.id, "the payment that it is of is not in the books with its amount"))
    return found


def abs_of(line: Posting) -> object:
    """What a line moves, either way."""
    return line.amount if line.amount.minor > 0 else -line.amount


def _books(tx: Tx, parts: list[tuple[FraudReport, FrozenPart]]) -> list[Finding]:
    holds = recent.holds(tx, [rules.name_of(each, "frozen") for _, each in parts])
    posted = ledger.found_by_id(tx, [entry_id(rules.name_of(each, "returned")) for _, each in parts])
    found = []
    for report, each in parts:
        name = f"{each.report_id} {each.holder}"
        stands, moved = holds.get(rules.name_of(each, "frozen")), posted.get(entry_id(rules.name_of(each, "returned")))
        if stands != STANDS[each.state]:
            found.append(Finding(WHAT, name, f"it is {each.state} and its hold is {stands or 'not there'}"))
        wanted = {Posting(each.path, each.amount), Posting(rules.target(report, tx.home), -each.amount)}
        if (moved is not None) != (each.state == "returned"):
            found.append(
                Finding(WHAT, name, f"it is {each.state} and its entry is {'there' if moved else 'not there'}")
            )
        elif moved is not None and set(moved.entry.postings) != wanted:
            found.append(Finding(WHAT, name, "what went back went elsewhere, or is another amount"))
    return found
