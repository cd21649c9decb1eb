"""Run the notes of lenders: whose money pays a loan out, who they are from each day on, and what waits for one of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby

from farthing.db.tx import Tx
from farthing.funding import notes_store
from farthing.funding.holdings import rules, store
from farthing.funding.holdings.model import Edition, Market, NoteHeld, Pledged, Transfer
from farthing.funding.protection import store as protection
from farthing.funding.shares import Note, of_lenders
from farthing.kit.errors import InvariantBroken
from farthing.ledger import service as ledger
from farthing.ledger.model import AccountSpec, JournalEntry, Posting
from farthing.lending import books_service as books
from farthing.lending.flows import Flow
from farthing.lending.model import Holder, Loan
from farthing.payments.wallets import wallet_path

MOST_LENDERS = 20_000
"""Lenders whose wallets one transaction of the close moves, at about the most."""


def pledge(tx: Tx, pledged: Pledged) -> Holder:
    """Keep whose money pays a loan out, which lies on the escrow of its listing, all of it and nothing else; answers the holder
    that they are together, which goes to ``lending.set_holders`` beside any other. Once a loan."""
    holder = rules.holder_of(pledged)
    escrow = rules.escrow_account(pledged.listing_id, pledged.currency, tx.home)
    held = ledger.balance(tx, escrow)
    if held.owed() != holder.share or held.held_out:
        raise InvariantBroken(f"{escrow} holds {held.owed()}, and {holder.share} is pledged to {pledged.loan_id}")
    for party, _ in pledged.lenders:
        wallet_path(party, pledged.currency, tx.home)  # refuses what is no party's id
    store.pledge(tx, pledged)
    return holder


def begin(tx: Tx, begun: Sequence[tuple[date, str]]) -> None:
    """Issue the notes of lenders of loans (by id) that were paid out, each with its day: to whoever was pledged."""
    for on, some in groupby(sorted(begun), key=lambda each: each[0]):
        store.issue_first(tx, [loan_id for _, loan_id in some], on)


def fitting(tx: Tx, ids: Sequence[str]) -> list[str]:
    """The first of these loans, as many as one transaction may share out: one has ten thousand lenders, most have none."""
    listed, found, lenders = store.listed(tx, ids), list[str](), 0
    for loan_id in ids:
        lenders += listed[loan_id].lenders if loan_id in listed else 0
        if found and lenders > MOST_LENDERS:
            break
        found.append(loan_id)
    return found


def markets(tx: Tx, since: Mapping[str, date]) -> dict[str, Market]:
    """Of these loans, those that lenders hold a part of: their editions from a day of each on, and which wallets are closed."""
    listed = store.listed(tx, list(since))
    begun = store.begun(tx, list(listed))
    wanted = {loan_id: _from(begun.get(loan_id, []), since[loan_id]) for loan_id in listed}
    found = store.editions(tx, {loan_id: some for loan_id, some in wanted.items() if some})
    wallets = {
        wallet_path(party, listed[loan_id].currency, tx.home): (party, listed[loan_id].currency)
        for loan_id, some in found.items()
        for edition in some
        for party in edition.parties
    }
    closed = _closed(tx, wallets)
    covered = protection.covered(tx, list(found))
    return {loan_id: Market(listed[loan_id], some, closed, covered.get(loan_id)) for loan_id, some in found.items()}


def closed_wallets(tx: Tx, party_ids: Iterable[str], currency: str) -> frozenset[str]:
    """The wallets (paths) of these parties that take no money now; what is theirs has an account to wait on."""
    return _closed(tx, {wallet_path(party, currency, tx.home): (party, currency) for party in party_ids})


def _closed(tx: Tx, wallets: Mapping[str, tuple[str, str]]) -> frozenset[str]:
    closed = frozenset(ledger.not_open(tx, list(wallets)))
    waits = [AccountSpec(rules.waiting_account(*wallets[path], tx.home), wallets[path][1], floor=0) for path in closed]
    ledger.open_accounts(tx, waits)
    return closed


def all_of(tx: Tx, ids: Sequence[str]) -> dict[str, Market]:
    """As :func:`markets`, with every edition, and as if each wallet were open."""
    listed, begun = store.listed(tx, ids), store.begun(tx, ids)
    covered = protection.covered(tx, ids)
    return {
        loan_id: Market(listed[loan_id], some, covered=covered.get(loan_id))
        for loan_id, some in store.editions(tx, begun).items()
    }


def _from(begun: Sequence[tuple[date, int]], on: date) -> list[tuple[date, int]]:
    """The edition of a day and those after it."""
    before = [each for each in begun if each[0] <= on]
    return [*before[-1:], *(each for each in begun if each[0] > on)]


def go_on(tx: Tx, on: date) -> int:
    """Give lenders whose wallet is open again what waited for them; answers how many there were."""
    found, after = list[JournalEntry](), ""
    while page := ledger.balances(tx, rules.WAITING, after=after):
        after = page[-1].path
        owed = [each for each in page if each.owed()]
        wallets = {each.path: wallet_path(f"party_{each.path.split(':')[3]}", each.currency, tx.home) for each in owed}
        closed = set(ledger.not_open(tx, list(wallets.values())))
        for each in owed:
            if wallets[each.path] not in closed:
                lines = (Posting(each.path, each.owed()), Posting(wallets[each.path], -each.owed()))
                name = f"funding:waited:{each.path}:{each.version}"
                found.append(JournalEntry(name, "distribution", on, lines, "待领分配 what waited for its lender"))
    if found:
        ledger.post_all(tx, found)
    return len(found)


def transfer(tx: Tx, loan: Loan, flows: Sequence[Flow], transfers: Sequence[Transfer]) -> Edition:
    """Let parts of notes change hands today, all of a loan at once. What moved before was shared out; the loan is held.

    Refuses ``funding.sold_more_than_held``, ``funding.sold_to_oneself``.
    """
    last = max(flow.number for flow in flows)
    if any(flow.waits for flow in flows):
        raise InvariantBroken(f"{loan.id} is not shared out, and its notes change hands")
    edition = markets(tx, {loan.id: tx.business_date})[loan.id].editions[-1]
    notes = notes_store.of_loans(tx, [loan.id])[loan.id]
    repaid = _repaid(notes, flows, edition)
    begins = rules.transferred(edition, repaid, transfers, tx.business_date, last, loan.principal.currency)
    if not store.issue(tx, loan.id, begins):
        raise InvariantBroken(f"notes of {loan.id} changed hands today before")
    return begins


def of_lender(tx: Tx, party_id: str, after: str = "", limit: int = 50) -> list[NoteHeld]:
    """The notes that a lender holds, by the ids of their loans; continue with ``after`` the last id."""
    ids = store.held(tx, party_id, after, limit)
    begun = store.begun(tx, ids)
    editions = store.editions(tx, {loan_id: some[-1:] for loan_id, some in begun.items()})
    notes, found = notes_store.of_loans(tx, ids), []
    for loan, flows in books.with_flows(tx, ids):
        (edition,) = editions[loan.id]
        at = edition.parties.index(party_id)
        left = rules.left(edition, _repaid(notes[loan.id], flows, edition))[at]
        found.append(NoteHeld(loan.id, loan.principal.currency, edition.from_on, edition.weights[at], left))
    return found


def ever_held(tx: Tx, party_id: str, after: str, limit: int) -> list[str]:
    """The loans of which a party ever held a note, by id; continue with ``after`` the last one."""
    return store.ever_held(tx, party_id, after, limit)


def left_of(tx: Tx, ids: Sequence[str]) -> dict[str, dict[str, int]]:
    """By loan what of each lender's note is left, in minor units, of those of these loans that have notes."""
    editions = store.editions(tx, {loan_id: some[-1:] for loan_id, some in store.begun(tx, ids).items()})
    notes, found = notes_store.of_loans(tx, list(editions)), {}
    for loan, flows in books.with_flows(tx, list(editions)):
        (edition,) = editions[loan.id]
        left = rules.left(edition, _repaid(notes[loan.id], flows, edition))
        found[loan.id] = dict(zip(edition.parties, left, strict=True))
    return found


def _repaid(notes: Sequence[Note], flows: Sequence[Flow], edition: Edition) -> int:
    """What of the lenders' principal was repaid since their edition began, and shared out."""
    done = [flow for flow in flows if not flow.waits]
    upto = max((flow.number for flow in done), default=0)
    return (
        of_lenders(notes, done, "repaid", upto)["principal"]
        - of_lenders(notes, done, "repaid", edition.after)["principal"]
    )
