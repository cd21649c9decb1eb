"""Answer what a lender lost so far, beside what he might have lost by each month as his loans were valued."""

from __future__ import annotations

from farthing.db.tx import Tx
from farthing.funding import notes_store
from farthing.funding.holdings import service as holdings
from farthing.funding.losses import rules
from farthing.funding.losses.model import LossFan
from farthing.funding.losses.rules import Stake, Went
from farthing.funding.market import listings_service as listings
from farthing.funding.valuing import curve
from farthing.kernel.question import question
from farthing.kernel.whose import of
from farthing.kit.inputs import Id
from farthing.lending import books_service as books
from farthing.parties import service as parties

PAGE = 200


@question("market.losses", permission="market:read", whose=of("party_id"))
def losses(tx: Tx, party_id: Id) -> LossFan:
    """What a lender lost so far, and where that falls among all that he might have lost by each month.

    As his loans were valued when they were listed; in the bank's currency. Refuses ``parties.unknown``.
    """
    party = parties.party(tx, party_id)
    stakes, became, after = list[Stake](), list[Went](), ""
    while ids := holdings.ever_held(tx, party.id, after, PAGE):
        notes, markets, worth = notes_store.of_loans(tx, ids), holdings.all_of(tx, ids), listings.worth_of(tx, ids)
        for loan, flows in books.with_flows(tx, ids):
            mine = rules.notes_of(markets[loan.id], party.id)
            if loan.principal.currency != tx.home or loan.id not in worth or not mine:
                continue
            plan = tuple(sorted((each.due_on, each.principal.minor) for each in loan.instalments))
            stakes.append(Stake(worth[loan.id].default, worth[loan.id].lost, plan, mine))
            became.append(rules.went(notes[loan.id], flows, markets[loan.id], party.id))
        after = ids[-1]
    return rules.told(party.id, stakes, became, curve.shipped(), tx.business_date, tx.home)
