"""Decide the rate of a decision whose product prices by probability of default, and who is beyond its last step. Pure."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from farthing.credit.model import Costs, Inputs, Reason
from farthing.credit.models import asking
from farthing.credit.models.model import Model, Scored
from farthing.kit.money import Money
from farthing.kit.rates import percent
from farthing.products.by_default import step_of
from farthing.products.model import Rate
from farthing.products.policy import Policy

LEAST_PROBABILITY = Decimal("0.0005")
"""No loan is taken to be safer than this."""


def priced(card: Model, rate: Rate, given: Inputs) -> Inputs:
    """Inputs at the rate that the score of their figures earns, with the largest probability of default that is lent to.

    What can be afforded is reckoned at it, here and again when an offer is accepted. For a borrower beyond the last step the
    dearest rate stays: the decision is no (:func:`beyond`), and says so again whenever it is replayed.
    """
    probability = asking.alone(card, given.features).probability
    if given.costs is not None:
        given = replace(given, costs=replace(given.costs, bound=within(given.costs, probability)))
    if not rate.by_default:
        return given
    step = step_of(rate.by_default, probability)
    last = rate.by_default[-1]
    return replace(given, annual=(step or last).annual, default_max=last.up_to)


def within(costs: Costs, probability: Decimal) -> Money:
    """How much may be owed here in all, so that no more is expected to be lost of it in a year than the policy allows."""
    lost = max(probability, LEAST_PROBABILITY) * max(costs.lost, LEAST_PROBABILITY)
    return Money(int(costs.loss_max.minor / lost), costs.loss_max.currency)


def costs_of(policy: Policy, use: str) -> Costs | None:
    """What a loan of a use costs by a policy; none where it does not say so."""
    price, prudence = policy.loan_price, policy.prudence
    if price is None or prudence is None or use not in price.loss_max:
        return None
    lost = prudence.expected_loss.lost
    return Costs(price.funding, price.operating, price.capital_part, price.capital_return, lost, price.loss_max[use])


def cost_rate(costs: Costs, probability: Decimal) -> tuple[tuple[str, Decimal], ...]:
    """What a loan costs a year, as parts of what is lent, line by line: its money, its handling, what is expected to be lost of
    it, and what its capital must earn beyond what it would cost as money. Nothing else is looked at: least of all who borrows,
    how much she has, or how badly she needs it (Personal Information Protection Law art. 24)."""
    capital = costs.capital_part * max(costs.capital_return - costs.funding, Decimal(0))
    return (
        ("funding", costs.funding), ("operating", costs.operating), ("expected_loss", probability * costs.lost),
        ("capital", capital),
    )  # fmt: skip


def beyond(card: Model, given: Inputs, scored: Scored) -> list[Reason]:
    """That the product lends to nobody of so large a probability of default, if it does not."""
    probability = scored.probability
    if given.default_max is None or probability <= given.default_max:
        return []
    figure, limit = percent(probability, most=2), percent(given.default_max, most=2)
    return [
        Reason(
            "default_beyond_product", False,
            f"Of loans like this, {figure} are expected to fail in a year; this product lends up to {limit}.",
            f"同类贷款一年内的预期违约概率为 {figure}，该产品的上限为 {limit}。",
            f"score {scored.score}, probability of default {figure}",
            "Another product may lend; a history that scores higher brings this one into reach.",
            "可考虑其他贷款产品；评分提高后可再申请本产品。", f"评分 {scored.score}，违约概率 {figure}",
        )
    ]  # fmt: skip
