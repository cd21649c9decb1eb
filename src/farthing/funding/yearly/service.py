"""Answer what a lender had in a year, for his tax return: by himself, and by whoever may read for any."""

from __future__ import annotations

from farthing.db.tx import Tx
from farthing.funding import notes_store
from farthing.funding.holdings import service as holdings
from farthing.funding.resale import service as resale
from farthing.funding.yearly import rules
from farthing.funding.yearly.model import LenderYear, Year
from farthing.kernel.question import question
from farthing.kernel.whose import of
from farthing.kit.inputs import Id
from farthing.lending import books_service as books
from farthing.parties import service as parties

PAGE = 200


@question("market.year", permission="market:read", whose=of("party_id"))
def year(tx: Tx, party_id: Id, year: Year) -> LenderYear:
    """What a lender had of each loan in a calendar year: principal, interest, penalties and fees received, the platform's fee,
    what was recovered, covered and lost, and parts sold and bought. In the bank's currency. Refuses ``parties.unknown``."""
    party = parties.party(tx, party_id)
    found, after, traded = [], "", resale.traded(tx, party.id, year)
    while ids := holdings.ever_held(tx, party.id, after, PAGE):
        notes, markets = notes_store.of_loans(tx, ids), holdings.all_of(tx, ids)
        for loan, flows in books.with_flows(tx, ids):
            line = rules.line_of(loan, notes[loan.id], flows, markets[loan.id], party.id, year, traded.get(loan.id))
            if line is not None and loan.principal.currency == tx.home:
                found.append(line)
        after = ids[-1]
    return LenderYear(party.id, year, tuple(found), rules.whole(found, tx.home))
