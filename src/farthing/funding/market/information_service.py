"""Answer the key information sheet of a listing, to anybody: as it was on the day of listing."""

from __future__ import annotations

from farthing.db.tx import Tx
from farthing.funding.market import lenders_service, listings_service
from farthing.funding.market.information import Sheet, information, render
from farthing.funding.valuing import curve
from farthing.kernel.question import question
from farthing.kernel.whose import NOBODYS
from farthing.kit.actor import PUBLIC
from farthing.kit.inputs import Id
from farthing.lending import books_service as books
from farthing.parties import service as parties
from farthing.products import service as products


@question("market.information", permission=PUBLIC, whose=NOBODYS)
def sheet(tx: Tx, listing_id: Id) -> Sheet:
    """The key information sheet of a listing as PDF/A, Chinese and English; it names no borrower.

    Refuses ``market.unknown_listing`` and ``market.none``.
    """
    listing = listings_service.known(tx, listing_id)
    ((loan, _),) = books.with_flows(tx, [listing.loan_id])
    offered = books.offered(tx, loan)
    terms = products.loan_terms(tx, listing.product, loan.conditions.version)
    law = lenders_service.law_in_force(tx)
    said = information(
        listing, terms.name, offered.schedule, curve.shipped(), law, parties.institution(tx).name
    )  # fmt: skip
    return render(said, tx.now)
