"""Answer a merchant's statement of a month, to whoever takes money there and to the bank. Reads only."""

from __future__ import annotations

from datetime import timedelta

from farthing.db.tx import Tx
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF, of
from farthing.kit.inputs import Id, Word
from farthing.ledger import service as ledger
from farthing.payments.activity.service import BAD_MONTH, month_of
from farthing.payments.merchants import month_store, rules, store, takings_store
from farthing.payments.merchants.model import Merchant
from farthing.payments.merchants.month import MerchantMonth, statement_of
from farthing.payments.merchants.service import merchant_of, owned


@question("merchants.month", permission="payments:read", whose=of("party_id"))
def month(tx: Tx, party_id: Id, merchant_id: Id, month: Word) -> MerchantMonth:
    """A merchant's month up to today, by store, till and day, for whoever owns it: captured, given back, fees, paid out and owed,
    as the books have it. Refuses ``merchants.not_owner``, and ``payments.bad_month`` of one to come too."""
    return _month(tx, owned(tx, merchant_id, party_id), month)


@question("merchants.month_of", permission="payments:read_any", whose=STAFF)
def month_of_any(tx: Tx, merchant_id: Id, month: Word) -> MerchantMonth:
    """The same of any merchant, for the bank. Refuses ``merchants.unknown``, ``payments.bad_month``."""
    return _month(tx, merchant_of(tx, merchant_id), month)


def _month(tx: Tx, merchant: Merchant, text: str) -> MerchantMonth:
    since, last = month_of(text)
    until, escrow = min(last, tx.business_date), rules.escrow_of(merchant.id)
    if since > until:
        raise BAD_MONTH(text=repr(text[:20]))
    before, after = (ledger.balance(tx, escrow, effective_on=on).owed() for on in (since - timedelta(days=1), until))
    return statement_of(
        merchant, (since, until), {each.id: each for each in store.tills_of(tx, merchant.id, rules.MOST_TILLS)},
        month_store.pieces(tx, merchant.id, since, until), month_store.owed(tx, merchant.id, until),
        takings_store.settled_between(tx, merchant.id, since, until), (before, after),
    )  # fmt: skip
