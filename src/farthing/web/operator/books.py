"""The operator's pages of the books: groups of accounts with their totals as of any day, accounts, a statement, the trial
balance, and the check that derives everything again."""

from __future__ import annotations

import time
from typing import Any

from fastapi import Request
from fastapi.responses import Response

from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.ledger import service as ledger
from farthing.ledger.audit.service import verify
from farthing.ledger.model import sign_of
from farthing.ledger.overview import service as overview
from farthing.ledger.overview.model import Group
from farthing.products.reading import day
from farthing.web.forms import comes_back
from farthing.web.ground import Fields, again, ask, current, page, page_of, pages, view
from farthing.web.operator import told
from farthing.web.operator.heads import named_head
from farthing.web.writing import minor

router = pages()
ROOTS = ("assets", "liabilities", "equity", "income", "expenses")
ACCOUNTS = 50


def _roots(groups: list[Group]) -> list[tuple[str, list[tuple[str, Group, str]]]]:
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
        statement, balance = ask(ledger.statement, path, cursor, 25), ask(ledger.balance, path)
        return {"statement": statement, "balance": balance, "account": told.accounts(ask, [path])[path]}

    return page(request, "operator/statement.html", who, cursor=cursor, **view(request, who, build))


@router.get("/ops/trial-balance")
def trial_balance(request: Request, on: str = "") -> Response:
    """The groups of accounts as debits and credits, which come to the same, now or at the end of a day. Every account that is
    not at zero is a file (``/proof/trial-balance.csv``): a page of all would be as long as the bank is old."""
    who = current(request)
    asked = day(on) if on else None
    groups = [each for each in ask(request, who, overview.chart, on=asked) if each.total]
    sheets = [
        (currency, *_columns([each for each in groups if each.currency == currency]))
        for currency in sorted({each.currency for each in groups})
    ]
    return page(request, "operator/trial_balance.html", who, sheets=sheets, on=asked)


def _columns(groups: list[Group]) -> tuple[list[tuple[str, Group, str, str]], str, str]:
    """Groups of one currency with their totals as debit or credit, and what either side comes to."""
    rows, sides = [], [0, 0]
    for each in groups:
        debit = sign_of(each.path) * each.total
        sides[debit < 0] += abs(debit)
        figure = minor(abs(debit), each.currency)
        rows.append((named_head(each.path), each, *((figure, "") if debit > 0 else ("", figure))))
    currency = groups[0].currency
    return rows, minor(sides[0], currency), minor(sides[1], currency)


def verify_page(request: Request, refusal: Refusal | None = None) -> Response:
    """What is read and derived; it takes as long as the books are, so that whoever wants it asks for it."""
    who = current(request)
    page_of(request, who, verify)
    return again(request, "operator/verify.html", who, refusal)


@router.get("/ops/verify")
def to_verify(request: Request) -> Response:
    """What deriving the books again looks at, and the button that does it."""
    return verify_page(request)


@router.post("/ops/verify")
@comes_back(verify_page)
def verified(request: Request, fields: Fields) -> Response:
    """The books derived again from every entry, now: what was looked at, how long it took, what disagrees."""
    who, began = current(request), time.perf_counter()
    audit = view(request, who, lambda ask: ask(verify))
    return page(request, "operator/verify.html", who, audit=audit, seconds=f"{time.perf_counter() - began:.2f}")
