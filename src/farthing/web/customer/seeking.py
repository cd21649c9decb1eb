"""The borrower's page of a loan that seeks lenders on the marketplace: how far it is, until when, and what happens then."""

from __future__ import annotations

from decimal import Decimal

from fastapi import Request
from fastapi.responses import Response

from farthing.funding.market.listings_model import Listing
from farthing.kernel.run import Ask
from farthing.kit.money import Money
from farthing.lending import service as lending
from farthing.lending.model import Loan
from farthing.web.charts.drawing import Chart, Point
from farthing.web.charts.plain import bullet
from farthing.web.ground import current, page, pages, to, view
from farthing.web.seeking import seeking
from farthing.web.speech import gettext as _
from farthing.web.speech import language
from farthing.web.writing import money

router = pages()


@router.get("/loans/{loan_id}/lenders")
def lenders(request: Request, loan_id: str) -> Response:
    """How much of a loan lenders give so far, until when more are sought, and what happens then; giving it up."""
    who = current(request)

    def build(ask: Ask) -> tuple[Loan, Listing | None]:
        loan = ask(lending.loan, loan_id)
        return loan, seeking(ask, [loan]).get(loan.id)

    loan, listing = view(request, who, build)
    if listing is None:
        return to(f"/loans/{loan.id}")
    return page(request, "customer/borrow/seeking.html", who, loan=loan, listing=listing, chart=filled(listing))


def filled(listing: Listing) -> Chart:
    """What lenders give beside what is sought of them, and what must be there on the last day."""

    def point(label: str, amount: Money) -> Point:
        return Point(label, Decimal(amount.minor), money(amount, language()))

    part = f"{listing.filled.minor * 100 // listing.amount.minor}%"
    title = _("%(part)s of what is sought has lenders") % {"part": part}
    marks = () if listing.least == listing.amount else (point(_("Enough on the last day"), listing.least),)
    return bullet(
        title, _("A bar of what lenders give, up to the line of what is sought from them."),
        point(_("There so far"), listing.filled), point(_("Sought"), listing.amount), _("Figure"), _("Amount"), marks=marks,
    )  # fmt: skip
