"""Answer what became of movements: all that was heard of one, and which have waited too long. Reads only."""

from __future__ import annotations

from datetime import timedelta

from farthing.db.tx import Tx
from farthing.kernel import errands
from farthing.kernel.question import question
from farthing.kernel.whose import STAFF, of
from farthing.kit.inputs import Id, LongPageSize, PageSize
from farthing.payments import asking_service as asking
from farthing.payments import rules as movement_rules
from farthing.payments import store as movements
from farthing.payments.life import names, recall_service, store
from farthing.payments.life import service as life
from farthing.payments.life.model import Asking, Life
from farthing.payments.model import RailPayment
from farthing.products import service as products


@question("payments.rail_life", permission="payments:read", whose=of("payment_id", recall_service.owner))
def rail_life(tx: Tx, payment_id: Id) -> Life:
    """A movement with all that was heard of it, and what its rail is still asked; refuses as ``payments.rail_payment``."""
    payment, _ = asking.rail_payment(tx, payment_id)
    its = payment.party_id
    if not (tx.actor.may("payments:read_any") if its is None else tx.actor.acts_for(its)):
        raise movement_rules.NOT_YOURS(actor=tx.actor.id)
    whats = {payment_id: "sent", life.inquiry_of(payment_id): "inquiry", recall_service.recall_of(payment_id): "recall"}
    found = errands.find_all(tx, list(whats))
    asked = [
        Asking(whats[each.id], each.state, each.attempts, each.problem, each.due_at)
        for each in sorted(found.values(), key=lambda each: each.id)
        if each.state != "answered"
    ]
    return Life(
        payment, names.uetr_of(payment_id), names.end_to_end_id_of(payment_id), tuple(store.of(tx, payment_id)),
        tuple(asked),
    )  # fmt: skip


@question("payments.under_way", permission="payments:read", whose=of("party_id"))
def under_way(tx: Tx, party_id: Id, limit: PageSize = 20) -> list[RailPayment]:
    """A customer's movements of which the end is not known yet, the newest first; refuses ``payments.not_your_wallet``."""
    if not tx.actor.acts_for(party_id):
        raise movement_rules.NOT_YOURS(actor=tx.actor.id)
    return movements.under_way(tx, party_id, limit)


@question("payments.stuck", permission="payments:read_any", whose=STAFF)
def stuck(tx: Tx, limit: LongPageSize = 100) -> list[RailPayment]:
    """Movements at which somebody must look, the oldest first: those that have had no end for longer than their state may
    last by the policy in force, and those of which a rail told what cannot be."""
    may = products.rail_rules(tx)
    before = {
        "asked": tx.now - timedelta(minutes=may.asked_minutes),
        "unknown": tx.now - timedelta(hours=may.unknown_hours),
        "accepted": tx.now - timedelta(hours=may.accepted_hours),
    }
    return movements.stuck(tx, before, limit)
