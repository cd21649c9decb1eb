"""The operator's pages: the state of the bank, decisions, loans; and, for whoever of the staff decides, what waits for a
second person."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.assurance import service as assurance
from farthing.credit import service as credit
from farthing.kernel import approvals
from farthing.kernel.approvals import Decide
from farthing.kernel.run import Ask
from farthing.ledger import service as ledger
from farthing.lending import service as lending
from farthing.parties.attending import service as attending
from farthing.parties.attending.model import CloseIncident
from farthing.web.ground import Fields, current, page, pages, part, run, to, view

router = pages()


@router.get("/ops")
def overview(request: Request) -> Response:
    """The state of the bank today."""
    who = current(request)

    def build(ask: Ask) -> dict[str, Any]:
        return {
            "balance": ask(ledger.trial_balance), "checkpoint": ask(assurance.latest_checkpoint),
            "waiting": part(ask, approvals.waiting), "decisions": part(ask, credit.latest_decisions, 10),
            "loans": part(ask, lending.all_loans, "", 50),
        }  # fmt: skip

    return page(request, "ops_overview.html", who, **view(request, who, build))


@router.get("/approvals")
def waiting(request: Request, decided: str = "") -> Response:
    """What waits for a second person that the visitor may be, what the visitor drafted itself, and how the last one ended."""
    who = current(request)

    def build(ask: Ask) -> dict[str, Any]:
        return {
            "waiting": ask(approvals.waiting), "own": ask(approvals.own),
            "decided": ask(approvals.draft, decided) if decided else None,
            "incidents": part(ask, attending.incidents),
        }  # fmt: skip

    return page(request, "approvals.html", who, **view(request, who, build))


@router.post("/approvals")
def approve(request: Request, fields: Fields) -> Response:
    """Decide a draft as its second person; the page says how it ended."""
    who = current(request)
    command = Decide(str(fields.get("approval_id")), fields.get("decision") == "approve", str(fields.get("note") or ""))
    run(request, approvals.decide, command, actor=who, key=str(fields.get("key")))
    return to("/approvals", decided=command.approval_id)


@router.post("/approvals/incidents")
def close_incident(request: Request, fields: Fields) -> Response:
    """Security has looked into what a customer disowned."""
    command = CloseIncident(str(fields.get("incident_id") or ""), str(fields.get("note") or ""))
    run(request, attending.close_incident, command, actor=current(request))
    return to("/approvals")
