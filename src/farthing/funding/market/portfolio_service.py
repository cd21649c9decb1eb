"""Answer where a lender's money is, and how late the loans are that he lent to."""

from __future__ import annotations

from farthing.db.tx import Tx
from farthing.funding.holdings import service as holdings
from farthing.funding.holdings.model import NoteHeld
from farthing.funding.market import listings_store
from farthing.funding.market import portfolio_rules as rules
from farthing.funding.market.listings_rules import listing_id
from farthing.funding.market.portfolio_model import NoteOfLender, Portfolio
from farthing.kernel.day import PIECE
from farthing.kernel.question import question
from farthing.kernel.whose import of
from farthing.kit.inputs import Cursor, Id, PageSize
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.lending import standing_service
from farthing.parties import service as parties
from farthing.payments.wallets import wallet_path


@question("market.portfolio", permission="market:read", whose=of("party_id"))
def portfolio(tx: Tx, party_id: Id) -> Portfolio:
    """Where a lender's money is: in the wallet, on escrow, in notes; and how late the loans of these are.

    Refuses ``parties.unknown``.
    """
    party = parties.party(tx, party_id).id
    notes, given = _notes(tx, party), listings_store.given(tx, party)
    held = {each.loan_id for each in notes}
    standings = standing_service.standings(tx, sorted(held | {loan for _, loan, _ in given}))
    beginning = rules.beginning(given, held, standings, tx.home, tx.business_date)
    begun = holdings.left_of(tx, [each.loan_id for each in beginning])
    notes += [each for each in beginning if each.loan_id not in begun]
    path = wallet_path(party, tx.home, tx.home)
    found = ledger.balances_of(tx, [path])
    wallet = found[path].available() if path in found else Money.zero(tx.home)
    return rules.portfolio(party, wallet, given, notes, standings)


@question("market.notes", permission="market:read", whose=of("party_id"))
def notes(tx: Tx, party_id: Id, after: Cursor = "", limit: PageSize = 50) -> list[NoteOfLender]:
    """The notes that a lender holds, repaid ones too; continue with ``after`` the last one's loan."""
    held = holdings.of_lender(tx, party_id, after, limit)
    ids = [each.loan_id for each in held]
    listed = {each.loan_id: each for each in listings_store.by_id(tx, [listing_id(each) for each in ids]).values()}
    standings = standing_service.standings(tx, ids)
    return [
        NoteOfLender(
            each.loan_id, one.id, one.worth.grade, one.worth.annual, one.months, one.purpose, each.since,
            Money(each.left, each.currency), standings[each.loan_id].days_late,
        )
        for each in held
        if (one := listed.get(each.loan_id)) is not None
    ]  # fmt: skip


def _notes(tx: Tx, party_id: str) -> list[NoteHeld]:
    found = list[NoteHeld]()
    while page := holdings.of_lender(tx, party_id, found[-1].loan_id if found else "", PIECE):
        found += page
    return found
