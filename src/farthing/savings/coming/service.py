"""Tell what closing the business date would do: deposits, the quarter's interest, fund orders, sweeps and groups."""

from __future__ import annotations

from datetime import timedelta

from farthing.db.tx import Tx
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.savings.coming.model import Coming, ProductDue
from farthing.savings.deposits import store as deposits
from farthing.savings.deposits.day_service import settling
from farthing.savings.fund import holders_store as orders
from farthing.savings.sweeps import store as odds


@question("savings.coming", permission="kernel:close_day", whose=STAFF)
def coming(tx: Tx) -> Coming:
    """What closing the business date would do to savings, counted; nothing is changed."""
    on = tx.business_date
    sweeps, waiting = odds.count_coming(tx, on)
    due = tuple(ProductDue(product, count) for product, count in deposits.count_due(tx, on))
    groups = settling(tx, on + timedelta(days=1))
    settled = {(terms.product, version) for version, terms, _, _ in groups}
    return Coming(
        closing=on,
        deposits_due=sum(each.deposits for each in due),
        due=due,
        settlements=sum(
            deposits.count_open(tx, product, version, on + timedelta(days=1)) for product, version in settled
        ),
        credited_on=on + timedelta(days=1) if groups else None,
        fund_orders=orders.count_due(tx, on),
        sweeps=sweeps,
        groups=waiting,
    )
