"""Run the sharing out of loans: what was paid out is charged to who funds it, what was collected is given to who holds it.

Lending enqueues :func:`distribute` in the transaction in which money moved; the close of a day shares out what still waits,
before partners are settled with. Either finds what waits under the loan's lock, hence each flow is shared out once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from farthing.db.tx import Tx
from farthing.funding import entries, notes_store, shares
from farthing.funding.cover import rules as cover_rules
from farthing.funding.cover import store as cover_store
from farthing.funding.holdings import service as holdings
from farthing.funding.holdings.model import Edition, Market, Transfer
from farthing.funding.joint import rules as joint_rules
from farthing.funding.joint import service as joint
from farthing.funding.joint import store as joint_store
from farthing.funding.market import listings_service as listings
from farthing.funding.protection import store as protection
from farthing.funding.shares import Note
from farthing.kernel.day import PIECE, CloseStep, Stepped
from farthing.kernel.operation import operation
from farthing.kernel.whose import STAFF
from farthing.kit.words import Words
from farthing.ledger import service as ledger
from farthing.lending import books_service as books
from farthing.lending.flows import Flow
from farthing.lending.model import Loan, LoanCommand


@dataclass(frozen=True, slots=True)
class SharedOut:
    """How many flows of a loan were shared out, now."""

    loan_id: str
    flows: int


@operation(
    "funding.distribute", title=Words("Share a loan out to who funds it", "贷款资金分配"),
    permission="kernel:close_day", whose=STAFF,
)  # fmt: skip
def distribute(tx: Tx, command: LoanCommand) -> SharedOut:
    """Share out all of a loan that waits, over the holders of the day on which it moved, in one posting.

    Again it finds nothing to do. Refuses ``lending.unknown_loan``.
    """
    page = books.sharing(tx, [command.loan_id])
    share_out(tx, page)
    return SharedOut(command.loan_id, sum(flow.waits for _, flows in page for flow in flows))


@operation(
    "funding.distribute_day", title=Words("Loans shared out", "贷款资金日终分配"),
    permission="kernel:close_day", whose=STAFF,
)  # fmt: skip
def distribute_day(tx: Tx, command: CloseStep) -> Stepped:
    """Close a day for the funders: what no job has shared out yet is, so that partners are settled with for the day."""
    waiting = books.awaiting(tx, command)
    some = holdings.fitting(tx, waiting)
    share_out(tx, books.sharing(tx, some))
    handled = len(some) if command.after else len(some) + holdings.go_on(tx, command.on)
    return Stepped(handled, some[-1] if len(waiting) == PIECE or len(some) < len(waiting) else None)


def share_out(tx: Tx, page: Sequence[tuple[Loan, list[Flow]]]) -> None:
    """Share out all that waits of some loans, which are held, in one posting; a loan of which nothing waits is left alone."""
    page = [(loan, flows) for loan, flows in page if any(flow.waits for flow in flows)]
    if not page:
        return
    _begin(tx, page)
    ids = [loan.id for loan, _ in page]
    notes = notes_store.of_loans(tx, ids)
    _open(tx, page, notes)
    since = {loan.id: min(flow.on for flow in flows if flow.waits) for loan, flows in page}
    markets, parts = holdings.markets(tx, since), joint_store.of_loans(tx, ids)
    claims = cover_store.of_loans(tx, list(parts))
    taken = joint_rules.by_partner(parts, cover_rules.claims_of(claims, tx.home))
    books.post_all(tx, [
        (loan.id, [
            entry
            for flow in flows
            if flow.waits
            for entry in entries.shared_out(
                loan, notes[loan.id], flows, flow, tx.home, markets.get(loan.id), taken.get(loan.id, {})
            )
        ])
        for loan, flows in page
    ])  # fmt: skip
    books.shared_out(tx, ids)
    joint.moved(tx, page, notes, parts)
    _lost(tx, page, markets)
    listings.repaid(tx, {
        market.listed.listing_id: shares.of_lenders(notes[loan.id], flows, "repaid", flows[-1].number)["principal"]
        for loan, flows in page
        if (market := markets.get(loan.id)) is not None
    })  # fmt: skip


def _lost(tx: Tx, page: Sequence[tuple[Loan, list[Flow]]], markets: Mapping[str, Market]) -> None:
    """Keep which loans of lenders were given up, and have those wait for the protection fund that it is for."""
    gone = [
        markets[loan.id].listed
        for loan, flows in page
        if loan.id in markets and any(flow.waits and flow.kind == "given_up" for flow in flows)
    ]
    if gone:
        listings.lost(tx, [each.listing_id for each in gone])
        cover = [each for each in gone if each.protects]
        protection.wait(tx, [each.loan_id for each in cover], [each.currency for each in cover])


def change_hands(tx: Tx, loan_id: str, transfers: Sequence[Transfer]) -> Edition:
    """Let parts of the lenders' notes of a loan go to others from now on: once a day, all at once. What waits is shared out
    first, over who held them until now.

    Refuses ``lending.unknown_loan``, ``funding.sold_more_than_held``, ``funding.sold_to_oneself``.
    """
    ((loan, flows),) = books.sharing(tx, [loan_id])
    share_out(tx, [(loan, flows)])
    return holdings.transfer(tx, loan, [replace(flow, waits=False) for flow in flows], transfers)


def _begin(tx: Tx, page: Sequence[tuple[Loan, list[Flow]]]) -> None:
    """Issue the notes of loans that were paid out."""
    begun = [(flow.on, loan) for loan, flows in page for flow in flows if flow.waits and flow.kind == "disbursed"]
    notes_store.issue(tx, [shares.issued(loan, on) for on, loan in begun])
    holdings.begin(tx, [(on, loan.id) for on, loan in begun if shares.of_lenders_too(loan)])


def _open(tx: Tx, page: Sequence[tuple[Loan, list[Flow]]], notes: dict[str, list[Note]]) -> None:
    """Open the accounts of loans that were paid out; or given up: one paid out before these had accounts."""
    opens = ("disbursed", "given_up", "recovered")
    ledger.open_accounts(tx, [
        spec
        for loan, flows in page
        if any(flow.waits and flow.kind in opens for flow in flows)
        for spec in entries.accounts_of(loan, notes[loan.id], tx.home)
    ])  # fmt: skip
