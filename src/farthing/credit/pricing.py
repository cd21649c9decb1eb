"""Decide the rate of a decision whose product prices by probability of default, and who is beyond its last step. Pure."""

from __future__ import annotations

from dataclasses import replace

from farthing.credit.model import Inputs, Reason
from farthing.credit.scorecard import Scorecard, Scored, score
from farthing.kit.rates import percent
from farthing.products.by_default import step_of
from farthing.products.model import Rate


def priced(card: Scorecard, rate: Rate, given: Inputs) -> Inputs:
    """Inputs at the rate that the score of their figures earns, with the largest probability of default that is lent to.

    What can be afforded is reckoned at it, here and again when an offer is accepted. For a borrower beyond the last step the
    dearest rate stays: the decision is no (:func:`beyond`), and says so again whenever it is replayed.
    """
    if not rate.by_default:
        return given
    step = step_of(rate.by_default, card.probability_of_default(score(card, given.features).score))
    last = rate.by_default[-1]
    return replace(given, annual=(step or last).annual, default_max=last.up_to)


def beyond(card: Scorecard, given: Inputs, scored: Scored) -> list[Reason]:
    """That the product lends to nobody of so large a probability of default, if it does not."""
    probability = card.probability_of_default(scored.score)
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
