"""The search over everything: what is typed leads straight to the one thing whose number or path it is; else people, accounts
and products that begin so are told, each to whoever may see it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import Response

from farthing.credit import service as credit
from farthing.kernel import approvals
from farthing.kernel.run import Ask
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal
from farthing.ledger import service as ledger
from farthing.ledger.overview import service as overview
from farthing.lending import service as lending
from farthing.parties import service as parties
from farthing.payments import service as payments
from farthing.savings.deposits import passbook_service as passbook
from farthing.web.ground import ask, current, page, page_of, pages, part, to, view
from farthing.web.operator import told

router = pages()
LONGEST, MOST = 200, 20
PATH = re.compile(r"(assets|liabilities|equity|income|expenses)(:[A-Za-z0-9_.@-]+)*")
ENTRY = re.compile(r"[!-~]*[:_-][!-~]*")
"""What may be the id or the reference of an entry: each has a colon, a line or a dash."""
THINGS: dict[str, tuple[Callable[..., Any], str]] = {
    "party": (parties.own_party, "/ops/customers/{}"), "dep": (passbook.deposit, "/ops/deposits/{}"),
    "loan": (lending.loan, "/ops/loans/{}"), "appr": (approvals.draft, "/approvals/{}"),
    "dec": (credit.decision, "/decisions/{}"),
}  # fmt: skip
"""By the beginning of a number: the question that knows the thing, and where its page is."""


@router.get("/ops/search")
def search(request: Request, q: str = "") -> Response:
    """Look for anything: a customer by name, phone or number; a thing by its number; an account by its path."""
    who = current(request)
    page_of(request, who, parties.search)
    typed = " ".join(q[:LONGEST].split())
    place = _straight(request, who, typed)
    if place is not None:
        return to(place)

    def build(ask: Ask) -> dict[str, Any]:
        found = ask(parties.search, typed, limit=MOST) if typed else None
        books = part(ask, ledger.balances, typed, limit=MOST) if PATH.fullmatch(typed) else None
        by_path = told.accounts(ask, [each.path for each in books or ()])
        return {
            "people": found.parties if found else (), "more": found.next_cursor is not None if found else False,
            "accounts": [(each, by_path[each.path]) for each in books or ()],
        }  # fmt: skip

    return page(
        request, "operator/search.html", who, q=typed, erased=parties.is_erased, **view(request, who, build)
    )  # fmt: skip


def _straight(request: Request, who: Actor, typed: str) -> str | None:
    """The page of the one thing that was meant, if whoever asks may see it."""
    prefix, line, _ = typed.partition("_")
    if line and prefix in THINGS:
        function, path = THINGS[prefix]
        return path.format(quote(typed)) if _there(request, who, function, typed) else None
    if line and prefix == "rail" and _there(request, who, payments.rail_payments, number=typed):
        return f"/ops/payments?number={quote(typed)}"
    if PATH.fullmatch(typed) and _there(request, who, ledger.balance, typed):
        return f"/ops/accounts/{quote(typed)}"
    if ENTRY.fullmatch(typed) and (found := _there(request, who, overview.entry_in_full, typed)):
        return f"/ops/entries/{found.id}"
    return None


def _there(request: Request, who: Actor, function: Callable[..., Any], *name: str, **named: str) -> Any:
    """The thing, or none where there is no such thing for whoever asks: the two are told alike."""
    try:
        return ask(request, who, function, *name, **named)
    except Refusal:
        return None
