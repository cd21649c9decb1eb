"""Answer what is known of disputes: to both sides, and to whoever decides. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from farthing.db.tx import Tx
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF, of
from farthing.kit.inputs import Flag, Id, LongPageSize, PageSize
from farthing.parties import service as parties
from farthing.payments.disputes import rules, store
from farthing.payments.disputes.model import DisputeCase, DisputeView, PaymentDispute
from farthing.payments.merchants import service as merchants
from farthing.payments.payees.rules import shown_name
from farthing.products import dispute_rules
from farthing.products import service as products
from farthing.products.dispute_rules import DisputeRules


def law(tx: Tx) -> DisputeRules:
    """What the policy in force says of disputes; careful where it says nothing."""
    policy = products.policy_if_any(tx)
    return (policy and policy.disputes) or dispute_rules.before(tx.home, products.HOUSE)


def day_after(tx: Tx, days: int) -> date:
    """The business date so many days on."""
    return tx.business_date + timedelta(days=days)


def found(tx: Tx, dispute_id: str) -> PaymentDispute:
    """A dispute; refuses ``disputes.unknown``."""
    known = store.find(tx, [dispute_id]).get(dispute_id)
    if known is None:
        raise rules.UNKNOWN()
    return known


def of_party(tx: Tx, dispute_id: str, party_id: str) -> PaymentDispute:
    """A dispute of which somebody is a side; refuses ``disputes.unknown``."""
    known = found(tx, dispute_id)
    if party_id not in (known.payer, known.side):
        raise rules.UNKNOWN()
    return known


def views(tx: Tx, disputes: Sequence[PaymentDispute], party_id: str) -> list[DisputeView]:
    """Disputes as one of their sides sees them: names and what was said in one statement each."""
    said = store.said(tx, [each.id for each in disputes])
    known = parties.parties(tx, sorted({each.side if each.payer == party_id else each.payer for each in disputes}))
    shops = merchants.names(tx, sorted({each.merchant_id for each in disputes if each.merchant_id}))
    told = []
    for each in disputes:
        other = known.get(each.side if each.payer == party_id else each.payer)
        name = shops.get(each.merchant_id, "") if each.payer == party_id else ""
        lines = rules.lines(said.get(each.id, ()))
        told.append(rules.view(each, party_id, lines, name or (shown_name(other) if other else "")))
    return told


@question("disputes.one", permission="payments:read", whose=of("party_id"))
def one(tx: Tx, party_id: Id, dispute_id: Id) -> DisputeView:
    """A dispute of which one is a side; refuses ``disputes.unknown``."""
    return views(tx, [of_party(tx, dispute_id, party_id)], party_id)[0]


@question("disputes.own", permission="payments:read", whose=of("party_id"))
def own(tx: Tx, party_id: Id, limit: PageSize = 50) -> list[DisputeView]:
    """What one disputed, the latest first."""
    return views(tx, store.of_payer(tx, party_id, limit), party_id)


@question("disputes.against", permission="payments:read", whose=of("party_id"))
def against(tx: Tx, party_id: Id, limit: PageSize = 50) -> list[DisputeView]:
    """What is disputed of what one was paid, the latest first."""
    return views(tx, store.of_side(tx, party_id, limit), party_id)


def cases(tx: Tx, disputes: Sequence[PaymentDispute]) -> list[DisputeCase]:
    """Disputes as whoever decides sees them."""
    said, now = store.said(tx, [each.id for each in disputes]), law(tx)
    known = parties.parties(tx, sorted({party for each in disputes for party in (each.payer, each.side)}))
    names = {party: each.name for party, each in known.items()}
    return [
        DisputeCase(
            each, rules.lines(said.get(each.id, ())), rules.needs_two(each, now), names.get(each.payer, ""),
            names.get(each.side, ""),
        )
        for each in disputes
    ]  # fmt: skip


@question("disputes.list", permission="payments:read_any", whose=STAFF)
def listed(tx: Tx, everything: Flag = False, limit: LongPageSize = 100) -> list[DisputeCase]:
    """Disputes that the bank is to decide, the oldest first; with ``everything`` all, the latest first."""
    return cases(tx, store.everything(tx, limit) if everything else store.waits(tx, limit))


@question("disputes.case", permission="payments:read_any", whose=STAFF)
def case(tx: Tx, dispute_id: Id) -> DisputeCase:
    """A dispute with all that was said; refuses ``disputes.unknown``."""
    return cases(tx, [found(tx, dispute_id)])[0]
