"""The operator's pages: entries, accounts, statements, trial balance, decisions, loans, approvals, the day."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from farthing.credit import service as credit
from farthing.evidence import service as evidence
from farthing.kernel import approvals
from farthing.kernel.approvals import Decide
from farthing.kernel.day import close_day
from farthing.kernel.run import NOT_ALLOWED
from farthing.kit.actor import Actor
from farthing.ledger import service as ledger
from farthing.ledger.audit.service import verify
from farthing.ledger.export import render
from farthing.lending import service as lending
from farthing.web.ground import ask, current, form, kernel_of, page, to

router = APIRouter(prefix="/ops", include_in_schema=False)


def staff(request: Request, permission: str = "ledger:read") -> Actor:
    """A member of staff who may read the books; anybody else is refused."""
    who = current(request)
    if who.party_id is not None or not who.may(permission):
        raise NOT_ALLOWED(actor=who.id, permission=permission)
    return who


@router.get("")
def overview(request: Request) -> Response:
    """The state of the bank today."""
    who = staff(request)
    return page(
        request, "ops_overview.html", who,
        balance=ask(request, who, ledger.trial_balance),
        checkpoint=ask(request, who, evidence.latest_checkpoint),
        waiting=ask(request, who, approvals.waiting),
        decisions=ask(request, who, lambda tx: credit.decisions(tx, None, 10)),
        loans=ask(request, who, lambda tx: lending.all_loans(tx, "", 50)),
        closed=request.query_params.get("closed"),
    )  # fmt: skip


@router.get("/entries")
def entries(request: Request, cursor: str | None = None) -> Response:
    """Journal entries, newest first, in plain-text accounting form."""
    who = staff(request)
    found = ask(request, who, lambda tx: ledger.entries(tx, cursor, 20))
    told = [(posted, render(posted.entry)) for posted in found.entries]
    return page(request, "ops_entries.html", who, told=told, next_cursor=found.next_cursor)


@router.get("/accounts")
def accounts(request: Request, prefix: str = "", after: str = "") -> Response:
    """Accounts by path."""
    who = staff(request)
    found = ask(request, who, lambda tx: ledger.balances(tx, prefix, after=after, limit=50))
    return page(request, "ops_accounts.html", who, accounts=found, prefix=prefix, full=len(found) == 50)


@router.get("/accounts/{path}")
def statement(request: Request, path: str, cursor: str | None = None) -> Response:
    """An account's statement with running balances."""
    who = staff(request)
    found = ask(request, who, lambda tx: ledger.statement(tx, path, cursor, 25))
    balance = ask(request, who, lambda tx: ledger.balance(tx, path))
    return page(request, "ops_statement.html", who, statement=found, balance=balance)


@router.get("/trial-balance")
def trial_balance(request: Request) -> Response:
    """Every account with a balance; they sum to zero."""
    who = staff(request)
    return page(request, "ops_trial_balance.html", who, balance=ask(request, who, ledger.trial_balance))


@router.get("/verify")
def verify_page(request: Request) -> Response:
    """Derive the books again, now."""
    who = staff(request)
    return page(request, "ops_verify.html", who, audit=ask(request, who, verify))


@router.post("/approvals")
async def approve(request: Request) -> Response:
    """Decide a draft as its second person."""
    fields = await form(request)
    who = staff(request, "approvals:decide")
    command = Decide(str(fields.get("approval_id")), fields.get("decision") == "approve", str(fields.get("note") or ""))
    await run_in_threadpool(kernel_of(request).run, approvals.decide, command, actor=who, key=str(fields.get("key")))
    return to("/ops")


@router.post("/days")
async def close(request: Request) -> Response:
    """Close the business date."""
    await form(request)
    who = staff(request, "kernel:close_day")
    done = await run_in_threadpool(close_day, kernel_of(request), None, actor=who)
    return to("/ops", closed=str(done.closed))
