"""The operator's pages of customers: the list, and everything about one in one place."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import Request
from fastapi.responses import HTMLResponse, Response

from farthing.credit import service as credit
from farthing.credit.review import service as review
from farthing.identity import roll
from farthing.kernel.run import Ask
from farthing.kit.errors import Refusal
from farthing.lending import service as lending
from farthing.parties import service as parties
from farthing.parties.attending import service as attending
from farthing.parties.levels import service as levels
from farthing.parties.model import Party
from farthing.payments import service as payments
from farthing.payments.wallets import wallet_path
from farthing.savings.deposits import passbook_service as passbook
from farthing.savings.fund import founding_service as founding
from farthing.savings.fund import service as fund
from farthing.web.ground import WITHOUT_LAW, again, ask, current, kernel_of, page, page_of, pages, part, unless, view
from farthing.web.operator import told
from farthing.web.sold import loan_products
from farthing.web.speech import said

router = pages()
PAGE, LATEST, LOANS, ALL = 50, 10, 20, 99
"""Customers of a page; decisions and loans of a customer that her page shows, and decisions where all are asked for."""
LONGEST = 200


@router.get("/ops/customers")
def listed(request: Request, q: str = "", cursor: str | None = None) -> Response:
    """Customers by the beginning of a name, a whole phone, number or id; all, in the order in which they came."""
    who, typed = current(request), " ".join(q[:LONGEST].split())
    found = ask(request, who, parties.search, typed, cursor, PAGE)
    return page(
        request, "operator/customers.html", who, found=found, q=typed, cursor=cursor, erased=parties.is_erased
    )  # fmt: skip


@router.get("/ops/customers/{party_id}")
def one(request: Request, party_id: str, decisions: Literal["", "all"] = "", waits: bool = False) -> Response:
    """One customer: who it is, what it has, what was decided, allowed and done for it."""
    return customer_page(request, None, party_id, decisions, waits)


def customer_page(
    request: Request, refusal: Refusal | None, party_id: str, decisions: str = "", waits: bool = False
) -> HTMLResponse:
    """The same, each part for whoever may see it, with a refusal where a doubt was refused. What is longer than the page says
    so, and leads on."""
    who, home = current(request), kernel_of(request).home
    page_of(request, who, parties.search)  # a customer, who may ask each of these about herself, has pages of her own

    shown = ALL if decisions else LATEST

    def build(ask: Ask) -> dict[str, Any]:
        party: Party = ask(parties.own_party, party_id)
        wallets = part(ask, payments.wallets, party_id)
        seen = ask(attending.attendances, party_id)
        return {
            "party": party, "verifications": ask(parties.verifications, party_id), "told": ask(levels.level, party_id),
            "wallets": wallets and [(each, wallet_path(party_id, each.currency, home)) for each in wallets],
            "deposits": part(ask, passbook.deposits, party_id),
            "cover": unless(WITHOUT_LAW, lambda: part(ask, passbook.cover, party_id)),
            "holdings": part(ask, fund.holdings, party_id), "loans": part(ask, lending.loans, party_id, LOANS + 1),
            "decisions": part(ask, credit.decisions, party_id, shown + 1), "consents": part(ask, credit.consents, party_id),
            "disputes": part(ask, credit.disputes, party_id), "reviews": part(ask, review.reviews_of, party_id),
            "attendances": seen,
            "actors": told.actors(ask, [name for each in seen for name in (each.actor_id, each.witness or "")]),
            "sessions": ask(roll.sessions_of, party_id),
            "funds": {each.id: said(each.name) for each in ask(founding.funds)},
            "products": loan_products(ask),
        }  # fmt: skip

    found = view(request, who, build)
    cut = {"loans": LOANS, "decisions": shown}
    more = {name: len(found[name] or ()) > most for name, most in cut.items()}
    found |= {name: found[name] and found[name][:most] for name, most in cut.items()}
    return again(
        request, "operator/customer.html", who, refusal, gone=parties.is_erased(found["party"]), more=more, shown=shown,
        all=ALL, waits=waits, **found,
    )  # fmt: skip
