"""Decide credit on a confirmed payable: by what this bank says of the company that owes it, not by who holds it.

A supplier with no history at all may be lent to, for another's word repays it. What is kept is a decision like any other, and
is decided again to the same from its own inputs.
"""

from __future__ import annotations

from decimal import Decimal

from farthing.credit import grades, pricing, rules, store
from farthing.credit.bureau.model import BureauReport
from farthing.credit.features import Feature
from farthing.credit.model import Decision, Inputs, RequestDecision
from farthing.credit.models import asking
from farthing.credit.owing import service as owing
from farthing.credit.reasons import DEBTOR
from farthing.credit.service import ENGINE
from farthing.credit.succession.force_service import card_of
from farthing.db.tx import Tx
from farthing.kit.money import Money
from farthing.parties import service as parties
from farthing.products import service as products
from farthing.products.model import LoanTerms

GRADE = "debtor"
NOT_ASKED = BureauReport("none", "no_record", (), 0, "")


def decides(terms: LoanTerms) -> bool:
    """Whether a product's loans are decided on a debtor's grade alone."""
    return [each.name for each in card_of(terms.scorecard)[1].figures] == [DEBTOR]


def probability(terms: LoanTerms, grade: int) -> Decimal:
    """The probability of default that a debtor's grade stands for."""
    return asking.alone(card_of(terms.scorecard)[1], (Feature(DEBTOR, Decimal(grade), 0, 0),)).probability


def decide(tx: Tx, command: RequestDecision, debtor: str, grade: int) -> Decision:
    """Decide on a debtor's grade and keep the decision. The caller has a piece of what that debtor owes, which covers the loan.

    Refuses ``credit.outside_product``.
    """
    party, terms = parties.party(tx, command.party_id), products.loan_terms(tx, command.product)
    rules.check_asked(terms, command.amount, command.instalments)
    source, card = card_of(terms.scorecard)
    store.keep_scorecard(tx, card.digest, card.name, card.version, source)
    nothing = Money.zero(command.amount.currency)
    inputs = pricing.priced(card, terms.rate, Inputs(
        party_kind=party.kind, product=terms.product, product_version=terms.version, amount=command.amount,
        instalments=command.instalments, annual=terms.rate.annual, least=terms.principal.min, most=terms.principal.max,
        decided_on=tx.business_date, history_until=None, holder_check="none",
        features=(Feature(DEBTOR, Decimal(grade), 0, 0),), monthly_income=nothing, monthly_left_over=nothing, bureau=NOT_ASKED,
        set_aside={}, here=owing.here(tx, party.id, owing.of_party(tx, party.id)), grade=GRADE, fewest=terms.instalments.min,
        longest=terms.instalments.max, rhythm=rules.rhythm(terms), debtor=debtor,
    ))  # fmt: skip
    opinion = rules.decide(card, inputs)
    decision = Decision(
        tx.new_id("decision"), party.id, terms.product, command.amount, command.instalments, opinion.approved, opinion.score,
        opinion.probability_of_default, opinion.limit, opinion.reasons, f"{card.name}-{card.version}", card.digest,
        rules.digested(inputs), ENGINE, tx.now, grades.grounds(GRADE, None),
    )  # fmt: skip
    store.insert_decision(tx, decision, inputs)
    return decision
