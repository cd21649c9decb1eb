"""Decide which values of a scorecard's figures its answer may change at, and what a loan's price is made of. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal

from farthing.credit import pricing
from farthing.credit.model import Inputs
from farthing.credit.models.model import Model
from farthing.credit.reasons import DEBTOR
from farthing.credit.ways.model import CostLine, Edges, PriceTable
from farthing.kit.money import Money
from farthing.kit.words import Words

_PLACES = Decimal("0.000001")
LINES: Mapping[str, Words] = {
    "funding": Words("the money that is lent", "资金成本"), "operating": Words("its handling", "运营成本"),
    "expected_loss": Words("what is expected to be lost of loans like it", "预期信用损失"),
    "capital": Words("the owners' capital behind it", "资本成本"),
}  # fmt: skip


def edges_of(card: Model) -> dict[str, Edges]:
    """The values at which a model's answer may change, by figure; nobody is asked to change what another company is."""
    return {
        figure.name: Edges(figure.better, card.cuts(figure.name))
        for figure in card.figures
        if figure.name != DEBTOR and figure.better != "either"
    }


def price_of(decision_id: str, given: Inputs, probability: Decimal) -> PriceTable:
    """What a loan costs and bears. What is left may be less than nothing: cost is told as it is, whatever the product asks."""
    if given.costs is None:
        return PriceTable(decision_id, probability, (), Decimal(0), given.annual, given.annual)
    lines = tuple(
        CostLine(name, annual.quantize(_PLACES), _a_year(given.amount, annual), LINES[name])
        for name, annual in pricing.cost_rate(given.costs, probability)
    )
    cost = sum((each.annual for each in lines), Decimal(0))
    return PriceTable(decision_id, probability, lines, cost, given.annual, given.annual - cost)


def _a_year(amount: Money, annual: Decimal) -> Money:
    return Money(int((amount.minor * annual).to_integral_value(ROUND_HALF_EVEN)), amount.currency)
