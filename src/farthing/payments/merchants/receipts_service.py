"""Answer what a customer's shops took, as a credit decision counts it under her consent. Reads only.

Who asks for a decision hands :func:`counted` down to ``credit``, which calls it where she allows it; nothing is kept of it there
but the figures.
"""

from __future__ import annotations

from collections import Counter
from datetime import date

from farthing.credit.features import LONGEST_MONTHS
from farthing.credit.receipts import Receipts, without_own
from farthing.db.tx import Tx
from farthing.kernel.question import question
from farthing.kernel.whose import of
from farthing.kit.calendar import add_months
from farthing.kit.inputs import Id
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.payments.merchants import receipts_store, store
from farthing.payments.merchants.views import MonthTaken, ReceiptsView
from farthing.payments.movements_service import others_of
from farthing.payments.wallets import TRANSFER, wallet_path

AT_ONCE = 1_000
"""Movements of the owner's wallet that are read in one go."""


def counted(tx: Tx, party_id: str) -> Receipts | None:
    """What her shops took, less refunds and what came from her own side; none where none ever took anything.

    From the day on which the first shop was opened, two years back at most, to today, or to the day on which the last one ended.
    """
    shops = store.merchants(tx, receipts_store.owned(tx, party_id))
    if not shops:
        return None
    opened = min(on for held in store.contracts(tx, list(shops)).values() for on in held)
    ends = [each.ended_on for each in shops.values()]
    until = tx.business_date if None in ends else max(end for end in ends if end is not None)
    since = max(opened, add_months(until, -LONGEST_MONTHS))
    found = receipts_store.takings(tx, list(shops), since, until)
    if not found:
        return None
    currency = next(iter(shops.values())).currency
    sent, hands = _sent(tx, party_id, currency, since, until), receipts_store.hands(tx, list(shops))
    kept, out = without_own(found, sent, hands)
    return Receipts(currency, since, until, kept, out)


def _sent(tx: Tx, party_id: str, currency: str, since: date, until: date) -> Counter[str]:
    """What she sent to others out of her own wallet, by whom she sent it to."""
    path, sent, below = wallet_path(party_id, currency, tx.home), Counter[str](), None
    while True:
        lines, below = ledger.within(tx, path, since, until, kinds=(TRANSFER,), limit=AT_ONCE, below=below)
        for line in lines:
            gone = -line.owed_amount(path).minor
            for other in others_of(path, line.entry) if gone > 0 else ():
                sent[other] += gone
        if below is None:
            return sent


@question("merchants.receipts", permission="credit:read", whose=of("party_id"))
def receipts(tx: Tx, party_id: Id) -> ReceiptsView:
    """What a loan application for a shop would count of what her shops took here, once she allows it; without days where none
    ever took anything."""
    found = counted(tx, party_id)
    if found is None:
        nothing = Money.zero(tx.home)
        return ReceiptsView(None, None, (), nothing, 0, 0, 0, nothing, nothing)

    def money(minor: int) -> Money:
        return Money(minor, found.currency)

    months, counts, payers = Counter[str](), Counter[str](), Counter[str]()
    for each in found.takings:
        month = f"{each.on:%Y-%m}"
        months[month] += each.minor
        counts[month] += each.payments
        payers[each.payer] += each.minor
    told = tuple(MonthTaken(each, money(months[each]), counts[each]) for each in sorted(months, reverse=True))
    return ReceiptsView(
        found.since, found.until, told, money(months.total()), counts.total(), len(payers),
        len({each.on for each in found.takings}), money(max(payers.values(), default=0)), money(found.left_out),
    )  # fmt: skip
