"""Run the verification of the marketplace: listings, fills, batches and the ledger say the same."""

from __future__ import annotations

from farthing.db.tx import Tx
from farthing.funding import notes_store
from farthing.funding.holdings.rules import escrow_account
from farthing.funding.market import audit_rules as rules
from farthing.funding.market import batches_store, listings_store
from farthing.funding.market.audit_rules import Audit
from farthing.funding.market.batches_service import cleared_of
from farthing.funding.market.listings_service import without_escrow
from farthing.funding.shares import Note, of_lenders
from farthing.kit.findings import Finding, compared
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.lending import books_service as lending
from farthing.lending.flows import Flow

PAGE = 200
CLOSED = "its escrow is closed: no batch and no close of a day looks at it until the account is open again"


def verify(tx: Tx) -> Audit:
    """Compare each listing with its fills, its loan and its escrow, and clear each batch that is done again from its document.

    ``tx`` should see one state throughout (``kernel.read(..., snapshot=True)``).
    """
    found, after, listings = list[Finding](), "", 0
    clearing = batches_store.unfinished(tx) is not None
    while page := listings_store.page(tx, after, PAGE):
        found += compared("listing", [each.id for each in page], lambda ids: _listings(tx, ids, clearing))
        after, listings = page[-1].id, listings + len(page)
    last, batches = None, 0
    while some := batches_store.latest(tx, last, PAGE):
        done = [each.id for each in some if each.state == "done"]
        found += [finding for one in done for finding in compared("batch", [one], lambda ids: _batch(tx, ids[0]))]
        last, batches = some[-1], batches + len(some)
    return Audit(listings, batches, findings=tuple(found))


def _listings(tx: Tx, listing_ids: list[str], clearing: bool) -> list[Finding]:
    page = list(listings_store.by_id(tx, listing_ids).values())
    ids = [each.loan_id for each in page]
    loans = {loan.id: (loan, flows) for loan, flows in lending.with_flows(tx, ids)}
    notes = notes_store.of_loans(tx, ids)
    paths = {each.id: escrow_account(each.id, each.amount.currency, tx.home) for each in page}
    books = ledger.balances_of(tx, list(paths.values()))
    stopped = without_escrow(tx, [each for each in page if each.state in ("open", "full")])
    found = [Finding("listing", each, CLOSED) for each in sorted(stopped)]
    for each in page:
        loan, flows = loans.get(each.loan_id, (None, []))
        theirs = notes.get(each.loan_id, []) if each.state == "placed" else []
        repaid = _repaid(theirs, flows, each.amount.currency)
        lies = books[paths[each.id]].owed() if paths[each.id] in books else each.amount * 0
        fills = listings_store.fills(tx, each.id)
        found += rules.listing(each, fills, loan, repaid, lies, clearing=clearing)
    return found


def _repaid(notes: list[Note], flows: list[Flow], currency: str) -> Money:
    """What of the lenders' principal was repaid, and shared out, by their notes."""
    done = [flow for flow in flows if not flow.waits]
    if not notes or not done:
        return Money(0, currency)
    return Money(of_lenders(notes, done, "repaid", done[-1].number)["principal"], currency)


def _batch(tx: Tx, batch_id: str) -> list[Finding]:
    about = batches_store.batch(tx, batch_id)
    assert about is not None
    found = cleared_of(batches_store.document(tx, batch_id))
    ids = [each.id for each in found.published.batch.listings]
    states = {each.id: each.state in ("failed", "withdrawn") for each in listings_store.by_id(tx, ids).values()}
    return rules.batch(
        about, found.published, found.cleared, batches_store.all_offered(tx, batch_id, about.asked.currency),
        listings_store.all_of_batch(tx, batch_id), states,
    )  # fmt: skip
