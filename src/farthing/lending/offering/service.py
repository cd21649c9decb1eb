"""Make an offer: a decision and a product become rate, amount, schedule and cost, checked against the policy in force."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from farthing.credit.model import Decision
from farthing.db.tx import Tx
from farthing.kernel.calendar import holidays
from farthing.kit.ids import derived, prefixed
from farthing.kit.money import Money
from farthing.lending.model import Apply, Offer
from farthing.lending.offering.plan import plan_of, quote
from farthing.lending.pinned import conditions_of, origination_fee
from farthing.lending.top_ups import replaced_service as replaced
from farthing.products import by_default
from farthing.products import service as products
from farthing.products.model import LoanTerms
from farthing.products.policy import check_annual_cost, check_early_repayment


def offer_id(decision_id: str) -> str:
    """The id of the one offer that a decision leads to."""
    return prefixed("offer", derived(f"offer on {decision_id}"))


def checked(
    tx: Tx, decision: Decision, purpose: str, replaces: str | None = None, first: Money | None = None
) -> Offer:  # fmt: skip
    """What the bank would lend now on a decision, to pay off a running loan where it ``replaces`` one, ``first`` a part of it
    where that was asked for, at the rate that the product has for the decision's probability of default; refuses
    ``products.beyond_last_step``, ``policy.annual_cost``, ``policy.early_repayment`` and, of a top-up, as
    :func:`farthing.lending.top_ups.rules.check`."""
    terms = by_default.priced(products.loan_terms(tx, decision.product), decision.probability_of_default)
    command = Apply(decision.party_id, decision.product, decision.amount, decision.instalments, purpose, first)
    offer = _offer(tx, command, terms, decision.id, min(decision.amount, decision.limit))
    policy = products.policy_in_force(tx)
    check_annual_cost(policy, offer.annual_percentage_rate)
    check_early_repayment(policy, terms.fees.early_repayment)
    if replaces is not None:
        replaced.check(tx, replaces, terms, offer.amount)
    return replace(offer, replaces=replaces)


def _offer(tx: Tx, command: Apply, terms: LoanTerms, decision_id: str, amount: Money) -> Offer:
    fee = origination_fee(terms.fees.origination, amount)
    first = command.first if command.first is not None and command.first < amount else None
    plan = plan_of(terms, first or amount, fee, command.instalments, tx.business_date, holidays(tx))
    made = quote(terms.method, plan)
    return Offer(
        id=offer_id(decision_id),
        party_id=command.party_id,
        decision_id=decision_id,
        purpose=command.purpose,
        amount=amount,
        fee=fee,
        conditions=conditions_of(terms, command.instalments),
        schedule=made.instalments,
        total_interest=made.total_interest,
        total_cost=made.total_interest + made.total_fees,
        annual_percentage_rate=made.annual_percentage_rate,
        made_on=tx.business_date,
        expires_on=tx.business_date + timedelta(days=terms.offer_days),
        first=first,
    )
