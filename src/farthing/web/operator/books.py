"""The operator's pages of the books: groups of accounts with their totals as of any day, accounts, a statement, the trial
balance, journal entries, and the check that derives everything again."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.kernel.run import Ask
from farthing.ledger import service as ledger
from farthing.ledger.audit.service import verify
from farthing.ledger.export import render
from farthing.ledger.overview import service as overview
from farthing.products.reading import day
from farthing.web.ground import ask, current, page, pages, view
from farthing.web.operator.heads import named_head
from farthing.web.writing import minor

router = pages()
ROOTS = ("assets", "liabilities", "equity", "income", "expenses")
ACCOUNTS = 50


def _roots(groups: list[overview.Group]) -> list[tuple[str, list[tuple[str, overview.Group, str]]]]:
    """The groups below each of the five roots of the books, with their names and totals."""
    found = []
    for root in ROOTS:
        own = [each for each in groups if each.path.partition(":")[0] == root]
        if own:
            rows = [(named_head(each.path), each, minor(each.total, each.currency)) for each in own]
            found.append((named_head(root), rows))
    return found


@router.get("/ops/accounts")
def accounts(request: Request, prefix: str = "", after: str = "", on: str = "") -> Response:
    """The groups of accounts now or as of a day; below a path, its accounts."""
    who = current(request)
    if prefix:
        found = ask(request, who, ledger.balances, prefix, after=after, limit=ACCOUNTS)
        full, title = len(found) == ACCOUNTS, named_head(prefix)
        return page(
            request, "operator/accounts.html", who, accounts=found, prefix=prefix, after=after, full=full, title=title
        )  # fmt: skip
    asked = day(on) if on else None
    groups = ask(request, who, overview.chart, on=asked)
    return page(request, "operator/books.html", who, roots=_roots(groups), on=asked)


@router.get("/ops/accounts/{path}")
def statement(request: Request, path: str, cursor: str | None = None) -> Response:
    """An account's statement with running balances."""
    who = current(request)

    def build(ask: Ask) -> dict[str, Any]:
        return {"statement": ask(ledger.statement, path, cursor, 25), "balance": ask(ledger.balance, path)}

    found = view(request, who, build)
    return page(request, "operator/statement.html", who, title=named_head(path), cursor=cursor, **found)


@router.get("/ops/trial-balance")
def trial_balance(request: Request) -> Response:
    """Every account with a balance; they sum to zero."""
    who = current(request)
    return page(request, "operator/trial_balance.html", who, balance=ask(request, who, ledger.trial_balance))


@router.get("/ops/entries")
def entries(request: Request, cursor: str | None = None) -> Response:
    """Journal entries, newest first, in plain-text accounting form."""
    who = current(request)
    found = ask(request, who, ledger.entries, cursor, 20)
    told = [(posted, render(posted.entry)) for posted in found.entries]
    return page(request, "operator/entries.html", who, told=told, cursor=cursor, next_cursor=found.next_cursor)


@router.get("/ops/verify")
def verify_page(request: Request) -> Response:
    """Derive the books again, now."""
    who = current(request)
    return page(request, "operator/verify.html", who, audit=ask(request, who, verify))
