"""Tell a customer what would change a decision about her: read from its own inputs, decided once more for each answer."""

from __future__ import annotations

from farthing.credit import pricing, rules, store
from farthing.credit import service as credit
from farthing.credit.model import Inputs, Opinion
from farthing.credit.models.file import load
from farthing.credit.ways import search
from farthing.credit.ways.model import PriceTable, Ways
from farthing.credit.ways.rules import edges_of, price_of
from farthing.db.tx import Tx
from farthing.kernel.question import question
from farthing.kernel.whose import of
from farthing.kit.inputs import Id
from farthing.products import service as products


@question("credit.price", permission="credit:read", whose=of("decision_id", store.decision_owner))
def price(tx: Tx, decision_id: Id) -> PriceTable:
    """What a decision's loan costs and what it bears: its money, its handling, what is expected to be lost, its capital. It
    follows from risk and cost alone. Refuses ``credit.decision_unknown``."""
    decided, given = credit.decision(tx, decision_id), credit.decision_inputs(tx, decision_id)
    return price_of(decided.id, given, decided.probability_of_default)


@question("credit.ways", permission="credit:read", whose=of("decision_id", store.decision_owner))
def ways(tx: Tx, decision_id: Id) -> Ways:
    """What would change a decision, by reason, and what better evidence would; each was tried by the rule that decided.

    Personal Information Protection Law art. 24; 12 CFR 1002.9(b)(2). Refuses ``credit.decision_unknown``.
    """
    decided, given = credit.decision(tx, decision_id), credit.decision_inputs(tx, decision_id)
    card = load(store.scorecard_source(tx, decided.scorecard_sha256), decided.scorecard)
    rate = products.loan_terms(tx, given.product, given.product_version).rate

    def judge(changed: Inputs) -> Opinion:
        return rules.decide(card, pricing.priced(card, rate, changed), said=changed is given)

    found = search.ways(given, card.subject, edges_of(card), judge)
    return Ways(decided.id, given.grade, found, search.better_evidence(given, judge))
