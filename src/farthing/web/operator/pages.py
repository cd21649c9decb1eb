"""The operator's pages: entries, accounts, statements, trial balance, decisions, loans; and, for whoever of the
staff decides, what waits for a second person."""

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
from farthing.ledger.audit.service import verify
from farthing.ledger.export import render
from farthing.lending import service as lending
from farthing.parties.attending import service as attending
from farthing.parties.attending.model import CloseIncident
from farthing.web.ground import Fields, ask, current, page, pages, part, run, to, view

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


@router.get("/ops/entries")
def entries(request: Request, cursor: str | None = None) -> Response:
    """Journal entries, newest first, in plain-text accounting form."""
    who = current(request)
    found = ask(request, who, ledger.entries, cursor, 20)
    told = [(posted, render(posted.entry)) for posted in found.entries]
    return page(request, "ops_entries.html", who, told=told, next_cursor=found.next_cursor)


@router.get("/ops/accounts")
def accounts(request: Request, prefix: str = "", after: str = "") -> Response:
    """Accounts by path."""
    who = current(request)
    found = ask(request, who, ledger.balances, prefix, after=after, limit=50)
    return page(request, "ops_accounts.html", who, accounts=found, prefix=prefix, full=len(found) == 50)


@router.get("/ops/accounts/{path}")
def statement(request: Request, path: str, cursor: str | None = None) -> Response:
    """An account's statement with running balances."""
    who = current(request)
    found = ask(request, who, ledger.statement, path, cursor, 25)
    balance = ask(request, who, ledger.balance, path)
    return page(request, "ops_statement.html", who, statement=found, balance=balance)


@router.get("/ops/trial-balance")
def trial_balance(request: Request) -> Response:
    """Every account with a balance; they sum to zero."""
    who = current(request)
    return page(request, "ops_trial_balance.html", who, balance=ask(request, who, ledger.trial_balance))


@router.get("/ops/verify")
def verify_page(request: Request) -> Response:
    """Derive the books again, now."""
    who = current(request)
    return page(request, "ops_verify.html", who, audit=ask(request, who, verify))


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
