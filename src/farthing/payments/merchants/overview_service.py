"""Answer the bank of its merchants: all of them, one with contracts and tills, payments, refunds and payouts. Reads only."""

from __future__ import annotations

from farthing.db.tx import Tx
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF
from farthing.kit.inputs import Cursor, Day, Id, Line, PageSize
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.parties import service as parties
from farthing.payments.merchants import reading_service, rules, store, takings_store
from farthing.payments.merchants.model import MerchantPayout, Takings
from farthing.payments.merchants.refunds_service import takings_on
from farthing.payments.merchants.service import merchant_of
from farthing.payments.merchants.views import MerchantLine, MerchantPage, MerchantView, RefundLine, TakingView, TillLine

READ = "payments:read_any"


@question("merchants.all", permission=READ, whose=STAFF)
def all_merchants(tx: Tx, q: Line = "", after: Cursor = "", limit: PageSize = 50) -> MerchantPage:
    """Every merchant, or those whose name or id, or whose owner's id, is looked for; continue with ``after`` the last id."""
    ids = store.page(tx, q.strip().lower(), after, limit + 1)
    found = store.merchants(tx, ids[:limit])
    owners = parties.parties(tx, sorted({each.party_id for each in found.values()}))
    sums = takings_store.sums_of(tx, list(found), tx.business_date)
    waits = ledger.balances_of(tx, [rules.escrow_of(each) for each in found])
    lines = []
    for each in (found[known] for known in ids[:limit] if known in found):
        day = sums.get(each.id)
        lines.append(
            MerchantLine(
                each, day["many"] if day else 0, Money(day["amount"] if day else 0, each.currency),
                waits[rules.escrow_of(each.id)].owed(), owners[each.party_id].name,
            )
        )  # fmt: skip
    return MerchantPage(tuple(lines), ids[limit - 1] if len(ids) > limit else None)


@question("merchants.merchant", permission=READ, whose=STAFF)
def merchant(tx: Tx, merchant_id: Id) -> MerchantView:
    """One merchant with every contract, the tills, and what waits to be paid out; refuses ``merchants.unknown``."""
    found = merchant_of(tx, merchant_id)
    tills = store.tills_of(tx, found.id, rules.MOST_TILLS)
    static = store.with_static_code(tx, [each.id for each in tills])
    return MerchantView(
        found, tuple(store.contracts(tx, [found.id])[found.id].values()),
        tuple(TillLine(each, each.id in static) for each in tills), len(store.cashiers(tx, [found.id])),
        ledger.balance(tx, rules.escrow_of(found.id)).owed(), parties.party(tx, found.party_id).name,
    )  # fmt: skip


@question("merchants.takings_of", permission=READ, whose=STAFF)
def takings_of(tx: Tx, merchant_id: Id, on: Day | None = None, before: Cursor = "", limit: PageSize = 20) -> Takings:
    """A merchant's day: payments, the latest first, and sums of all of them; refuses ``merchants.unknown``."""
    return takings_on(tx, merchant_of(tx, merchant_id), on or tx.business_date, before, limit)


@question("merchants.payment_of", permission=READ, whose=STAFF)
def payment_of(tx: Tx, merchant_id: Id, payment_id: Id) -> TakingView:
    """One payment with what was given back of it; refuses ``merchants.unknown``, ``merchants.unknown_payment``."""
    return reading_service.viewed(tx, merchant_of(tx, merchant_id), payment_id)


@question("merchants.refunds_of", permission=READ, whose=STAFF)
def refunds_of(tx: Tx, merchant_id: Id, before: Cursor = "", limit: PageSize = 20) -> list[RefundLine]:
    """What a merchant gave back, the latest first; continue with ``before`` the last id. Refuses ``merchants.unknown``."""
    return reading_service.all_refunds(tx, merchant_of(tx, merchant_id), before, limit)


@question("merchants.settlements_of", permission=READ, whose=STAFF)
def settlements_of(tx: Tx, merchant_id: Id, before: Cursor = "", limit: PageSize = 20) -> list[MerchantPayout]:
    """What a merchant was paid out, the latest first; continue with ``before`` the last id. Refuses ``merchants.unknown``."""
    return takings_store.settlements(tx, merchant_of(tx, merchant_id).id, before, limit)
