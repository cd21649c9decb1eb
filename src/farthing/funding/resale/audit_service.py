"""Run the verification of the secondary market: sales, resales, notes and the ledger say the same."""

from __future__ import annotations

from itertools import pairwise

from farthing.db.tx import Tx
from farthing.funding import notes_store
from farthing.funding.holdings import service as holdings
from farthing.funding.market import listings_store
from farthing.funding.resale import audit_rules as rules
from farthing.funding.resale import pricing, store
from farthing.funding.resale.audit_rules import Audit
from farthing.funding.resale.model import Resale
from farthing.funding.resale.rules import paid
from farthing.funding.shares import of_lenders
from farthing.kit.findings import Finding, compared
from farthing.ledger import service as ledger
from farthing.lending import books_service as lending

PAGE = 200


def verify(tx: Tx) -> Audit:
    """Compare each sale with what was bought of it, each resale with its payment, and the notes of each listing with both.

    ``tx`` should see one state throughout (``kernel.read(..., snapshot=True)``).
    """
    found, after, counts = list[Finding](), "", [0, 0]
    while page := listings_store.page(tx, after, PAGE):
        found += compared("resale", [each.id for each in page], lambda ids: _listings(tx, ids, counts))
        after = page[-1].id
    return Audit(counts[0], counts[1], findings=tuple(found))


def _listings(tx: Tx, listing_ids: list[str], counts: list[int]) -> list[Finding]:
    sales, resales = store.of_listings(tx, listing_ids)
    by_sale: dict[str, list[Resale]] = {each.id: [] for each in sales}
    for each in resales:
        by_sale.setdefault(each.sale_id, []).append(each)
    found = [finding for each in sales for finding in rules.sale(each, by_sale[each.id])]
    entries = [paid(each, tx.home) for each in resales if each.state == "done"]
    posted = ledger.found_by_id(tx, [entry.id for entry in entries]) if entries else {}
    books = {each.reference: each.entry for each in posted.values()}
    found += rules.resales(resales, books, tx.home, tx.business_date)
    found += rules.prices(resales, pricing.shipped())
    for listing_id in listing_ids:
        found += rules.one_price(listing_id, [each for each in resales if each.listing_id == listing_id])
    found += _changes(tx, listing_ids, resales)
    counts[0], counts[1] = counts[0] + len(sales), counts[1] + len(resales)
    return found


def _changes(tx: Tx, listing_ids: list[str], resales: list[Resale]) -> list[Finding]:
    """Where notes of these listings changed hands otherwise than they were sold."""
    loans = {each.loan_id: each.id for each in listings_store.by_id(tx, listing_ids).values() if each.state == "placed"}
    markets, notes = holdings.all_of(tx, list(loans)), notes_store.of_loans(tx, list(loans))
    found = list[Finding]()
    for loan, flows in lending.with_flows(tx, list(markets)):
        editions = markets[loan.id].editions
        upto = [of_lenders(notes[loan.id], flows, "repaid", each.after)["principal"] for each in editions]
        repaid = [later - earlier for earlier, later in pairwise(upto)]
        mine = [each for each in resales if each.loan_id == loan.id]
        found += rules.changes(loans[loan.id], editions, repaid, mine)
    return found
