"""Run the verification of projects: sums of a project against its gifts, its escrow, its entries, its votes and its text."""

from __future__ import annotations

from dataclasses import dataclass

from farthing.crowdfunding import rules, store
from farthing.crowdfunding.model import Project
from farthing.db.tx import Row, Tx
from farthing.kit.findings import Audit, Finding
from farthing.ledger import service as ledger

PAGE, WHAT = 200, "project"


@dataclass(frozen=True, slots=True)
class ProjectAudit(Audit):
    """What a verification of projects counted and found."""

    projects: int
    gifts: int


def verify_projects(tx: Tx) -> ProjectAudit:
    """Meet every project with its gifts, what lies on its escrow, what is held for it, and what its backers said."""
    found, projects, gifts, after = list[Finding](), 0, 0, ""
    while some := store.page(tx, after, PAGE):
        ids = [each.id for each in some]
        sums: dict[str, dict[str, Row]] = {}
        for row in store.sums(tx, ids):
            sums.setdefault(row["project_id"], {})[row["state"]] = row
        backers, votes = store.backers(tx, ids), store.votes(tx, ids)
        paths = {each.id: rules.escrow_account(each.id, each.minimum.currency, tx.home) for each in some}
        lying = ledger.balances_of(tx, list(paths.values()))
        for each in some:
            gifts += sum(row["gifts"] for row in sums.get(each.id, {}).values())
            found += _sums(each, sums.get(each.id, {}), backers.get(each.id, 0))
            balance = lying.get(paths[each.id])
            on_escrow = balance.owed().minor if balance else 0
            if on_escrow != each.escrow.minor:
                found.append(Finding(WHAT, each.id, f"its escrow holds {on_escrow}, its rows say {each.escrow.minor}"))
            if each.digest and each.digest != rules.digest_of(each):
                found.append(Finding(WHAT, each.id, "its text is not what it was opened with"))
            found += [
                Finding(WHAT, each.id, f"milestone {one.number} says {one.agreed} and {one.against} votes")
                for one in each.plan if votes.get((each.id, one.number), (0, 0)) != (one.agreed, one.against)
            ]  # fmt: skip
        projects, after = projects + len(some), some[-1].id
    return ProjectAudit(projects, gifts, findings=tuple(found))


def _sums(project: Project, by: dict[str, Row], backers: int) -> list[Finding]:
    def came(name: str, *states: str) -> int:
        return sum(int(by[each][name]) for each in states if each in by)

    said = (
        ("held", project.held.minor, came("minor", "held")),
        ("captured", project.captured.minor, came("minor", "captured", "refunded")),
        ("refunded", project.refunded.minor, came("refunded", "refunded")),
        ("backers", project.backers, backers),
    )
    return [
        Finding(WHAT, project.id, f"{name}: it says {says}, its gifts {gifts}")
        for name, says, gifts in said
        if says != gifts
    ]
