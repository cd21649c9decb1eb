"""Answer how receivables stand: as their holders see them, as those who owe them do, and as the bank does. Reads only."""

from __future__ import annotations

from collections.abc import Sequence

from farthing.db.tx import Tx
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF, of
from farthing.kit.inputs import Cursor, Id, PageSize
from farthing.lending import service as lending
from farthing.parties import service as parties
from farthing.signing.agreements import service as agreements
from farthing.supply import rules, seen, store
from farthing.supply.confirming_service import found, of_side
from farthing.supply.invoices import store as invoices
from farthing.supply.model import Debtor, PieceTold, Receivable, ReceivableTold


@question("supply.receivable", permission="supply:read", whose=of("party_id"))
def receivable(tx: Tx, party_id: Id, receivable_id: Id) -> ReceivableTold:
    """A receivable as whoever held a part sees it (:mod:`farthing.supply.seen`); refuses ``supply.unknown_receivable``."""
    return _told(tx, [of_side(tx, party_id, receivable_id)], party_id)[0]


@question("supply.case", permission="supply:read_any", whose=STAFF)
def case(tx: Tx, receivable_id: Id) -> ReceivableTold:
    """The same for staff; refuses ``supply.unknown_receivable``."""
    return _told(tx, [found(tx, receivable_id)])[0]


@question("supply.pieces", permission="supply:read", whose=of("party_id"))
def pieces(tx: Tx, party_id: Id, limit: PageSize = 50) -> list[PieceTold]:
    """What somebody holds of what others owe, the first due first."""
    some = store.find(tx, store.of_holder(tx, party_id, limit))
    known = invoices.find(tx, [each.invoice_id for each in some.values()])
    debtors = parties.parties(tx, sorted({each.debtor for each in some.values()}))
    held = [(each, piece) for each in some.values() for piece in each.live if piece.holder == party_id and piece.left]
    told = [
        PieceTold(
            each.id, known[each.invoice_id].number, each.debtor, debtors[each.debtor].name, each.due_on,
            rules.days_late(each, tx.business_date), piece, _behind(tx, piece.about) if piece.state == "pledged" else "",
        )
        for each, piece in held
    ]  # fmt: skip
    return sorted(told, key=lambda each: (each.due_on, each.receivable_id, each.piece.number))


def _behind(tx: Tx, offer_id: str) -> str:
    """The loan that an offer led to, or nothing."""
    loan_id = lending.loan_of_offer(offer_id)
    return loan_id if lending.loan_owner(tx, loan_id) is not None else ""


@question("supply.payables", permission="supply:read", whose=of("party_id"))
def payables(tx: Tx, party_id: Id, limit: PageSize = 50) -> list[ReceivableTold]:
    """What somebody confirmed, or asked to confirm, the latest due first."""
    return _told(tx, store.in_order(tx, store.of_debtor(tx, party_id, limit)), party_id)


@question("supply.to_sign", permission="supply:read", whose=of("party_id"))
def to_sign(tx: Tx, party_id: Id, limit: PageSize = 50) -> list[ReceivableTold]:
    """Confirmations of a supplier's invoices that are not entered yet."""
    return _told(tx, store.in_order(tx, store.proposed_to(tx, party_id, limit)), party_id)


@question("supply.all_receivables", permission="supply:read_any", whose=STAFF)
def all_receivables(tx: Tx, after: Cursor = "", limit: PageSize = 50) -> list[ReceivableTold]:
    """Every receivable, in the order of its id, from the one after ``after``."""
    return _told(tx, store.in_order(tx, store.page(tx, after, limit)))


@question("supply.debtor", permission="supply:read_any", whose=STAFF)
def debtor(tx: Tx, party_id: Id) -> Debtor | None:
    """How a core company is graded, and how much may be lent on its word; none where it is not."""
    return invoices.debtor(tx, party_id)


def _told(tx: Tx, some: Sequence[Receivable], to: str | None = None) -> list[ReceivableTold]:
    """Receivables with what happened; ``to``: as that side sees them, and none of it else."""
    known, happened = (
        invoices.find(tx, [each.invoice_id for each in some]),
        store.events(tx, [each.id for each in some]),
    )
    if to is not None:
        happened = {each.id: seen.events(each, happened[each.id], to) for each in some}
        some = [seen.seen(each, to) for each in some]
    named = {each.supplier for each in some} | {each.debtor for each in some}
    people = parties.parties(tx, sorted(named | {piece.holder for each in some for piece in each.pieces}))
    return [
        ReceivableTold(
            each, known[each.invoice_id], people[each.supplier].name, people[each.debtor].name,
            rules.days_late(each, tx.business_date),
            agreements.agreement(tx, each.agreement_id).state if each.state == "proposed" else "",
            happened[each.id],
            tuple((party, people[party].name) for party in sorted({piece.holder for piece in each.pieces})),
        )
        for each in some
    ]  # fmt: skip
