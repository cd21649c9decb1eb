"""The pages of a person of a partner lender: its part of loans, what it was and is asked for, each day's settlement. They only
read."""

from __future__ import annotations

from datetime import date, timedelta

from fastapi import Request
from fastapi.responses import Response

from farthing.funding.cover import service as covers
from farthing.funding.lenders import service as lenders
from farthing.funding.lenders.model import Settlement
from farthing.funding.settling import service as settling
from farthing.web.ground import ask, current, page, pages, view
from farthing.web.laying_out import span
from farthing.web.sheets import sent, sheet
from farthing.web.speech import gettext as _

router = pages()


@router.get("/partner")
def portfolio(request: Request) -> Response:
    """The partner's part of its loans."""
    who = current(request)
    return page(request, "partner/portfolio.html", who, portfolio=ask(request, who, lenders.own_portfolio))


@router.get("/partner/requests")
def requests(request: Request, after: str = "") -> Response:
    """What the partner was asked, the latest first."""
    who = current(request)
    return page(
        request, "partner/requests.html", who, after=after, found=ask(request, who, lenders.own_requests, after, 30)
    )


@router.get("/partner/mandate")
def mandate(request: Request) -> Response:
    """What the partner is asked for, what becomes of its requests of today, how much of its capacity is used, and as what the
    bank knows it."""
    who = current(request)
    found = view(
        request,
        who,
        lambda told: {
            "mandate": told(lenders.own_mandate),
            "flow": told(lenders.own_flow),
            "covers": told(covers.own_covers),
            "claims": told(covers.own_cover_claims, limit=20),
        },
    )
    return page(request, "partner/mandate.html", who, span=span, **found)


@router.get("/partner/settlement")
def settlement(request: Request, until: date | None = None) -> Response:
    """The settlement account day by day."""
    who = current(request)
    found: Settlement = ask(request, who, lenders.own_settlement, until)
    earlier = found.since - timedelta(days=1)
    stated = ask(request, who, settling.own_statements, until)
    return page(request, "partner/settlement.html", who, found=found, stated=stated, earlier=earlier, until=until)


@router.get("/partner/statements/{on}.csv")
def as_table(request: Request, on: date) -> Response:
    """The partner's statement of a closed day as a table."""
    return sent(ask(request, current(request), settling.own_statement, on, "csv"))


@router.get("/partner/statements/{on}.xml")
def as_message(request: Request, on: date) -> Response:
    """The partner's statement of a closed day as camt.053."""
    return sent(ask(request, current(request), settling.own_statement, on, "camt.053"))


@router.get("/partner/settlement.csv")
def exported(request: Request, until: date | None = None) -> Response:
    """The same days as a file for a spreadsheet, the earliest first."""
    found: Settlement = ask(request, current(request), lenders.own_settlement, until)
    heads = (
        _("Day"),
        _("Lent"),
        _("Repayments to you"),
        _("Paid to the bank"),
        _("Other"),
        _("Owed to the bank"),
        _("Currency"),
    )
    rows = [
        (
            each.on.isoformat(),
            *(figure.plain() for figure in (each.lent, each.repaid, each.paid, each.other, each.owed)),
            each.owed.currency,
        )
        for each in reversed(found.days)
    ]
    return sheet(f"settlement-{found.until.isoformat()}.csv", heads, rows)
